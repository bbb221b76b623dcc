// The columns of the `gentle` patron file, in order, and one line of it as the generator makes it: all text, as in a file.

export const rosterColumns = [
  'patron_id',
  'barcode',
  'given_name',
  'family_name',
  'preferred_name',
  'email',
  'phone',
  'address_line1',
  'address_line2',
  'city',
  'region',
  'postal_code',
  'country',
  'language',
  'branch',
  'category',
  'birth_date',
  'guardian_id',
  'registered_on',
  'expires_on',
  'last_used_on',
  'status',
] as const

export type GeneratedPatron = Record<(typeof rosterColumns)[number], string>

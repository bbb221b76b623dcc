// How a command is told which person it is about: by the id of the patron file, or by an option. Whoever signed up without
// a card has no id, and staff still have to reach them.
import { Problem } from '../lib/errors.ts'
import type { Named } from '../patrons/find-patron.ts'

export const onePerson = [
  { name: 'PATRON_ID', says: 'the patron_id of the patron file; or one of the first two options', optional: true },
] as const

export const namedOtherwise = {
  email: { kind: 'text', value: 'ADDRESS', says: 'the person at this email address, with a card or without' },
  number: { kind: 'text', value: 'NUMBER', says: 'the person with this number, as lists print it' },
} as const

/** Throws Problem 'bad-input' unless the person is named in exactly one way. */
export function personNamed(
  { PATRON_ID }: { PATRON_ID?: string },
  { email, number }: { email?: string; number?: string },
): Named {
  const [named, ...more] = [
    ...(PATRON_ID === undefined ? [] : [{ patronId: PATRON_ID }]),
    ...(email === undefined ? [] : [{ email }]),
    ...(number === undefined ? [] : [{ number }]),
  ]
  if (named !== undefined && more.length === 0) return named
  throw new Problem('bad-input', 'Say who is meant in one way: PATRON_ID, --email or --number.')
}

export const sayPerson = ({ patronId, patronNo }: { patronId: string | null; patronNo: string }): string =>
  patronId === null ? `the person with number ${patronNo}` : `patron ${patronId}`

// What somebody typed into the form, until it is proven: sealed, because it is a name and an address of a person who has
// agreed to nothing yet. Of the card number there is a keyed hash from the first moment on.
import { z } from 'zod'
import { CHANNELS, purposeNames } from '../consent/purposes.ts'
import { seal, unseal } from '../lib/seal.ts'
import type { Library } from '../patrons/library.ts'
import { languages } from '../words/languages.ts'

const shape = z.object({
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  cardKey: z.string().nullable(),
  /** The cardholder whose invitation was opened, by their random number; counts only with the address of that card. */
  invited: z.string().nullable().default(null),
  /** The person whose own page this was asked on, by their random number; counts only with the mailbox of that page's link. */
  known: z.string().nullable().default(null),
  /** Of the messages. */
  language: z.enum(languages),
  /** Of the page, whose words were seen. */
  pageLanguage: z.enum(languages),
  page: z.string(),
  yeses: z.array(
    z.object({
      purpose: z.enum(purposeNames),
      channel: z.enum(CHANNELS),
      title: z.string(),
      said: z.string(),
      topics: z.string().nullable(),
    }),
  ),
})

export type Typed = z.infer<typeof shape>
export type TypedWithPhone = Typed & { phone: string }

export const hasPhone = (typed: Typed): typed is TypedWithPhone => typed.phone !== null

const about = (library: Library): string => `sign-up of library ${library.libraryNo}`

export const sealTyped = (key: Buffer, library: Library, typed: Typed): Buffer =>
  seal(key, Buffer.from(JSON.stringify(typed)), about(library))

/** Null when it was not sealed here for this library. */
export function unsealTyped(key: Buffer, library: Library, sealed: Buffer): Typed | null {
  const bytes = unseal(key, sealed, about(library))
  return bytes === null ? null : shape.parse(JSON.parse(bytes.toString()))
}

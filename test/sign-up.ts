// Somebody signs up without a card, the way it happens in life: a form, the mail that answers it, and its link.

import { sql } from 'kysely'
import type { Channel, Purpose } from '../src/consent/purposes.ts'
import { inLibrary, rowOf } from '../src/db/scope.ts'
import type { Library } from '../src/patrons/library.ts'
import { beginSignUp } from '../src/signups/begin.ts'
import { confirmSignUp } from '../src/signups/confirm.ts'
import type { House } from './house.ts'
import { NOW, WORDING } from './make.ts'
import { answersTo, ORIGIN } from './site.ts'

/** Returns the random number by which they are known from then on. */
export async function signUp(
  house: House,
  library: Library,
  said: { name: string; email: string; yes?: `${Purpose}/${Channel}`[]; topics?: string; at?: Date },
): Promise<string> {
  const { name, email, yes = ['reengagement/email'], topics = null, at = NOW } = said
  const desk = { ...house.database, publicUrl: ORIGIN }
  const yeses = yes.map((which) => {
    const [purpose, channel] = which.split('/') as [Purpose, Channel]
    return { purpose, channel, title: which, said: WORDING, topics }
  })
  const typed = {
    phone: null,
    cardKey: null,
    invited: null,
    known: null,
    language: 'en',
    pageLanguage: 'en',
    page: '/join',
  } as const
  await beginSignUp(desk, library, { ...typed, name, email, yeses }, at)
  const link = /\/join\/yes\/([\w-]+)/.exec((await answersTo(house, library, email)).at(-1)!.text)![1]!
  const done = await confirmSignUp(desk, library, { link }, at)
  if (done.kind !== 'confirmed') throw new Error(`the sign-up of ${name} ended as ${done.kind}`)
  const person = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    rowOf(
      scope,
      sql<{ no: string }>`
      select patron_no as no from outreach.standing where library_no = ${scope.library} and not has_card
        and email_hash = ${scope.seals.hashFor(library.key)('email', email)}`,
    ),
  )
  return person!.no
}

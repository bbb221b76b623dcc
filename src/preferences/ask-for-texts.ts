// A yes to texts on one's own page: the code that opened the page came by mail and proves no phone, so a second one goes to
// the phone that we know, and the yes counts when it is typed. Another phone is none of ours to ask here.
import { inLibrary } from '../db/scope.ts'
import { beginPhoneProof, type PhoneStep } from '../signups/prove-phone.ts'
import { knownLanguage } from '../words/languages.ts'
import type { Asking } from './change-choices.ts'
import { boxesFor, type ChoiceKey, maskOfTopics } from './offered.ts'
import type { ReaderChoices } from './reader-choices.ts'

/** 'no phone': we know none of theirs. 'cannot': the library has no number to text from. */
export type TextsAsked = PhoneStep | 'no phone' | 'cannot'

export async function askForTexts(
  { logins, keys, library, link, language, now }: Asking,
  before: ReaderChoices,
  { yes, topics }: { yes: readonly ChoiceKey[]; topics: ReadonlySet<string> },
): Promise<TextsAsked> {
  const { email, phone } = before
  if (email === null || phone === null) return 'no phone'
  const yeses = boxesFor(library, language, before)
    .filter(({ key }) => yes.includes(key))
    .map(({ purpose, channel, title, wording, topics: named }) => {
      const mask = maskOfTopics(named, topics)
      return { purpose, channel, title, said: wording, topics: mask === 0n ? null : `${mask}` }
    })
  const typed = {
    name: '',
    email,
    phone,
    cardKey: null,
    invited: null,
    known: link.patron,
    language: knownLanguage(before.language) ?? language,
    pageLanguage: language,
    page: 'own page',
    yeses,
  }
  return inLibrary(
    logins,
    'circulation',
    library.libraryNo,
    async (scope) => (await beginPhoneProof(scope, { keys, library, typed, now })) ?? 'cannot',
  )
}

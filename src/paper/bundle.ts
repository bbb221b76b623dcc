// The bundle of a library as data: what a carrier asks before it lets texts through, and what an auditor asks about
// consent. The PDF (bundle-pdf.ts) is set from the same data, so that the two never say different things.
import { PURPOSES, type Purpose } from '../consent/purposes.ts'
import { KEPT, keptKinds, keptOf } from '../consent/retention.ts'
import { TEXT_WORDS } from '../consent/text-words.ts'
import { firstText, inOnePart } from '../messages/queue-text.ts'
import type { Library } from '../patrons/library.ts'
import { saidOfKeeping, saidWith } from '../signups/offer.ts'
import { type Language, languages, wordsOf } from '../words/languages.ts'
import { type BundleFacts, tellCount } from './bundle-facts.ts'
import { sampleEntries } from './sample-entries.ts'

/** A form as it is shown to people now. */
export interface LiveForm {
  name: string
  language: Language
  path: string
  /** The words on it, top to bottom. */
  text: string
  /** Null when there was no browser to take it with. */
  picture: Buffer | null
}

export type Bundle = ReturnType<typeof tellBundle>

export const CHANNELS = wordsOf.en.paper.channels

const inEach = <T>(say: (language: Language) => T): Record<Language, T> =>
  Object.fromEntries(languages.map((language) => [language, say(language)])) as Record<Language, T>

export const sayPurpose = (purpose: Purpose | 'all'): string =>
  purpose === 'all' ? 'everything we ask consent for' : PURPOSES[purpose].says

export function tellBundle(
  library: Library,
  { facts, forms, joinUrl, made }: { facts: BundleFacts; forms: readonly LiveForm[]; joinUrl: string; made: Date },
) {
  const { name, postalAddress, phone, email, url, timezone, quietUntilHour, quietFromHour } = library
  const offers = facts.page.offers.map((offer) => ({
    purpose: offer.purpose,
    channel: offer.channel,
    words: inEach((language) => saidWith(offer, language)),
  }))
  return {
    kind: 'gentle consent bundle',
    version: 1,
    madeAt: made,
    library: { key: library.key, name, postalAddress, phone, email, website: url, timezone },
    sendingHours: { from: quietUntilHour, until: quietFromHour, timezone },
    optIn: { page: joinUrl, how: OPT_IN, boxesTickedBeforehand: false, phoneRequired: false, cardRequired: false },
    optOut: { how: OPT_OUT, words: TEXT_WORDS },
    texts: {
      aboutEachMonth: facts.answering.aboutEachMonth,
      hours: { from: facts.answering.textsFromHour, until: facts.answering.textsUntilHour, timezone },
      answersAreRead: facts.answering.watched,
    },
    // The very sentences that leave, in the wording that fits this library's name.
    sampleTexts: inEach((language) => {
      const { texts, paper } = wordsOf[language]
      return {
        first: firstText(library, facts.answering, language),
        hold: inOnePart(texts.notices.hold(name, '2', '')),
        almostDue: inOnePart(texts.notices['almost due'](name, '3', '')),
        note: texts.campaign(name, paper.texts.note),
        code: inOnePart(texts.code(name, '482913')),
        help: inOnePart(texts.help(name, phone)),
        stopped: inOnePart(texts.stopped(name, phone)),
        noticesKept: inOnePart(texts.noticesKept(name)),
        started: inOnePart(texts.started(name)),
      }
    }),
    privacy: inEach((language) => saidOfKeeping(facts.page, language)),
    retention: keptKinds.map((kind) => ({
      what: KEPT[kind].says,
      until: sayEnd(keptOf(kind).end, facts.daysKept[kind]),
    })),
    offers,
    wordings: facts.wordings.map((wording) => ({ ...wording, answers: tellCount(wording.answers) })),
    forms: forms.map(({ picture, ...form }) => ({ ...form, picture: picture === null ? null : pictureName(form) })),
    agreed: facts.agreed.map((one) => ({ ...one, people: tellCount(one.people) })),
    byMethod: facts.byMethod.map((one) => ({ ...one, people: tellCount(one.people) })),
    sampleEntries: sampleEntries(offers[0]?.words.en ?? 'May we write to you now and then?'),
    ledger: {
      entries: facts.proof.entries,
      head: facts.proof.head,
      whole: facts.proof.ok,
      signed: facts.proof.signed,
      publicKey: facts.publicKey,
    },
  }
}

function sayEnd(end: ReturnType<typeof keptOf>['end'], days: number | undefined): string {
  switch (end.by) {
    case 'schedule':
      return `${days ?? end.days} days from ${end.age}`
    case 'last-yes':
      return 'forgotten by itself when the last yes of that person has ended'
    case 'erasure':
      return 'until the person is erased'
    case 'nothing':
      return `stays: ${end.because}`
  }
}

export const pictureName = ({ name, language }: Pick<LiveForm, 'name' | 'language'>): string =>
  `forms/${name}-${language}.png`

const OPT_IN = [
  'People say yes on a web page of the library, on a paper strip at sign-up or renewal, or in person at the desk. Each way uses the same words, printed below.',
  'Every purpose and every way of reaching somebody has its own box. No box is ticked beforehand, a card depends on none, and an empty box is no yes.',
  'On the web page a yes counts only after the person has opened a link or typed a code that was sent to the address.',
  'A yes to texts on the web page counts only after a code that was sent to that phone as a text has been typed there. It counts for that phone alone.',
  'A phone number is never required. “I would rather not give one” is an answer, and it ends being asked.',
  'The exact words, the way, the time and who stands for it are kept for each yes in an append-only ledger, sealed entry by entry.',
  'Children are not asked, and outreach never writes to minors. Nobody’s list is bought, rented or shared.',
]

const OPT_OUT = [
  'Every email has a link, and the button of the mail program, that stops it at once. Neither asks for a sign-in.',
  'A text is stopped by any of the words below, in any language: all texts of the library at once. One confirmation answers. It asks whether notices about holds shall go on, and silence means no.',
  'Whoever tells a member of staff has said it, too. A stop holds until the same person says yes again.',
  'HELP is answered with the name of the library and a number at which a person answers.',
]

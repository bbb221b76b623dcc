// What a reader asks for on their own page, done: at once whatever means less, and only with proof of who is there
// whatever means more. A link is forwarded with its message, so a link alone can never widen what may be sent.
import type { Choice } from '../consent/ledger.ts'
import { type LinkDoor, pauseUntilByLink, readersOf, stopByLink } from '../consent/link-choices.ts'
import { minorsAmong } from '../consent/minors.ts'
import { recordWish } from '../consent/preferences.ts'
import type { Channel, Purpose } from '../consent/purposes.ts'
import { recordChoices } from '../consent/record-choice.ts'
import { stop } from '../consent/stop.ts'
import type { Pace } from '../consent/wishes.ts'
import type { Keys } from '../db/keys.ts'
import { inLibrary } from '../db/scope.ts'
import type { MessageLink } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import type { Topic } from '../signups/offer.ts'
import type { Language } from '../words/languages.ts'
import { boxesFor, type ChoiceKey, maskOfTopics, topicsIn } from './offered.ts'
import type { ReaderChoices } from './reader-choices.ts'

export interface AskedFor {
  /** The boxes that stood ticked when the page was shown, and those that are ticked now. */
  was: ReadonlySet<ChoiceKey>
  wanted: ReadonlySet<ChoiceKey>
  /** Topics that are ticked; of a purpose with none, all are meant. */
  topics: ReadonlySet<string>
  paceDays: Pace | null
  language: Language | null
  pauseUntil: Date | null
  /** An end to the pause that stands. */
  resume: boolean
}

export interface Changes {
  less: { stops: ChoiceKey[]; pace: Pace | null; pauseUntil: Date | null; language: Language | null }
  /** Null when nothing more is asked for. */
  more: {
    yes: ChoiceKey[]
    pace: { days: Pace | null } | null
    /** An end to the pause: what stands is said yes to once more. Null when the pause goes on. */
    resume: ChoiceKey[] | null
    /** Yeses that stand, to other topics than before: a new yes, even where it is to fewer. */
    otherTopics: ChoiceKey[]
    topics: ReadonlySet<string>
  } | null
}

/** Sorts what is asked for into less and more. A box that was not there when the page was shown is left alone. */
export function compare(now: ReaderChoices, asked: AskedFor): Changes {
  const yes = [...asked.wanted].filter((key) => !now.yes.has(key))
  const resume = asked.resume && now.pausedUntil !== null ? [...now.yes].filter((key) => asked.wanted.has(key)) : null
  const otherTopics = now.offers
    .filter(({ topics }) => topics.length > 0 && !sameTopics(topics, now.topics, asked.topics))
    .map(({ purpose, channel }): ChoiceKey => `${purpose}/${channel}`)
    .filter((key) => now.yes.has(key) && asked.wanted.has(key))
  const [before, after] = [now.paceDays ?? 0, asked.paceDays ?? 0]
  const quicker = after < before ? { days: asked.paceDays } : null
  // After the end of one break another may be shorter; before it, it only adds.
  const until = resume === null ? now.pausedUntil : null
  const longer = asked.pauseUntil !== null && asked.pauseUntil > (until ?? new Date(0))
  return {
    less: {
      stops: [...asked.was].filter((key) => now.yes.has(key) && !asked.wanted.has(key)),
      pace: after > before ? asked.paceDays : null,
      pauseUntil: longer ? asked.pauseUntil : null,
      language: asked.language !== now.ownLanguage ? asked.language : null,
    },
    more:
      yes.length > 0 || resume !== null || quicker || otherTopics.length > 0
        ? { yes, pace: quicker, resume, otherTopics, topics: asked.topics }
        : null,
  }
}

const sameTopics = (topics: readonly Topic[], mask: bigint, keys: ReadonlySet<string>): boolean =>
  maskOfTopics(topics, new Set(topicsIn(mask, topics))) === maskOfTopics(topics, keys)

export interface Asking extends LinkDoor {
  keys: Keys
  library: Library
  link: MessageLink
  /** Of the page: the words beside a box are recorded in it. */
  language: Language
  now: Date
}

const METHOD = 'own page'

/** For the whole mailbox, where it is about how often: whoever reads the same address cannot be told apart by a link. */
export async function doLess(asking: Asking, { stops, pace, pauseUntil, language }: Changes['less']): Promise<void> {
  const { logins, journal, library, link, now } = asking
  for (const key of stops) {
    const [purpose, channel] = key.split('/') as [Purpose, Channel]
    if (channel === 'email') await stopByLink(asking, library, link, { purpose, method: METHOD, now })
    else
      await stop(
        logins,
        journal,
        library,
        { patron: link.patron, addressHash: null, channel, purpose, method: METHOD, attestedBy: 'the patron' },
        now,
      )
  }
  if (pace !== null) {
    const patrons = (await readersOf(logins, library, link)).map((reader) => reader.patron)
    const wish = { about: 'pace', days: pace } as const
    await recordWish(
      logins,
      library.libraryNo,
      { patrons, wish, method: METHOD, now, slowerOnly: true },
      { journal, libraryKey: library.key },
    )
  }
  if (language !== null)
    await recordWish(logins, library.libraryNo, {
      patrons: [link.patron],
      wish: { about: 'language', language },
      method: METHOD,
      now,
    })
  if (pauseUntil !== null) await pauseUntilByLink(asking, library, link, { until: pauseUntil, method: METHOD, now })
}

/** The fresh code came by mail, so it proves no phone: ask-for-texts.ts. What stands for texts already may go on. */
const isText = (key: ChoiceKey): boolean => key.endsWith('/sms')

export interface Done {
  /** As far as it was noted. */
  more: NonNullable<Changes['more']>
  /** What the library does not offer. */
  notOffered: ChoiceKey[]
  /** Yeses to texts among them, which a mail cannot prove. */
  texts: ChoiceKey[]
  /** A child is not asked for a yes, so none was noted. */
  isMinor: boolean
}

/**
 * Only behind a fresh code. A yes ends every pause of its person, so one that is to go on is said once more in the same
 * breath; and an end to a pause is a yes to what stands, in the words beside its box.
 */
export async function doMore(
  { logins, journal, library, link, language, now }: Asking,
  before: ReaderChoices,
  more: NonNullable<Changes['more']>,
): Promise<Done> {
  const patron = link.patron
  const boxes = boxesFor(library, language, before)
  const isMinor = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) =>
    (await minorsAmong(scope, library, [patron]))(patron, now),
  )
  const isOffered = (key: ChoiceKey) => boxes.some((box) => box.key === key)
  const { yes, pace, resume, otherTopics, topics } = isMinor
    ? { ...more, yes: [], resume: null, otherTopics: [] }
    : { ...more, yes: more.yes.filter((key) => isOffered(key) && !isText(key)) }
  const said = new Set([...yes, ...(resume ?? []), ...otherTopics])
  const choice = { patron, method: METHOD, decidedAt: now, attestedBy: 'the patron' }
  const evidence = {
    ...(before.email && { email: before.email }),
    'page language': language,
    page: 'own page',
    confirmation: 'code from a mail',
  }
  const grants = boxes
    .filter(({ key }) => said.has(key))
    .map(({ purpose, channel, wording, topics: named }): Choice => {
      const mask = maskOfTopics(named, topics)
      const yes = { ...choice, purpose, channel, wording, evidence, topics: mask === 0n ? null : `${mask}` }
      return { ...yes, decision: 'grant' }
    })
  const goesOn: Choice[] =
    grants.length > 0 && resume === null && before.pausedUntil !== null
      ? [{ ...choice, purpose: 'all', channel: 'email', decision: 'pause', until: before.pausedUntil, wording: null }]
      : []
  if (grants.length > 0)
    await recordChoices(logins, library.libraryNo, [...grants, ...goesOn], now, { journal, libraryKey: library.key })
  if (pace !== null) {
    const wish = { about: 'pace', days: pace.days } as const
    await recordWish(
      logins,
      library.libraryNo,
      { patrons: [patron], wish, method: METHOD, now },
      { journal, libraryKey: library.key },
    )
  }
  const asked = more.yes.length + more.otherTopics.length + (more.resume?.length ?? 0)
  return {
    more: { yes, pace, resume, otherTopics, topics },
    notOffered: isMinor ? [] : more.yes.filter((key) => !isOffered(key)),
    texts: isMinor ? [] : more.yes.filter((key) => isOffered(key) && isText(key)),
    isMinor: isMinor && asked > 0,
  }
}

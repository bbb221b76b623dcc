// What is answered without a person: keywords, sentences that mean stop, a few meanings, the library's helpful words. The
// answer leaves once, and what the text does to the phone's standing is done in the same transaction.
import { sql } from 'kysely'
import { hasStopped, isHeldBack, keepNotices, pausePhone, startPhone, stopPhone } from '../consent/phone-stops.ts'
import { providerAnswers } from '../consent/text-words.ts'
import type { Journal } from '../db/journal.ts'
import { rowOf, type Scope } from '../db/scope.ts'
import { type FixUpKind, openFixUp } from '../messages/fix-ups.ts'
import { inOnePart, queueText, type TextKind } from '../messages/queue-text.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import type { TextMeaning } from '../words/texts-shape.ts'
import type { Place } from './desk.ts'
import type { Stored } from './receive-text.ts'

export interface Read {
  meaning: TextMeaning | null
  /** That of the word itself, where only one language has it. */
  language: Language | null
  /** The rule that read a sentence as a stop. */
  says: string | null
  /** The library's own answer to a helpful word, by language tag. */
  answer: Readonly<Record<string, string>> | null
  /** The provider has answered this keyword already. */
  answeredItself?: boolean
}

interface ByRule {
  /** An answer leaves, or the provider gave one, or it was given a moment before. */
  answered: boolean
  /** To be called last: a stop locks the head of the ledger. Returns whose standing has to be refreshed after the commit. */
  finish(journal: Journal): Promise<string[]>
}

const nothingMore = async () => []
const NOT_ANSWERED: ByRule = { answered: false, finish: nothingMore }

export async function answerByRule(
  scope: Scope<'circulation'>,
  journal: Journal,
  place: Place,
  stored: Stored,
): Promise<ByRule> {
  const { meaning } = stored.read
  switch (meaning) {
    case 'stop':
    case 'stop sentence':
      return stopped(scope, place, stored)
    case 'start':
      await startPhone(scope, journal, place.library, stored)
      return comesAgain(scope, place, stored)
    case 'notices':
      await keepNotices(scope, journal, place.library, stored)
      return comesAgain(scope, place, stored)
    case 'help':
      return fixed(scope, place, stored, 'confirmation')
    case 'not theirs':
    case 'died':
      await pausePhone(scope, stored)
      return fixed(scope, place, stored, 'confirmation', () => toFixUps(scope, place, stored, meaning))
    case 'new number':
      return fixed(scope, place, stored, 'fixed', () => toFixUps(scope, place, stored, meaning))
    case 'who':
    case 'helpful':
    case 'which library':
      return fixed(scope, place, stored, 'fixed')
    case 'choice':
      return { answered: true, finish: nothingMore }
    case null:
      return NOT_ANSWERED
  }
}

/** Confirmed once for each time that somebody who had not stopped stops; said again it is obeyed and silent. */
async function stopped(scope: Scope<'circulation'>, place: Place, stored: Stored): Promise<ByRule> {
  const before = await hasStopped(scope, stored.phoneHash)
  if (!before) {
    if (!answersItself(place, stored)) await send(scope, place, stored, 'confirmation')
    await toFixUps(scope, place, stored, 'stopped')
  }
  const method = stored.read.says === null ? 'text message' : 'sentence in a text message'
  return {
    answered: true,
    finish: (journal) => stopPhone(scope, journal, place.library, { ...stored, method }),
  }
}

/** Promised only where it is so: behind a "wrong number" or a death stands a person, who has to look first. */
const comesAgain = async (scope: Scope<'circulation'>, place: Place, stored: Stored): Promise<ByRule> =>
  (await isHeldBack(scope, stored.phoneHash)) ? NOT_ANSWERED : fixed(scope, place, stored, 'confirmation')

/** The number and the mail about it: after texts are queued and before a stop, so that locks are taken in one order. */
const toFixUps = (scope: Scope<'circulation'>, { library }: Place, stored: Stored, kind: FixUpKind) =>
  openFixUp(scope, library, {
    kind,
    phone: stored.phone,
    phoneHash: stored.phoneHash,
    patronNo: stored.conversation.patronNo,
    textNo: stored.textNo,
    said: kind === 'stopped' ? null : stored.body,
    now: stored.now,
  })

async function fixed(
  scope: Scope<'circulation'>,
  place: Place,
  stored: Stored,
  kind: TextKind,
  then: () => Promise<void> = async () => {},
): Promise<ByRule> {
  const silent = answersItself(place, stored) || stored.repeatOf !== null
  // Two machines that answer each other: the next word is for a person.
  if (!silent && (await tooManyAnswers(scope, stored))) return NOT_ANSWERED
  // Whoever has stopped gets no more than HELP and the like: what else they ask, a person reads.
  if (kind === 'fixed' && (await hasStopped(scope, stored.phoneHash))) return NOT_ANSWERED
  if (!silent) await send(scope, place, stored, kind)
  await then()
  return { answered: true, finish: nothingMore }
}

const answersItself = ({ line }: Place, { read, body }: Stored): boolean =>
  read.answeredItself === true || (line.answersItself && providerAnswers(body))

const send = (scope: Scope<'circulation'>, place: Place, stored: Stored, kind: TextKind) =>
  queueText(scope, place.line, {
    kind,
    phone: stored.phone,
    phoneHash: stored.phoneHash,
    body: bodyFor(place, stored),
    language: stored.language,
    askedBy: `rule: ${stored.read.meaning}`,
    conversationNo: stored.conversation.conversationNo,
    patronNo: stored.conversation.patronNo,
    answersNo: stored.textNo,
    once: `answer to ${stored.textNo}`,
    now: stored.now,
  })

function bodyFor({ library, line }: Place, { read, language }: Stored): string {
  const words = wordsOf[language].texts
  switch (read.meaning) {
    case 'help':
      return inOnePart(words.help(library.name, library.phone))
    case 'start':
      return inOnePart(words.started(library.name))
    case 'notices':
      return inOnePart(words.noticesKept(library.name))
    case 'who':
      return inOnePart(words.thanks.who(library.name, library.phone))
    case 'not theirs':
    case 'died':
    case 'new number':
      return inOnePart(words.thanks[read.meaning](library.name))
    case 'helpful':
      return read.answer![language] ?? Object.values(read.answer!)[0]!
    case 'which library':
      return inOnePart(words.whichLibrary(line.libraries.map(({ word }) => word).join(', ')))
    default:
      return inOnePart(words.stopped(library.name, library.phone))
  }
}

const MOST_AN_HOUR = 10

async function tooManyAnswers(scope: Scope<'circulation'>, { phoneHash, now }: Stored): Promise<boolean> {
  const row = await rowOf(
    scope,
    sql<{ sent: number }>`
    select count(*)::int as sent from mail.text
    where library_no = ${scope.library} and phone_hash = ${phoneHash} and direction = 'out' and kind in ('confirmation', 'fixed')
      and at > ${now}::timestamptz - interval '1 hour'`,
  )
  return row!.sent >= MOST_AN_HOUR
}

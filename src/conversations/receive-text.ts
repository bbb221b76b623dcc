// A text that came in: stored, read for keywords, answered or put on somebody's list, all in one transaction, before its
// provider hears that we have it. The same message id counts once, whichever process gets it.
import { sql } from 'kysely'
import { measureText } from '../channels/sms/parts.ts'
import type { TextIn } from '../channels/sms/text-provider.ts'
import { isPhoneErasedSince } from '../consent/erased-since.ts'
import { hasStopped, liftDeadPhone, patronsOfPhone, stopPhone } from '../consent/phone-stops.ts'
import { refreshStale } from '../consent/standing.ts'
import { readStopSentence } from '../consent/text-sentences.ts'
import { readKeyword } from '../consent/text-words.ts'
import type { Journal } from '../db/journal.ts'
import { inLibrary, rowOf, type Scope } from '../db/scope.ts'
import { knownLanguage, type Language } from '../words/languages.ts'
import type { TextMeaning } from '../words/texts-shape.ts'
import { answerByRule, type Read } from './answer-by-rule.ts'
import { addNote, type Conversation, lockConversationOf, openForAnswer } from './conversation.ts'
import type { Place, TextDesk } from './desk.ts'
import { findHelpful } from './helpful.ts'
import { readMeaning } from './meaning.ts'
import { awaitPictures } from './pictures.ts'
import { sayNobodyIsHere } from './say-nobody-is-here.ts'
import { tellLibrary } from './tell-library.ts'

export type Received =
  | { kind: 'stored'; textNo: string; conversationNo: string; meaning: TextMeaning | null }
  /** This message id is here already. */
  | { kind: 'known' }
  /** Its person has asked to be forgotten since: nothing of it is stored. */
  | { kind: 'forgotten' }

/** Meanings that leave nothing for a person to do. */
const SETTLED: readonly TextMeaning[] = ['stop', 'help', 'start', 'notices', 'helpful', 'choice']

export interface Incoming {
  text: TextIn
  now: Date
  /** Already known: "Which library?", or the answer to it. */
  meaning?: 'which library' | 'choice'
}

export async function receiveText(desk: TextDesk, place: Place, incoming: Incoming): Promise<Received> {
  let stale: string[] = []
  const received = await inLibrary(desk.logins, 'circulation', place.library.libraryNo, async (scope) => {
    const phoneHash = scope.seals.hashFor(place.library.key)('phone', incoming.text.from)
    if (await isPhoneErasedSince(scope, phoneHash, wroteAt(incoming.text, incoming.now))) {
      stale = await stopForgotten(scope, desk.journal, place, { ...incoming, phoneHash })
      return { kind: 'forgotten' } as const
    }
    const stored = await storeText(scope, place, phoneHash, incoming)
    if (stored === null) return { kind: 'known' } as const
    const { read, conversation } = stored
    const byRule = await answerByRule(scope, desk.journal, place, stored)
    const forPerson = !byRule.answered || read.meaning === null || !SETTLED.includes(read.meaning)
    if (forPerson) {
      const dueAt = await openForAnswer(scope, place.library, place.answering, conversation, incoming.now)
      if (read.meaning !== null)
        await addNote(scope, conversation.conversationNo, {
          kind: 'read-as',
          who: 'rule: what it says',
          said: read.meaning,
          now: incoming.now,
        })
      const stopped = read.meaning === 'stop sentence' || (await hasStopped(scope, stored.phoneHash))
      if (read.meaning === null && !stopped) await sayNobodyIsHere(scope, place, conversation, stored)
      await tellLibrary(scope, place, { ...told(incoming, stored), stopped, dueAt, replyDomain: desk.replyDomain })
    }
    stale = await byRule.finish(desk.journal)
    return {
      kind: 'stored',
      textNo: stored.textNo,
      conversationNo: conversation.conversationNo,
      meaning: read.meaning,
    } as const
  })
  if (stale.length > 0) await refreshStale(desk.logins, place.library.libraryNo, stale)
  return received
}

export interface Stored {
  textNo: string
  conversation: Conversation
  /** In which an answer by rule is given. */
  language: Language
  phone: string
  phoneHash: Buffer
  body: string
  read: Read
  /** The same words a moment before, under another id. */
  repeatOf: string | null
  now: Date
}

/** When its provider says that it was sent, where we hear of it late; never later than we hear of it, whatever their clock says. */
export const wroteAt = ({ sentAt }: TextIn, now: Date): Date => (sentAt !== null && sentAt < now ? sentAt : now)

/** A stop is obeyed whoever said it and whenever; it is kept under the phone's hash, and not answered. */
const stopForgotten = async (
  scope: Scope<'circulation'>,
  journal: Journal,
  { library }: Place,
  { text, phoneHash, now }: Incoming & { phoneHash: Buffer },
): Promise<string[]> =>
  saysStop(text) ? stopPhone(scope, journal, library, { phoneHash, now, method: 'text message' }) : []

export const saysStop = (text: TextIn): boolean =>
  text.answeredItself === 'stop' || readKeyword(text.body)?.keyword === 'stop' || readStopSentence(text.body) !== null

/** Null when this message id is here already. */
async function storeText(
  scope: Scope<'circulation'>,
  place: Place,
  phoneHash: Buffer,
  { text, now, meaning }: Incoming,
): Promise<Stored | null> {
  const { library, line } = place
  const phone = text.from
  const patrons = await patronsOfPhone(scope, phoneHash)
  // Who of a family wrote is not to be guessed.
  const patronNo = patrons.length === 1 ? patrons[0]! : null
  const conversation = await lockConversationOf(scope, library, {
    lineNo: line.lineNo,
    phone,
    phoneHash,
    patronNo,
    now,
  })
  const read = meaning
    ? { meaning, language: null, says: null, answer: null }
    : await readText(scope, place, text, phoneHash)
  // One statement, because a burst of texts is read one by one: the text, what it repeats, and that its conversation moved.
  const row = await rowOf(
    scope,
    sql<{ textNo: string; repeatOf: string | null }>`
    with stored as (
      insert into mail.text (library_no, line_no, direction, kind, conversation_no, patron_no, phone, phone_hash, body, media, parts,
                             state, at, provider_id, repeat_of, meaning)
      select ${scope.library}::int, ${line.lineNo}::int, 'in', 'in', ${conversation.conversationNo}::bigint, ${patronNo}::bigint, ${phone},
             ${phoneHash}::bytea, ${text.body}, ${text.media.length === 0 ? null : JSON.stringify(text.media)}::jsonb,
             ${measureText(text.body).parts}::smallint, 'received', ${now}::timestamptz, ${text.providerId},
             (${repeated(scope, phoneHash, text.body, now)}), ${read.meaning}
      on conflict (library_no, line_no, provider_id) where direction = 'in' do nothing
      returning text_no, repeat_of
    ), moved as (
      update mail.conversation set last_in_at = ${now}, change_no = nextval('mail.change_no')
      where library_no = ${scope.library} and conversation_no = ${conversation.conversationNo}::bigint and exists (select from stored)
    )
    select text_no as "textNo", repeat_of as "repeatOf" from stored`,
  )
  if (row === null) return null
  await awaitPictures(scope, { textNo: row.textNo, lineNo: line.lineNo, media: text.media, now })
  await liftDeadPhone(scope, { phoneHash, now })
  const language = read.language ?? knownLanguage(conversation.language) ?? 'en'
  return { ...row, conversation, language, phone, phoneHash, body: text.body, read, now }
}

/** Keywords first: whatever else a text could mean, STOP is a stop. */
async function readText(scope: Scope<'circulation'>, place: Place, text: TextIn, phoneHash: Buffer): Promise<Read> {
  const keyword = readKeyword(text.body)
  const base = { language: keyword?.language ?? null, says: null, answer: null }
  // What the provider did about a word of its own settings counts, though our list may not have the word.
  if (text.answeredItself !== null) return { ...base, meaning: text.answeredItself, answeredItself: true }
  if (keyword?.keyword === 'notices') {
    if (await hasStopped(scope, phoneHash)) return { ...base, meaning: 'notices' }
  } else if (keyword !== null) return { ...base, meaning: keyword.keyword }
  const says = readStopSentence(text.body)
  if (says !== null) return { ...base, meaning: 'stop sentence', says }
  const meaning = readMeaning(text.body)
  if (meaning !== null) return { ...base, meaning }
  const answer = findHelpful(place.answering, text.body)
  if (answer !== null) return { ...base, meaning: 'helpful', answer }
  return { ...base, meaning: null }
}

const REPEAT_SECONDS = 60

/** The number of the first text with the same words from the same phone a moment before. */
const repeated = (scope: Scope<'circulation'>, phoneHash: Buffer, body: string, now: Date) => sql`
  select text_no from mail.text
  where library_no = ${scope.library} and phone_hash = ${phoneHash} and direction = 'in' and body = ${body}
    and at > ${now}::timestamptz - ${sql.lit(REPEAT_SECONDS)} * interval '1 second'
  order by text_no limit 1`

const told = ({ text, now }: Incoming, { conversation, read, repeatOf }: Stored) => ({
  conversation,
  body: text.body,
  pictures: text.media.length,
  meaning: read.meaning,
  repeat: repeatOf !== null,
  now,
})

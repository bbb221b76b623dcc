// A text is asked for here, in the transaction of whatever asks for it. Whether it may leave is decided when it is taken.
// The first text that a library sends to a phone is preceded by one that says who writes, why, how often and how to stop.
import { sql } from 'kysely'
import { measureText } from '../channels/sms/parts.ts'
import { patronsOfPhone } from '../consent/phone-stops.ts'
import { rowOf, type Scope } from '../db/scope.ts'
import type { Answering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { announceText } from './due-texts.ts'
import { languagesOfPatrons } from './language-of-patron.ts'
import type { Line } from './lines.ts'

export type TextKind = 'notice' | 'first' | 'answer' | 'confirmation' | 'fixed' | 'acknowledgement' | 'code'

export interface NewText {
  kind: TextKind
  phone: string
  phoneHash: Buffer
  body: string
  language: Language
  /** A program, a member of staff, or "rule: …". */
  askedBy: string
  patronNo?: string | null
  conversationNo?: string | null
  /** The text that this one answers. */
  answersNo?: string | null
  /** Sent one time only, however often it is asked for. */
  once?: string
  now: Date
  dueAt?: Date
}

export interface QueuedText {
  textNo: string
  parts: number
}

/** Null when it had been asked for before (`once`). Call it late: other texts of this library and line wait for its end. */
export async function queueText(scope: Scope<'circulation'>, line: Line, text: NewText): Promise<QueuedText | null> {
  const { parts } = measureText(text.body)
  const quiet = text.kind === 'notice' || text.kind === 'first'
  const dueAt = text.dueAt ?? text.now
  const row = await rowOf(
    scope,
    sql<{ textNo: string }>`
    insert into mail.text (library_no, line_no, direction, kind, conversation_no, patron_no, phone, phone_hash, body, language, parts,
                           state, at, due_at, quiet, asked_by, once, answers_no)
    values (${scope.library}, ${line.lineNo}, 'out', ${text.kind}, ${text.conversationNo ?? null}::bigint, ${text.patronNo ?? null}::bigint,
            ${text.phone}, ${text.phoneHash}, ${text.body}, ${text.language}, ${parts}, 'waiting', ${text.now}, ${dueAt}, ${quiet},
            ${text.askedBy}, ${text.once ?? null}, ${text.answersNo ?? null}::bigint)
    on conflict (library_no, once) where once is not null do nothing
    returning text_no as "textNo"`,
  )
  if (row === null) return null
  await announceText(scope, line.lineNo, dueAt)
  return { textNo: row.textNo, parts }
}

export interface Notice {
  phone: string
  body: string
  language: Language
  askedBy: string
  patronNo?: string | null
  once?: string
  now: Date
}

/**
 * With the first text before it, where this phone never had one. Whoever alone has the phone now is noted as its patron: when
 * it has passed to somebody else, the text is still theirs. Null when it had been asked for before (`once`).
 */
export async function queueNotice(
  scope: Scope<'circulation'>,
  library: Library,
  { line, answering }: { line: Line; answering: Answering },
  notice: Notice,
): Promise<QueuedText | null> {
  const phoneHash = scope.seals.hashFor(library.key)('phone', notice.phone)
  const patronNo = notice.patronNo ?? (await patronOfPhone(scope, phoneHash))
  await queueFirstText(scope, library, { line, answering }, notice, patronNo)
  return queueText(scope, line, { ...notice, phoneHash, patronNo, kind: 'notice' })
}

async function patronOfPhone(scope: Scope<'circulation'>, phoneHash: Buffer): Promise<string | null> {
  const [only, another] = await patronsOfPhone(scope, phoneHash)
  return another === undefined ? (only ?? null) : null
}

/** Nothing where this phone has had a text already. A code is none: it says nothing of what is to come. */
export async function queueFirstText(
  scope: Scope<'circulation'>,
  library: Library,
  { line, answering }: { line: Line; answering: Answering },
  to: Pick<Notice, 'phone' | 'language' | 'patronNo' | 'now'>,
  /** Whoever has the phone, as far as anybody can tell. */
  readBy: string | null = null,
): Promise<void> {
  const phoneHash = scope.seals.hashFor(library.key)('phone', to.phone)
  const known = await rowOf(
    scope,
    sql`select from mail.text
        where library_no = ${scope.library} and phone_hash = ${phoneHash} and direction = 'out' and kind <> 'code' limit 1`,
  )
  if (known !== null) return
  const language = (readBy && (await languagesOfPatrons(scope, [readBy])).get(readBy)) || to.language
  await queueText(scope, line, {
    ...to,
    language,
    phoneHash,
    kind: 'first',
    body: firstText(library, answering, language),
    once: `first ${line.lineNo} ${phoneHash.toString('hex')}`,
    askedBy: 'rule: the first text says who writes',
  })
}

/** In the library's own name, and as whoever registers its texts with a carrier shows it. */
export function firstText(
  library: Pick<Library, 'name' | 'phone'>,
  { aboutEachMonth, watched }: Pick<Answering, 'aboutEachMonth' | 'watched'>,
  language: Language,
): string {
  const words = wordsOf[language].texts
  const perMonth = String(aboutEachMonth)
  return inOnePart(
    watched ? words.first(library.name, perMonth) : words.firstNotWatched(library.name, perMonth, library.phone),
  )
}

/** The warmest wording that fits into one part; a name that fits into none is not cut, it costs a second part. */
export const inOnePart = (wordings: readonly string[]): string =>
  wordings.find((said) => measureText(said).parts === 1) ?? wordings.at(-1)!

// The alarm when a mailbox of the library takes no mail of ours: what people text reaches nobody there. Raised once an
// outage, told to the next mailbox of the library, shown wherever conversations are, and cleared when a mail gets through.
import { sql } from 'kysely'
import { rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { type Answering, readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { knownLanguage, wordsOf } from '../words/languages.ts'
import { queueAnswer } from './answers.ts'

export interface MailboxAlarm {
  mailbox: string
  /** 'refused': its server would not have the mail. 'came back': it took it, and sent it back. */
  how: 'refused' | 'came back'
  /** By that server. */
  said: string | null
  since: Date
  lastAt: Date
  /** How many mails. */
  mails: number
  /** The other mailbox that was told; null when the library has none that works. */
  told: string | null
}

export interface LostMail {
  mailbox: string
  how: MailboxAlarm['how']
  said: string | null
  /** It is being tried again, and has been for long. */
  late?: boolean
  now: Date
}

/** Those of the library itself, whoever reads them first. Of a member of staff's own mailbox there is no alarm. */
const mailboxesOf = (library: Library, { email, escalateTo }: Answering): string[] => [
  ...new Set([escalateTo, email, library.email].flatMap((one) => (one === null ? [] : [one.toLowerCase()]))),
]

const current = async (scope: Scope<'circulation'>, library: Library): Promise<string[]> =>
  mailboxesOf(library, await readAnswering({ circulation: scope.tx }, library.libraryNo))

/** Call it late: it may queue a mail. A sentence for the log when this is the first mail of an outage. */
export async function raiseAlarm(
  scope: Scope<'circulation'>,
  library: Library,
  lost: LostMail,
): Promise<string | null> {
  const { how, said, late = false, now } = lost
  const mailbox = lost.mailbox.toLowerCase()
  const ours = await current(scope, library)
  if (!ours.includes(mailbox)) return null
  const row = await rowOf(
    scope,
    sql<{ alarmNo: string; begun: boolean }>`
    insert into desk.mailbox_alarm as a (library_no, mailbox, how, said, since, last_at)
    values (${scope.library}, ${mailbox}, ${how}, ${said}, ${now}, ${now})
    on conflict (library_no, mailbox) where cleared_at is null
      do update set how = excluded.how, said = excluded.said, last_at = excluded.last_at, mails = a.mails + ${late ? 0 : 1}
    returning alarm_no as "alarmNo", a.xmax = 0 as begun`,
  )
  if (!row!.begun) return null
  const silent = new Set((await openAlarms(scope)).map((one) => one.mailbox))
  const told = ours.find((one) => !silent.has(one)) ?? null
  if (told !== null) {
    await sql`update desk.mailbox_alarm set told = ${told} where library_no = ${scope.library} and alarm_no = ${row!.alarmNo}::bigint`.execute(
      scope.tx,
    )
    await tell(scope, library, { mailbox, said, told, now })
  }
  return `${library.name}: ${mailbox} takes no mail${said ? ` (${said})` : ''}. What people text reaches nobody there; ${told === null ? 'the library has no other mailbox to tell' : `${told} is told`}.`
}

async function tell(
  scope: Scope<'circulation'>,
  library: Library,
  about: { mailbox: string; said: string | null; told: string; now: Date },
): Promise<void> {
  const language = knownLanguage(library.language) ?? 'en'
  const words = wordsOf[language].texts.staff
  await queueAnswer(scope, library, {
    kind: 'mailbox-alarm',
    to: about.told,
    addressHash: hashOf(scope, library, about.told),
    toStaff: true,
    language,
    subject: words.mailboxSubject(about.mailbox),
    parts: [
      words.mailboxSilent(about.mailbox),
      ...(about.said === null ? [] : [words.mailboxServer(about.said)]),
      words.mailboxNext,
      `gentle unanswered --library ${library.key}`,
    ],
    because: words.mailboxOnce,
    now: about.now,
  })
}

const hashOf = (scope: Scope<'circulation'>, library: Library, mailbox: string): Buffer =>
  scope.seals.hashFor(library.key)('email', mailbox)

/** Which of the library's mailboxes a mail went to whose address is forgotten. */
export async function mailboxByHash(
  scope: Scope<'circulation'>,
  library: Library,
  addressHash: Buffer,
): Promise<string | null> {
  return (await current(scope, library)).find((one) => hashOf(scope, library, one).equals(addressHash)) ?? null
}

/** The oldest first. */
export const openAlarms = (scope: Scope<'circulation'>): Promise<MailboxAlarm[]> =>
  rowsOf(
    scope,
    sql<MailboxAlarm>`
    select mailbox, how, said, since, last_at as "lastAt", mails, told from desk.mailbox_alarm
    where library_no = ${scope.library} and cleared_at is null order by alarm_no`,
  )

/** Its server has taken a mail. Where it took the others, too, and sent them back, only time tells: `clearQuietAlarms`. */
export const clearRefused = (scope: Scope<'circulation'>, mailbox: string, now: Date): Promise<unknown> =>
  clear(scope, mailbox, sql`how = 'refused'`, 'rule: a mail got through', now)

/** A mail that was taken an hour ago and has not come back has got through; and a mailbox that nobody reads any more needs none. */
export async function clearQuietAlarms(scope: Scope<'circulation'>, library: Library, now: Date): Promise<void> {
  const alarms = await openAlarms(scope)
  if (alarms.length === 0) return
  const ours = await current(scope, library)
  for (const { mailbox } of alarms) {
    if (!ours.includes(mailbox)) {
      await clear(scope, mailbox, sql`true`, 'rule: the library reads another mailbox', now)
      continue
    }
    const stays = sql`exists (
      select from mail.answer m where m.library_no = a.library_no and m.address_hash = ${hashOf(scope, library, mailbox)} and m.to_staff
        and m.state = 'accepted' and m.queued_at > a.last_at and m.settled_at < ${now}::timestamptz - interval '1 hour')`
    await clear(scope, mailbox, stays, 'rule: a mail got through', now)
  }
}

const clear = (
  scope: Scope<'circulation'>,
  mailbox: string,
  which: ReturnType<typeof sql>,
  rule: string,
  now: Date,
): Promise<unknown> =>
  sql`update desk.mailbox_alarm a set cleared_at = ${now}, cleared_by = ${rule}
      where library_no = ${scope.library} and mailbox = ${mailbox.toLowerCase()} and cleared_at is null and ${which}`.execute(
    scope.tx,
  )

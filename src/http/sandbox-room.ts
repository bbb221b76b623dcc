// What the sandbox phone's page looks at: one invented person's phone, and beside it what the library knows of it: its
// mailbox, its desk, and what became of the texts that it sent there.
import { sql } from 'kysely'
import PostalMime, { type Email } from 'postal-mime'
import { readFromMailroom } from '../channels/email/mailroom.ts'
import type { PhoneText, Sandbox } from '../channels/sms/sandbox.ts'
import { sandboxNumbers, wayOf } from '../channels/sms/sandbox-numbers.ts'
import { type ListedConversation, listConversations, newestChange } from '../conversations/read-conversations.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { listAnswers } from '../messages/answers.ts'
import { allLinesOf, type Line } from '../messages/lines.ts'
import { type Answering, readAnswering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { notHere, openPremises, shownLibraries } from './access.ts'
import type { Premises, Site } from './premises.ts'

export const PEOPLE: ReadonlyMap<string, string> = new Map([
  ['+17405550101', 'Rosa'],
  ['+17405550103', 'Karl'],
  ['+17405550104', 'Mei Lin'],
  ['+17405550106', 'Tomás'],
])
export const FAILING: ReadonlyMap<string, string> = new Map(
  sandboxNumbers.map(({ number, says }) => [`+1740${number.replace('-', '')}`, says]),
)
export const FIRST_PHONE = '+17405550101'
/** Of each kind; the page stays small. */
const SHOWN = 5

export interface Room {
  premises: Premises
  library: Library
  line: Line
  sandbox: Sandbox
  /** Of all numbers of the library: its notices and its campaigns. */
  texts: readonly PhoneText[]
  /** Phones that got a text besides those above: a few people whom a campaign reached. */
  others: readonly string[]
  phone: string
}

export async function enterRoom(site: Site, phone = ''): Promise<Room> {
  const premises = openPremises(site)
  const libraries = await shownLibraries(premises, site)
  // The invented one first, as on the other pages: a developer's own library may have a number of the sandbox, too.
  for (const library of libraries.toSorted((a, b) => Number(b.demo) - Number(a.demo))) {
    const lines = (await allLinesOf(premises.logins, library.libraryNo)).filter(
      ({ provider }) => provider === 'sandbox',
    )
    const sandboxes = lines.flatMap((line) => {
      const sandbox = premises.textCarriers.providerFor(line) as Sandbox | null
      return sandbox ? [{ line, sandbox }] : []
    })
    const own = sandboxes.find(({ line }) => !line.forOutreach)
    if (own === undefined) continue
    const texts = sandboxes.flatMap(({ line, sandbox }) =>
      sandbox.texts().filter((text) => text.library === line.number),
    )
    const got = new Set(texts.map((text) => text.phone).filter((one) => !PEOPLE.has(one) && !FAILING.has(one)))
    if (!PEOPLE.has(phone) && !FAILING.has(phone) && !got.has(phone)) throw notHere()
    const others = [...got].filter((one, place) => place < SHOWN || one === phone)
    return { premises, library, ...own, texts, others, phone }
  }
  throw new Problem('not-ready', 'No library here has a number of the sandbox. "gentle demo" makes one.')
}

/** What its owner sees: a landline takes a text and shows none. */
export const onPhone = ({ texts, phone }: Room): PhoneText[] =>
  texts
    .filter((text) => text.phone === phone)
    .filter(({ way }) => way === 'in' || wayOf(phone).failed === undefined)
    .sort((a, b) => a.at.getTime() - b.at.getTime())

export interface SentText {
  textNo: string
  body: string | null
  state: string
  reasons: string[] | null
  parts: number
  dueAt: Date | null
  /** Waits for the hours in which people are awake. */
  quiet: boolean
  /** What the provider said last. */
  code: string | null
}

export interface Mail {
  no: string
  mail: Email
}

export interface Beside {
  answering: Answering
  sent: SentText[]
  conversations: ListedConversation[]
  mails: Mail[]
}

/** The latest mails to the library itself; what is for a reader is not shown here. */
export async function lookBeside(room: Room): Promise<Beside> {
  const { premises, library, phone } = room
  const { logins, mailroom } = premises
  const answering = await readAnswering(logins, library.libraryNo)
  const { answers, ...desk } = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => ({
    answers: await listAnswers(scope, 10),
    conversations: await listConversations(scope, { most: SHOWN }),
    sent: await rowsOf(
      scope,
      sql<SentText>`
      select text_no as "textNo", body, state, reasons, parts, due_at as "dueAt", quiet,
             (select code from mail.text_event e where e.library_no = t.library_no and e.text_no = t.text_no and code <> ''
                order by event_no desc limit 1) as code
      from mail.text t
      where library_no = ${scope.library} and phone_hash = ${scope.seals.hashFor(library.key)('phone', phone)} and direction = 'out'
        and not (kind = 'answer' and state = 'withheld') -- its writer was asked about it first
      order by text_no desc limit ${SHOWN}`,
    ),
  }))
  const mails: Mail[] = []
  for (const { answerNo } of answers) {
    const raw = await readFromMailroom(mailroom, `${library.key}.answer-${answerNo}`)
    const mail = raw && (await PostalMime.parse(raw))
    if (mail && mail.to?.[0]?.address === (answering.email ?? library.email)) mails.push({ no: answerNo, mail })
  }
  return { answering, ...desk, mails: mails.slice(0, SHOWN) }
}

/** Differs whenever the page would, and opens no mail. */
export async function stampOfRoom(room: Room): Promise<string> {
  const { premises, library, phone } = room
  return inLibrary(premises.logins, 'circulation', library.libraryNo, async (scope) => {
    const answers = await listAnswers(scope, 10)
    const texts = await rowsOf(
      scope,
      sql<{ mark: string }>`
      select text_no || left(state, 3) as mark from mail.text
      where library_no = ${scope.library} and phone_hash = ${scope.seals.hashFor(library.key)('phone', phone)}
      order by text_no desc limit ${SHOWN}`,
    )
    const marks = [...answers.map(({ answerNo, state }) => answerNo + state[0]), ...texts.map(({ mark }) => mark)]
    return [onPhone(room).length, await newestChange(scope), ...marks].join('-')
  })
}

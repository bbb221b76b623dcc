// What we keep, class by class: since when, until when, and who can read it. The sweep deletes by this list, the policy
// takes its limits from it, staff see it with "gentle retention show", and a patron sees their part of it in their own
// words (words/, under `kept`).

/** Who can read a class: staff who do circulation at this machine, the sending program, whoever keeps the backups. */
export type Reader = 'circulation' | 'outreach' | 'backup'

/** What ends it besides a schedule. */
type End =
  /** Deleted so many days after `age`; editable between `least` and `most`, stricter is shorter. */
  | { by: 'schedule'; days: number; least: number; most: number; age: string }
  /** Forgotten by itself when the person's last yes has ended. */
  | { by: 'last-yes' }
  /** Stays until the person is erased. */
  | { by: 'erasure' }
  /** Stays: numbers and keyed hashes, or what the library owes to others. */
  | { by: 'nothing'; because: string }

interface Kept {
  /** For staff. */
  says: string
  tables: readonly string[]
  /** Folders in the data folder. */
  folders?: readonly string[]
  /** Of one patron: told on that patron's own page. */
  ofPatron: boolean
  readers: readonly Reader[]
  end: End
}

const everybody = ['circulation', 'outreach', 'backup'] as const
const circulation = ['circulation', 'backup'] as const
const YEAR = 365

export const KEPT = {
  facts: {
    says: 'facts of the patron file: branch, kind, month of last card use, keyed hashes',
    tables: ['roster.patron', 'outreach.standing'],
    ofPatron: true,
    readers: everybody,
    end: { by: 'erasure' },
  },
  identity: {
    says: 'name, address, email and phone of somebody who agreed to something',
    tables: ['roster.identity'],
    ofPatron: true,
    readers: everybody,
    end: { by: 'last-yes' },
  },
  choices: {
    says: 'every yes, no, stop and pause, with its evidence',
    tables: ['outreach.ledger', 'outreach.patron_key'],
    ofPatron: true,
    readers: everybody,
    end: { by: 'erasure' },
  },
  'do-not-write': {
    says: 'addresses that must not be written to, and who was erased, as keyed hashes',
    tables: ['outreach.suppression', 'outreach.erasure'],
    ofPatron: true,
    readers: everybody,
    end: { by: 'nothing', because: 'a no must be remembered to be kept; a keyed hash names nobody' },
  },
  messages: {
    says: 'that a message was sent or withheld, why, and what became of it; not its text',
    tables: ['mail.message', 'mail.event'],
    ofPatron: true,
    readers: everybody,
    // The patron's own page shows the last year.
    end: { by: 'schedule', days: 400, least: 370, most: 3 * YEAR, age: 'the day it was due' },
  },
  wishes: {
    says: 'how often at most and in which language somebody wants to hear from us',
    tables: ['outreach.preference'],
    ofPatron: true,
    readers: circulation,
    end: { by: 'erasure' },
  },
  answers: {
    says: 'that a code, a link or a receipt was sent, to the keyed hash of an address; not its text',
    tables: ['mail.answer'],
    ofPatron: true,
    readers: circulation,
    end: { by: 'schedule', days: 90, least: 7, most: 400, age: 'the day it was asked for' },
  },
  proofs: {
    says: 'forms and codes that nobody has proven',
    tables: ['outreach.sign_up', 'outreach.fresh_code'],
    ofPatron: true,
    readers: circulation,
    end: { by: 'schedule', days: 2, least: 1, most: 7, age: 'the hour they ran out' },
  },
  tasks: {
    says: 'what readers told us and staff have settled; not their words',
    tables: ['desk.task'],
    ofPatron: true,
    readers: circulation,
    end: { by: 'schedule', days: YEAR, least: 30, most: 3 * YEAR, age: 'the day it was closed' },
  },
  lots: {
    says: 'whom a mailing left alone, by lot, to compare',
    tables: ['outreach.holdout'],
    ofPatron: true,
    readers: everybody,
    end: { by: 'schedule', days: 400, least: 90, most: 3 * YEAR, age: 'the day of the mailing' },
  },
  mailroom: {
    says: 'mails as they were put into the mailroom where no mail server is set, with names and addresses',
    tables: [],
    folders: ['mailroom'],
    ofPatron: false,
    readers: ['circulation'],
    end: { by: 'schedule', days: 30, least: 1, most: 400, age: 'the day the mail was put there' },
  },
  arrivals: {
    says: 'that a mail came in, when, and what was done with it, not what it said; of one that became a text its sender and subject, so that a failure can return',
    tables: ['mail.arrival', 'mail.text_origin'],
    ofPatron: false,
    readers: circulation,
    // What nobody has dealt with stays whole, however old it is.
    end: { by: 'schedule', days: 14, least: 7, most: YEAR, age: 'the day it came' },
  },
  texts: {
    says: 'texts and the pictures that came with them, the notices they were made of, the conversations they belong to, and what was noted about them',
    tables: ['mail.text', 'mail.text_event', 'mail.picture', 'mail.conversation', 'mail.note', 'mail.notice'],
    ofPatron: true,
    readers: circulation,
    end: { by: 'schedule', days: 180, least: 30, most: 3 * YEAR, age: 'the day of the text' },
  },
  'text-doors': {
    says: 'which library a phone’s answers go to, what providers brought that could not be read, and when the library’s mailbox took no mail',
    tables: ['mail.route', 'mail.routed', 'mail.brought', 'mail.hook', 'desk.fix_up', 'desk.mailbox_alarm'],
    ofPatron: false,
    readers: circulation,
    end: { by: 'schedule', days: 180, least: 30, most: YEAR, age: 'the last day it was of use' },
  },
  audit: {
    says: 'who looked at whom, and who changed what',
    tables: ['desk.audit'],
    ofPatron: true,
    readers: circulation,
    end: { by: 'schedule', days: 2 * YEAR, least: YEAR, most: 7 * YEAR, age: 'the day of the look' },
  },
  imports: {
    says: 'which patron files came in, with their counts; nobody’s data',
    tables: ['roster.run'],
    ofPatron: false,
    readers: circulation,
    end: { by: 'schedule', days: 2 * YEAR, least: 90, most: 7 * YEAR, age: 'the day of the import' },
  },
  requests: {
    says: 'requests by police, lawyers and others, without whom they asked about',
    tables: ['desk.request'],
    ofPatron: false,
    readers: circulation,
    end: { by: 'schedule', days: 5 * YEAR, least: YEAR, most: 10 * YEAR, age: 'the day of the decision' },
  },
  keys: {
    says: 'API keys that have ended; their hashes only',
    tables: ['desk.api_key'],
    ofPatron: false,
    readers: circulation,
    end: { by: 'schedule', days: 2 * YEAR, least: 90, most: 7 * YEAR, age: 'the day it ended' },
  },
  sweeps: {
    says: 'what each night’s work did, as numbers',
    tables: ['desk.sweep', 'desk.nightly'],
    ofPatron: false,
    readers: circulation,
    end: { by: 'schedule', days: 2 * YEAR, least: 90, most: 7 * YEAR, age: 'the night' },
  },
  policy: {
    says: 'where the library departs from the strict default, and holds',
    tables: ['outreach.policy_change', 'desk.hold'],
    ofPatron: false,
    readers: circulation,
    end: { by: 'nothing', because: 'the reason for a rule has to outlive it' },
  },
} as const satisfies Record<string, Kept>

export type KeptKind = keyof typeof KEPT
export const keptKinds = Object.keys(KEPT) as KeptKind[]

/** The same list with its rows as they are declared, for whoever walks it. */
export const keptOf = (kind: KeptKind): Kept => KEPT[kind]

export type PatronKind = { [K in KeptKind]: (typeof KEPT)[K]['ofPatron'] extends true ? K : never }[KeptKind]
export const patronKinds = keptKinds.filter((kind): kind is PatronKind => KEPT[kind].ofPatron)

export type ScheduledKind = {
  [K in KeptKind]: (typeof KEPT)[K]['end'] extends { by: 'schedule' } ? K : never
}[KeptKind]
export const scheduledKinds = keptKinds.filter((kind): kind is ScheduledKind => KEPT[kind].end.by === 'schedule')

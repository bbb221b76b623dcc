// What texts say, and the mails about them to the library's own staff. Each text has to fit into one part (160 characters
// of a telephone's own alphabet), and a test counts them: where a library's name is long, the next shorter wording is taken.

/** From the warmest to the shortest; the first that fits into one part is sent. */
export type Wordings = readonly string[]

export interface TextWords {
  /** The first text to a number: who, why, how often, how to stop; and that an answer is welcome. */
  first: (library: string, perMonth: string) => Wordings
  /** The same of a library where nobody reads answers. */
  firstNotWatched: (library: string, perMonth: string, phone: string) => Wordings
  /** Proves a phone. `code`: "123 456". */
  code: (library: string, code: string) => Wordings
  /** What stands around a campaign's note: who writes, and how to stop. */
  campaign: (library: string, note: string) => string
  stopped: (library: string, phone: string) => Wordings
  help: (library: string, phone: string) => Wordings
  started: (library: string) => Wordings
  noticesKept: (library: string) => Wordings
  /** `when`: the day and hour at which somebody reads it. */
  closed: (library: string, when: string) => Wordings
  notWatched: (library: string, phone: string) => Wordings
  whichLibrary: (words: string) => Wordings
  /** What the library system asked to tell. `place` and `on` (a date) may be empty. */
  notices: Record<NoticeKind, (library: string, items: string, place: string, on?: string) => Wordings>
  thanks: {
    'not theirs': (library: string) => Wordings
    died: (library: string) => Wordings
    'new number': (library: string) => Wordings
    who: (library: string, phone: string) => Wordings
  }
  staff: TextStaffWords
}

/** What a notice of a library system is about. */
export type NoticeKind = 'hold' | 'overdue' | 'almost due' | 'cancelled hold'

/** To the library's own mailbox. */
export interface TextStaffWords {
  /** First in every mail that can be answered; what is below it never goes out. */
  above: string
  /** What is answered, alone, to send what was asked about first. */
  sendWord: string
  subject: (phone: string, conversation: string) => string
  /** Where mail is a public record: no number and no word of what was said. */
  pointerSubject: (conversation: string) => string
  pointer: (conversation: string) => string
  said: (phone: string, at: string) => string
  pictureOnly: string
  pictures: (count: number, conversation: string) => string
  readAs: Record<TextMeaning, string>
  answerByMail: string
  answerElsewhere: (conversation: string) => string
  noAnswerByMail: string
  /** Instead of how to answer, where they have stopped all texts. */
  noAnswerByText: string
  due: (when: string) => string
  closing: string
  /** Of a mail after which nobody waits. */
  closingSent: string
  repeat: string
  sentAs: (parts: number) => string
  sentTo: (phone: string) => string
  notSent: Record<NotSent, string>
  confirmLong: (parts: number) => string
  answeredBy: (by: string) => string
  sendAnyway: string
  escalatedSubject: (conversation: string) => string
  escalated: (since: string) => string
  fixUpSubject: string
  fixUp: string
  /** The library's own mailbox takes no mail: to the next one. */
  mailboxSubject: (mailbox: string) => string
  mailboxSilent: (mailbox: string) => string
  mailboxServer: (said: string) => string
  mailboxNext: string
  mailboxOnce: string
}

/** What a text was read as by rule. */
export type TextMeaning =
  | 'stop'
  | 'help'
  | 'start'
  | 'notices'
  | 'stop sentence'
  | 'not theirs'
  | 'who'
  | 'died'
  | 'new number'
  | 'helpful'
  | 'which library'
  | 'choice'

export type NotSent = 'stopped' | 'empty' | 'repeated' | 'too many' | 'already answered' | 'forgotten' | 'too long'

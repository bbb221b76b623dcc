// What a language has to say: every sentence that this product speaks to readers, by where it stands. A language is one
// file beside this one; the types ask for each of its sentences, and a test for none that is empty or left in English.
import type { Channel, Purpose } from '../consent/purposes.ts'
import type { ReadingMeasure } from '../lib/reading-ease.ts'

export interface Words {
  frame: FrameWords
  pages: PageWords
  answer: AnswerWords
  join: JoinWords
  paper: PaperWords
  invitation: InvitationWords
  sample: SampleWords
  lint: LintWords
  /** Null where nobody has made a measure for the language: then the linter does not judge how hard a text is. */
  reading: ReadingMeasure | null
}

/** Whoever staff are shown a note for. */
export interface SampleWords {
  name: string
  link: string
}

/**
 * What a note must not say, as patterns for each rule of the linter. Written in small letters without accents: a text
 * is folded the same way before it is searched. A space matches any space or line break. Each stands between word
 * borders, so "pine" holds no "pin".
 */
export type LintWords = Record<
  'card-use' | 'guilt' | 'urgency' | 'votes' | 'pin-asked' | 'false-reply',
  readonly string[]
>

/** The fixed sentences around every note: greeting, date, footer. */
export interface FrameWords {
  direction: 'ltr' | 'rtl'
  greet: (name: string) => string
  /** For a shared address, or when no name can be trusted. */
  greetNobody: string
  date: (year: number, month1to12: number, day: number) => string
  /** Why this note came: the reader's own choice, with its date. */
  asked: (date: string) => string
  /** Who signs where the library has named nobody. */
  staff: string
  fewer: string
  none: string
  why: string
}

type Said = readonly [title: string, text: string]

/** What stands on the pages that a link in a message opens. */
export interface PageWords {
  /** Of this language, for the link that switches to it. */
  ownName: string
  aLibrary: string
  purposes: Record<Purpose, string>
  methods: Record<string, string>
  callUs: string
  phone: string
  email: string
  stop: {
    title: string
    asks: (library: string) => string
    stays: string
    button: string
    lessInstead: string
    done: string
    doneText: (library: string) => string
    byMistake: string
  }
  less: {
    title: string
    asks: string
    halfYear: string
    halfYearText: string
    year: string
    yearText: string
    thisKind: (purpose: string) => string
    thisKindText: string
    nothing: string
    nothingText: string
    button: string
    choose: string
    else: string
    paused: string
    pausedText: (date: string) => string
    stoppedKind: (purpose: string) => string
    stoppedKindText: string
  }
  why: {
    title: string
    sentTo: (masked: string) => string
    youSaidYes: (date: string, purpose: string) => string
    where: (method: string) => string
    askedWith: string
    noRecord: string
    stoppedSince: string
    pausedSince: (date: string) => string
    lookedTitle: string
    looked: readonly string[]
    neverTitle: string
    never: readonly string[]
    changeTitle: string
    fewer: string
    none: string
  }
  gone: Said
  unknownLink: Said
  unreadable: Said
  tooMany: Said
  failed: Said
}

/** The fixed sentence at the foot of a mail that answers what somebody did. */
export interface AnswerWords {
  why: string
}

/** What stands on the pages where somebody says yes, and in the one mail that asks whether it was them. */
export interface JoinWords {
  title: (library: string) => string
  intro: string
  /** For somebody who is renewing a card. */
  renewTitle: (library: string) => string
  renewIntro: string
  adults: string
  about: string
  name: string
  nameHint: string
  email: string
  emailHint: string
  phone: string
  phoneHint: string
  card: string
  cardHint: string
  optional: string
  language: string
  what: string
  whatHint: string
  kinds: string
  offers: Record<'reengagement' | 'new-titles' | 'events', { title: string; says: (library: string) => string }>
  button: string
  /** Of the short form on a library's own website, which leads to this page. */
  next: string
  /** Of the field that a person neither sees nor fills. */
  leaveEmpty: string
  withIt: string
  kept: readonly string[]
  publicRecords: string
  wrong: {
    title: string
    name: string
    email: string
    phone: string
    nothing: string
    lookOver: string
  }
  sent: {
    title: string
    text: (email: string) => string
    ask: string
    code: string
    codeHint: string
    button: string
    wrongCode: string
    noCode: string
    again: string
    askedAgain: string
    nothingCame: string
  }
  look: { title: string; text: (library: string) => string; button: string; not: string }
  done: { title: string; text: string; card: string; leave: string }
  already: Said
  over: Said
  signUp: string
  mail: {
    subject: (library: string) => string
    says: (library: string) => string
    link: string
    code: string
    notYou: string
  }
}

/** What is printed: the first-day kit and the record of one choice. */
export interface PaperWords {
  channels: Record<Channel | 'all', string>
  page: (page: number, pages: number) => string
  strip: {
    title: string
    intro: string
    yes: string
    no: string
    name: string
    card: string
    email: string
    phone: string
    ratherNot: string
    language: string
    date: string
    after: string
    young: string
    staff: string
    cut: string
  }
  poster: {
    title: string
    said: readonly string[]
    scan: string
    type: string
    desk: string
    foot: string
    picture: (address: string) => string
  }
  script: {
    title: string
    intro: string
    count: (month: string) => string
    whenTitle: string
    when: string
    sayTitle: string
    showTitle: string
    show: string
    askTitle: string
    answers: readonly Said[]
    afterTitle: string
    after: readonly string[]
  }
  month: (year: number, month1to12: number) => string
  /** Texts as they will read once a library sends texts; a carrier wants to see them first. */
  texts: {
    confirmed: (library: string) => string
    note: (library: string) => string
    help: (library: string, phone: string) => string
    stopped: (library: string) => string
  }
  record: {
    title: string
    made: (library: string, when: string) => string
    decisions: Record<'grant' | 'deny' | 'stop' | 'pause', (who: string, what: string, how: string) => string>
    patron: (id: string) => string
    everything: string
    wordsTitle: string
    howTitle: string
    when: string
    utc: string
    method: string
    attested: string
    recorded: string
    /** By the name that the evidence has in the ledger. */
    details: Record<string, string>
    forgotten: string
    placeTitle: string
    entry: string
    entryOf: (entry: string, entries: string) => string
    wording: string
    hash: string
    before: string
    head: string
    signature: string
    chain: string
    whole: string
    broken: string
    sinceTitle: string
    nothingSince: string
    checkTitle: string
    check: string
    notPrinted: string
  }
}

/** The invitation at the foot of a notice that the library's own system sends, and the page that it opens. */
export interface InvitationWords {
  /** Short, and true whoever reads it: notices are forwarded. */
  foot: (library: string, url: string) => string
  intro: string
  card: string
}

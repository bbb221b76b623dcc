// What a language has to say: every sentence that this product speaks to readers, by where it stands. A language is one
// file beside this one; the types ask for each of its sentences, and a test for none that is empty or left in English.
import type { LedgerEntry } from '../consent/ledger.ts'
import type { Channel, Purpose } from '../consent/purposes.ts'
import type { PatronKind, Reader } from '../consent/retention.ts'
import type { ReadingMeasure } from '../lib/reading-ease.ts'
import type { TextWords } from './texts-shape.ts'

export interface Words {
  frame: FrameWords
  pages: PageWords
  answer: AnswerWords
  preferences: PreferenceWords
  join: JoinWords
  paper: PaperWords
  invitation: InvitationWords
  sample: SampleWords
  lint: LintWords
  /** Null where nobody has made a measure for the language: then the linter does not judge how hard a text is. */
  reading: ReadingMeasure | null
  passedOn: PassedOnWords
  kept: KeptWords
  keep: KeepWords
  texts: TextWords
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
  /** Where somebody typed an address that leads to no library. */
  noSuchPage: Said
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
  /** Where the library offers texts, and where it does not. */
  phoneHint: Record<'texts' | 'noTexts', string>
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
  /** Who carries the messages, for each channel that is offered. */
  carriers: Record<Channel, string>
  nobodyElse: string
  publicRecords: string
  wrong: {
    title: string
    name: string
    email: string
    phone: string
    phoneForTexts: string
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
  /** The second step, because a mail proves no phone: a code in a text. `phone`: how the number ends. */
  phoneSent: {
    title: string
    text: (phone: string) => string
    ask: string
    askedAgain: string
    nothingCame: string
  }
  phoneDone: { title: string; text: string; card: string; leave: string }
  /** To staff, of somebody who has proven a phone that is not the one on the card. */
  phoneForCard: (phone: string) => string
  /** No texts can leave here, so no phone can be proven. */
  textsNotYet: Said
  /** The same, where we know no phone of theirs. */
  noPhone: Said
  already: Said
  over: Said
  signUp: string
  /** On the way from a yes to the page where it can be changed. */
  choices: string
  mail: {
    subject: (library: string) => string
    says: (library: string) => string
    link: string
    code: string
    notYou: string
  }
}

/** A note of the library's own, because somebody asked it to pass something on. */
export interface PassedOnWords {
  subject: string
  /** What the asker wanted to have told stands under it. */
  asked: (library: string) => string
  /** That the asker learned nothing, and that nothing has to be done. */
  toldNothing: string
  why: string
}

/** What we keep of somebody: the name of each class, when it ends, and who can read it. */
export interface KeptWords {
  kinds: Record<PatronKind, string>
  /** In the place of the facts from a card, of somebody without one. */
  withoutCard: string
  ends: {
    schedule: (days: number) => string
    'last-yes': string
    erasure: string
    nothing: string
    held: string
  }
  readers: Record<Reader, string>
}

/** The page on which an old yes is said once more. */
export interface KeepWords {
  title: string
  asks: (library: string) => string
  /** Above the words that were said yes to. */
  since: (date: string, purpose: string) => string
  /** Beside the button: it confirms all that is shown, and nothing else. */
  together: string
  button: string
  /** What happens without a press. */
  otherwise: string
  done: string
  doneText: (library: string) => string
  /** There is no yes in force for this address. */
  nothing: readonly [title: string, said: string]
  /** In a letter, on the link to this page. */
  link: string
}

// --- a reader's own choices, and what follows from them ---

interface LifeEventWords {
  /** The quiet link. */
  link: string
  title: string
  asks: (library: string) => string
  button: string
  done: string
  doneText: (library: string) => string
}

/** What exists about a reader, since when, until when, and who can read it. */
interface RecordWords {
  title: string
  readers: (who: string) => string
  looks: string
  since: (date: string) => string
  identity: string
  name: string
  phone: string
  facts: string
  card: string
  branch: string
  category: string
  expiresOn: string
  choices: string
  decisions: Record<LedgerEntry['decision'], (what: string) => string>
  /** Of a yes to some topics only. */
  kinds: (kinds: string) => string
  everything: string
  shownWords: string
  doNotWrite: (what: string) => string
}

/** The pages where readers choose, see what is kept, and tell us that their life has changed. */
export interface PreferenceWords {
  title: string
  intro: (library: string) => string
  about: (masked: string) => string
  notices: string
  channels: Record<Channel, string>
  /** The words of a yes to something that is offered no more. */
  yesTo: (library: string, what: string, channel: string) => string
  what: string
  whatHint: string
  pace: string
  paceLibrary: string
  paceDays: (days: number) => string
  pause: string
  pauseUntil: string
  pauseHint: string
  pausedNow: (date: string) => string
  resume: string
  pauseWrong: string
  language: string
  save: string
  saved: string
  unchanged: string
  changed: {
    stopped: (what: string) => string
    pace: (days: number) => string
    paceLibrary: string
    paused: (date: string) => string
    language: string
    yes: (what: string) => string
    resumed: string
    soon: string
    /** What was asked for and not noted. */
    notOffered: (what: string) => string
    minor: string
  }
  waitsForStaff: string
  leave: string
  leaveText: string
  more: string
  moreText: string
  moreButton: string
  life: string
  lifeEvents: Record<'moved' | 'not-me' | 'died', LifeEventWords>
  back: string
  all: string
  code: {
    title: string
    sent: (masked: string) => string
    sentBlind: string
    wider: string
    label: string
    button: string
    wrong: string
    over: string
    again: string
    /** When no mail came; the same for everybody. */
    nothingCame: string
    address: string
    addressText: string
    addressLabel: string
    addressButton: string
  }
  own: {
    title: string
    open: string
    over: Said
    messages: string
    noMessages: string
    states: Record<'waits' | 'left' | 'came back' | 'failed' | 'held back' | 'cancelled' | 'unclear', string>
    because: (date: string, purpose: string) => string
    heldBack: (reasons: string) => string
    address: string
    addressText: string
    addressLabel: string
    addressButton: string
    addressDone: string
    addressMissing: string
    /** Where one mailbox cannot prove which of its readers is there. */
    shared: string
    /** Where the number on the card is asked for besides the code. */
    card: { title: string; text: string; label: string; button: string; wrong: string; over: string }
    record: RecordWords
    file: string
    fileText: string
    fileButton: string
    erase: string
    eraseText: string
    eraseButton: string
    eraseTitle: string
    eraseAsks: readonly string[]
    eraseRest: (library: string) => string
    eraseSure: string
    eraseFirst: string
    eraseNow: string
    erased: string
    erasedText: (library: string) => string
  }
  /** Why a message was held back, to its reader: one for each rule of the gate. */
  reasons: Record<string, string>
  otherReason: string
  ask: {
    title: string
    text: (library: string) => string
    label: string
    button: string
    wrong: string
    done: string
    doneText: string
  }
  codeMail: {
    subject: (library: string) => string
    opening: (library: string) => string
    good: (minutes: number) => string
    notYou: string
  }
  linkMail: {
    subject: (library: string) => string
    known: (library: string) => string
    shared: (library: string) => string
    open: string
    openOf: (n: number) => string
    unknown: (library: string) => string
    join: string
    notYou: string
  }
  /** To the library itself: that something waits, never about whom. */
  taskMail: { subject: string; parts: readonly string[] }
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
    /** Of a library that offers no texts. */
    phone: string
    phoneForTexts: string
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
    /** Why the strip asks for a phone: to call, or for texts as well where the library offers them. */
    phone: { asked: string; toCall: string; forTexts: string }
    afterTitle: string
    after: readonly string[]
  }
  month: (year: number, month1to12: number) => string
  /** A note by text as it will read once a library sends such; a carrier wants to see it first. */
  texts: {
    /** As the note of a campaign; the library's name before it and how to stop behind it are the campaign's own. */
    note: string
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
    /** By the name that the way has in the ledger; a way that a library named itself stands in its own words. */
    methods: Record<string, string>
    /** Of a yes to some topics only. */
    kinds: (kinds: string) => string
    byGuardian: (how: string) => string
    /** Who stands for what a reader did alone. */
    thePatron: string
    attested: string
    recorded: string
    /** By the name that the evidence has in the ledger. */
    details: Record<string, string>
    /** How an address was proven, by the word that the evidence has for it. */
    confirmations: Record<string, string>
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

// What texts say in English. See texts-shape.ts for where each stands and how long it may be.
import type { TextWords } from './texts-shape.ts'

const itemsOf = (count: string): string => (count === '1' ? '1 item' : `${count} items`)
const at = (place: string): string => (place === '' ? '' : ` at ${place}`)

export const textsEn: TextWords = {
  first: (library, perMonth) => [
    `Hi from ${library}! You asked us for texts, about ${perMonth} a month. Do write back: a librarian reads it. HELP for help, STOP to end. Msg&data rates may apply.`,
    `Hi from ${library}! About ${perMonth} texts a month. Do write back: we read it. HELP for help, STOP to end. Msg&data rates may apply.`,
    `${library}: about ${perMonth} texts a month. HELP for help, STOP to end. Msg&data rates may apply.`,
  ],
  firstNotWatched: (library, perMonth, phone) => [
    `Hi from ${library}! You asked us for texts, about ${perMonth} a month. Questions? Call ${phone}. HELP for help, STOP to end. Msg&data rates may apply.`,
    `${library}: about ${perMonth} texts a month. HELP for help, STOP to end. Msg&data rates may apply.`,
  ],
  code: (library, code) => [
    `${library}: your code is ${code}. Type it on the page where you asked for texts. Not you? Ignore this text, and nothing more comes.`,
    `${library}: your code is ${code}. Not you? Ignore this text.`,
    `Your code from ${library} is ${code}.`,
  ],
  campaign: (library, note) => `${library}: ${note} STOP to end.`,
  stopped: (library, phone) => [
    `${library}: done, you get no more texts from us, not about holds either. To keep hold notices, reply NOTICES. Questions? Call ${phone}.`,
    `${library}: no more texts, not about holds either. To keep hold notices, reply NOTICES.`,
    `No more texts from ${library}. To keep hold notices, reply NOTICES.`,
  ],
  help: (library, phone) => [
    `${library}: write back here, or call ${phone} to talk to a person. Reply STOP to stop all our texts. Msg&data rates may apply.`,
    `${library}: call ${phone}. Reply STOP to stop all our texts. Msg&data rates may apply.`,
  ],
  started: (library) => [
    `${library}: thank you. You get notices about your holds and loans by text again. HELP for help, STOP to end.`,
    `${library}: notices come by text again. HELP for help, STOP to end.`,
  ],
  noticesKept: (library) => [
    `${library}: all right, only notices about your holds and loans. Nothing else. HELP for help, STOP to end.`,
    `${library}: notices only. HELP for help, STOP to end.`,
  ],
  closed: (library, when) => [
    `${library}: thank you, we have your text. We are closed now; a person reads it ${when}.`,
    `${library}: we have your text. A person reads it ${when}.`,
  ],
  notWatched: (library, phone) => [
    `${library}: nobody watches this number for answers. Please call us at ${phone}. Your text is kept for us to read.`,
    `${library}: this number is not watched. Please call ${phone}.`,
  ],
  whichLibrary: (words) => [
    `Thank you for your text. Which library is it for? Reply ${words}.`,
    `Which library? Reply ${words}.`,
  ],
  notices: {
    hold: (library, items, place) => [
      `${library}: you have ${itemsOf(items)} ready${at(place)}. See you soon!`,
      `${library}: you have ${itemsOf(items)} ready${at(place)}.`,
      `${library}: you have ${itemsOf(items)} ready.`,
    ],
    overdue: (library, items, place) => [
      `${library}: you have ${itemsOf(items)} past due${at(place)}. Please bring back or renew what you can. Questions? Reply HELP.`,
      `${library}: you have ${itemsOf(items)} past due${at(place)}.`,
      `${library}: you have ${itemsOf(items)} past due.`,
    ],
    'almost due': (library, items, place, on) => [
      `${library}: you have ${itemsOf(items)} due ${on ? `on ${on}` : 'soon'}${at(place)}.`,
      `${library}: you have ${itemsOf(items)} due ${on ? `on ${on}` : 'soon'}.`,
    ],
    'cancelled hold': (library, items, place) => [
      `${library}: ${items === '1' ? 'a hold of yours was' : `${items} of your holds were`} cancelled${at(place)}. Questions? Reply HELP.`,
      `${library}: ${items === '1' ? 'a hold of yours was' : `${items} of your holds were`} cancelled.`,
    ],
  },
  thanks: {
    'not theirs': (library) => [
      `${library}: thank you for telling us, and sorry for the trouble. We text this number no more.`,
      `${library}: thank you, we text this number no more.`,
    ],
    died: (library) => [
      `${library}: we are so sorry. Thank you for letting us know. We send nothing more to this number.`,
      `${library}: we are so sorry. We send nothing more.`,
    ],
    'new number': (library) => [
      `${library}: thank you! A person here changes the number on the card.`,
      `${library}: thank you, we will change it.`,
    ],
    who: (library, phone) => [
      `This is ${library}. We text about holds and loans. If this number is not the right one, reply WRONG NUMBER. Or call ${phone}.`,
      `This is ${library}, ${phone}. Not for you? Reply WRONG NUMBER.`,
    ],
  },
  staff: {
    above: 'Please write your answer above this line',
    sendWord: 'SEND',
    subject: (phone, conversation) => `Text from ${phone} [conversation ${conversation}]`,
    pointerSubject: (conversation) => `A text waits [conversation ${conversation}]`,
    pointer: (conversation) =>
      `Somebody has texted the library. What they wrote is not in this mail, because mail here is a public record. It is in conversation ${conversation}.`,
    said: (phone, at) => `${phone} wrote, ${at}:`,
    pictureOnly: '(no words, only a picture)',
    pictures: (count) => (count === 1 ? 'One picture came along.' : `${count} pictures came along.`),
    readAs: {
      stop: 'They stopped all our texts.',
      help: 'They asked for help, and got the answer about it.',
      start: 'They let our texts begin again.',
      notices: 'They keep notices only.',
      'stop sentence':
        'We read this as a stop: no more texts go to this phone, and it was confirmed. Only they themselves can undo it, with START.',
      'not theirs': 'We read this as a wrong number: texts to this phone wait until somebody here has looked.',
      who: 'They asked who we are, and were told.',
      died: 'We read this as a death: texts to this phone wait until somebody here has looked. Write with care.',
      'new number': 'We read this as a new number for the library system.',
      helpful: 'They were answered by your own table of helpful words.',
      'which library': 'They were asked which library it is for.',
      choice: 'They chose this library.',
    },
    answerByMail:
      'Answer this mail and it goes out as a text. Up to 3 parts (about 450 letters) go at once; what is longer is asked about first.',
    answerElsewhere: (conversation) => `Answer it in conversation ${conversation} of Gentle Reader.`,
    noAnswerByMail: 'An answer to this mail does not reach them.',
    due: (when) => `Somebody should have answered by ${when}.`,
    closing: 'It stays on the list until somebody has answered or closed it.',
    repeat: 'The same words came a moment before. It may be one text that came twice.',
    sentAs: (parts) => (parts === 1 ? 'Sent as one text:' : `Sent as a text of ${parts} parts:`),
    sentTo: (phone) => `It went to ${phone}.`,
    notSent: {
      stopped: 'Not sent: this person has stopped all our texts. Call them instead, if you know who it is.',
      empty: 'Not sent: below the quoted text and the signature there was nothing to send.',
      repeated: 'Not sent again: the same words went out a moment ago.',
      'too many':
        'Not sent: this conversation had so many texts in so short a time that two machines may be answering each other. Look at it before you go on.',
      'already answered': 'Not sent: somebody else has answered meanwhile. Their answer is below.',
      forgotten: 'Not sent: the number of this conversation is not kept any more.',
      'too long': 'Not sent yet: it is long.',
    },
    confirmLong: (parts) =>
      `It would be ${parts} parts, and each is charged. To send it as it is, answer this mail with SEND and nothing else. Or write it shorter.`,
    answeredBy: (by) => `${by} wrote:`,
    sendAnyway: 'To send yours as well, answer this mail with SEND and nothing else.',
    escalatedSubject: (conversation) => `Nobody has answered yet [conversation ${conversation}]`,
    escalated: (since) => `Somebody texted the library ${since}, and nobody has answered.`,
    fixUpSubject: 'Something to put right in the library system',
    fixUp:
      'A phone stopped our texts, or cannot be texted. Whoever it belongs to needs their hold notices another way, and the library system has to know. See the list:',
    mailboxSubject: (mailbox) => `${mailbox} takes no mail`,
    mailboxSilent: (mailbox) =>
      `What people text to the library is mailed to ${mailbox}, and that mailbox takes no mail at the moment. It may be full, or gone.`,
    mailboxServer: (said) => `Its mail server says: ${said}`,
    mailboxNext:
      'Nothing people wrote is lost: it stands in the list of conversations, and somebody should look there until the mailbox works again. See what waits:',
    mailboxOnce: 'You are told once an outage, not for every mail.',
  },
}

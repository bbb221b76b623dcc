// English: every sentence that readers see. The shape says where each stands.
import type { Words } from './shape.ts'

const months = 'January February March April May June July August September October November December'.split(' ')

const itemsOf = (count: string): string => (count === '1' ? '1 item' : `${count} items`)
const at = (place: string): string => (place === '' ? '' : ` at ${place}`)

export const en: Words = {
  // --- texts: each fits into one part ---
  texts: {
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
      pictures: (count, conversation) =>
        count === 1
          ? `One picture came along. To see it, open conversation ${conversation} of Gentle Reader.`
          : `${count} pictures came along. To see them, open conversation ${conversation} of Gentle Reader.`,
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
      noAnswerByText:
        'They have stopped our texts, so no answer can go to this phone. Call them, if you know who it is, and then close the conversation.',
      due: (when) => `Somebody should have answered by ${when}.`,
      closing: 'It stays on the list until somebody has answered or closed it.',
      closingSent: 'What they write next comes to the library’s mailbox again.',
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
  },
  // --- around every note ---
  frame: {
    direction: 'ltr',
    greet: (name) => `Hello ${name},`,
    greetNobody: 'Hello,',
    date: (year, month, day) => `${months[month - 1]} ${day}, ${year}`,
    asked: (date) => `On ${date} you asked us for a note now and then.`,
    staff: 'Your librarians',
    fewer: 'Fewer notes, or other choices',
    none: 'No more notes',
    why: 'Why did I get this?',
  },

  // --- pages that a link in a message opens ---
  pages: {
    ownName: 'English',
    aLibrary: 'Your library',
    purposes: {
      notice: 'notices about your own loans and holds',
      card: 'news about your library card',
      reengagement: 'a note now and then',
      'new-titles': 'new titles',
      events: 'events',
      fundraising: 'requests for gifts',
    },
    methods: {
      'sign-up form': 'when you signed up for your card',
      'renewal desk': 'when you renewed your card at the desk',
      'paper form': 'on a paper form',
      'web form': 'on our website',
      'own page': 'on the page of your choices',
      'invitation in a notice': 'on the page that a notice led you to',
      'said again by a link in a message': 'by the link in a message, when we asked once more',
    },
    callUs: 'Call or write to us. A real person will answer.',
    phone: 'Phone',
    email: 'Email',
    stop: {
      title: 'No more notes?',
      asks: (library) => `${library} will send no more notes to this email address. One press is enough.`,
      stays: 'Notices about your own loans and holds still come, and your card stays as it is.',
      button: 'Send me no more notes',
      lessInstead: 'I would rather have fewer',
      done: 'Done. No more notes.',
      doneText: (library) =>
        `From this moment ${library} sends no more notes to this email address. There is nothing else you need to do.`,
      byMistake: 'Was it a mistake? Call or write to us.',
    },
    less: {
      title: 'How much would you like?',
      asks: 'Choose one',
      halfYear: 'Nothing for six months',
      halfYearText: 'After that, all is as before.',
      year: 'Nothing for a whole year',
      yearText: 'After that, all is as before.',
      thisKind: (purpose) => `Not this kind any more (${purpose})`,
      thisKindText: 'Whatever else you asked us for still comes.',
      nothing: 'Nothing more at all',
      nothingText: 'No notes of any kind. Notices about your own loans and holds still come.',
      button: 'Save my choice',
      choose: 'Please choose one of these first.',
      else: 'Something else?',
      paused: 'Done. We will be quiet for a while.',
      pausedText: (date) =>
        `You get no notes from us before ${date}. Notices about your own loans and holds still come.`,
      stoppedKind: (purpose) => `Done. No more of this (${purpose}).`,
      stoppedKindText: 'Whatever else you asked us for still comes, and so do notices about your own loans and holds.',
    },
    why: {
      title: 'Why you got this note',
      sentTo: (masked) => `It went to ${masked}.`,
      youSaidYes: (date, purpose) => `On ${date} you said yes to this: ${purpose}.`,
      where: (method) => `You said so ${method}.`,
      askedWith: 'These are the words you saw:',
      noRecord:
        'We no longer keep anything about the person this note went to. You can still stop all notes to this address.',
      stoppedSince: 'Since then we were asked to stop, and we have stopped.',
      pausedSince: (date) => `Since then we were asked to wait until ${date}, and we do.`,
      lookedTitle: 'What we looked at',
      looked: [
        'Your yes, and that nobody has taken it back.',
        'The month in which your card was last used. Not the day, and not what for.',
        'Your branch, and that your card is valid and yours.',
        'That we have not written to you too often.',
      ],
      neverTitle: 'What we never do',
      never: [
        'We never know here what anybody borrows. This system has no place to keep it.',
        'We do not track whether you open or click a note.',
        'We do not sell, lend or share your address.',
      ],
      changeTitle: 'Change your mind',
      fewer: 'Fewer notes',
      none: 'No more notes',
    },
    gone: [
      'This library no longer writes from here',
      'No more notes will come from here, and there is nothing you need to do. We wish you good reading.',
    ],
    unknownLink: [
      'We cannot read this link',
      'It may have been cut off on its way; open it from the message once more, whole. If that does not help, reply to the message or call your library, and a person will do it for you.',
    ],
    noSuchPage: [
      'There is no library at this address',
      'The address may have been mistyped. Look at it once more, or call your library: a person will help you.',
    ],
    unreadable: ['We could not read that', 'Nothing was changed. Please open the link in the message once more.'],
    tooMany: ['A little slower, please', 'That was a lot at once. Wait a minute, then try again.'],
    failed: [
      'That did not work, and it is our fault',
      'We could not record your wish. Please try again in a minute, or reply to the message or call your library: a person will do it for you.',
    ],
  },
  // --- a mail that answers what somebody did ---
  answer: {
    why: 'This is a single message. It answers what was just done with this address on our website, and it puts nobody on a list.',
  },

  // --- a note that somebody asked us to pass on ---
  passedOn: {
    subject: 'Somebody asked us to pass something on',
    asked: (library) =>
      `Somebody asked ${library} to pass something on to you. We do this because we do not tell anybody whether a person is known to us. They asked us to tell you:`,
    toldNothing:
      'We told them nothing: not whether you have a card, not whether we know you, and not whether this note went out. You do not have to do anything.',
    why: 'This is a single message from the library itself. It puts you on no list.',
  },

  // --- an old yes, said once more ---
  keep: {
    title: 'May we go on writing?',
    asks: (library) =>
      `${library} would like to know whether its notes are still welcome. This is what you said yes to:`,
    since: (date, purpose) => `On ${date} (${purpose}):`,
    together: 'The button says yes once more to all that stands here, by email, and to nothing else.',
    button: 'Yes, go on',
    otherwise: 'If you do nothing, our notes end by themselves after some time.',
    done: 'Thank you. We go on.',
    doneText: (library) =>
      `${library} goes on writing to you as before. You can stop at any time by a link in every note.`,
    nothing: [
      'There is nothing to go on with',
      'We do not write to this address, or it has changed since. If you would like our notes, call or write to us.',
    ],
    link: 'Yes, go on',
  },

  // --- what we keep of somebody ---
  kept: {
    kinds: {
      facts: 'Facts from your card: your branch, the kind of card, the month in which it was last used',
      identity: 'Your name and how to reach you',
      choices: 'What you said yes and no to, with the words that you saw',
      'do-not-write': 'That we must not write to an address, as a code that names nobody',
      messages: 'That we sent you a message, and why; not its text',
      wishes: 'How often at most and in which language you would like to hear from us',
      answers: 'That we sent you a code, a link or a receipt that you asked for; not its text',
      proofs: 'Codes that wait for you to type them',
      tasks: 'What you told us and our staff settle; your words go when it is settled',
      lots: 'That a mailing left you out by lot, so that we learn whether it helps',
      texts: 'Texts between you and us, until they are deleted',
      audit: 'Which member of our staff looked at your record, and when',
    },
    withoutCard: 'Your language, and codes made from your address by which we recognise it; nothing from a card',
    ends: {
      schedule: (days) => `Deleted by itself after ${days} days`,
      'last-yes': 'Forgotten when your last yes has ended',
      erasure: 'Kept until you ask us to forget you',
      nothing: 'Kept, so that a no stays a no',
      held: 'Not deleted for now, because the law asks us to keep it',
    },
    readers: {
      circulation: 'Staff who look after cards and consent',
      outreach: 'The program that writes to you, and only for what you agreed to',
      backup: 'Whoever looks after our backups',
    },
  },

  // --- saying yes on our own page ---
  join: {
    title: (library) => `Would you like to hear from ${library}?`,
    intro: 'Choose what you would like. Nothing is chosen for you, and you can stop at any time.',
    renewTitle: (library) => `Thank you for renewing. Would you like to hear from ${library}?`,
    renewIntro: 'Your card does not depend on this. Choose what you would like, or close this page.',
    adults: 'This form is for people of 18 and over. You do not need a library card.',
    about: 'About you',
    name: 'Your name',
    nameHint: 'As we should greet you.',
    email: 'Email',
    emailHint: 'We send one message there to check that it is yours. Nothing else comes until you confirm it.',
    phone: 'Phone',
    phoneHint: {
      texts:
        'Rather not? Leave it empty; then no texts come. We use it for the texts that you tick, and a person at the library may call if your email stops working.',
      noTexts:
        'Rather not? Leave it empty; it changes nothing. We send no texts. A person at the library would use it only if your email stops working.',
    },
    card: 'Library card number',
    cardHint: 'Only if you want this noted with your card. It counts when your email is the one we have for that card.',
    optional: 'if you like',
    language: 'Language of our messages',
    what: 'What may we send you?',
    whatHint: 'Tick at least one. A box you leave empty counts as a no for now.',
    kinds: 'Only these kinds (none ticked means all)',
    offers: {
      reengagement: {
        title: 'A note now and then, by email',
        says: (library) =>
          `May ${library} send you a short, friendly note by email now and then, about what your card can do? Never more than one in 90 days. You can stop at any time by a link in every note, and your card and your notices stay as they are.`,
      },
      'new-titles': {
        title: 'New titles, by email',
        says: (library) =>
          `May ${library} email you once a month about new books, films and music? You can stop at any time by a link in every message.`,
      },
      events: {
        title: 'Events, by email',
        says: (library) =>
          `May ${library} email you about story times, talks and classes, twice a month at most? You can stop at any time by a link in every message.`,
      },
    },
    button: 'Send',
    next: 'Choose what you would like',
    leaveEmpty: 'Leave this field empty',
    withIt: 'What happens with this',
    kept: [
      'We keep your name, your email, your phone if you gave it, your language, what you chose and the words you saw, for as long as you want to hear from us. When you leave everything, your name and your address go; that you asked us to stop stays, so that we obey it.',
      'If this is noted with your card, we look at the month in which the card was last used, to write when it has been quiet. Never at the day, and never at what you borrow.',
      'We do not track whether you open or click anything.',
    ],
    carriers: {
      email: 'Mail is carried by a mail server that works for the library, and by your own mail provider.',
      sms: 'Texts are carried by a text service that works for the library, and by your own phone company.',
      post: 'Cards and letters are printed for the library, and carried by the postal service.',
    },
    nobodyElse: 'Nobody else gets your address.',
    publicRecords:
      'In this state, lists of people who sign up for news from a public body may be public records. Somebody who asks for them may be given your name and email.',
    wrong: {
      title: 'Something is missing',
      name: 'Please tell us how to greet you.',
      email: 'Please write your email address, such as rosa@example.org.',
      phone: 'We cannot dial that phone number. Please correct it, or leave it empty.',
      phoneForTexts: 'Texts need a mobile number. Please write it, or untick the texts.',
      nothing: 'Please tick what you would like.',
      lookOver: 'Please look this over once more, then press the button again.',
    },
    sent: {
      title: 'Now look at your email',
      text: (email) => `If ${email} is right, a message is on its way there. It has a link and a code of six digits.`,
      ask: 'Open the link, or type the code here. Until then nothing counts, and after two days we forget it.',
      code: 'Code',
      codeHint: 'Six digits.',
      button: 'This is my code',
      wrongCode: 'That is not the code in our newest message. Please look again.',
      noCode: 'This code cannot be used any more. Ask for a new one.',
      again: 'Send me a new code',
      askedAgain:
        'We have noted it. The code in an older message does not count any more; if no new one comes, the link in it still does.',
      nothingCame:
        'Nothing came? Wait a minute, look in your spam folder, and check that the address was right. We send at most three such messages a day.',
    },
    look: {
      title: 'Is this you?',
      text: (library) => `Somebody signed up at ${library} with your address, for this:`,
      button: 'Yes, that was me',
      not: 'Not you? Close this page. Nothing happens, and we forget it.',
    },
    done: {
      title: 'Thank you. It is noted.',
      text: 'You said yes to this:',
      card: 'If you gave a card number, and this email is the one we have for that card, it is noted with your card as well.',
      leave: 'Every message has a link by which you can change this or stop.',
    },
    phoneSent: {
      title: 'One more step: your phone',
      text: (phone) =>
        `If the number ending in ${phone} can get texts, one with a code of six digits is on its way to it.`,
      ask: 'Type the code here. Until then your yes to texts does not count, and after an hour we forget it.',
      askedAgain: 'We have noted it. The code in an older text does not count any more.',
      nothingCame:
        'Nothing came? Wait a minute and check that it is a mobile number. If you once texted us STOP, text START to our number first. We send at most three such texts a day. What you chose by email stands either way.',
    },
    phoneDone: {
      title: 'Thank you. Your phone is confirmed.',
      text: 'You said yes to this:',
      card: 'If the number on your library card is another one, or there is none, texts begin when staff have put this one there; they have been told.',
      leave: 'Reply STOP to any text to end them all.',
    },
    phoneForCard: (phone) =>
      `Mobile number: ${phone}. They asked for texts and proved this number with a code. Once it is on their card, they can be signed up for texts.`,
    textsNotYet: [
      'We could not note the texts',
      'We cannot send texts at the moment, so we cannot confirm your phone, and your yes to texts is not noted. A person at the library can note it for you.',
    ],
    noPhone: [
      'We could not note the texts',
      'We have no mobile number of yours, so your yes to texts is not noted. Tell us the number below, or sign up for texts on the library’s sign-up page.',
    ],
    already: ['This is done already', 'Your yes is noted. There is nothing more to do.'],
    over: [
      'This is no longer open',
      'The link may have been cut off on its way, or it is older than two days. If you pressed its button in time, your yes is noted; if not, nothing is. You can simply sign up again.',
    ],
    signUp: 'Sign up again',
    choices: 'See or change your choices',
    mail: {
      subject: (library) => `Was this you? ${library}`,
      says: (library) =>
        `Somebody, most likely you, asked at ${library} for news at this address. Was it you? Then open this page and press the button there:`,
      link: 'Yes, that was me',
      code: 'Or type this code on the page where you signed up:',
      notYou: 'Not you? Then do nothing. Nothing is noted, and we forget it in two days.',
    },
  },

  // --- a reader's own choices, and what follows from them ---
  preferences: {
    title: 'Your choices',
    intro: (library) => `What may ${library} send you, and how often? You decide here.`,
    about: (masked) => `This page is about ${masked}.`,
    notices:
      'Notices about your own loans and holds are another matter. Nothing on this page touches them, and your card stays as it is.',
    channels: { email: 'by email', sms: 'by text message', post: 'by post' },
    yesTo: (library, what, channel) => `Yes, ${library} may write to me ${channel}: ${what}. I can stop at any time.`,
    what: 'What may we send you?',
    whatHint: 'A tick means yes. Take it away and we stop at once.',
    pace: 'How often at most?',
    paceLibrary: 'As often as the library sends each kind',
    paceDays: (days) => `At most one message in ${days} days, whatever its kind`,
    pause: 'Would you like a break?',
    pauseUntil: 'Send me nothing before this day',
    pauseHint: 'Leave it empty if you want no break.',
    pausedNow: (date) => `We are quiet until ${date}, as you asked.`,
    resume: 'Write to me again from now on',
    pauseWrong: 'Please choose a day that is still to come, within three years. Nothing was changed.',
    language: 'Which language do you like to read?',
    save: 'Save my choices',
    saved: 'Done. Your choices are saved.',
    unchanged: 'All is as it was; there was nothing to change.',
    changed: {
      stopped: (what) => `No more of this: ${what}.`,
      pace: (days) => `At most one message in ${days} days.`,
      paceLibrary: 'Messages come as often as the library sends each kind.',
      paused: (date) => `Nothing before ${date}.`,
      language: 'We write to you in the language you chose.',
      yes: (what) => `Yes to this: ${what}.`,
      resumed: 'The break is over.',
      soon: 'It may take a few days until the first message comes.',
      notOffered: (what) => `Not noted, because the library does not offer it: ${what}.`,
      minor:
        'Your yes was not noted. By the library’s records you are not 18 yet, and we do not write such messages to children. If that is wrong, call or write to us.',
    },
    waitsForStaff:
      'Somebody told us that something has changed for you. We write nothing until a person at the library has looked.',
    leave: 'Stop everything',
    leaveText:
      'One press ends all notes of every kind to this address, at once. Notices about your own loans and holds still come.',
    more: 'See all we keep about you',
    moreText:
      'What we sent you and why, a copy to take with you, a new address, or having it all erased. Messages are passed on to others now and then. So we first send a code to the address itself. Some of it also asks for the number on your card, if you have one.',
    moreButton: 'Send me a code',
    life: 'Has something changed?',
    lifeEvents: {
      moved: {
        link: 'I have moved away',
        title: 'Have you moved away?',
        asks: (library) =>
          `Tell us, and ${library} writes nothing more to this address. A person there will look at it.`,
        button: 'Yes, I have moved away',
        done: 'Thank you for telling us.',
        doneText: (library) =>
          `${library} is quiet from now on, and a person there will look at it. We wish you a good arrival. There is a library where you live now, too, and it will be glad to see you.`,
      },
      'not-me': {
        link: 'This isn’t me',
        title: 'Is this not you?',
        asks: (library) =>
          `Then somebody’s address was written down wrongly. Tell us, and ${library} writes nothing more to it. A person there will put it right.`,
        button: 'No, this isn’t me',
        done: 'Thank you, and please excuse us.',
        doneText: (library) =>
          `You should not have had our message. ${library} writes nothing more to this address, and a person there will put it right. There is nothing else you need to do.`,
      },
      died: {
        link: 'This person has died',
        title: 'Has this person died?',
        asks: (library) =>
          `We are sorry. Tell us, and ${library} writes nothing more to them. You need not explain anything, and nobody will ask you to.`,
        button: 'Yes, this person has died',
        done: 'We are sorry for your loss.',
        doneText: (library) =>
          `Thank you for telling us, in what must be a hard time. ${library} writes nothing more. A person there will see to the rest quietly. If there are books to bring back, there is no hurry.`,
      },
    },
    back: 'Back to your choices',
    all: 'All your choices',
    code: {
      title: 'Please type the code',
      sent: (masked) => `An email with six digits is on its way to ${masked}. They are good for ten minutes.`,
      sentBlind:
        'If this page belongs to that address, an email with six digits is on its way there. They are good for ten minutes.',
      wider:
        'You asked for something more than before. It counts once you have typed the code. Whatever you took away is done already.',
      label: 'The six digits',
      button: 'Go on',
      wrong: 'Those are not the digits we sent. Please look again.',
      over: 'That code is no longer good. Ask for a new one, please.',
      again: 'Send me a new code',
      nothingCame:
        'Nothing came? Look among unwanted mail. We send three codes an hour at most, and five a day, for one link. You can also call us, and a person will help you.',
      address: 'Which address is it?',
      addressText:
        'We no longer keep an address of yours. Type the one that our message went to, and we send a code there. We do not keep it.',
      addressLabel: 'Your email address',
      addressButton: 'Send me a code',
    },
    own: {
      title: 'All we keep about you',
      open: 'This page stays open for a quarter of an hour.',
      over: [
        'This page has closed',
        'It stays open for a quarter of an hour. Nothing was changed. Open your choices once more and ask for a new code.',
      ],
      messages: 'What we sent you in the last year',
      noMessages: 'Nothing.',
      states: {
        waits: 'It waits for its turn.',
        left: 'It was sent.',
        'came back': 'It came back: the address did not exist.',
        failed: 'It could not be sent.',
        'held back': 'It was not sent.',
        cancelled: 'The library took it back before it left.',
        unclear: 'We cannot tell whether it left, and will not send it again.',
      },
      because: (date, purpose) => `Why: on ${date} you said yes to this: ${purpose}.`,
      heldBack: (reasons) => `Why not: ${reasons}.`,
      address: 'Has your address changed?',
      addressText:
        'Write your new email, phone or postal address here. A person at the library will change it in the library’s own records. Nothing changes by itself.',
      addressLabel: 'What should we know?',
      addressButton: 'Pass it on',
      addressDone: 'Thank you. A person at the library will see to it.',
      addressMissing: 'Please write the new address first.',
      shared:
        'More than one person reads this address, and a code cannot tell you apart. So names, the patron file, the copy and erasing are not shown here. Call or write to us, and a person will do it with you.',
      card: {
        title: 'The rest, with your card number',
        text: 'Somebody else may read your mailbox. So what we keep about you, a copy of it and erasing it open only with the number on your library card.',
        label: 'Number on your library card',
        button: 'Open the rest',
        wrong: 'This number did not open it. Please look again. If you have no number at hand, call or write to us.',
        over: 'That was five times. Go back and ask for a new code to try again, or call us and a person will help you.',
      },
      record: {
        title: 'What exists about you here',
        readers: (who) => `Who can read it: ${who}.`,
        looks: 'Each look of our staff is written down.',
        since: (date) => `since ${date}`,
        identity: 'Name and addresses',
        name: 'Name',
        phone: 'Phone',
        facts: 'From the library’s patron file',
        card: 'Number in the library’s records',
        branch: 'Branch',
        category: 'Kind of card',
        expiresOn: 'Card valid until',
        choices: 'What you chose',
        decisions: {
          grant: (what) => `You said yes to this: ${what}.`,
          deny: (what) => `You said no to this: ${what}.`,
          stop: (what) => `Stopped: ${what}.`,
          pause: (what) => `Asked for a break: ${what}.`,
        },
        kinds: (kinds) => `Only these kinds: ${kinds}.`,
        everything: 'everything',
        shownWords: 'The words you saw:',
        doNotWrite: (what) => `We may not write to your address about this: ${what}.`,
      },
      file: 'A copy to take with you',
      fileText:
        'One file, with the exact words and times. It is for programs (JSON), and a person can read it, too. What this page does not show stands in it as well: if you have a card, your street, your phone and the month in which it was last used.',
      fileButton: 'Download the file',
      erase: 'Have it all erased',
      eraseText: 'You will be asked once more before anything happens.',
      eraseButton: 'Erase everything about me …',
      eraseTitle: 'Erase everything about you?',
      eraseAsks: [
        'Your name, your addresses and the details of your choices go for good. Nobody can bring them back.',
        'We write you no more notes. A fingerprint of your address stays, so that we do not write to you by mistake; it names nobody.',
      ],
      eraseRest: (library) =>
        `This is about these notes only. If you have a card, it stays as it is, and so do your loans, your notices and what ${library} itself knows of you.`,
      eraseSure: 'Yes, I want this, and I know that it cannot be undone.',
      eraseFirst: 'Please tick the box first. Nothing was erased.',
      eraseNow: 'Erase everything now',
      erased: 'Done. It is all erased.',
      erasedText: (library) =>
        `Nothing that names you is kept here any more. Your card at ${library} is as it was. You can close this page; there is nothing else you need to do.`,
    },
    reasons: {
      NEVER_SAID_YES: 'you had not said yes to this',
      SAID_NO: 'you had said no to this',
      CONSENT_TOO_OLD: 'you had said yes so long ago that it no longer counted',
      DIED: 'the library’s records say that its reader has died',
      MINOR: 'we do not write such messages to children',
      CARD_BARRED: 'there is something to settle about the card first; the desk will help',
      CARD_CLOSED: 'the card is closed',
      CARD_EXPIRED: 'the card has expired, and what the note offers would not have worked',
      LEFT_THE_FILE: 'the library’s records no longer name you',
      NO_PHONE: 'we had no telephone number for you that a text could reach',
      NO_ADDRESS: 'we had no email address for you',
      ADDRESS_UNUSABLE: 'the email address we had for you could not be used',
      ADDRESS_NOT_KNOWN_YET: 'your address had not reached us yet',
      STOPPED: 'somebody at this address had asked us to stop',
      BOUNCED: 'an earlier email to this address came back',
      COMPLAINED: 'an earlier email to this address was reported as spam',
      DO_NOT_WRITE: 'the library’s staff had put this address on their do-not-write list',
      LIFE_EVENT: 'we had been told that something has changed, and a person had yet to look',
      PAUSED: 'you had asked us for a break',
      OWN_PACE: 'it would have been sooner than the pace you chose',
      PROMPTED_LATELY: 'you had had such a note not long before',
      PROMPTS_UNANSWERED: 'you had had enough such notes',
      ENOUGH_THIS_MONTH: 'you had had enough messages that month',
      HOUSEHOLD: 'somebody who shares your address had the note already',
      NO_LONGER_CHOSEN: 'it was no longer meant for you',
    },
    otherReason: 'one of our rules held it back',
    ask: {
      title: 'Change what we send you',
      text: (library) =>
        `Type your email address. ${library} sends a link there, and it opens your choices. Notices about your own loans and holds are another matter and stay as they are.`,
      label: 'Your email address',
      button: 'Send me the link',
      wrong: 'That does not look like an email address. Please look again.',
      done: 'An email is on its way.',
      doneText:
        'Check your email in a minute. We say the same here for every address, so that nobody can find out whether another person gets mail from us. If nothing comes, look in your spam folder, or call or write to us.',
    },
    codeMail: {
      subject: (library) => `Your code for ${library}`,
      opening: (library) =>
        `Somebody opened the page of your choices at ${library} and asked for this code. Type it there:`,
      good: (minutes) => `It is good for ${minutes} minutes.`,
      notYou:
        'Not you? Then do nothing. Without the code nothing more is shown and nothing more is sent. Perhaps you passed on one of our messages.',
    },
    linkMail: {
      subject: (library) => `Your choices at ${library}`,
      known: (library) => `You asked for the page where you choose what ${library} sends you. Here it is.`,
      shared: (library) =>
        `You asked for the page where you choose what ${library} sends you. More than one person reads this address, so there is a page for each.`,
      open: 'Open my choices',
      openOf: (n) => `Open the choices of person ${n}`,
      unknown: (library) =>
        `You asked for the page where you choose what ${library} sends you. Nobody has told us yet to send anything to this address, and so we send nothing. If you would like to hear from us, you can say so here.`,
      join: 'Choose what you would like to hear about',
      notYou: 'Not you? Then do nothing. Nothing has changed.',
    },
    taskMail: {
      subject: 'A reader told us something: a task waits',
      parts: [
        'A reader told us of a change that only a person at the library can settle.',
        'This email names nobody on purpose. To see what waits, run this where Gentle Reader is installed:',
      ],
    },
  },

  // --- what is printed: the first-day kit ---
  paper: {
    channels: { email: 'by email', sms: 'by text', post: 'by post', all: 'in any way' },
    page: (page, pages) => `Page ${page} of ${pages}`,
    month: (year, month) => `${months[month - 1]} ${year}`,
    strip: {
      title: 'Would you like to hear from us?',
      intro:
        'Please tick what you would like. Your card does not depend on it, and an empty box changes nothing: then we do not write.',
      yes: 'Yes',
      no: 'No, thank you',
      name: 'Name',
      card: 'Card number, if you have one',
      email: 'Email',
      phone: 'Phone, only if you like: to call you if your email fails',
      phoneForTexts: 'Phone, only if you like: for the texts you tick, or to call you if your email fails',
      ratherNot: 'I would rather not give a phone number. That is an answer, and we will not ask again.',
      language: 'Please write to me in',
      date: 'Date',
      after: 'We keep your answers with these words and the date, and pass your address to nobody.',
      young: 'For somebody under 18 a parent or guardian fills this in.',
      staff: 'Staff: taken at / by',
      cut: 'Cut here',
    },
    poster: {
      title: 'Would you like a note from us, now and then?',
      said: [
        'New titles, events, or a few lines about what your card can do.',
        'You choose. You can stop at any time.',
      ],
      scan: 'Point your phone here',
      type: 'or type this address',
      desk: 'No phone with you? Ask at the desk.',
      foot: 'We write only to people who said yes, and we pass your address to nobody. What you borrow has no part in it.',
      picture: (address) => `A square code for the camera of a phone. It opens ${address}`,
    },
    script: {
      title: 'One question at the counter',
      intro: 'Quiet people rarely come by. The way to reach them next year is to ask everybody who stands here today.',
      count: (month) => `said yes in ${month}`,
      whenTitle: 'When',
      when: 'When somebody signs up for a card or renews one: once, at the end, when everything else is done.',
      sayTitle: 'Say',
      showTitle: 'Show',
      show: 'Give them the strip and a pen, so that they read the words and tick for themselves. Never tick a box for anybody, and take an empty box as a no.',
      askTitle: 'If they answer or ask',
      answers: [
        ['Yes.', 'Thank you. Every note has a link to stop, and it works at once.'],
        [
          'No, thank you.',
          'That is fine, and nothing changes for your card. I will write it down, so that nobody asks you again.',
        ],
        [
          'Do you see what I read?',
          'No. The system that writes these notes has no place to keep what anybody borrows.',
        ],
        ['How do I get out again?', 'By the link in every note, or tell any of us. It lasts until you say otherwise.'],
        [
          'It is for my child.',
          'We do not ask children. A parent’s or guardian’s word is kept on a strip of its own; we still write to no child, and ask them when they are grown.',
        ],
      ],
      phone: {
        asked: 'Why do you want my phone?',
        toCall:
          'You may leave it out: there is a box for that. If you give it, it is only to call you if your email fails.',
        forTexts:
          'You may leave it out: there is a box for that. If you give it, it is for the texts you tick, or to call you if your email fails.',
      },
      afterTitle: 'The same day',
      after: [
        'Write the date, the desk and your name on the strip.',
        'Put it in the tray, the noes as well: they are entered today.',
        'Whoever answered is not asked again: look before you ask.',
      ],
    },
    texts: {
      note: 'Your card also opens online courses and museum passes. Ask us how.',
    },
    record: {
      title: 'The record of a choice',
      made: (library, when) => `${library}. Drawn up on ${when} from the consent ledger.`,
      decisions: {
        grant: (who, what, how) => `${who} said yes to ${what}, ${how}.`,
        deny: (who, what, how) => `${who} said no to ${what}, ${how}.`,
        stop: (who, what, how) => `${who} stopped ${what}, ${how}.`,
        pause: (who, what, how) => `${who} asked us to wait with ${what}, ${how}.`,
      },
      patron: (id) => `Patron ${id}`,
      everything: 'everything we ask consent for',
      wordsTitle: 'The words they saw',
      howTitle: 'How it was said',
      when: 'Said on',
      utc: 'The same in UTC',
      method: 'How',
      methods: {
        'sign-up form': 'form for a library card',
        'renewal desk': 'when the card was renewed at the desk',
        'paper form': 'form on paper',
        'at the desk': 'said at the desk',
        'by phone': 'said by phone',
        'web form': 'form on the website',
        'own page': 'page of their own choices',
        'invitation in a notice': 'page opened from a notice',
        'link in a message': 'link in a message to them',
        'said again by a link in a message': 'said once more by a link in a message',
        'choose-less page': 'page for fewer notes',
        'unsubscribe page': 'page for no more notes',
        'unsubscribe mail': 'email to the address that ends all notes',
        'one-click unsubscribe': 'the button of their mail program that ends all notes',
        'rather not give a phone': 'would rather not give a phone',
      },
      kinds: (kinds) => `Only these kinds: ${kinds}.`,
      byGuardian: (how) => `parent or guardian: ${how}`,
      thePatron: 'the person themself',
      attested: 'Who stands for it',
      recorded: 'Written down on',
      details: {
        language: 'Language of the page',
        'page language': 'Language of the page',
        confirmation: 'Confirmed by',
        confirmed: 'Confirmed by',
        address: 'Address',
        email: 'Email',
        phone: 'Phone',
        name: 'Name as typed',
        page: 'Page',
        place: 'Where',
        form: 'Form',
        by: 'Taken down by',
        guardian: 'Guardian',
        relation: 'Relation',
      },
      confirmations: {
        'link in a mail': 'link in an email',
        'code from a mail': 'code from an email',
        'code in a text': 'code in a text',
      },
      forgotten:
        'The personal details of this entry were forgotten when the person asked for it. The entry itself stands.',
      placeTitle: 'Where it stands in the ledger',
      entry: 'Entry',
      entryOf: (entry, entries) => `${entry} of ${entries}`,
      wording: 'Version of the words',
      hash: 'Seal of this entry',
      before: 'Seal of the entry before',
      head: 'Seal of the last entry',
      signature: 'Key that signed it',
      chain: 'The chain',
      whole: 'Walked from its first entry to its last just now: nothing was changed, added or taken out.',
      broken: 'It does not hold together. Do not rely on this page before that is explained.',
      sinceTitle: 'What they said since',
      nothingSince: 'Nothing. This is their last word on it.',
      checkTitle: 'How to check this page',
      check:
        'Each entry is sealed with SHA-256 over the seal before it and its own words, and the last seal is signed with a key that lies outside the database. “gentle ledger verify” walks the chain again; the file beside this page holds the same facts for a program.',
      notPrinted: 'A ■ stands for a sign that cannot be printed here. The file beside this page has the exact words.',
    },
  },

  // --- the invitation at the foot of a notice ---
  invitation: {
    foot: (library, url) =>
      `Would you like a note from ${library} now and then? You choose what, and you can stop at any time. Say so here: ${url} If not, do nothing: no answer means no.`,
    intro: 'This page was opened from a notice. Choose what you would like, or close it: then nothing changes.',
    card: 'You need not type a card number. If your email is the one we have for the card that the notice was about, your yes is noted with that card. If somebody passed the notice on to you, you are welcome all the same.',
  },

  // --- a reader who is invented, to show staff what a note will look like ---
  sample: { name: 'Rosa', link: '(link)' },

  // --- what a note must not say: patterns, searched as messages/lint-words.ts describes ---
  lint: {
    'card-use': [
      "(?:have|has|had|did)(?:n't| not)(?: yet| ever)? (?:(?:been|stopped|dropped|come|logged|checked|signed) (?:by|in|out|here|back|to)|borrow(?:ed)?|use[d]?|visit(?:ed)?|see[n]? you|heard from you|renew(?:ed)?)",
      '(?:never|not|no longer|rarely|seldom) (?:borrow(?:ed|ing)?|us(?:ed|ing|e)|visit(?:ed|ing)?|been (?:in|here|to)|checked out)',
      "since (?:your last|you last|we last|you(?:'ve| have)? (?:borrowed|visited|used|came|were|stopped))",
      '(?:your|you|we) (?:most recent|last|latest|previous) (?:visit|loan|checkout|book|borrowed|used|came|saw|time)',
      "last time (?:you|we)|(?:it's|it has|has it) been (?:a while|too long|so long|ages|months|weeks|years|\\S+ (?:months|weeks|years))",
      '(?:long time no see|(?:in|for) (?:a long time|ages)|been a while|been away|where have you been|while you were (?:away|gone)|quiet lately)',
      "(?:we|i)(?:'ve| have)? (?:noticed|noticing|saw that you|see that you|spotted that)",
      '(?:our|your) records|records show|according to our',
      'inactiv(?:e|ity)|dormant (?:card|account)|lapsed|idle card|unused|reactivat(?:e|es|ed|ing|ion)|re-activate',
      "(?:we|i)(?: have| all)?(?:'ve)? ?(?:really )?(?:miss|missed|been missing) (?:you|having you|seeing you|your)",
      'come(?:s)? back|coming back|welcome(?:d)? back|(?:back|return) to (?:the|your|our) library|see you (?:again|back)|(?:visit|join) us again|use (?:it|your card|the library) again',
      'your (?:borrowing|reading|checkout|check-out|loan|circulation|library) (?:history|habits?|record|past)',
      "you(?:'ve| have)? (?:recently |often |once |already )?(?:borrowed|checked out|returned|read last)",
      'dust(?:ing)? off|rediscover|reconnect with|get reacquainted|still (?:have|got) (?:your|a) card|still here for you',
    ],
    guilt: [
      "(?:don't|do not|didn't|did you|have you|you(?:'ve| have)?|never) (?:forget|forgot|forgotten|neglect|neglected)",
      'you (?:really )?(?:should|ought to|must)|shame(?:ful)?|asham(?:ed|e)|guilt(?:y)?|disappoint(?:s|ed|ing)?|let (?:us|them|me) down',
      '(?:gathering|collecting) dust|lonely|abandon(?:s|ed|ing)?|neglect(?:ed)?|(?:go|going|goes) to waste|wasted?|sad (?:to|that|without)|feel bad|no excuses?|what (?:have you been|are you) missing',
      '(?:is|are) waiting for you|after all we|least you (?:can|could)|your (?:duty|taxes paid)|long overdue',
    ],
    urgency: [
      "hurry|urgent(?:ly)?|act (?:now|fast|today|soon)|last (?:chance|call|days?)|final (?:notice|reminder|days?|chance|call)|don't (?:miss|wait|delay)|do not (?:miss|wait|delay)|miss(?:ing)? out",
      "limited (?:time|offer|spots|seats)|time is (?:short|running out)|running out|today only|only today|only \\d+ (?:days?|hours?|left|spots?|seats?)|while (?:supplies|they|it) lasts?|before it's (?:too late|gone)|before it is too late|too late",
      'expir(?:e|es|ed|ing|ation)|deadline|right (?:now|away)|immediate(?:ly)?|asap|as soon as possible|now or never|ends? (?:soon|today|tonight|tomorrow)|without delay|act before',
    ],
    votes: [
      'vot(?:e|es|ed|er|ers|ing)|ballots?|lev(?:y|ies)|(?<!james )bonds?(?! (?:with|over|together))|elections?|electoral|referend(?:um|a|ums)|millages?|tax (?:increase|renewal|measure|issue)|candidates?|polling (?:place|places|station)|at the polls|prop(?:osition)? \\d+|issue \\d+|(?-i:Measure [A-Z\\d]{1,2})|(?:vote )?(?:yes|no) on (?:issue|measure|prop)',
    ],
    'pin-asked': [
      '(?-i:PINs?)|(?:your|their|library|card|four-digit|4-digit|account|enter the|enter a) pins?(?: (?:number|code)s?)?|pin (?:number|code)s?|pass ?words?|pass ?codes?|security (?:code|question)s?|social security|(?:your|full) card number|log ?in details|credentials',
    ],
    'false-reply': ['^(?:re|fwd?|aw)(?= ?:)'],
  },

  // --- how easy a text is to read (Flesch, 1948) ---
  reading: { syllables: countSyllables, score: (s, w) => 206.835 - 84.6 * s - 1.015 * w },
}

// Groups of vowels, corrected for what is written but not spoken, and the other way round.

const exceptions: Record<number, string> = {
  1: 'clothes rhyme',
  2: 'every someone choir choirs rhythm rhythms people create client clients evening evenings business quiet quieter poem poems diet lion lions fuel cruel ruin ruins fluid trial riot client react dual poet via hundred argue colonel science being giant giants iron poetic',
  3: 'area anyone entire behavior areas creates creating creative creation museum museums poetry everyone everything everywhere everyday favorite favorites element elements recipe recipes reality society variety however forever violin violins diary pioneer whoever theater theaters idea ideas created karaoke vegetable vegetables comfortable simile',
  4: 'everybody anybody immediate american',
  5: 'immediately university',
}
const exceptional = new Map(
  Object.entries(exceptions).flatMap(([count, words]) => words.split(' ').map((word) => [word, Number(count)])),
)

function countSyllables(written: string): number {
  const word = written
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}]/gu, '')
    .replace(/’/g, "'")
    .replace(/'(?:s|re)?$/, '')
  const known = exceptional.get(word)
  if (known !== undefined) return known
  const base = word
    .replace(/^y(?=[aeiou])|(?<=[aeiou])y(?=[aeiou])/g, 'j') // "year", "player": a consonant here
    .replace(/qu/g, 'qw')
    .replace(/gu(?=[aei])/g, 'gw') // "guess", "language"
    // Silent inside a compound: "something", "homework", "sometimes".
    .replace(
      /^(some|home|fire|life|time|there|where|more|side|base|note|face|fore(?!st))(?=[b-df-hj-np-tv-xz][a-z]{2})/,
      (part) => part.slice(0, -1),
    )
    .replace(/(?<=[aeiouy][^aeiouy]+|[aeiou]r)e(?=(?:ly|ful|fully|less|ness|ment|ments|where|body|thing)$)/, '') // "likely", "careful"
    .replace(/(?<=[aeiouyw][^aeiouyj]*)(?<![^aeiouyrlw]l|[^aeiouy]r)e$/, '') // "home", not "table"
    .replace(/(?<=[^aeiouycgsxz])(?<!ch|sh|[^aeiouyrlw]l)es$/, 's') // "homes", not "boxes"
    .replace(/(?<=[^aeiouytd])(?<![^aeiouyrlw]l)ed$/, 'd') // "asked", not "wanted"
  let count = base.match(/[aeiouy]+/g)?.length ?? 0
  count +=
    base.match(
      /[aeou]ing|yi|i(?:a(?!g|l|n)|um|us(?!$)|o(?!n|us|r))|[^aeioctsg]i(?:al|an|on|ous|or)|[^gq]ua|uou|[^aeiou]sm$|(?<![aeioupg])eo|[rs]ier|[rdnl]ien[ct]|iet|[ds]n't$/g,
    )?.length ?? 0
  return Math.max(1, count)
}

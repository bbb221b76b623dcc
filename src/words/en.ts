// English: every sentence that readers see. The shape says where each stands.
import type { Words } from './shape.ts'

const months = 'January February March April May June July August September October November December'.split(' ')

export const en: Words = {
  // --- around every note ---
  frame: {
    direction: 'ltr',
    greet: (name) => `Hello ${name},`,
    greetNobody: 'Hello,',
    date: (year, month, day) => `${months[month - 1]} ${day}, ${year}`,
    asked: (date) => `On ${date} you asked us for a note now and then.`,
    staff: 'Your librarians',
    fewer: 'Fewer notes',
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
    },
    callUs: 'Call or write to us. A real person will answer.',
    phone: 'Phone',
    email: 'E-mail',
    stop: {
      title: 'No more notes?',
      asks: (library) => `${library} will send no more notes to this e-mail address. One press is enough.`,
      stays: 'Notices about your own loans and holds still come, and your card stays as it is.',
      button: 'Send me no more notes',
      lessInstead: 'I would rather have fewer',
      done: 'Done. No more notes.',
      doneText: (library) =>
        `From this moment ${library} sends no more notes to this e-mail address. There is nothing else you need to do.`,
      byMistake: 'Was it a mistake? Call or write to us.',
    },
    less: {
      title: 'How much would you like?',
      asks: 'Choose one',
      halfYear: 'Nothing for six months',
      halfYearText: 'Then a note now and then, as before.',
      year: 'Nothing for a whole year',
      yearText: 'Then a note now and then, as before.',
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
      where: (method) => `You told us ${method}.`,
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
}

// Every word of the pages that readers see, one object a language. Adding a language is adding an object: the types
// ask for each sentence, and a test for none that is empty or left in English.
import type { Purpose } from '../consent/purposes.ts'
import type { Language } from '../messages/frame-words.ts'

type Said = readonly [title: string, text: string]

export interface PublicWords {
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

export const publicWords: Record<Language, PublicWords> = {
  en: {
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
  es: {
    ownName: 'Español',
    aLibrary: 'Tu biblioteca',
    purposes: {
      notice: 'avisos sobre tus préstamos y reservas',
      card: 'novedades sobre tu tarjeta',
      reengagement: 'una nota de vez en cuando',
      'new-titles': 'novedades de libros y películas',
      events: 'actividades',
      fundraising: 'peticiones de donativos',
    },
    methods: {
      'sign-up form': 'al pedir tu tarjeta',
      'renewal desk': 'al renovar tu tarjeta en el mostrador',
      'paper form': 'en un formulario de papel',
      'web form': 'en nuestra página web',
    },
    callUs: 'Llámanos o escríbenos. Te responderá una persona.',
    phone: 'Teléfono',
    email: 'Correo',
    stop: {
      title: '¿Ninguna nota más?',
      asks: (library) => `${library} no enviará más notas a esta dirección de correo. Basta con pulsar una vez.`,
      stays: 'Los avisos sobre tus préstamos y reservas seguirán llegando, y tu tarjeta queda como está.',
      button: 'No quiero más notas',
      lessInstead: 'Prefiero recibir menos',
      done: 'Hecho. Ninguna nota más.',
      doneText: (library) =>
        `Desde este momento ${library} no envía más notas a esta dirección de correo. No tienes que hacer nada más.`,
      byMistake: '¿Fue un error? Llámanos o escríbenos.',
    },
    less: {
      title: '¿Cuánto te gustaría recibir?',
      asks: 'Elige una opción',
      halfYear: 'Nada durante seis meses',
      halfYearText: 'Después, una nota de vez en cuando, como antes.',
      year: 'Nada durante un año entero',
      yearText: 'Después, una nota de vez en cuando, como antes.',
      thisKind: (purpose) => `Ya no quiero mensajes de este tipo (${purpose})`,
      thisKindText: 'Lo demás que nos hayas pedido seguirá llegando.',
      nothing: 'No quiero recibir nada',
      nothingText: 'Ninguna nota de ningún tipo. Los avisos sobre tus préstamos y reservas seguirán llegando.',
      button: 'Guardar mi elección',
      choose: 'Elige antes una de estas opciones.',
      else: '¿Otra cosa?',
      paused: 'Hecho. Guardaremos silencio un tiempo.',
      pausedText: (date) =>
        `No recibirás notas nuestras antes del ${date}. Los avisos sobre tus préstamos y reservas seguirán llegando.`,
      stoppedKind: (purpose) => `Hecho. No te enviaremos más mensajes de este tipo (${purpose}).`,
      stoppedKindText:
        'Lo demás que nos hayas pedido seguirá llegando, y también los avisos sobre tus préstamos y reservas.',
    },
    why: {
      title: 'Por qué te llegó esta nota',
      sentTo: (masked) => `Se envió a ${masked}.`,
      youSaidYes: (date, purpose) => `El ${date} dijiste que sí a esto: ${purpose}.`,
      where: (method) => `Nos lo dijiste ${method}.`,
      askedWith: 'Estas son las palabras que viste:',
      noRecord:
        'Ya no guardamos nada sobre la persona a quien llegó esta nota. Aun así puedes parar todas las notas a esta dirección.',
      stoppedSince: 'Desde entonces nos pidieron que parásemos, y hemos parado.',
      pausedSince: (date) => `Desde entonces nos pidieron que esperásemos hasta el ${date}, y así lo hacemos.`,
      lookedTitle: 'Qué miramos',
      looked: [
        'Tu sí, y que nadie lo haya retirado.',
        'El mes en que se usó tu tarjeta por última vez. Ni el día ni para qué.',
        'Tu sucursal, y que tu tarjeta sea válida y tuya.',
        'Que no te hayamos escrito demasiado.',
      ],
      neverTitle: 'Qué no hacemos nunca',
      never: [
        'Aquí nunca sabemos qué toma prestado nadie. Este sistema no tiene dónde guardarlo.',
        'No seguimos si abres una nota ni si pulsas en ella.',
        'No vendemos, prestamos ni compartimos tu dirección.',
      ],
      changeTitle: 'Si cambias de opinión',
      fewer: 'Menos notas',
      none: 'Ninguna nota más',
    },
    gone: [
      'Esta biblioteca ya no escribe desde aquí',
      'No llegarán más notas desde aquí y no tienes que hacer nada. Te deseamos buenas lecturas.',
    ],
    unknownLink: [
      'No podemos leer este enlace',
      'Puede que se haya cortado por el camino; ábrelo otra vez, entero, desde el mensaje. Si no funciona, responde al mensaje o llama a tu biblioteca y una persona lo hará por ti.',
    ],
    unreadable: ['No pudimos leerlo', 'No se ha cambiado nada. Abre otra vez el enlace del mensaje.'],
    tooMany: ['Un poco más despacio, por favor', 'Fue mucho a la vez. Espera un minuto y vuelve a intentarlo.'],
    failed: [
      'No funcionó, y es culpa nuestra',
      'No pudimos anotar tu deseo. Vuelve a intentarlo en un minuto, responde al mensaje o llama a tu biblioteca: una persona lo hará por ti.',
    ],
  },
}

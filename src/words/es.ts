// Spanish: every sentence that readers see. The shape says where each stands.
import type { Words } from './shape.ts'

const months = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' ')

export const es: Words = {
  // --- around every note ---
  frame: {
    direction: 'ltr',
    greet: (name) => `Hola, ${name}:`,
    greetNobody: 'Hola:',
    date: (year, month, day) => `${day} de ${months[month - 1]} de ${year}`,
    asked: (date) => `El ${date} nos pediste una nota de vez en cuando.`,
    staff: 'El equipo de tu biblioteca',
    fewer: 'Menos notas',
    none: 'Ninguna nota más',
    why: '¿Por qué me llega esto?',
  },

  // --- pages that a link in a message opens ---
  pages: {
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
  // --- a mail that answers what somebody did ---
  answer: {
    why: 'Este es un mensaje único. Responde a lo que se acaba de hacer con esta dirección en nuestra página web, y no apunta a nadie en ninguna lista.',
  },
}

// Spanish: every sentence that readers see. The shape says where each stands.
import type { Words } from './shape.ts'

const months = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' ')

const count = (items: string, one: string, many: string): string => `${items} ${items === '1' ? one : many}`
const at = (place: string): string => (place === '' ? '' : ` en ${place}`)

export const es: Words = {
  // --- texts: each fits into one part, so the Spanish does without á, í, ó and ú, which no telephone's own alphabet has ---
  texts: {
    first: (library, perMonth) => [
      `¡Hola! Somos ${library}. Pediste nuestros mensajes: unos ${perMonth} al mes. Escribe y te lee una persona. AYUDA, o ALTO para dejarlo. Puede tener costo.`,
      `${library}: unos ${perMonth} mensajes al mes. Puedes contestar. AYUDA si la necesitas, ALTO para dejarlo. Puede tener costo.`,
      `${library}: unos ${perMonth} mensajes al mes. AYUDA, o ALTO para dejarlo. Puede tener costo.`,
    ],
    firstNotWatched: (library, perMonth, phone) => [
      `¡Hola! Somos ${library}. Pediste nuestros mensajes: unos ${perMonth} al mes. ¿Preguntas? Llama al ${phone}. AYUDA, o ALTO para dejarlo. Puede tener costo.`,
      `${library}: unos ${perMonth} mensajes al mes. AYUDA, o ALTO para dejarlo. Puede tener costo.`,
    ],
    code: (library, code) => [
      `${library}: tu clave es ${code}. Ponla donde pediste nuestros mensajes. ¿No la pediste? No hagas nada, y no te llega nada.`,
      `${library}: tu clave es ${code}. Si no la pediste, no hagas nada.`,
      `Tu clave de ${library} es ${code}.`,
    ],
    campaign: (library, note) => `${library}: ${note} ALTO para dejarlo.`,
    stopped: (library, phone) => [
      `${library}: hecho, ya no te enviamos mensajes, tampoco de reservas. Para seguir con los avisos de reservas, responde AVISOS. ¿Preguntas? ${phone}.`,
      `${library}: ya no te enviamos mensajes. Para seguir con los avisos de reservas, responde AVISOS.`,
      `No hay mensajes de ${library}. Para tener avisos de reservas, responde AVISOS.`,
    ],
    help: (library, phone) => [
      `${library}: contesta a este mensaje o llama al ${phone} y te atiende una persona. ALTO para no recibir nada. Puede tener costo.`,
      `${library}: llama al ${phone}. ALTO para no recibir nada. Puede tener costo.`,
    ],
    started: (library) => [
      `${library}: gracias. Te avisamos otra vez de tus reservas y préstamos. AYUDA, o ALTO para dejarlo.`,
      `${library}: te avisamos otra vez. AYUDA, o ALTO para dejarlo.`,
    ],
    noticesKept: (library) => [
      `${library}: de acuerdo, solo avisos de tus reservas y préstamos. AYUDA, o ALTO para dejarlo.`,
      `${library}: solo avisos. AYUDA, o ALTO para dejarlo.`,
    ],
    closed: (library, when) => [
      `${library}: gracias, ya tenemos tu mensaje. Ahora no hay nadie; te lee una persona ${when}.`,
      `${library}: ya tenemos tu mensaje. Te lee una persona ${when}.`,
    ],
    notWatched: (library, phone) => [
      `${library}: nadie atiende las respuestas a estos mensajes. Por favor, llama al ${phone}. Guardamos el tuyo para leerlo.`,
      `${library}: nadie atiende estas respuestas. Llama al ${phone}.`,
    ],
    whichLibrary: (words) => [
      `Gracias por tu mensaje. ¿Para qué biblioteca es? Responde ${words}.`,
      `¿Qué biblioteca? Responde ${words}.`,
    ],
    notices: {
      hold: (library, items, place) => [
        `${library}: tienes ${count(items, 'ejemplar listo', 'ejemplares listos')}${at(place)}. ¡Te esperamos!`,
        `${library}: tienes ${count(items, 'ejemplar listo', 'ejemplares listos')}${at(place)}.`,
        `${library}: tienes ${count(items, 'ejemplar listo', 'ejemplares listos')}.`,
      ],
      overdue: (library, items, place) => [
        `${library}: tienes ${count(items, 'préstamo vencido', 'préstamos vencidos')}${at(place)}. Trae o renueva lo que puedas. ¿Preguntas? Responde AYUDA.`,
        `${library}: tienes ${count(items, 'préstamo vencido', 'préstamos vencidos')}${at(place)}.`,
        `${library}: tienes ${count(items, 'préstamo vencido', 'préstamos vencidos')}.`,
      ],
      'almost due': (library, items, place, on) => [
        `${library}: tienes ${count(items, 'préstamo que vence', 'préstamos que vencen')} ${on ? `el ${on}` : 'pronto'}${at(place)}.`,
        `${library}: tienes ${count(items, 'préstamo que vence', 'préstamos que vencen')} ${on ? `el ${on}` : 'pronto'}.`,
      ],
      'cancelled hold': (library, items, place) => [
        `${library}: ${items === '1' ? 'fue cancelada una reserva tuya' : `fueron canceladas ${items} de tus reservas`}${at(place)}. ¿Preguntas? Responde AYUDA.`,
        `${library}: ${items === '1' ? 'fue cancelada una reserva tuya' : `fueron canceladas ${items} de tus reservas`}.`,
      ],
    },
    thanks: {
      'not theirs': (library) => [
        `${library}: gracias por avisar, y perdona la molestia. Ya no te enviamos nada.`,
        `${library}: gracias, ya no te enviamos nada.`,
      ],
      died: (library) => [
        `${library}: lo sentimos mucho. Gracias por decirlo. Ya no te enviamos nada.`,
        `${library}: lo sentimos mucho. Ya no enviamos nada.`,
      ],
      'new number': (library) => [
        `${library}: ¡gracias! Una persona lo cambia en la tarjeta.`,
        `${library}: gracias, lo cambiamos.`,
      ],
      who: (library, phone) => [
        `Somos ${library}. Escribimos sobre reservas y préstamos. Si no es para ti, responde EQUIVOCADO. O llama al ${phone}.`,
        `Somos ${library}, ${phone}. ¿No es para ti? Responde EQUIVOCADO.`,
      ],
    },
    staff: {
      above: 'Escribe tu respuesta encima de esta línea',
      sendWord: 'ENVIAR',
      subject: (phone, conversation) => `Mensaje de texto de ${phone} [conversación ${conversation}]`,
      pointerSubject: (conversation) => `Espera un mensaje de texto [conversación ${conversation}]`,
      pointer: (conversation) =>
        `Alguien ha enviado un mensaje de texto a la biblioteca. Lo que escribió no está en este correo, porque aquí el correo es un registro público. Está en la conversación ${conversation}.`,
      said: (phone, at) => `${phone} escribió, ${at}:`,
      pictureOnly: '(sin palabras, solo una imagen)',
      pictures: (count, conversation) =>
        count === 1
          ? `Llegó una imagen con el mensaje. Para verla, abre la conversación ${conversation} de Gentle Reader.`
          : `Llegaron ${count} imágenes con el mensaje. Para verlas, abre la conversación ${conversation} de Gentle Reader.`,
      readAs: {
        stop: 'Ha puesto fin a todos nuestros mensajes.',
        help: 'Pidió ayuda y recibió la respuesta.',
        start: 'Permite de nuevo nuestros mensajes.',
        notices: 'Se queda solo con los avisos.',
        'stop sentence':
          'Lo hemos leído como un alto: no sale ningún mensaje más a este teléfono, y se lo hemos confirmado. Solo esa persona puede deshacerlo, con START.',
        'not theirs':
          'Lo hemos leído como número equivocado: los mensajes a este teléfono esperan a que alguien lo mire.',
        who: 'Preguntó quiénes somos y se lo dijimos.',
        died: 'Lo hemos leído como un fallecimiento: los mensajes a este teléfono esperan a que alguien lo mire. Escribe con tacto.',
        'new number': 'Lo hemos leído como un número nuevo para el sistema de la biblioteca.',
        helpful: 'Se le respondió con la tabla de palabras útiles de la biblioteca.',
        'which library': 'Se le preguntó para qué biblioteca es.',
        choice: 'Eligió esta biblioteca.',
      },
      answerByMail:
        'Responde a este correo y sale como mensaje de texto. Hasta 3 partes (unas 450 letras) salen enseguida; si es más largo, te preguntamos antes.',
      answerElsewhere: (conversation) => `Responde en la conversación ${conversation} de Gentle Reader.`,
      noAnswerByMail: 'Una respuesta a este correo no le llega.',
      noAnswerByText:
        'Esta persona ha puesto fin a nuestros mensajes, así que ninguna respuesta puede llegar a su teléfono. Llámala, si sabes quién es, y después cierra la conversación.',
      due: (when) => `Alguien debería haber respondido antes de ${when}.`,
      closing: 'Queda en la lista hasta que alguien responda o la cierre.',
      closingSent: 'Lo que escriba después llega otra vez al correo de la biblioteca.',
      repeat: 'Las mismas palabras llegaron un momento antes. Puede ser un solo mensaje que llegó dos veces.',
      sentAs: (parts) => (parts === 1 ? 'Enviado como un mensaje:' : `Enviado como un mensaje de ${parts} partes:`),
      sentTo: (phone) => `Salió hacia ${phone}.`,
      notSent: {
        stopped: 'No se envió: esta persona ha puesto fin a todos nuestros mensajes. Llámala, si sabes quién es.',
        empty: 'No se envió: aparte del texto citado y la firma no había nada que enviar.',
        repeated: 'No se envió otra vez: las mismas palabras salieron hace un momento.',
        'too many':
          'No se envió: en esta conversación hubo tantos mensajes en tan poco tiempo que quizá se responden dos máquinas. Mírala antes de seguir.',
        'already answered': 'No se envió: otra persona ha respondido entretanto. Su respuesta está debajo.',
        forgotten: 'No se envió: el número de esta conversación ya no se guarda.',
        'too long': 'Aún no se envió: es largo.',
      },
      confirmLong: (parts) =>
        `Serían ${parts} partes, y cada una se cobra. Para enviarlo tal cual, responde a este correo con ENVIAR y nada más. O escríbelo más corto.`,
      answeredBy: (by) => `${by} escribió:`,
      sendAnyway: 'Para enviar también la tuya, responde a este correo con ENVIAR y nada más.',
      escalatedSubject: (conversation) => `Nadie ha respondido todavía [conversación ${conversation}]`,
      escalated: (since) => `Alguien escribió a la biblioteca ${since}, y nadie ha respondido.`,
      fixUpSubject: 'Algo que corregir en el sistema de la biblioteca',
      fixUp:
        'Un teléfono ha puesto fin a nuestros mensajes, o no puede recibirlos. Su dueño necesita los avisos de reservas por otra vía, y el sistema de la biblioteca tiene que saberlo. Mira la lista:',
      mailboxSubject: (mailbox) => `${mailbox} no recibe correo`,
      mailboxSilent: (mailbox) =>
        `Lo que la gente escribe a la biblioteca por mensaje de texto se envía a ${mailbox}, y ese buzón no recibe correo en este momento. Puede estar lleno, o ya no existir.`,
      mailboxServer: (said) => `Su servidor de correo dice: ${said}`,
      mailboxNext:
        'No se ha perdido nada de lo que la gente escribió: está en la lista de conversaciones, y alguien debería mirarla hasta que el buzón vuelva a funcionar. Mira lo que espera:',
      mailboxOnce: 'Te avisamos una sola vez, no por cada mensaje.',
    },
  },
  // --- around every note ---
  frame: {
    direction: 'ltr',
    greet: (name) => `Hola, ${name}:`,
    greetNobody: 'Hola:',
    date: (year, month, day) => `${day} de ${months[month - 1]} de ${year}`,
    asked: (date) => `El ${date} nos pediste una nota de vez en cuando.`,
    staff: 'El equipo de tu biblioteca',
    fewer: 'Menos notas, u otros cambios',
    none: 'No recibir más notas',
    why: '¿Por qué recibí esto?',
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
      'web form': 'en nuestro sitio web',
      'own page': 'en la página donde decides',
      'invitation in a notice': 'en la página que abriste desde un aviso',
      'said again by a link in a message': 'con el enlace de un mensaje, cuando te volvimos a preguntar',
    },
    callUs: 'Llámanos o escríbenos. Te responderá una persona.',
    phone: 'Teléfono',
    email: 'Correo',
    stop: {
      title: '¿No quieres más notas?',
      asks: (library) =>
        `${library} dejará de enviar notas a esta dirección de correo. Basta con presionar el botón una vez.`,
      stays: 'Los avisos sobre tus préstamos y reservas seguirán llegando, y tu tarjeta queda como está.',
      button: 'No quiero más notas',
      lessInstead: 'Prefiero recibir menos',
      done: 'Listo. No recibirás más notas.',
      doneText: (library) =>
        `Desde este momento, ${library} ya no envía notas a esta dirección de correo. No tienes que hacer nada más.`,
      byMistake: '¿Fue un error? Llámanos o escríbenos.',
    },
    less: {
      title: '¿Cuánto te gustaría recibir?',
      asks: 'Elige una opción',
      halfYear: 'Nada durante seis meses',
      halfYearText: 'Después, todo como antes.',
      year: 'Nada durante un año entero',
      yearText: 'Después, todo como antes.',
      thisKind: (purpose) => `Ya no quiero mensajes de este tipo (${purpose})`,
      thisKindText: 'Lo demás que nos hayas pedido seguirá llegando.',
      nothing: 'No quiero recibir nada',
      nothingText: 'Ninguna nota de ningún tipo. Los avisos sobre tus préstamos y reservas seguirán llegando.',
      button: 'Guardar mi elección',
      choose: 'Primero elige una de estas opciones.',
      else: '¿Otra cosa?',
      paused: 'Listo. No te escribiremos por un tiempo.',
      pausedText: (date) =>
        `No recibirás notas nuestras antes del ${date}. Los avisos sobre tus préstamos y reservas seguirán llegando.`,
      stoppedKind: (purpose) => `Listo. Ya no te enviaremos mensajes de este tipo (${purpose}).`,
      stoppedKindText:
        'Lo demás que nos hayas pedido seguirá llegando, y también los avisos sobre tus préstamos y reservas.',
    },
    why: {
      title: 'Por qué recibiste esta nota',
      sentTo: (masked) => `Se envió a ${masked}.`,
      youSaidYes: (date, purpose) => `El ${date} dijiste que sí a esto: ${purpose}.`,
      where: (method) => `Lo dijiste ${method}.`,
      askedWith: 'Estas son las palabras que viste:',
      noRecord:
        'Ya no guardamos nada sobre la persona que recibió esta nota. De todos modos, puedes detener todas las notas a esta dirección.',
      stoppedSince: 'Después nos pidieron que dejáramos de escribir, y así lo hicimos.',
      pausedSince: (date) => `Después nos pidieron que esperáramos hasta el ${date}, y así lo hacemos.`,
      lookedTitle: 'Qué revisamos',
      looked: [
        'Tu sí, y que nadie lo haya retirado.',
        'El mes en que se usó tu tarjeta por última vez. Ni el día ni para qué.',
        'Tu sucursal, y que tu tarjeta esté vigente y sea tuya.',
        'Que no te hayamos escrito demasiadas veces.',
      ],
      neverTitle: 'Qué no hacemos nunca',
      never: [
        'Aquí no sabemos qué pide prestado nadie. Este sistema no tiene dónde guardarlo.',
        'No rastreamos si abres una nota ni si haces clic en ella.',
        'No vendemos, prestamos ni compartimos tu dirección.',
      ],
      changeTitle: 'Si cambias de opinión',
      fewer: 'Menos notas',
      none: 'No recibir más notas',
    },
    gone: [
      'Esta biblioteca ya no escribe desde aquí',
      'No llegarán más notas desde aquí, y no tienes que hacer nada. Te deseamos buenas lecturas.',
    ],
    unknownLink: [
      'No podemos leer este enlace',
      'Tal vez se cortó en el camino. Ábrelo otra vez, completo, desde el mensaje. Si no funciona, responde al mensaje o llama a tu biblioteca y una persona lo hará por ti.',
    ],
    noSuchPage: [
      'En esta dirección no hay ninguna biblioteca',
      'Tal vez la dirección está mal escrita. Revísala, o llama a tu biblioteca: una persona te ayudará.',
    ],
    unreadable: ['No pudimos leerlo', 'No se cambió nada. Abre otra vez el enlace del mensaje.'],
    tooMany: ['Un poco más despacio, por favor', 'Fue demasiado a la vez. Espera un minuto e inténtalo de nuevo.'],
    failed: [
      'No funcionó, y es culpa nuestra',
      'No pudimos anotar lo que pediste. Inténtalo de nuevo en un minuto, responde al mensaje o llama a tu biblioteca: una persona lo hará por ti.',
    ],
  },
  // --- a mail that answers what somebody did ---
  answer: {
    why: 'Este es un solo mensaje. Responde a lo que se acaba de hacer con esta dirección en nuestro sitio web, y no inscribe a nadie en ninguna lista.',
  },

  // --- a note that somebody asked us to pass on ---
  passedOn: {
    subject: 'Alguien nos pidió darte un recado',
    asked: (library) =>
      `Alguien pidió a ${library} que te diera un recado. Lo hacemos así porque no le decimos a nadie si conocemos a una persona. Nos pidió decirte:`,
    toldNothing:
      'A quien preguntó no le dijimos nada: ni si tienes tarjeta, ni si te conocemos, ni si te enviamos este mensaje. No tienes que hacer nada.',
    why: 'Este es un solo mensaje de la propia biblioteca. No te inscribe en ninguna lista.',
  },

  // --- an old yes, said once more ---
  keep: {
    title: '¿Podemos seguir escribiéndote?',
    asks: (library) => `${library} quiere saber si sus notas te siguen gustando. A esto dijiste que sí:`,
    since: (date, purpose) => `El ${date} (${purpose}):`,
    together: 'El botón dice que sí otra vez a todo lo que está aquí, por correo electrónico, y a nada más.',
    button: 'Sí, quiero seguir recibiéndolas',
    otherwise: 'Si no haces nada, nuestras notas dejan de llegar solas después de un tiempo.',
    done: 'Gracias. Seguimos.',
    doneText: (library) =>
      `${library} te sigue escribiendo como antes. Puedes dejarlo en cualquier momento, con un enlace en cada nota.`,
    nothing: [
      'No hay nada que continuar',
      'No escribimos a esta dirección, o cambió desde entonces. Si quieres recibir nuestras notas, llámanos o escríbenos.',
    ],
    link: 'Sí, quiero seguir recibiéndolas',
  },

  // --- what we keep of somebody ---
  kept: {
    kinds: {
      facts: 'Datos de tu tarjeta: tu sucursal, el tipo de tarjeta y el mes en que se usó por última vez',
      identity: 'Tu nombre y cómo comunicarnos contigo',
      choices: 'A qué dijiste que sí y que no, con las palabras que viste',
      'do-not-write': 'Que no debemos escribir a una dirección, en forma de un código que no nombra a nadie',
      messages: 'Que te enviamos un mensaje y por qué; no su texto',
      wishes: 'Con qué frecuencia como máximo y en qué idioma quieres tener noticias nuestras',
      answers: 'Que te enviamos un código, un enlace o una confirmación que pediste; no su texto',
      proofs: 'Códigos que esperan a que los escribas',
      tasks: 'Lo que nos contaste y nuestro personal resuelve; tus palabras se borran al resolverlo',
      lots: 'Que un envío te dejó fuera por sorteo, para saber si sirve de algo',
      texts: 'Los mensajes de texto entre tú y la biblioteca, hasta que se borran',
      audit: 'Quién de nuestro personal miró tus datos y cuándo',
    },
    withoutCard: 'Tu idioma, y códigos hechos a partir de tu dirección con los que la reconocemos; nada de una tarjeta',
    ends: {
      schedule: (days) => `Se borra solo después de ${days} días`,
      'last-yes': 'Se olvida cuando termina tu último sí',
      erasure: 'Se guarda hasta que nos pidas olvidarte',
      nothing: 'Se guarda para que un no siga siendo un no',
      held: 'Por ahora no se borra, porque la ley nos pide guardarlo',
    },
    readers: {
      circulation: 'El personal que atiende las tarjetas y los consentimientos',
      outreach: 'El programa que te escribe, y solo para lo que aceptaste',
      backup: 'Quien cuida nuestras copias de seguridad',
    },
  },

  // --- saying yes on our own page ---
  join: {
    title: (library) => `¿Quieres recibir noticias de ${library}?`,
    intro: 'Elige lo que te interese. No hay nada marcado de antemano, y puedes dejarlo cuando quieras.',
    renewTitle: (library) => `Gracias por renovar. ¿Quieres recibir noticias de ${library}?`,
    renewIntro: 'Tu tarjeta no depende de esto. Elige lo que te interese o cierra esta página.',
    adults: 'Este formulario es para personas de 18 años o más. No hace falta tener tarjeta de la biblioteca.',
    about: 'Sobre ti',
    name: 'Tu nombre',
    nameHint: 'Como quieres que te saludemos.',
    email: 'Correo electrónico',
    emailHint: 'Enviaremos ahí un solo mensaje para comprobar que es tuyo. Hasta que lo confirmes no llegará nada más.',
    phone: 'Teléfono',
    phoneHint: {
      texts:
        '¿Prefieres no darlo? Déjalo en blanco; entonces no llega ningún mensaje de texto. Es para los mensajes de texto que marques, y una persona de la biblioteca podría llamarte si tu correo deja de funcionar.',
      noTexts:
        '¿Prefieres no darlo? Déjalo en blanco; no cambia nada. No enviamos mensajes de texto. Una persona de la biblioteca lo usaría solo si tu correo deja de funcionar.',
    },
    card: 'Número de tarjeta de la biblioteca',
    cardHint:
      'Solo si quieres que lo anotemos junto a tu tarjeta. Cuenta si tu correo es el que tenemos para esa tarjeta.',
    optional: 'si quieres',
    language: 'Idioma de nuestros mensajes',
    what: '¿Qué podemos enviarte?',
    whatHint: 'Marca al menos una casilla. La que dejes vacía cuenta, por ahora, como un no.',
    kinds: 'Solo estos tipos (si no marcas ninguno, todos)',
    offers: {
      reengagement: {
        title: 'Una nota de vez en cuando, por correo electrónico',
        says: (library) =>
          `¿Puede ${library} enviarte de vez en cuando una nota breve y amable por correo electrónico, sobre lo que puedes hacer con tu tarjeta? Nunca más de una cada 90 días. Puedes dejarlo en cualquier momento, con un enlace en cada nota; tu tarjeta y tus avisos quedan como están.`,
      },
      'new-titles': {
        title: 'Novedades, por correo electrónico',
        says: (library) =>
          `¿Puede ${library} escribirte una vez al mes por correo electrónico sobre libros, películas y música nuevos? Puedes dejarlo en cualquier momento, con un enlace en cada mensaje.`,
      },
      events: {
        title: 'Actividades, por correo electrónico',
        says: (library) =>
          `¿Puede ${library} escribirte por correo electrónico sobre horas de cuentos, charlas y clases, dos veces al mes como máximo? Puedes dejarlo en cualquier momento, con un enlace en cada mensaje.`,
      },
    },
    button: 'Enviar',
    next: 'Elegir lo que te interesa',
    leaveEmpty: 'Deja este campo en blanco',
    withIt: 'Qué hacemos con estos datos',
    kept: [
      'Guardamos tu nombre, tu correo, tu teléfono si lo diste, tu idioma, lo que elegiste y las palabras que viste, mientras quieras recibir noticias nuestras. Cuando lo dejes todo, tu nombre y tu dirección se borran; solo queda que nos pediste dejar de escribirte, para cumplirlo.',
      'Si lo anotamos junto a tu tarjeta, miramos en qué mes se usó por última vez, para escribirte cuando lleve un tiempo sin movimiento. Nunca el día, y nunca lo que pides prestado.',
      'No rastreamos si abres un mensaje ni si haces clic en él.',
    ],
    carriers: {
      email:
        'Los correos los entregan un servidor de correo que trabaja para la biblioteca y tu propio proveedor de correo.',
      sms: 'Los mensajes de texto los entregan una empresa que trabaja para la biblioteca y tu propia compañía de teléfono.',
      post: 'Las cartas y postales las imprime la biblioteca o alguien que trabaja para ella, y las entrega el correo postal.',
    },
    nobodyElse: 'Nadie más recibe tu dirección.',
    publicRecords:
      'En este estado, las listas de personas que se inscriben para recibir noticias de un organismo público pueden ser documentos públicos. A quien las pida se le podrían dar tu nombre y tu correo.',
    wrong: {
      title: 'Falta algo',
      name: 'Dinos cómo quieres que te saludemos.',
      email: 'Escribe tu dirección de correo, como rosa@example.org.',
      phone: 'No podemos llamar a ese número. Corrígelo o déjalo en blanco.',
      phoneForTexts:
        'Para los mensajes de texto hace falta un número de celular. Escríbelo o desmarca los mensajes de texto.',
      nothing: 'Marca lo que te interese.',
      lookOver: 'Revisa el formulario una vez más, por favor, y vuelve a presionar el botón.',
    },
    sent: {
      title: 'Ahora revisa tu correo',
      text: (email) => `Si ${email} es correcto, hay un mensaje en camino. Trae un enlace y un código de seis dígitos.`,
      ask: 'Abre el enlace o escribe aquí el código. Hasta entonces no cuenta nada, y a los dos días lo olvidamos.',
      code: 'Código',
      codeHint: 'Seis dígitos.',
      button: 'Este es mi código',
      wrongCode: 'Ese no es el código de nuestro último mensaje. Revísalo, por favor.',
      noCode: 'Este código ya no sirve. Pide uno nuevo.',
      again: 'Recibir un código nuevo',
      askedAgain:
        'Lo anotamos. El código de un mensaje anterior ya no sirve; si no llega otro, su enlace todavía sirve.',
      nothingCame:
        '¿No llegó nada? Mira en el correo no deseado, espera un minuto y revisa la dirección. Enviamos como máximo tres mensajes de estos al día.',
    },
    look: {
      title: '¿Eres tú?',
      text: (library) => `Alguien se inscribió en ${library} con tu dirección, para esto:`,
      button: 'Sí, fui yo',
      not: '¿No fuiste tú? Cierra esta página. No pasa nada, y lo olvidamos.',
    },
    done: {
      title: 'Gracias. Quedó anotado.',
      text: 'Dijiste que sí a esto:',
      card: 'Si diste un número de tarjeta, y este correo es el que tenemos para ella, queda anotado también junto a tu tarjeta.',
      leave: 'Cada mensaje trae un enlace para cambiarlo o dejarlo.',
    },
    phoneSent: {
      title: 'Falta un paso: tu teléfono',
      text: (phone) =>
        `Si el número que termina en ${phone} puede recibir mensajes de texto, hay uno en camino con un código de seis dígitos.`,
      ask: 'Escribe aquí el código. Hasta entonces tu sí a los mensajes de texto no cuenta, y en una hora lo olvidamos.',
      askedAgain: 'Lo anotamos. El código de un mensaje anterior ya no sirve.',
      nothingCame:
        '¿No llegó nada? Espera un minuto y revisa que sea un número de celular. Si alguna vez nos respondiste ALTO, envía primero START a nuestro número. Enviamos como máximo tres mensajes de estos al día. Lo que elegiste por correo queda igual.',
    },
    phoneDone: {
      title: 'Gracias. Tu teléfono está confirmado.',
      text: 'Dijiste que sí a esto:',
      card: 'Si tu tarjeta de la biblioteca tiene otro número, o ninguno, los mensajes empiezan cuando el personal ponga este; ya le avisamos.',
      leave: 'Responde ALTO a cualquier mensaje para dejarlos todos.',
    },
    phoneForCard: (phone) =>
      `Celular: ${phone}. Pidió mensajes de texto y confirmó este número con un código. Cuando esté en su tarjeta, se le puede inscribir a los mensajes.`,
    textsNotYet: [
      'No pudimos anotar los mensajes de texto',
      'En este momento no podemos enviar mensajes de texto, así que no podemos confirmar tu teléfono y tu sí a ellos no queda anotado. Una persona de la biblioteca puede anotarlo por ti.',
    ],
    noPhone: [
      'No pudimos anotar los mensajes de texto',
      'No tenemos un celular tuyo, así que tu sí a los mensajes de texto no queda anotado. Dinos el número más abajo, o inscríbete a ellos en la página de inscripción de la biblioteca.',
    ],
    already: ['Esto ya está hecho', 'Tu sí ya quedó anotado. No tienes que hacer nada más.'],
    over: [
      'Esto ya no está abierto',
      'Tal vez el enlace se cortó en el camino, o tiene más de dos días. Si presionaste su botón a tiempo, tu sí quedó anotado; si no, no se anotó nada. Puedes inscribirte otra vez.',
    ],
    signUp: 'Inscribirme otra vez',
    choices: 'Ver o cambiar lo que decidiste',
    mail: {
      subject: (library) => `¿Fuiste tú? ${library}`,
      says: (library) =>
        `Alguien, seguramente tú, pidió en ${library} recibir noticias en esta dirección. ¿Fuiste tú? Entonces abre esta página y presiona el botón:`,
      link: 'Sí, fui yo',
      code: 'O escribe este código en la página donde te inscribiste:',
      notYou: '¿No fuiste tú? Entonces no hagas nada. No se anota nada, y en dos días lo olvidamos.',
    },
  },

  // --- a reader's own choices, and what follows from them ---
  preferences: {
    title: 'Lo que tú decides',
    intro: (library) => `¿Qué puede enviarte ${library}, y cada cuánto? Aquí decides tú.`,
    about: (masked) => `Esta página trata de ${masked}.`,
    notices:
      'Los avisos sobre tus préstamos y reservas son otra cosa. Nada de esta página los toca, y tu tarjeta queda como está.',
    channels: { email: 'por correo electrónico', sms: 'por mensaje de texto', post: 'por correo postal' },
    yesTo: (library, what, channel) =>
      `Sí, ${library} puede escribirme ${channel}: ${what}. Puedo dejarlo en cualquier momento.`,
    what: '¿Qué podemos enviarte?',
    whatHint: 'Una marca quiere decir que sí. Quítala y dejamos de escribirte al momento.',
    pace: '¿Cada cuánto, como máximo?',
    paceLibrary: 'Con la frecuencia de cada tipo de mensaje',
    paceDays: (days) => `Como máximo un mensaje cada ${days} días, sea del tipo que sea`,
    pause: '¿Quieres una pausa?',
    pauseUntil: 'No recibir nada antes de este día',
    pauseHint: 'Déjalo en blanco si no quieres una pausa.',
    pausedNow: (date) => `No te escribimos hasta el ${date}, como pediste.`,
    resume: 'Volver a recibir mensajes desde ahora',
    pauseWrong: 'Elige un día que todavía no haya llegado, dentro de los próximos tres años. No se cambió nada.',
    language: '¿En qué idioma te gusta leer?',
    save: 'Guardar lo que elegí',
    saved: 'Listo. Guardamos lo que elegiste.',
    unchanged: 'Todo está como estaba; no había nada que cambiar.',
    changed: {
      stopped: (what) => `Nada más de esto: ${what}.`,
      pace: (days) => `Como máximo un mensaje cada ${days} días.`,
      paceLibrary: 'Los mensajes llegan con la frecuencia de cada tipo.',
      paused: (date) => `Nada antes del ${date}.`,
      language: 'Te escribimos en el idioma que elegiste.',
      yes: (what) => `Sí a esto: ${what}.`,
      resumed: 'La pausa terminó.',
      soon: 'El primer mensaje puede tardar unos días en llegar.',
      notOffered: (what) => `No anotado, porque la biblioteca no lo ofrece: ${what}.`,
      minor:
        'Tu sí no quedó anotado. Según los datos de la biblioteca aún no tienes 18 años, y no escribimos mensajes así a menores. Si no es así, llámanos o escríbenos.',
    },
    waitsForStaff:
      'Nos dijeron que algo cambió para ti. No escribimos nada hasta que una persona de la biblioteca lo revise.',
    leave: 'Dejarlo todo',
    leaveText:
      'Basta con presionar el botón una vez para que no llegue ninguna nota más a esta dirección, desde ese momento. Los avisos sobre tus préstamos y reservas seguirán llegando.',
    more: 'Ver todo lo que guardamos sobre ti',
    moreText:
      'Qué te enviamos y por qué, una copia para ti, una dirección nueva, o borrarlo todo. A veces los mensajes se reenvían a otras personas. Por eso primero enviamos un código a la dirección misma. Para una parte hace falta también el número de tu tarjeta, si tienes una.',
    moreButton: 'Recibir un código',
    life: '¿Cambió algo?',
    lifeEvents: {
      moved: {
        link: 'Me mudé',
        title: '¿Te mudaste?',
        asks: (library) =>
          `Dínoslo, y ${library} no escribirá nada más a esta dirección. Una persona de la biblioteca lo revisará.`,
        button: 'Sí, me mudé',
        done: 'Gracias por decírnoslo.',
        doneText: (library) =>
          `${library} ya no escribe desde ahora, y una persona de ahí lo revisará. Te deseamos lo mejor en tu nuevo hogar. También hay una biblioteca donde vives ahora, y le dará gusto verte.`,
      },
      'not-me': {
        link: 'Esta persona no soy yo',
        title: '¿Esta persona no eres tú?',
        asks: (library) =>
          `Entonces alguien anotó mal una dirección. Dínoslo, y ${library} no escribirá nada más a ella. Una persona de la biblioteca lo arreglará.`,
        button: 'No, no soy yo',
        done: 'Gracias, y disculpa.',
        doneText: (library) =>
          `Nuestro mensaje no era para ti. ${library} no escribe nada más a esta dirección, y una persona de ahí lo arreglará. No tienes que hacer nada más.`,
      },
      died: {
        link: 'Esta persona falleció',
        title: '¿Esta persona falleció?',
        asks: (library) =>
          `Lo sentimos. Dínoslo, y ${library} no le escribirá nada más. No tienes que explicar nada, y nadie te lo pedirá.`,
        button: 'Sí, esta persona falleció',
        done: 'Sentimos mucho tu pérdida.',
        doneText: (library) =>
          `Gracias por decírnoslo en un momento tan difícil. ${library} no escribe nada más. Una persona de ahí se encargará del resto con discreción. Si quedan libros por devolver, no hay prisa.`,
      },
    },
    back: 'Volver a lo que tú decides',
    all: 'Todo lo que puedes decidir',
    code: {
      title: 'Escribe el código',
      sent: (masked) => `Va en camino a ${masked} un correo con seis dígitos. Sirven por diez minutos.`,
      sentBlind:
        'Si esta página es de esa dirección, va en camino un correo con seis dígitos. Sirven por diez minutos.',
      wider: 'Pediste algo más que antes. Contará cuando escribas el código. Lo que quitaste ya está hecho.',
      label: 'Los seis dígitos',
      button: 'Continuar',
      wrong: 'Esos no son los dígitos que enviamos. Revísalos, por favor.',
      over: 'Ese código ya no sirve. Pide uno nuevo.',
      again: 'Recibir un código nuevo',
      nothingCame:
        '¿No llegó nada? Mira en el correo no deseado. Por cada enlace enviamos como máximo tres códigos por hora y cinco al día. También puedes llamarnos, y una persona te ayudará.',
      address: '¿Qué dirección es?',
      addressText:
        'Ya no guardamos ninguna dirección tuya. Escribe la dirección donde recibiste nuestro mensaje y enviaremos ahí un código. No la guardamos.',
      addressLabel: 'Tu correo electrónico',
      addressButton: 'Recibir un código',
    },
    own: {
      title: 'Todo lo que guardamos sobre ti',
      open: 'Esta página queda abierta quince minutos.',
      over: [
        'Esta página se cerró',
        'Queda abierta quince minutos. No se cambió nada. Abre otra vez la página donde decides y pide un código nuevo.',
      ],
      messages: 'Lo que te enviamos en el último año',
      noMessages: 'Nada.',
      states: {
        waits: 'Espera su turno.',
        left: 'Se envió.',
        'came back': 'Lo devolvieron: la dirección no existía.',
        failed: 'No se pudo enviar.',
        'held back': 'No se envió.',
        cancelled: 'La biblioteca lo canceló antes de enviarlo.',
        unclear: 'No sabemos si se envió, y no lo enviaremos otra vez.',
      },
      because: (date, purpose) => `Por qué: el ${date} dijiste que sí a esto: ${purpose}.`,
      heldBack: (reasons) => `Por qué no: ${reasons}.`,
      address: '¿Cambió tu dirección?',
      addressText:
        'Escribe aquí tu nuevo correo, teléfono o dirección postal. Una persona de la biblioteca lo cambiará en los datos de la propia biblioteca. Nada cambia por sí solo.',
      addressLabel: '¿Qué debemos saber?',
      addressButton: 'Avisar a la biblioteca',
      addressDone: 'Gracias. Una persona de la biblioteca se encargará.',
      addressMissing: 'Primero escribe la nueva dirección.',
      shared:
        'Más de una persona usa esta dirección, y un código no puede saber quién de ustedes es. Por eso aquí no se muestran los nombres, los datos de la biblioteca, la copia ni el borrado. Llámanos o escríbenos, y una persona lo hará contigo.',
      card: {
        title: 'El resto, con tu número de tarjeta',
        text: 'Tal vez otra persona lee tu correo. Por eso lo que guardamos sobre ti, una copia y el borrado se abren solo con el número de tu tarjeta de la biblioteca.',
        label: 'Número de tu tarjeta de la biblioteca',
        button: 'Abrir el resto',
        wrong: 'Ese número no lo abrió. Revísalo, por favor. Si no tienes el número a mano, llámanos o escríbenos.',
        over: 'Fueron cinco veces. Vuelve atrás y pide un código nuevo para intentarlo otra vez, o llámanos y una persona te ayudará.',
      },
      record: {
        title: 'Lo que existe aquí sobre ti',
        readers: (who) => `Quién puede leerlo: ${who}.`,
        looks: 'Cada consulta de nuestro personal queda anotada.',
        since: (date) => `desde el ${date}`,
        identity: 'Nombre y direcciones',
        name: 'Nombre',
        phone: 'Teléfono',
        facts: 'Del archivo de la biblioteca',
        card: 'Número en los datos de la biblioteca',
        branch: 'Sucursal',
        category: 'Tipo de tarjeta',
        expiresOn: 'Tarjeta vigente hasta',
        choices: 'Lo que elegiste',
        decisions: {
          grant: (what) => `Dijiste que sí a esto: ${what}.`,
          deny: (what) => `Dijiste que no a esto: ${what}.`,
          stop: (what) => `Dejaste de recibir: ${what}.`,
          pause: (what) => `Pediste una pausa: ${what}.`,
        },
        kinds: (kinds) => `Solo estos tipos: ${kinds}.`,
        everything: 'todo',
        shownWords: 'Las palabras que viste:',
        doNotWrite: (what) => `No podemos escribir a tu dirección sobre esto: ${what}.`,
      },
      file: 'Una copia para ti',
      fileText:
        'Todo en un archivo, con las palabras y las horas exactas. Es para programas (JSON), y una persona también puede leerlo. También lleva lo que esta página no muestra: si tienes tarjeta, tu calle, tu teléfono y el mes en que se usó por última vez.',
      fileButton: 'Descargar el archivo',
      erase: 'Borrar todo',
      eraseText: 'Te preguntaremos una vez más antes de que pase nada.',
      eraseButton: 'Borrar todo lo mío…',
      eraseTitle: '¿Borrar todo lo que hay sobre ti?',
      eraseAsks: [
        'Tu nombre, tus direcciones y los detalles de lo que elegiste desaparecen para siempre. Nadie puede recuperarlos.',
        'No te enviamos más notas. Se queda una huella de tu dirección, para no escribirte por error; no nombra a nadie.',
      ],
      eraseRest: (library) =>
        `Esto es solo sobre estas notas. Si tienes tarjeta, queda como está, y también tus préstamos, tus avisos y lo que ${library} sabe de ti.`,
      eraseSure: 'Sí, lo quiero, y sé que no se puede deshacer.',
      eraseFirst: 'Primero marca la casilla. No se borró nada.',
      eraseNow: 'Borrar todo ahora',
      erased: 'Listo. Todo quedó borrado.',
      erasedText: (library) =>
        `Aquí ya no se guarda nada que te nombre. Tu tarjeta de ${library} sigue como estaba. Puedes cerrar esta página; no tienes que hacer nada más.`,
    },
    reasons: {
      NEVER_SAID_YES: 'no habías dicho que sí a esto',
      SAID_NO: 'habías dicho que no a esto',
      CONSENT_TOO_OLD: 'tu sí era de hace tanto tiempo que ya no contaba',
      DIED: 'los datos de la biblioteca dicen que la persona falleció',
      MINOR: 'no escribimos mensajes así a menores',
      CARD_BARRED: 'primero hay algo que arreglar con la tarjeta; en el mostrador te ayudan',
      CARD_CLOSED: 'la tarjeta está cancelada',
      CARD_EXPIRED: 'la tarjeta está vencida, y lo que ofrece la nota no habría funcionado',
      LEFT_THE_FILE: 'ya no apareces en los datos de la biblioteca',
      NO_PHONE: 'no teníamos un número tuyo al que llegara un mensaje de texto',
      NO_ADDRESS: 'no teníamos tu correo electrónico',
      ADDRESS_UNUSABLE: 'la dirección de correo que teníamos no se podía usar',
      ADDRESS_NOT_KNOWN_YET: 'todavía no teníamos tu dirección',
      STOPPED: 'alguien de esta dirección nos había pedido que dejáramos de escribir',
      BOUNCED: 'un correo anterior a esta dirección fue devuelto',
      COMPLAINED: 'un correo anterior a esta dirección se marcó como no deseado',
      DO_NOT_WRITE:
        'el personal de la biblioteca había puesto esta dirección en su lista de las que no deben recibir mensajes',
      LIFE_EVENT: 'nos habían dicho que algo cambió, y una persona todavía tenía que revisarlo',
      PAUSED: 'nos habías pedido una pausa',
      OWN_PACE: 'habría llegado antes de lo que elegiste',
      PROMPTED_LATELY: 'habías recibido una nota así poco antes',
      PROMPTS_UNANSWERED: 'ya habías recibido suficientes notas así',
      ENOUGH_THIS_MONTH: 'ya habías recibido suficientes mensajes ese mes',
      HOUSEHOLD: 'alguien que comparte tu dirección ya había recibido la nota',
      NO_LONGER_CHOSEN: 'ya no era para ti',
    },
    otherReason: 'una de nuestras reglas lo retuvo',
    ask: {
      title: 'Cambia lo que te enviamos',
      text: (library) =>
        `Escribe tu correo electrónico. ${library} enviará ahí un enlace que abre la página donde decides. Los avisos sobre tus préstamos y reservas son otra cosa y quedan como están.`,
      label: 'Tu correo electrónico',
      button: 'Recibir el enlace',
      wrong: 'Eso no parece un correo electrónico. Revísalo, por favor.',
      done: 'Va un correo en camino.',
      doneText:
        'Revisa tu correo en un minuto. Aquí decimos lo mismo para cualquier dirección, para que nadie pueda averiguar si otra persona recibe correo nuestro. Si no llega nada, mira en el correo no deseado, o llámanos o escríbenos.',
    },
    codeMail: {
      subject: (library) => `Tu código para ${library}`,
      opening: (library) =>
        `Alguien abrió la página donde decides qué te envía ${library} y pidió este código. Escríbelo ahí:`,
      good: (minutes) => `Sirve por ${minutes} minutos.`,
      notYou:
        '¿No fuiste tú? Entonces no hagas nada. Sin el código no se muestra ni se envía nada más. Quizá reenviaste uno de nuestros mensajes.',
    },
    linkMail: {
      subject: (library) => `Lo que tú decides en ${library}`,
      known: (library) => `Pediste la página donde decides qué te envía ${library}. Aquí está.`,
      shared: (library) =>
        `Pediste la página donde decides qué te envía ${library}. Más de una persona usa esta dirección, así que hay una página para cada una.`,
      open: 'Abrir la página',
      openOf: (n) => `Abrir la página de la persona ${n}`,
      unknown: (library) =>
        `Pediste la página donde decides qué te envía ${library}. Nadie nos ha pedido todavía que enviemos algo a esta dirección, así que no enviamos nada. Si quieres recibir noticias nuestras, puedes decirlo aquí.`,
      join: 'Elegir lo que me gustaría recibir',
      notYou: '¿No fuiste tú? Entonces no hagas nada. No cambió nada.',
    },
    taskMail: {
      subject: 'Alguien nos avisó de un cambio: hay una tarea pendiente',
      parts: [
        'Alguien nos avisó de un cambio que solo puede resolver una persona de la biblioteca.',
        'Este correo no nombra a nadie a propósito. Para ver qué hay pendiente, ejecuta esto donde está instalado Gentle Reader:',
      ],
    },
  },

  // --- what is printed: the first-day kit ---
  paper: {
    channels: {
      email: 'por correo electrónico',
      sms: 'por mensaje de texto',
      post: 'por correo postal',
      all: 'por cualquier medio',
    },
    page: (page, pages) => `Página ${page} de ${pages}`,
    month: (year, month) => `${months[month - 1]} de ${year}`,
    strip: {
      title: '¿Te gustaría recibir noticias nuestras?',
      intro:
        'Marca lo que te gustaría recibir. Tu tarjeta no depende de esto, y una casilla vacía no cambia nada: en ese caso no te escribimos.',
      yes: 'Sí',
      no: 'No, gracias',
      name: 'Nombre',
      card: 'Número de tarjeta, si tienes',
      email: 'Correo electrónico',
      phone: 'Teléfono, solo si quieres: para llamarte si falla tu correo',
      phoneForTexts: 'Teléfono, solo si quieres: para los mensajes de texto que marques, o por si falla tu correo',
      ratherNot: 'Prefiero no dar un número de teléfono. También es una respuesta, y no volveremos a preguntar.',
      language: 'Quiero recibirlo en',
      date: 'Fecha',
      after: 'Guardamos tus respuestas con estas palabras y la fecha, y no damos tu dirección a nadie.',
      young: 'Si es para alguien menor de 18 años, lo llena su madre, padre o tutor.',
      staff: 'Personal: recogido en / por',
      cut: 'Cortar aquí',
    },
    poster: {
      title: '¿Te escribimos de vez en cuando?',
      said: [
        'Novedades, actividades o unas líneas sobre lo que puedes hacer con tu tarjeta.',
        'Tú eliges. Puedes dejarlo en cualquier momento.',
      ],
      scan: 'Apunta aquí con tu teléfono',
      type: 'o escribe esta dirección',
      desk: '¿No llevas teléfono? Pregunta en el mostrador.',
      foot: 'Solo escribimos a quien nos ha dicho que sí, y no damos tu dirección a nadie. Lo que pides prestado no tiene nada que ver.',
      picture: (address) => `Un código cuadrado para la cámara del teléfono. Abre ${address}`,
    },
    script: {
      title: 'Una pregunta en el mostrador',
      intro:
        'Quien viene poco casi nunca pasa por aquí. Para poder escribirle el año que viene, hay que preguntarles hoy a todos.',
      count: (month) => `dijeron que sí en ${month}`,
      whenTitle: 'Cuándo',
      when: 'Cuando alguien pide una tarjeta o la renueva: una sola vez, al final, cuando todo lo demás está hecho.',
      sayTitle: 'Di',
      showTitle: 'Muestra',
      show: 'Dale la tira y un bolígrafo, para que lea las palabras y marque lo que quiera. Nunca marques una casilla por nadie, y toma una casilla vacía como un no.',
      askTitle: 'Si responden o preguntan',
      answers: [
        ['Sí.', 'Gracias. Cada nota trae un enlace para dejarlo, y funciona al momento.'],
        ['No, gracias.', 'Muy bien, para tu tarjeta no cambia nada. Lo anoto para que nadie te lo vuelva a preguntar.'],
        [
          '¿Ven lo que leo?',
          'No. El sistema que envía estas notas no tiene dónde guardar lo que pide prestado la gente.',
        ],
        [
          '¿Y si luego no quiero más?',
          'Con el enlace de cada nota, o diciéndoselo a cualquiera de nosotros. Y dura hasta que tú digas otra cosa.',
        ],
        [
          'Es para mi hijo.',
          'A los niños no les preguntamos. Lo que diga su madre, padre o tutor se guarda en una tira aparte; aun así no le escribimos a ningún niño, y le preguntamos cuando sea mayor de edad.',
        ],
      ],
      phone: {
        asked: '¿Para qué quieren mi teléfono?',
        toCall: 'Puedes no darlo: hay una casilla para eso. Si lo das, es solo para llamarte si falla tu correo.',
        forTexts:
          'Puedes no darlo: hay una casilla para eso. Si lo das, es para los mensajes de texto que marques, o para llamarte si falla tu correo.',
      },
      afterTitle: 'El mismo día',
      after: [
        'Escribe en la tira la fecha, el mostrador y tu nombre.',
        'Ponla en la bandeja, también los noes: se anotan hoy.',
        'A quien ya respondió no se le pregunta otra vez: mira antes de preguntar.',
      ],
    },
    texts: {
      note: 'Con tu tarjeta hay cursos por internet y pases de museo. Pregunta en tu biblioteca.',
    },
    record: {
      title: 'Constancia de una decisión',
      made: (library, when) => `${library}. Redactada el ${when} a partir del registro de consentimientos.`,
      decisions: {
        grant: (who, what, how) => `${who} dijo que sí a ${what}, ${how}.`,
        deny: (who, what, how) => `${who} dijo que no a ${what}, ${how}.`,
        stop: (who, what, how) => `${who} dejó de recibir ${what}, ${how}.`,
        pause: (who, what, how) => `${who} pidió una pausa de ${what}, ${how}.`,
      },
      patron: (id) => `La persona ${id}`,
      everything: 'todo aquello para lo que pedimos consentimiento',
      wordsTitle: 'Las palabras que vio',
      howTitle: 'Cómo lo dijo',
      when: 'Lo dijo el',
      utc: 'Lo mismo en UTC',
      method: 'Cómo',
      methods: {
        'sign-up form': 'formulario para pedir la tarjeta',
        'renewal desk': 'al renovar la tarjeta en el mostrador',
        'paper form': 'formulario de papel',
        'at the desk': 'en el mostrador',
        'by phone': 'por teléfono',
        'web form': 'formulario en el sitio web',
        'own page': 'página de sus preferencias',
        'invitation in a notice': 'página abierta desde un aviso',
        'link in a message': 'enlace de un mensaje',
        'said again by a link in a message': 'confirmado de nuevo con el enlace de un mensaje',
        'choose-less page': 'página para recibir menos notas',
        'unsubscribe page': 'página para dejar las notas',
        'unsubscribe mail': 'correo a la dirección para dejar las notas',
        'one-click unsubscribe': 'botón del programa de correo para dejar las notas',
        'rather not give a phone': 'prefirió no dar un teléfono',
      },
      kinds: (kinds) => `Solo estos tipos: ${kinds}.`,
      byGuardian: (how) => `madre, padre o tutor: ${how}`,
      thePatron: 'la propia persona',
      attested: 'Quién responde de ello',
      recorded: 'Se anotó el',
      details: {
        language: 'Idioma de la página',
        'page language': 'Idioma de la página',
        confirmation: 'Confirmado por',
        confirmed: 'Confirmado por',
        address: 'Dirección',
        email: 'Correo',
        phone: 'Teléfono',
        name: 'Nombre tal como lo escribió',
        page: 'Página',
        place: 'Dónde',
        form: 'Formulario',
        by: 'Anotado por',
        guardian: 'Madre, padre o tutor',
        relation: 'Relación',
      },
      confirmations: {
        'link in a mail': 'enlace en un correo',
        'code from a mail': 'código de un correo',
        'code in a text': 'código en un mensaje de texto',
      },
      forgotten:
        'Los datos personales de esta anotación se olvidaron cuando la persona lo pidió. La anotación sigue en pie.',
      placeTitle: 'Su lugar en el registro',
      entry: 'Anotación',
      entryOf: (entry, entries) => `${entry} de ${entries}`,
      wording: 'Versión de las palabras',
      hash: 'Sello de esta anotación',
      before: 'Sello de la anterior',
      head: 'Sello de la última',
      signature: 'Clave que la firmó',
      chain: 'La cadena',
      whole: 'Recorrida ahora mismo de la primera anotación a la última: nada se cambió, agregó ni quitó.',
      broken: 'No está íntegra. No confíes en esta página hasta que eso se aclare.',
      sinceTitle: 'Qué dijo después',
      nothingSince: 'Nada. Esta es su última palabra sobre ello.',
      checkTitle: 'Cómo comprobar esta página',
      check:
        'Cada anotación se sella con SHA-256 sobre el sello anterior y sus propias palabras, y el último sello se firma con una clave que está fuera de la base de datos. «gentle ledger verify» recorre otra vez la cadena; el archivo que acompaña a esta página tiene los mismos datos para un programa.',
      notPrinted:
        'Un ■ ocupa el lugar de un signo que aquí no se puede imprimir. El archivo que acompaña a esta página tiene las palabras exactas.',
    },
  },

  // --- the invitation at the foot of a notice ---
  invitation: {
    foot: (library, url) =>
      `¿Te gustaría recibir una nota de ${library} de vez en cuando? Tú eliges qué, y puedes dejarlo en cualquier momento. Dínoslo aquí: ${url} Si no, no hagas nada: no responder es decir que no.`,
    intro:
      'Esta página se abrió desde un aviso. Elige lo que te gustaría recibir, o ciérrala: entonces no cambia nada.',
    card: 'No hace falta que escribas ningún número de tarjeta. Si tu correo es el que tenemos para la tarjeta del aviso, tu sí se anota con esa tarjeta. Si alguien te pasó el aviso, también puedes inscribirte.',
  },

  // --- a reader who is invented, to show staff what a note will look like ---
  sample: { name: 'Tomás', link: '(enlace)' },

  // --- what a note must not say: patterns, searched as messages/lint-words.ts describes ---
  lint: {
    'card-use': [
      'no (?:has|ha|han) (?:usado|utilizado|venido|vuelto|visitado|sacado|pedido|tomado|prestado|pasado|leido|renovado|estado)',
      '(?:no|nunca) (?:usas|usa|utilizas|utiliza|visitas|vienes|viene|sacas|pides prestad[oa]s?)',
      'no (?:te|le|lo|la|os) (?:hemos visto|vemos|habiamos visto|vimos)|sin (?:verte|verle|verlo|verla|usar|usarla|venir|visitarnos|visitar|saber de (?:ti|usted))',
      'desde (?:tu|su) ultim[oa]|desde que (?:viniste|vino|usaste|uso|sacaste|visitaste)|(?:tu|su) ultim[oa] (?:visita|prestamo|vez|libro)|la ultima vez',
      'hace (?:mucho|tiempo|meses|semanas|anos|rato|un tiempo|\\S+ (?:meses|semanas|anos))|cuanto tiempo sin|(?:tanto|mucho) tiempo sin',
      '(?:hemos )?not(?:ado|amos) que|(?:hemos visto|vimos|vemos) que|segun nuestros|nuestros registros|(?:tu|su) historial',
      'inactiv[oa]s?|inactividad|reactiv(?:a|ar|e|ala|arla|acion)|en desuso|sin uso',
      '(?:te|le|lo|la|os) (?:extranamos|extranabamos|echamos de menos|hemos extranado|hemos echado de menos)|nos haces falta',
      '(?:vuelve|vuelva|volver|regresa|regrese|regresar) (?:a|al|pronto|hoy)|bienvenid[oa]s? de (?:nuevo|vuelta|regreso)|(?:verte|verle|verlo|verla|visitanos|visitenos|ven|venga|usa(?:r|la|rla)?|te esperamos|le esperamos) (?:de nuevo|otra vez|de vuelta|de regreso)',
      '(?:tus|sus) (?:prestamos|lecturas)|(?:has|ha) (?:sacado|leido|pedido prestado|devuelto)|redescub(?:re|ra|rir)|desempolva(?:r)?|sigues teniendo|aun tienes',
    ],
    guilt: [
      'no (?:te |se |lo |la )?olvid(?:es|e)|(?:te |se )?(?:has|ha) olvidado|(?:te )?olvidaste|se olvido|olvidad[oa]',
      'deberias?|(?<!no )(?:tienes|tiene) que|(?<!no )debes|verguenza|culp(?:a|as|able|ables)|decepcion(?:a|ado|ada|ar|an)?|defraud\\w*',
      '(?:cogiendo|acumulando|llen[oa] de|llenandose de|criando) polvo|abandon(?:o|ar|aste|ado|ada)|desperdici(?:a|as|ar|ado|o|es)|sol[oa] y olvidad[oa]|sin excusas?|(?:te|le) (?:espera|esta esperando)',
    ],
    urgency: [
      'apurate|apurese|apresurate|apresurese|dat[e] prisa|dese prisa|urgent(?:e|es|emente)|urge|ultim[oa]s? (?:oportunidad|dias?|aviso|llamada|plazas?|lugares)|no (?:te|se) (?:lo |la |los |las )?(?:pierdas|pierda)|no (?:esperes|espere|tardes)',
      'tiempo limitado|sol[oa] (?:por )?hoy|hasta agotar|antes de que (?:sea|se acabe|termine)|demasiado tarde|quedan (?:solo|pocos|pocas)|se (?:acaba|agota|termina)n?',
      'venc(?:e|en|imiento)|caduc(?:a|an|ar|idad)|expir(?:a|an|ar|o)|plazo|ahora mismo|de inmediato|inmediat(?:o|a|amente)|cuanto antes|lo antes posible|ahora o nunca|(?:termina|acaba) (?:hoy|manana|pronto)|sin demora|actua (?:ya|ahora|hoy)',
    ],
    votes: [
      'vot(?:o|os|a|as|e|en|es|ar|aste|ante|antes|acion|aciones|emos|ando)|boletas?|papeletas?|elecciones|eleccion (?:municipal|local|general|especial|estatal)|electoral(?:es)?|referend(?:o|um|os)|urnas?|bonos? (?:escolar(?:es)?|municipal(?:es)?|public[oa]s?|de la biblioteca)|emision de bonos|subi(?:r|da de) (?:los )?impuestos|candidat[oa]s?|comicios|(?:propuesta|medida) \\d+',
    ],
    'pin-asked': [
      '(?-i:PINs?|NIP)|(?:tu|su|el|un|numero de) (?:pin|nip)|contrasenas?|(?<!palabras? )(?:tu|su|la|una) claves?(?! de(?:l)? (?:exito|una?|la|los?|todo|libro|buen))|claves? (?:de acceso|secreta|personal)|codigo de (?:acceso|seguridad)|numero de (?:tarjeta|seguro social)',
    ],
    'false-reply': ['^(?:re|rv|fwd?|rif)(?= ?:)'],
  },

  // --- how easy a text is to read (Fernández Huerta, 1959) ---
  reading: { syllables: countSyllables, score: (s, w) => 206.84 - 60 * s - 1.02 * w },
}

// Each strong vowel and each accented weak one is a syllable; weak ones lean on their neighbour.

function countSyllables(written: string): number {
  const word = written
    .toLowerCase()
    .normalize('NFC')
    .replace(/(?<!c)h/g, '') // silent, and no wall between vowels: "prohibir" has two
    .replace(/qu|gu(?=[eiéí])/g, 'q') // the u is not spoken: "qué", "guitarra"
    .replace(/y$|y(?=[^aeiouáéíóúü])/, 'i') // "y", "hoy", "muy"
  let count = 0
  for (const group of word.match(/[aeiouáéíóúü]+/g) ?? []) {
    const strong = group.match(/[aeoáéóíú]/g)?.length ?? 0
    count += strong === 0 ? (/ii|uu/.test(group) ? 2 : 1) : strong
  }
  return Math.max(1, count)
}

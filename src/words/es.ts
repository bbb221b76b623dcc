// Spanish: every sentence that readers see. The shape says where each stands.
import type { Words } from './shape.ts'
import { textsEs } from './texts-es.ts'

const months = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' ')

export const es: Words = {
  texts: textsEs,
  // --- around every note ---
  frame: {
    direction: 'ltr',
    greet: (name) => `Hola, ${name}:`,
    greetNobody: 'Hola:',
    date: (year, month, day) => `${day} de ${months[month - 1]} de ${year}`,
    asked: (date) => `El ${date} nos pediste una nota de vez en cuando.`,
    staff: 'El equipo de tu biblioteca',
    fewer: 'Menos notas, u otra cosa',
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
      'own page': 'en la página donde decides',
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

  // --- a note that somebody asked us to pass on ---
  passedOn: {
    subject: 'Alguien nos pidió darte un recado',
    asked: (library) =>
      `Alguien pidió a ${library} que te diera un recado. Lo hacemos así porque no decimos a nadie si conocemos a una persona. Nos pidió decirte:`,
    toldNothing:
      'A quien preguntó no le dijimos nada: ni si tienes tarjeta, ni si te conocemos, ni si este mensaje salió. No tienes que hacer nada.',
    why: 'Este es un solo mensaje de la propia biblioteca. No te pone en ninguna lista.',
  },

  // --- an old yes, said once more ---
  keep: {
    title: '¿Podemos seguir escribiéndote?',
    asks: (library) => `${library} quiere saber si sus notas te siguen gustando. A esto dijiste que sí:`,
    since: (date, purpose) => `El ${date} (${purpose}):`,
    button: 'Sí, sigan',
    otherwise: 'Si no haces nada, nuestras notas terminan solas después de un tiempo.',
    done: 'Gracias. Seguimos.',
    doneText: (library) =>
      `${library} te sigue escribiendo como antes. Puedes decir que no en cualquier momento, con un enlace en cada nota.`,
    nothing: [
      'No hay nada que seguir',
      'No escribimos a esta dirección, o ha cambiado desde entonces. Si quieres recibir nuestras notas, llámanos o escríbenos.',
    ],
    link: 'Sí, sigan',
  },

  // --- what we keep of somebody ---
  kept: {
    kinds: {
      facts: 'Datos de tu tarjeta: tu biblioteca, el tipo de tarjeta y el mes en que se usó por última vez',
      identity: 'Tu nombre y cómo comunicarnos contigo',
      choices: 'A qué dijiste que sí y que no, con las palabras que viste',
      'do-not-write': 'Que no debemos escribir a una dirección, como un código que no nombra a nadie',
      messages: 'Que te enviamos un mensaje y por qué; no su texto',
      texts: 'Los mensajes de texto entre tú y la biblioteca, hasta que se borran',
      audit: 'Quién de nuestro personal miró tus datos y cuándo',
    },
    ends: {
      schedule: (days) => `Se borra solo después de ${days} días`,
      'last-yes': 'Se olvida cuando termina tu último sí',
      erasure: 'Se guarda hasta que nos pidas olvidarte',
      nothing: 'Se guarda para que un no siga siendo un no',
      held: 'Por ahora no se borra, porque la ley nos pide guardarlo',
    },
    readers: {
      circulation: 'El personal que atiende las tarjetas y los permisos',
      outreach: 'El programa que te escribe, y solo para lo que aceptaste',
      backup: 'Quien cuida nuestras copias de seguridad',
    },
  },

  // --- decir que sí en nuestra página ---
  join: {
    title: (library) => `¿Quieres recibir noticias de ${library}?`,
    intro: 'Elige lo que te interese. No hay nada marcado de antemano, y puedes dejarlo cuando quieras.',
    renewTitle: (library) => `Gracias por renovar. ¿Quieres recibir noticias de ${library}?`,
    renewIntro: 'Tu tarjeta no depende de esto. Elige lo que te interese o cierra esta página.',
    adults: 'Este formulario es para personas mayores de 18 años. No hace falta tener tarjeta de la biblioteca.',
    about: 'Sobre ti',
    name: 'Tu nombre',
    nameHint: 'Como quieres que te saludemos.',
    email: 'Correo electrónico',
    emailHint: 'Enviamos allí un solo mensaje para ver que es tuyo. Antes de que respondas a él no llegará nada más.',
    phone: 'Teléfono',
    phoneHint:
      '¿Prefieres no darlo? Déjalo vacío; no cambia nada. No enviamos mensajes de texto. Una persona de la biblioteca lo usaría solo si tu correo deja de funcionar.',
    card: 'Número de tarjeta de la biblioteca',
    cardHint:
      'Solo si quieres que lo anotemos junto a tu tarjeta. Vale si tu correo es el que tenemos para esa tarjeta.',
    optional: 'si quieres',
    language: 'Idioma de nuestros mensajes',
    what: '¿Qué podemos enviarte?',
    whatHint: 'Marca al menos una casilla. La que dejes vacía queda, por ahora, en un no.',
    kinds: 'Solo estos tipos (si no marcas ninguno, todos)',
    offers: {
      reengagement: {
        title: 'Una nota de vez en cuando, por correo electrónico',
        says: (library) =>
          `¿Puede ${library} enviarte de vez en cuando una nota breve y amable por correo electrónico, sobre lo que puedes hacer con tu tarjeta? Nunca más de una cada 90 días. Puedes decir que no en cualquier momento, con un enlace en cada nota; tu tarjeta y tus avisos quedan como están.`,
      },
      'new-titles': {
        title: 'Novedades, por correo electrónico',
        says: (library) =>
          `¿Puede ${library} escribirte una vez al mes por correo electrónico sobre libros, películas y música nuevos? Puedes decir que no en cualquier momento, con un enlace en cada mensaje.`,
      },
      events: {
        title: 'Actividades, por correo electrónico',
        says: (library) =>
          `¿Puede ${library} escribirte por correo electrónico sobre cuentacuentos, charlas y clases, dos veces al mes como máximo? Puedes decir que no en cualquier momento, con un enlace en cada mensaje.`,
      },
    },
    button: 'Enviar',
    next: 'Elegir lo que te interesa',
    leaveEmpty: 'Deja este campo vacío',
    withIt: 'Qué hacemos con estos datos',
    kept: [
      'Guardamos tu nombre, tu correo, tu idioma, lo que elegiste y las palabras que viste, mientras quieras tener noticias nuestras. Cuando lo dejes todo, tu nombre y tu dirección se borran; queda que nos pediste parar, para que lo cumplamos.',
      'Si lo anotamos junto a tu tarjeta, miramos en qué mes se usó por última vez, para escribirte cuando lleve un tiempo tranquila. Nunca el día, y nunca lo que tomas prestado.',
      'Los mensajes los lleva un servidor de correo que trabaja para la biblioteca, y tu propio proveedor de correo. Nadie más recibe tu dirección.',
      'No seguimos si abres un mensaje ni si pulsas en él.',
    ],
    publicRecords:
      'En este estado, las listas de personas que se apuntan para recibir noticias de un organismo público pueden ser documentos públicos. A quien las pida se le pueden dar tu nombre y tu correo.',
    wrong: {
      title: 'Falta algo',
      name: 'Dinos, por favor, cómo saludarte.',
      email: 'Escribe, por favor, tu dirección de correo, como rosa@example.org.',
      phone: 'No sabemos marcar ese número de teléfono. Corrígelo o déjalo vacío.',
      nothing: 'Marca, por favor, lo que te interese.',
      lookOver: 'Míralo, por favor, una vez más y vuelve a pulsar el botón.',
    },
    sent: {
      title: 'Ahora mira tu correo',
      text: (email) => `Si ${email} es correcto, hay un mensaje en camino. Lleva un enlace y un código de seis cifras.`,
      ask: 'Abre el enlace o escribe aquí el código. Hasta entonces no cuenta nada, y a los dos días lo olvidamos.',
      code: 'Código',
      codeHint: 'Seis cifras.',
      button: 'Este es mi código',
      wrongCode: 'Ese no es el código de nuestro último mensaje. Míralo otra vez, por favor.',
      noCode: 'Este código ya no sirve. Pide uno nuevo.',
      again: 'Quiero un código nuevo',
      askedAgain: 'Lo hemos anotado. Si llega otro mensaje, el código del anterior ya no vale.',
      nothingCame:
        '¿No ha llegado nada? Mira en el correo no deseado, espera un minuto y comprueba la dirección. Enviamos como mucho tres mensajes de estos al día.',
    },
    look: {
      title: '¿Eres tú?',
      text: (library) => `Alguien se apuntó en ${library} con tu dirección, para esto:`,
      button: 'Sí, fui yo',
      not: '¿No fuiste tú? Cierra esta página. No pasa nada, y lo olvidamos.',
    },
    done: {
      title: 'Gracias. Queda anotado.',
      text: 'Dijiste que sí a esto:',
      card: 'Si diste un número de tarjeta, y este correo es el que tenemos para ella, queda anotado también junto a tu tarjeta.',
      leave: 'Cada mensaje lleva un enlace para cambiarlo o dejarlo.',
    },
    already: ['Esto ya está hecho', 'Tu sí queda anotado. No tienes que hacer nada más.'],
    over: [
      'Esto ya no está abierto',
      'Puede que el enlace se haya cortado por el camino, o que tenga más de dos días. No se ha anotado nada. Puedes apuntarte otra vez.',
    ],
    signUp: 'Apuntarme otra vez',
    mail: {
      subject: (library) => `¿Fuiste tú? ${library}`,
      says: (library) =>
        `Alguien, seguramente tú, pidió en ${library} recibir noticias en esta dirección. ¿Fuiste tú? Entonces abre esta página y pulsa allí el botón:`,
      link: 'Sí, fui yo',
      code: 'O escribe este código en la página donde te apuntaste:',
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
    whatHint: 'Una marca quiere decir que sí. Quítala y paramos al momento.',
    pace: '¿Cada cuánto, como máximo?',
    paceLibrary: 'Con la frecuencia de cada tipo de mensaje',
    paceDays: (days) => `Como máximo un mensaje cada ${days} días, sea del tipo que sea`,
    pause: '¿Quieres un descanso?',
    pauseUntil: 'No me envíen nada antes de este día',
    pauseHint: 'Déjalo vacío si no quieres ningún descanso.',
    pausedNow: (date) => `Guardamos silencio hasta el ${date}, como pediste.`,
    resume: 'Escríbanme otra vez desde ahora',
    pauseWrong: 'Elige un día que aún esté por venir, dentro de tres años. No se ha cambiado nada.',
    language: '¿En qué idioma te gusta leer?',
    save: 'Guardar lo que elegí',
    saved: 'Hecho. Hemos guardado lo que elegiste.',
    unchanged: 'Todo está como estaba; no había nada que cambiar.',
    changed: {
      stopped: (what) => `Nada más de esto: ${what}.`,
      pace: (days) => `Como máximo un mensaje cada ${days} días.`,
      paceLibrary: 'Los mensajes llegan con la frecuencia de cada tipo.',
      paused: (date) => `Nada antes del ${date}.`,
      language: 'Te escribimos en el idioma que elegiste.',
      yes: (what) => `Sí a esto: ${what}.`,
      resumed: 'El descanso ha terminado.',
      soon: 'El primer mensaje puede tardar unos días en llegar.',
    },
    waitsForStaff:
      'Nos han dicho que algo ha cambiado para ti. No escribimos nada hasta que una persona de la biblioteca lo haya mirado.',
    leave: 'Dejarlo todo',
    leaveText:
      'Basta con pulsar una vez para que no llegue ninguna nota más a esta dirección, desde ese momento. Los avisos sobre tus préstamos y reservas seguirán llegando.',
    more: 'Ver todo lo que guardamos sobre ti',
    moreText:
      'Qué te enviamos y por qué, una copia para ti, una dirección nueva, o que se borre todo. A veces los mensajes se reenvían a otras personas. Por eso enviamos antes un código a la propia dirección.',
    moreButton: 'Envíenme un código',
    life: '¿Ha cambiado algo?',
    lifeEvents: {
      moved: {
        link: 'Me he mudado',
        title: '¿Te has mudado?',
        asks: (library) =>
          `Dínoslo, y ${library} no escribirá nada más a esta dirección. Una persona de la biblioteca lo mirará.`,
        button: 'Sí, me he mudado',
        done: 'Gracias por decírnoslo.',
        doneText: (library) =>
          `${library} guarda silencio desde ahora, y una persona de allí lo mirará. Te deseamos una buena llegada. También hay una biblioteca donde vives ahora, y se alegrará de verte.`,
      },
      'not-me': {
        link: 'Esta persona no soy yo',
        title: '¿Esta persona no eres tú?',
        asks: (library) =>
          `Entonces alguien anotó mal una dirección. Dínoslo, y ${library} no escribirá nada más a ella. Una persona de la biblioteca lo arreglará.`,
        button: 'No, no soy yo',
        done: 'Gracias, y disculpa.',
        doneText: (library) =>
          `Nuestro mensaje no era para ti. ${library} no escribe nada más a esta dirección, y una persona de allí lo arreglará. No tienes que hacer nada más.`,
      },
      died: {
        link: 'Esta persona ha fallecido',
        title: '¿Esta persona ha fallecido?',
        asks: (library) =>
          `Lo sentimos. Dínoslo, y ${library} no le escribirá nada más. No tienes que explicar nada, y nadie te lo pedirá.`,
        button: 'Sí, esta persona ha fallecido',
        done: 'Sentimos mucho tu pérdida.',
        doneText: (library) =>
          `Gracias por decírnoslo en un momento tan difícil. ${library} no escribe nada más. Una persona de allí se ocupará del resto con discreción. Si quedan libros por devolver, no hay prisa.`,
      },
    },
    back: 'Volver a lo que tú decides',
    all: 'Todo lo que puedes decidir',
    code: {
      title: 'Escribe el código',
      sent: (masked) => `Va en camino a ${masked} un correo con seis cifras. Valen diez minutos.`,
      sentBlind: 'Si esta página es de esa dirección, va en camino un correo con seis cifras. Valen diez minutos.',
      wider: 'Has pedido algo más que antes. Contará cuando hayas escrito el código. Lo que has quitado ya está hecho.',
      label: 'Las seis cifras',
      button: 'Seguir',
      wrong: 'Esas no son las cifras que enviamos. Míralas otra vez.',
      over: 'Ese código ya no vale. Pide uno nuevo.',
      again: 'Envíenme un código nuevo',
      enough:
        'Ya enviamos bastantes códigos a esta dirección por hoy. Vuelve a intentarlo mañana, o llámanos y una persona te ayudará.',
      address: '¿Qué dirección es?',
      addressText:
        'Ya no guardamos ninguna dirección tuya. Escribe aquella a la que llegó nuestro mensaje y enviaremos un código allí. No la guardamos.',
      addressLabel: 'Tu correo electrónico',
      addressButton: 'Envíenme un código',
    },
    own: {
      title: 'Todo lo que guardamos sobre ti',
      open: 'Esta página queda abierta un cuarto de hora.',
      over: [
        'Esta página se ha cerrado',
        'Queda abierta un cuarto de hora. No se ha cambiado nada. Abre otra vez la página donde decides y pide un código nuevo.',
      ],
      messages: 'Lo que te enviamos en el último año',
      noMessages: 'Nada.',
      states: {
        waits: 'Espera su turno.',
        left: 'Se envió.',
        'came back': 'Volvió: la dirección no existía.',
        failed: 'No se pudo enviar.',
        'held back': 'No se envió.',
        cancelled: 'La biblioteca lo retiró antes de que saliera.',
        unclear: 'No sabemos si salió, y no lo enviaremos otra vez.',
      },
      because: (date, purpose) => `Por qué: el ${date} dijiste que sí a esto: ${purpose}.`,
      heldBack: (reasons) => `Por qué no: ${reasons}.`,
      address: '¿Ha cambiado tu dirección?',
      addressText:
        'Escribe aquí tu nuevo correo, teléfono o dirección postal. Una persona de la biblioteca lo cambiará en los datos de la propia biblioteca. Nada cambia por sí solo.',
      addressLabel: '¿Qué debemos saber?',
      addressButton: 'Hacerlo llegar',
      addressDone: 'Gracias. Una persona de la biblioteca se ocupará.',
      addressMissing: 'Escribe antes la nueva dirección.',
      shared:
        'Más de una persona lee esta dirección, y un código no puede distinguiros. Por eso aquí no se muestran los nombres, los datos de la biblioteca, la copia ni el borrado. Llámanos o escríbenos, y una persona lo hará contigo.',
      record: {
        title: 'Lo que existe aquí sobre ti',
        readers:
          'Puede leerlo el personal que se ocupa de las tarjetas, y cada consulta queda anotada. El programa que envía correo ve un nombre y una dirección solo para aquello a lo que dijiste que sí. Las copias de seguridad guardan una copia bajo llave.',
        since: (date) => `desde el ${date}`,
        kept: {
          identity: 'Tu nombre y tus direcciones',
          facts: 'Lo que dice de ti el archivo de la biblioteca',
          choices: 'Que elegiste, cuándo y cómo',
          evidence: 'Los detalles de cómo elegiste, cerrados con una llave solo tuya',
          messages: 'Que un mensaje se envió o se retuvo; no su texto',
          doNotWrite: 'Una huella de tu dirección, para no escribir a ella',
        },
        until: {
          'the last yes ends': 'se olvida cuando termina tu último sí',
          erased: 'hasta que pidas que se borre, aquí o en la biblioteca',
          'always, without a name': 'se queda, con un número que no nombra a nadie una vez borrado lo tuyo',
        },
        identity: 'Nombre y direcciones',
        name: 'Nombre',
        phone: 'Teléfono',
        post: 'Correo postal',
        facts: 'Del archivo de la biblioteca',
        card: 'Número en los datos de la biblioteca',
        branch: 'Sucursal',
        category: 'Tipo de tarjeta',
        lastUse: 'Mes del último uso de la tarjeta',
        expiresOn: 'Tarjeta válida hasta',
        choices: 'Lo que elegiste',
        decisions: {
          grant: (what) => `Dijiste que sí a esto: ${what}.`,
          deny: (what) => `Dijiste que no a esto: ${what}.`,
          stop: (what) => `Parado: ${what}.`,
          pause: (what) => `Pediste un descanso: ${what}.`,
        },
        everything: 'todo',
        shownWords: 'Las palabras que viste:',
        doNotWrite: 'Esta dirección está en nuestra lista de no escribir.',
      },
      file: 'Una copia para ti',
      fileText:
        'Todo en un archivo, con las palabras y las horas exactas. Es para programas (JSON), y una persona también puede leerlo. Si tienes carné, tu calle, tu teléfono y el mes de su último uso no están: un código solo prueba un buzón. Pídelos en la biblioteca.',
      fileButton: 'Descargar el archivo',
      erase: 'Que se borre todo',
      eraseText: 'Te preguntaremos una vez más antes de que pase nada.',
      eraseButton: 'Borrar todo lo mío …',
      eraseTitle: '¿Borrar todo lo que hay sobre ti?',
      eraseAsks: [
        'Tu nombre, tus direcciones y los detalles de lo que elegiste desaparecen para siempre. Nadie puede recuperarlos.',
        'No te escribimos más notas. Se queda una huella de tu dirección, para no escribirte por error; no nombra a nadie.',
      ],
      eraseRest: (library) =>
        `Esto es solo de estas notas. Si tienes tarjeta, queda como está, y también tus préstamos, tus avisos y lo que ${library} sabe de ti.`,
      eraseSure: 'Sí, lo quiero, y sé que no se puede deshacer.',
      eraseFirst: 'Marca antes la casilla. No se ha borrado nada.',
      eraseNow: 'Borrar todo ahora',
      erased: 'Hecho. Está todo borrado.',
      erasedText: (library) =>
        `Aquí ya no se guarda nada que te nombre. Tu tarjeta de ${library} está como estaba. Puedes cerrar esta página; no tienes que hacer nada más.`,
    },
    reasons: {
      NEVER_SAID_YES: 'no habías dicho que sí a esto',
      SAID_NO: 'habías dicho que no a esto',
      CONSENT_TOO_OLD: 'tu sí era de hace tanto tiempo que ya no contaba',
      DIED: 'en los datos de la biblioteca consta que la persona ha fallecido',
      MINOR: 'no escribimos mensajes así a menores',
      CARD_BARRED: 'antes hay algo que arreglar con la tarjeta; en el mostrador te ayudan',
      CARD_CLOSED: 'la tarjeta está cerrada',
      CARD_EXPIRED: 'la tarjeta ha caducado, y lo que ofrece la nota no habría funcionado',
      LEFT_THE_FILE: 'ya no apareces en los datos de la biblioteca',
      NO_ADDRESS: 'no conocíamos ningún correo electrónico',
      ADDRESS_UNUSABLE: 'lo que conocíamos no era un correo electrónico',
      ADDRESS_NOT_KNOWN_YET: 'tu dirección aún no nos había llegado',
      STOPPED: 'alguien de esta dirección nos había pedido que parásemos',
      BOUNCED: 'un correo anterior a esta dirección volvió',
      COMPLAINED: 'un correo anterior a esta dirección se marcó como no deseado',
      DO_NOT_WRITE: 'el personal de la biblioteca había puesto esta dirección en su lista de no escribir',
      LIFE_EVENT: 'nos habían dicho que algo ha cambiado, y una persona aún tenía que mirarlo',
      PAUSED: 'nos habías pedido un descanso',
      OWN_PACE: 'habría llegado antes de lo que elegiste',
      PROMPTED_LATELY: 'habías recibido una nota así poco antes',
      PROMPTS_UNANSWERED: 'ya habías recibido bastantes notas así',
      ENOUGH_THIS_MONTH: 'ya habías recibido bastantes mensajes ese mes',
      HOUSEHOLD: 'alguien que comparte tu dirección ya había recibido la nota',
      NO_LONGER_CHOSEN: 'ya no era para ti',
    },
    otherReason: 'una de nuestras reglas lo retuvo',
    ask: {
      title: 'Cambia lo que te enviamos',
      text: (library) =>
        `Escribe tu correo electrónico. ${library} enviará allí un enlace que abre la página donde decides. Los avisos sobre tus préstamos y reservas son otra cosa y quedan como están.`,
      label: 'Tu correo electrónico',
      button: 'Envíenme el enlace',
      wrong: 'Eso no parece un correo electrónico. Míralo otra vez.',
      done: 'Va un correo en camino.',
      doneText:
        'Mira tu buzón dentro de un minuto. Aquí decimos lo mismo para cualquier dirección, para que nadie pueda averiguar si otra persona recibe correo nuestro. Si no llega nada, mira en el correo no deseado, o llámanos o escríbenos.',
    },
    codeMail: {
      subject: (library) => `Tu código para ${library}`,
      opening: (library) =>
        `Alguien abrió la página donde decides qué te envía ${library} y pidió este código. Escríbelo allí:`,
      good: (minutes) => `Vale ${minutes} minutos.`,
      notYou:
        '¿No fuiste tú? Entonces no hagas nada. Sin el código no se muestra ni se envía nada más. Quizá reenviaste uno de nuestros mensajes.',
    },
    linkMail: {
      subject: (library) => `Lo que tú decides en ${library}`,
      known: (library) => `Pediste la página donde decides qué te envía ${library}. Aquí está.`,
      shared: (library) =>
        `Pediste la página donde decides qué te envía ${library}. Más de una persona lee esta dirección, así que hay una página para cada una.`,
      open: 'Abrir la página',
      openOf: (n) => `Abrir la página de la persona ${n}`,
      unknown: (library) =>
        `Pediste la página donde decides qué te envía ${library}. Nadie nos ha dicho todavía que enviemos algo a esta dirección, así que no enviamos nada. Si te gustaría saber de nosotros, puedes decírnoslo aquí.`,
      join: 'Elegir sobre qué me gustaría saber',
      notYou: '¿No fuiste tú? Entonces no hagas nada. No ha cambiado nada.',
    },
    taskMail: {
      subject: 'Un lector nos dijo algo: hay una tarea pendiente',
      parts: [
        'Un lector nos habló de un cambio que solo puede resolver una persona de la biblioteca.',
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
      title: '¿Te gustaría saber de nosotros?',
      intro:
        'Marca lo que te gustaría recibir. Tu tarjeta no depende de ello, y una casilla vacía no cambia nada: entonces no te escribimos.',
      yes: 'Sí',
      no: 'No, gracias',
      name: 'Nombre',
      card: 'Número de tarjeta, si tienes',
      email: 'Correo electrónico',
      phone: 'Teléfono, solo si quieres: para lo que marques, o por si falla tu correo',
      ratherNot: 'Prefiero no dar un número de teléfono. Es una respuesta, y no volveremos a preguntar.',
      language: 'Escríbanme en',
      date: 'Fecha',
      after: 'Guardamos tus respuestas con estas palabras y la fecha, y no damos tu dirección a nadie.',
      young: 'Por menores de 18 años lo rellena su madre, padre o tutor.',
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
      foot: 'Solo escribimos a quien nos ha dicho que sí, y no damos tu dirección a nadie. Lo que tomas prestado no cuenta para nada.',
      picture: (address) => `Un código cuadrado para la cámara del teléfono. Abre ${address}`,
    },
    script: {
      title: 'Una pregunta en el mostrador',
      intro:
        'Quien viene poco rara vez pasa por aquí. Para poder escribirle el año que viene, hay que preguntar hoy a todos.',
      count: (month) => `dijeron que sí en ${month}`,
      whenTitle: 'Cuándo',
      when: 'Cuando alguien pide una tarjeta o la renueva: una sola vez, al final, cuando todo lo demás está hecho.',
      sayTitle: 'Di',
      showTitle: 'Enseña',
      show: 'Dale la tira y un bolígrafo, para que lea las palabras y marque por sí mismo. No marques nunca una casilla por nadie, y toma una casilla vacía como un no.',
      askTitle: 'Si responden o preguntan',
      answers: [
        ['Sí.', 'Gracias. Cada nota lleva un enlace para dejarlo, y funciona al momento.'],
        ['No, gracias.', 'Muy bien, para tu tarjeta no cambia nada. Lo anoto para que nadie te lo vuelva a preguntar.'],
        [
          '¿Para qué quieren mi teléfono?',
          'Puedes no darlo: hay una casilla para eso. Si lo das, es para lo que marques, o por si falla tu correo.',
        ],
        ['¿Ven lo que leo?', 'No. El sistema que envía estas notas no tiene dónde guardar lo que toma prestado nadie.'],
        [
          '¿Y si luego no quiero más?',
          'Con el enlace de cada nota, o dínoslo a cualquiera de nosotros. Vale al momento.',
        ],
        [
          'Es para mi hijo.',
          'A los niños no les preguntamos. Lo que diga su madre, padre o tutor se guarda en una tira propia; aun así no escribimos a ningún niño, y le preguntamos cuando sea mayor.',
        ],
      ],
      afterTitle: 'El mismo día',
      after: [
        'Escribe en la tira la fecha, el mostrador y tu nombre.',
        'Ponla en la bandeja, también los noes: se anotan hoy.',
        'A quien ya respondió no se le pregunta otra vez: mira antes de preguntar.',
      ],
    },
    texts: {
      note: (library) =>
        `${library}: con tu tarjeta también tienes cursos en línea y pases de museo. Pregúntanos cómo. Responde ALTO para dejarlo.`,
    },
    record: {
      title: 'Constancia de una decisión',
      made: (library, when) => `${library}. Redactada el ${when} a partir del registro de consentimientos.`,
      decisions: {
        grant: (who, what, how) => `${who} dijo que sí a ${what}, ${how}.`,
        deny: (who, what, how) => `${who} dijo que no a ${what}, ${how}.`,
        stop: (who, what, how) => `${who} puso fin a ${what}, ${how}.`,
        pause: (who, what, how) => `${who} pidió que esperásemos con ${what}, ${how}.`,
      },
      patron: (id) => `La persona ${id}`,
      everything: 'todo aquello para lo que pedimos consentimiento',
      wordsTitle: 'Las palabras que vio',
      howTitle: 'Cómo lo dijo',
      when: 'Lo dijo el',
      utc: 'Lo mismo en UTC',
      method: 'Cómo',
      attested: 'Quién responde de ello',
      recorded: 'Se anotó el',
      details: {
        language: 'Idioma de la página',
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
      whole: 'Recorrida ahora mismo de la primera anotación a la última: nada se cambió, añadió ni quitó.',
      broken: 'No se sostiene. No te fíes de esta página antes de que eso se aclare.',
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
    card: 'No hace falta que escribas ningún número de tarjeta. Si tu correo es el que tenemos para la tarjeta del aviso, tu sí se anota con esa tarjeta. Si alguien te pasó el aviso, eres igualmente bienvenido.',
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

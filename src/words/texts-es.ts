// What texts say in Spanish. An á, í, ó or ú is in no telephone's own alphabet and would make two parts of one, so these
// sentences do without; é, ñ, ¿ and ¡ are in it. The mails to staff are free of that.
import type { TextWords } from './texts-shape.ts'

const count = (items: string, one: string, many: string): string => `${items} ${items === '1' ? one : many}`
const at = (place: string): string => (place === '' ? '' : ` en ${place}`)

export const textsEs: TextWords = {
  first: (library, perMonth) => [
    `¡Hola! Somos ${library}. Pediste nuestros mensajes: unos ${perMonth} al mes. Escribe si quieres: te lee una persona. AYUDA, o ALTO para dejarlo. Puede tener costo.`,
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
    pictures: (count) =>
      count === 1 ? 'Llegó una imagen con el mensaje.' : `Llegaron ${count} imágenes con el mensaje.`,
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
    due: (when) => `Alguien debería haber respondido antes de ${when}.`,
    closing: 'Queda en la lista hasta que alguien responda o la cierre.',
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
}

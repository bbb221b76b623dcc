// Maple Falls Public Library: the invented library that the demo opens with, and the words its people were shown when
// they were asked. What was shown is the evidence of a consent, so it stands here in full, in both languages.

export const demoLibrary = {
  key: 'demo',
  name: 'Maple Falls Public Library',
  timezone: 'America/New_York',
  postalAddress: '12 Main Street, Maple Falls, Ohio 43991',
  phone: '740-555-0100',
  email: 'hello@example.org',
  url: 'https://library.example.org',
  staffFirstName: 'Ana',
} as const

/** The main library first, as the distribution has it. */
export const branches = [
  { key: 'main', name: 'Main Library' },
  { key: 'millrace', name: 'Millrace Branch' },
  { key: 'north-hill', name: 'North Hill Branch' },
  { key: 'orchard', name: 'Orchard Branch' },
  { key: 'ferry-landing', name: 'Ferry Landing Branch' },
] as const

export interface Wording {
  id: string
  purpose: 'reengagement' | 'new-titles' | 'events'
  channel: 'email' | 'sms' | 'post'
  language: 'en' | 'es'
  text: string
}

const asked = (
  purpose: Wording['purpose'],
  channel: Wording['channel'],
  texts: { en: string; es: string },
): readonly Wording[] =>
  (['en', 'es'] as const).map((language) => ({
    id: `${purpose}-${channel}-${language}`,
    purpose,
    channel,
    language,
    text: texts[language],
  }))

/** Each sentence stood beside a box that was empty until the person ticked it, with "Yes" and "No, thank you". */
export const wordings: readonly Wording[] = [
  ...asked('reengagement', 'email', {
    en: 'May Maple Falls Public Library send you a short, friendly note by email now and then, about what your card can do? About four a year, never two in 90 days. You can stop at any time, and your card and your notices stay as they are.',
    es: '¿Puede la Biblioteca Pública de Maple Falls enviarte de vez en cuando una nota breve y amable por correo electrónico sobre lo que puedes hacer con tu tarjeta? Unas cuatro al año, nunca dos en 90 días. Puedes dejarlo en cualquier momento; tu tarjeta y tus avisos quedan como están.',
  }),
  ...asked('reengagement', 'sms', {
    en: 'May Maple Falls Public Library text you a short, friendly note now and then, about what your card can do? About four a year, never two in 90 days. Message and data rates may apply. Reply STOP to stop, HELP for help. You need not agree to have a card.',
    es: '¿Puede la Biblioteca Pública de Maple Falls enviarte de vez en cuando un mensaje de texto breve y amable sobre lo que puedes hacer con tu tarjeta? Unas cuatro al año, nunca dos en 90 días. Tu compañía puede cobrar mensajes y datos. Responde ALTO para no recibir más, AYUDA para ayuda. No hace falta aceptar para tener tarjeta.',
  }),
  ...asked('reengagement', 'post', {
    en: 'May Maple Falls Public Library send you a postcard now and then, about what your card can do? Two a year at most. You can stop at any time.',
    es: '¿Puede la Biblioteca Pública de Maple Falls enviarte de vez en cuando una postal sobre lo que puedes hacer con tu tarjeta? Dos al año como máximo. Puedes dejarlo en cualquier momento.',
  }),
  ...asked('new-titles', 'email', {
    en: 'May Maple Falls Public Library email you once a month about new books, films and music? Everybody gets the same list. You can stop at any time.',
    es: '¿Puede la Biblioteca Pública de Maple Falls escribirte una vez al mes por correo electrónico sobre libros, películas y música nuevos? Todos reciben la misma lista. Puedes dejarlo en cualquier momento.',
  }),
  ...asked('events', 'email', {
    en: 'May Maple Falls Public Library email you about story times, talks and classes, twice a month at most? You can stop at any time.',
    es: '¿Puede la Biblioteca Pública de Maple Falls escribirte por correo electrónico sobre horas de cuentos, charlas y clases, dos veces al mes como máximo? Puedes dejarlo en cualquier momento.',
  }),
  ...asked('events', 'sms', {
    en: 'May Maple Falls Public Library text you about events, twice a month at most? Message and data rates may apply. Reply STOP to stop, HELP for help. You need not agree to have a card.',
    es: '¿Puede la Biblioteca Pública de Maple Falls enviarte mensajes de texto sobre sus actividades, dos al mes como máximo? Tu compañía puede cobrar mensajes y datos. Responde ALTO para no recibir más, AYUDA para ayuda. No hace falta aceptar para tener tarjeta.',
  }),
]

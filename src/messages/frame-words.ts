// The fixed sentences around every note (greeting, date, footer), one object a language. Adding a language is adding an
// object here: the types ask for every sentence, the reading measure and the word lists, and the tests for the letters.

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

const spell = (names: string): string[] => names.split(' ')
const monthsEn = spell('January February March April May June July August September October November December')
const monthsEs = spell('enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre')

export const frameWords = {
  en: {
    direction: 'ltr',
    greet: (name) => `Hello ${name},`,
    greetNobody: 'Hello,',
    date: (year, month, day) => `${monthsEn[month - 1]} ${day}, ${year}`,
    asked: (date) => `On ${date} you asked us for a note now and then.`,
    staff: 'Your librarians',
    fewer: 'Fewer notes',
    none: 'No more notes',
    why: 'Why did I get this?',
  },
  es: {
    direction: 'ltr',
    greet: (name) => `Hola, ${name}:`,
    greetNobody: 'Hola:',
    date: (year, month, day) => `${day} de ${monthsEs[month - 1]} de ${year}`,
    asked: (date) => `El ${date} nos pediste una nota de vez en cuando.`,
    staff: 'El equipo de tu biblioteca',
    fewer: 'Menos notas',
    none: 'Ninguna nota más',
    why: '¿Por qué me llega esto?',
  },
} satisfies Record<string, FrameWords>

export type Language = keyof typeof frameWords

export const languages = Object.keys(frameWords) as Language[]

/** "es-MX" and "ES" are read as "es"; null for a language that no frame speaks. */
export function knownLanguage(tag: string): Language | null {
  const primary = tag.trim().toLowerCase().split(/[-_]/)[0] ?? ''
  return Object.hasOwn(frameWords, primary) ? (primary as Language) : null
}

// One reader's mail from one letter: the greeting, the wording filled in, and the frame around it, as text and HTML.
// Everything that does not depend on the reader is joined once a campaign, so that a mail is a few concatenations.
import { Problem } from '../lib/errors.ts'
import { knownLanguage, type Language, wordsOf } from '../words/languages.ts'
import { cutAtFields, type Field, type FieldValues, type Letter, type Wording } from './letter.ts'
import { bodyAsHtml, escapeHtml, prepareFrame, type ReaderLinks } from './mail-frame.ts'
import { nameToGreet } from './name-to-greet.ts'

export interface LibraryVoice {
  name: string
  /** May have several lines. */
  postalAddress: string
  phone: string
  email: string
  url: string | null
  /** Null = nobody is named: the staff sign together, in the reader's language. */
  signedBy: string | null
}

export interface Reader {
  givenName: string
  preferredName: string
  language: string
  /** More than one patron reads this address: no name, or one would be told of the other. */
  addressShared: boolean
  /** ISO date of the reader's own choice. */
  agreedOn: string
  links: ReaderLinks
}

export interface RenderedMail {
  language: string
  subject: string
  text: string
  html: string
}

type Render = (reader: Reader) => RenderedMail

/** Where the reader's own link goes; no letter can hold this sign itself. */
const KEEP = '\u0001'

/** Prepared once a campaign, called once a person. */
export function prepareMail(letter: Letter, library: LibraryVoice, fallbackLanguage: string): Render {
  const fallback = knownLanguage(fallbackLanguage)
  const renders = new Map<string, Render>()
  for (const [language, wording] of Object.entries(letter.wordings) as [Language, Wording][]) {
    renders.set(language, prepareInLanguage(letter.key, wording, language, library))
  }
  const inFallback = fallback === null ? undefined : renders.get(fallback)
  if (inFallback === undefined) {
    throw new Problem(
      'bad-input',
      `The letter ${letter.key} is not written in ${fallbackLanguage}, the language for readers who have named no other. Write it, or choose another letter.`,
    )
  }
  return (reader) =>
    (renders.get(reader.language) ?? renders.get(knownLanguage(reader.language) ?? '') ?? inFallback)(reader)
}

function prepareInLanguage(key: string, wording: Wording, language: Language, library: LibraryVoice): Render {
  const words = wordsOf[language].frame
  const values: Omit<FieldValues, 'greeting'> = {
    signed_by: oneLine(library.signedBy ?? words.staff),
    library_name: oneLine(library.name),
    library_phone: oneLine(library.phone),
    library_url: library.url === null ? '' : oneLine(library.url),
    keep_link: KEEP,
  }
  const htmlValues = {
    ...values,
    signed_by: escapeHtml(values.signed_by),
    library_name: escapeHtml(values.library_name),
    library_phone: escapeHtml(values.library_phone),
    library_url: linkInWords(values.library_url),
    keep_link: `<a href="${KEEP}">${escapeHtml(wordsOf[language].keep.link)}</a>`,
  }
  const emptyField = (field: Field) => {
    if (field !== 'greeting' && values[field] === '') {
      throw new Problem(
        'not-ready',
        `The letter ${key} names {{ ${field} }}, and this library has none yet. Fill it in among the library's details.`,
      )
    }
  }
  const subject = aroundGreeting(wording.subject, values, emptyField)
  const subjectHtml = aroundGreeting(escapeHtml(wording.subject), htmlValues, emptyField)
  const text = aroundGreeting(wording.body, values, emptyField)
  const html = aroundGreeting(bodyAsHtml(wording.body), htmlValues, emptyField)
  const frame = prepareFrame(language, library)
  const asksAgain = text.some((piece) => piece.includes(KEEP))

  return (reader) => {
    const name = reader.addressShared ? null : nameToGreet(reader.preferredName, reader.givenName)
    const greeting = name === null ? words.greetNobody : words.greet(name)
    const greetingHtml = escapeHtml(greeting)
    const bodies = [text.join(greeting), html.join(greetingHtml)] as const
    const [asText, asHtml] = asksAgain
      ? [bodies[0].replaceAll(KEEP, reader.links.keep), bodies[1].replaceAll(KEEP, escapeHtml(reader.links.keep))]
      : bodies
    const askedOn = dateInWords(language, reader.agreedOn)
    return {
      language,
      subject: subject.join(greeting),
      text: frame.text(asText, askedOn, reader.links),
      html: frame.html(subjectHtml.join(greetingHtml), asHtml, askedOn, reader.links),
    }
  }
}

/** The pieces between greetings, the other fields filled in; joined with a greeting they are the whole. */
function aroundGreeting(
  wording: string,
  values: Omit<FieldValues, 'greeting'>,
  check: (field: Field) => void,
): string[] {
  const pieces = ['']
  for (const part of cutAtFields(wording, 'A letter')) {
    if (typeof part !== 'string') check(part.field)
    if (typeof part !== 'string' && part.field === 'greeting') pieces.push('')
    else pieces[pieces.length - 1] += typeof part === 'string' ? part : values[part.field as Exclude<Field, 'greeting'>]
  }
  return pieces
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()

/** The web address as a link whose words are the address without its scheme. Only http and https become links. */
const linkInWords = (url: string): string =>
  /^https?:\/\/\S+$/i.test(url)
    ? `<a href="${escapeHtml(url)}">${escapeHtml(url.replace(/^https?:\/\/(?:www\.)?|\/$/gi, ''))}</a>`
    : escapeHtml(url)

/** "2025-05-03" → "May 3, 2025". By hand: Intl costs more than the rest of the mail. */
export function dateInWords(language: Language, isoDate: string): string {
  const [, year, month, day] = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)/.exec(isoDate) ?? []
  if (day === undefined) throw new Problem('bad-input', `"${isoDate}" is not a date like 2025-05-03.`)
  return wordsOf[language].frame.date(Number(year), Number(month), Number(day))
}

// A campaign as a text: the library's name before the note and how to stop behind it, and for a phone that has had none, who
// writes, why and how often before it. The same for every reader of a language, so its parts are known before anything leaves.
import { cutText } from '../channels/sms/cut-text.ts'
import { measureText } from '../channels/sms/parts.ts'
import { Problem } from '../lib/errors.ts'
import type { Answering } from '../patrons/answering.ts'
import { knownLanguage, type Language, wordsOf } from '../words/languages.ts'
import { cutAtFields, type FieldValues, fillFields, type Letter } from './letter.ts'
import { firstText } from './queue-text.ts'
import type { LibraryVoice } from './render.ts'

export interface TextLimits {
  mostParts: number
  /** The author agreed that a longer one is cut at words. */
  cutLong: boolean
}

export interface RenderedText {
  language: Language
  body: string
  parts: number
}

export interface TextsOfLanguage {
  usual: RenderedText
  /** For a phone that has had no text from this number yet. */
  first: RenderedText
}

/** In each language that the letter has a text in. Throws Problem 'bad-input' or 'not-ready' where one cannot leave as it is. */
export function renderTexts(
  letter: Letter,
  library: LibraryVoice,
  answering: Answering,
  limits: TextLimits,
): Map<Language, TextsOfLanguage> {
  const texts = Object.entries(letter.texts) as [Language, string][]
  return new Map(texts.map(([language]) => [language, inLanguage(letter, language, library, answering, limits)]))
}

/** What a reader gets: in their language, or in the library's. Throws Problem 'bad-input' where the letter has none in that. */
export function prepareText(
  letter: Letter,
  library: LibraryVoice & { language: string },
  answering: Answering,
  limits: TextLimits,
): (reader: { language: string; isFirst: boolean }) => RenderedText {
  const texts = renderTexts(letter, library, answering, limits)
  const inTongue = (tag: string) => {
    const language = knownLanguage(tag)
    return language === null ? undefined : texts.get(language)
  }
  const usual = inTongue(library.language)
  if (usual === undefined)
    throw new Problem(
      'bad-input',
      `The letter ${letter.key} has no text in ${library.language}, the language for readers who have named no other. Write one under "text", or choose another letter.`,
    )
  return ({ language, isFirst }) => {
    const own = inTongue(language) ?? usual
    return isFirst ? own.first : own.usual
  }
}

/** The note of a language with its fields filled in. */
export function noteOf(letter: Letter, language: Language, library: LibraryVoice): string {
  const values: Partial<FieldValues> = {
    signed_by: library.signedBy ?? wordsOf[language].frame.staff,
    library_name: library.name,
    library_phone: library.phone,
    library_url: library.url ?? '',
  }
  const parts = cutAtFields(letter.texts[language]!, 'A text')
  for (const part of parts)
    if (typeof part !== 'string' && !values[part.field])
      throw new Problem(
        'not-ready',
        `The text of ${letter.key} names {{ ${part.field} }}, and this library has none yet. Fill it in among the library's details.`,
      )
  return fillFields(parts, values as FieldValues)
    .replace(/\s+/g, ' ')
    .trim()
}

function inLanguage(
  letter: Letter,
  language: Language,
  library: LibraryVoice,
  answering: Answering,
  { mostParts, cutLong }: TextLimits,
): TextsOfLanguage {
  const frame = (note: string) => wordsOf[language].texts.campaign(library.name, note)
  const whole = noteOf(letter, language, library)
  const note = cutLong ? cutText(whole, mostParts, frame) : whole
  const { parts } = measureText(frame(note))
  if (parts > mostParts || note === '')
    throw new Problem(
      'bad-input',
      `The text of ${letter.key} (${language}) has ${parts} parts with the library's name and how to stop, and this campaign allows ${mostParts}. Write it shorter, allow more ("text: { parts: ${parts} }"), or let it be cut at words ("text: { cut: true }").`,
    )
  const rendered = (body: string): RenderedText => ({ language, body, parts: measureText(body).parts })
  return { usual: rendered(frame(note)), first: rendered(`${firstText(library, answering, language)}\n${note}`) }
}

// The look of an answer: a few plain paragraphs, a code in large figures, a link with its words, and who writes. The
// sheet is that of the notes; there is nothing to leave here, because nobody is on a list for it.
import { type Language, wordsOf } from '../words/languages.ts'
import { escapeHtml, type FooterVoice, imprintLines, SHEET } from './mail-frame.ts'

/** A paragraph, a code to be typed, or a link with its words. */
export type AnswerPart = string | { code: string } | { link: string; says: string }

export interface AnswerWords {
  language: Language
  subject: string
  parts: readonly AnswerPart[]
  /** Why this came, where it is not that somebody did something on our pages. */
  because?: string
}

export function renderAnswer({ language, subject, parts, because }: AnswerWords, voice: FooterVoice) {
  const imprint = imprintLines(voice)
  const why = because ?? wordsOf[language].answer.why
  return {
    text: `${[...parts.map(asText), why].join('\n\n')}\n\n${imprint.join('\n')}\n`,
    html: `${SHEET.opening(language)}${escapeHtml(subject)}${SHEET.afterTitle}${parts.map(asHtml).join('\n')}${SHEET.afterBody}${escapeHtml(why)}</p>
<p>${imprint.map(escapeHtml).join('<br>\n')}${SHEET.end}`,
  }
}

const asText = (part: AnswerPart): string =>
  typeof part === 'string' ? part : 'code' in part ? `    ${part.code}` : `${part.says}:\n${part.link}`

const asHtml = (part: AnswerPart): string => {
  if (typeof part === 'string') return `<p>${escapeHtml(part)}</p>`
  if ('code' in part)
    return `<p style="font-size:28px;font-weight:bold;letter-spacing:4px" dir="ltr">${escapeHtml(part.code)}</p>`
  return `<p><a href="${escapeHtml(part.link)}">${escapeHtml(part.says)}</a></p>`
}

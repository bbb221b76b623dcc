// A second pair of eyes on a campaign's text: what would do harm in a mail does in a text, and one character from outside a
// telephone's own alphabet can double what the whole campaign costs.
import { measureText } from '../channels/sms/parts.ts'
import { inPlain } from '../channels/sms/plain-replacement.ts'
import type { Answering } from '../patrons/answering.ts'
import { languages } from '../words/languages.ts'
import type { Letter } from './letter.ts'
import { type AddFinding, adderTo, type Finding, searchWording } from './lint.ts'
import type { LibraryVoice } from './render.ts'
import { noteOf, renderTexts, type TextLimits } from './render-text.ts'

/** Throws what rendering throws for a text that cannot leave as it is. */
export function lintTexts(letter: Letter, library: LibraryVoice, answering: Answering, limits: TextLimits): Finding[] {
  const texts = renderTexts(letter, library, answering, limits)
  const findings: Finding[] = []
  for (const language of languages) {
    const add = adderTo(findings, language)
    const written = letter.texts[language]
    const rendered = texts.get(language)
    if (written === undefined || rendered === undefined) {
      const says = 'Readers of this language get the text in another one. Write it for them, or have somebody write it.'
      add('missing-language', 'warning', language, says)
      continue
    }
    searchWording(language, [noteOf(letter, language, library)], [written], add)
    findCostly(rendered.usual.body, add)
  }
  return findings
}

/** Each character that keeps the text out of the cheap alphabet, what could stand for it, and what that would save. */
function findCostly(body: string, add: AddFinding): void {
  const { offending, parts } = measureText(body)
  const plain = measureText(inPlain(body)).parts
  for (const { character, plain: instead } of offending) {
    const could =
      instead === null
        ? 'Nothing plain can stand for it: leave it out.'
        : instead === ''
          ? 'It cannot be seen: leave it out.'
          : `"${instead}" could stand there.`
    const saves =
      plain < parts ? `With plain characters alone the text has ${plain === 1 ? '1 part' : `${plain} parts`}.` : ''
    const says = `This character is not in a telephone's own alphabet, so every part holds 70 characters instead of 160: the text has ${parts === 1 ? '1 part' : `${parts} parts`}. ${could} ${saves}`
    add('costly-character', 'warning', character, says.trim())
  }
}

// Whether what a library says of its answers makes sense, as a sentence for whoever typed it; and its helpful words, from a
// file of its own.
import { parse } from 'yaml'
import { normaliseEmail } from '../lib/addresses.ts'
import { Problem, sayError } from '../lib/errors.ts'
import { type Answering, type Helpful, type OpenHours, WEEKDAYS, type Weekday } from './answering.ts'
import { readSpan } from './open-hours.ts'

/** Null when all is well. */
export function whatIsWrongWithAnswering(answering: Answering): string | null {
  for (const address of [answering.email, answering.escalateTo])
    if (address !== null && normaliseEmail(address) === null) return `"${address}" is no email address.`
  if (answering.dueMinutes < 5 || answering.dueMinutes > 6000) return 'An answer is due after 5 to 6000 open minutes.'
  const { textsFromHour: from, textsUntilHour: until } = answering
  if (from < 8 || until > 21 || from >= until)
    return `Notices by text leave between 8 and 21 o’clock; ${from} to ${until} do not lie there.`
  if (answering.watched && Object.keys(answering.openHours).length === 0)
    return 'Somebody watches the answers, and there is no hour at which. Say when with --open, or --not-watched.'
  const wrong = answering.staffDomains.find((domain) => normaliseEmail(`a@${domain}`) === null)
  return wrong === undefined ? null : `"${wrong}" is no domain such as library.example.org.`
}

/** "mon-fri 09:00-17:00, sat 10:00-14:00". Throws Problem 'bad-input'. */
export function readOpenHours(text: string): OpenHours {
  const hours: OpenHours = {}
  for (const one of text.split(',').map((part) => part.trim().toLowerCase())) {
    const [, first, last, span] = /^([a-z]{3})(?:-([a-z]{3}))? (\d{2}:\d{2}-\d{2}:\d{2})$/.exec(one) ?? []
    const [from, until] = [WEEKDAYS.indexOf(first as Weekday), WEEKDAYS.indexOf((last ?? first) as Weekday)]
    if (span === undefined || from === -1 || until < from) throw unreadable(one)
    try {
      readSpan(span)
    } catch (cause) {
      throw new Problem('bad-input', `${sayError(cause)}.`, { cause })
    }
    for (const day of WEEKDAYS.slice(from, until + 1)) hours[day] = span
  }
  return hours
}

const unreadable = (text: string) =>
  new Problem('bad-input', `"${text}" are no open hours. Write them like "mon-fri 09:00-17:00, sat 10:00-14:00".`)

/** A list, each with its words and an answer by language tag. Throws Problem 'bad-input'. */
export function readHelpful(yaml: string, languages: readonly string[]): Helpful[] {
  let held: unknown
  try {
    held = parse(yaml)
  } catch (cause) {
    throw new Problem('bad-input', `The file is no YAML (${sayError(cause)}).`, { cause })
  }
  if (!Array.isArray(held)) throw new Problem('bad-input', 'The file is a list, each with "words" and an "answer".')
  return held.map((one: { words?: unknown; answer?: unknown }, i) => {
    const words = Array.isArray(one?.words) ? one.words.map(String) : []
    const answer = typeof one?.answer === 'object' && one.answer !== null ? (one.answer as Record<string, unknown>) : {}
    const said = Object.entries(answer).filter(([, text]) => typeof text === 'string' && text.trim() !== '')
    const strange = said.find(([language]) => !languages.includes(language))
    if (words.length === 0 || said.length === 0)
      throw new Problem('bad-input', `Entry ${i + 1} has no words, or no answer in ${languages.join(' or ')}.`)
    if (strange)
      throw new Problem('bad-input', `Entry ${i + 1} has an answer in "${strange[0]}", which nothing here speaks.`)
    return { words, answer: Object.fromEntries(said) as Record<string, string> }
  })
}

// `gentle answering …` and `gentle answers set`: who reads the answers to a library's texts, and when; and the words that
// are answered by rule.
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { type Answering, readAnswering, WEEKDAYS, writeAnswering } from '../patrons/answering.ts'
import { readHelpful, readOpenHours, whatIsWrongWithAnswering } from '../patrons/check-answering.ts'
import { writeAudit } from '../staff/audit.ts'
import { languages } from '../words/languages.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { counted } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'
import { readFile } from './read-file.ts'

export const answeringSet = command({
  name: 'answering set',
  summary: 'Say who reads the answers to texts, and when.',
  about: [
    'Only what is given changes. Of a library that cannot watch its answers, texts say so and give its phone; the answers still reach its mailbox.',
    'Mail that answers a text counts only when its own domain has signed it, and only from the domains named here.',
  ],
  takes: [],
  options: {
    ...intoLibrary,
    open: { kind: 'text', value: 'HOURS', says: 'when somebody reads them: "mon-fri 09:00-17:00, sat 10:00-14:00"' },
    'closed-on': { kind: 'text', value: 'DATES', says: 'days on which nobody does, with commas: 2026-12-25' },
    watched: { kind: 'flag', says: 'somebody reads them' },
    'not-watched': { kind: 'flag', says: 'nobody can; texts say to call' },
    'due-minutes': { kind: 'number', value: 'MINUTES', says: 'open minutes within which somebody answers' },
    email: { kind: 'text', value: 'ADDRESS', says: 'where they go; else the library’s own address' },
    'escalate-to': { kind: 'text', value: 'ADDRESS', says: 'who is told when nobody answered in time' },
    'pointer-only': { kind: 'flag', says: 'the mail tells nothing of the text, because mail here is a public record' },
    'with-the-text': { kind: 'flag', says: 'the mail holds the text' },
    'staff-domain': { kind: 'text', value: 'DOMAINS', says: 'whose mail may answer, with commas' },
    'texts-from': { kind: 'number', value: 'HOUR', says: 'the hour from which notices leave, 8 or later' },
    'texts-until': { kind: 'number', value: 'HOUR', says: 'the hour from which no more leave, 21 or earlier' },
    'each-month': { kind: 'number', value: 'TEXTS', says: 'about how many texts somebody gets in a month' },
  },
  examples: [
    'gentle answering set --library maple --open "mon-fri 09:00-17:00" --due-minutes 60',
    'gentle answering set --library maple --not-watched',
  ],
  async run({ logins }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const before = await readAnswering(logins, library.libraryNo)
    const after: Answering = {
      ...before,
      ...(options.open !== undefined && { openHours: readOpenHours(options.open) }),
      ...(options['closed-on'] !== undefined && { closedOn: readDates(options['closed-on']) }),
      ...(options.watched && { watched: true }),
      ...(options['not-watched'] && { watched: false }),
      ...(options['pointer-only'] && { pointerOnly: true }),
      ...(options['with-the-text'] && { pointerOnly: false }),
      ...(options['staff-domain'] !== undefined && { staffDomains: split(options['staff-domain']) }),
      dueMinutes: options['due-minutes'] ?? before.dueMinutes,
      email: options.email ?? before.email,
      escalateTo: options['escalate-to'] ?? before.escalateTo,
      textsFromHour: options['texts-from'] ?? before.textsFromHour,
      textsUntilHour: options['texts-until'] ?? before.textsUntilHour,
      aboutEachMonth: options['each-month'] ?? before.aboutEachMonth,
    }
    const wrong = whatIsWrongWithAnswering(after)
    if (wrong !== null) throw new Problem('bad-input', wrong)
    await writeAnswering(logins, library.libraryNo, after)
    await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      writeAudit(scope, {
        who: accountName(),
        did: 'changed who reads texts',
        about: { before: JSON.stringify(before) },
      }),
    )
    return { json: { answering: after }, text: [`${library.name}: ${sayAnswering(after)}`] }
  },
})

export const answeringShow = command({
  name: 'answering show',
  summary: 'Show who reads the answers to texts, and when.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle answering show --library maple'],
  async run({ logins }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const answering = await readAnswering(logins, library.libraryNo)
    return { json: { answering }, text: [`${library.name}: ${sayAnswering(answering)}`] }
  },
})

export const answersSet = command({
  name: 'answers set',
  summary: 'Set the words that texts are answered to by rule, such as HOURS and WHERE.',
  about: [
    'A YAML list, each with "words" and an "answer" by language. The file takes the place of what was there.',
    'An answer is the same for everybody. Nothing about a card or a loan belongs in it: whoever holds the phone reads it.',
  ],
  takes: [{ name: 'FILE', says: 'the file' }],
  options: intoLibrary,
  examples: ['gentle answers set answers.yaml --library maple'],
  async run({ logins }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const helpful = readHelpful(readFile(given.FILE), languages)
    await writeAnswering(logins, library.libraryNo, { ...(await readAnswering(logins, library.libraryNo)), helpful })
    return {
      json: { answers: helpful.length },
      text: [`${library.name} answers ${counted(helpful.length, 'word')} by rule.`],
    }
  },
})

const split = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '')

function readDates(text: string): string[] {
  const dates = split(text)
  const wrong = dates.find((one) => !/^\d{4}-\d{2}-\d{2}$/.test(one) || Number.isNaN(Date.parse(one)))
  if (wrong !== undefined) throw new Problem('bad-input', `"${wrong}" is no date such as 2026-12-25.`)
  return dates
}

function sayAnswering({ watched, openHours, dueMinutes, pointerOnly }: Answering): string {
  if (!watched) return 'nobody watches the answers to texts; they reach the mailbox, and texts say to call.'
  const open = WEEKDAYS.flatMap((day) => (openHours[day] === undefined ? [] : [`${day} ${openHours[day]}`]))
  return `somebody reads texts ${open.join(', ')}, and answers within ${dueMinutes} open minutes${pointerOnly ? '; the mail only points' : ''}.`
}

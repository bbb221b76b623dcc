// `gentle line …`: the numbers that a library's texts leave from and come back to.

import type { LibraryNo, Logins } from '../db/scope.ts'
import { normalisePhone } from '../lib/addresses.ts'
import { Problem } from '../lib/errors.ts'
import { readLineSettings, textProviderNames } from '../messages/line-settings.ts'
import { addLine, allLinesOf, changeLine, type Line, lineFor, shareLine } from '../messages/lines.ts'
import { readAnswering, USUAL_ANSWERING } from '../patrons/answering.ts'
import { type Library, listLibraries } from '../patrons/library.ts'
import { command } from './command.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'
import { readFile } from './read-file.ts'

const speed = {
  'per-second': { kind: 'number', value: 'PARTS', says: 'how many parts may leave in a second' },
  'per-day': { kind: 'number', value: 'PARTS', says: 'how many parts may leave in a day; 0 = no limit' },
} as const

export const lineAdd = command({
  name: 'line add',
  summary: 'Add a number that texts leave from and come back to.',
  about: [
    'What signs in at the provider stands in a file, one "name: value" a line: account and token of twilio, publicKey and apiKey of telnyx, url, name, password and secret of kannel, secret of the sandbox. It is kept sealed.',
    'The speed is counted in parts: a text of 160 plain letters is one.',
  ],
  takes: [{ name: 'NUMBER', says: 'the number, or a short code' }],
  options: {
    ...intoLibrary,
    provider: { kind: 'text', value: 'NAME', says: 'who carries it', choices: textProviderNames, required: true },
    settings: { kind: 'text', value: 'FILE', says: 'the file with what signs in', required: true },
    word: { kind: 'text', value: 'WORD', says: 'names the library where several share the number; else its key' },
    'answers-itself': { kind: 'flag', says: 'the provider answers STOP, HELP and START by itself' },
    'for-outreach': {
      kind: 'flag',
      says: 'campaigns leave by it, and nothing else; notices need a number of their own',
    },
    ...speed,
  },
  examples: ['gentle line add 614-555-0100 --library maple --provider twilio --settings twilio.yaml --per-second 1'],
  async run({ logins, config }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const line = await addLine(logins, {
      host: library.libraryNo,
      word: readWord(options.word ?? library.key),
      number: readLine(given.NUMBER),
      provider: options.provider,
      ...readLineSettings(options.provider, readFile(options.settings)),
      answersItself: options['answers-itself'],
      forOutreach: options['for-outreach'],
      partsPerSecond: options['per-second'] ?? 1,
      partsPerDay: options['per-day'] || null,
    })
    const hook = `${config.publicUrl}/hooks/texts/${line.lineNo}`
    return {
      json: { line: line.lineNo, number: line.number, hook },
      text: [
        line.forOutreach
          ? `Campaigns of ${library.name} leave by ${line.number}, and nothing else does.`
          : `${library.name} sends and gets texts by ${line.number}.`,
        `Tell ${options.provider} to bring texts and reports to ${hook}`,
        ...(await askWhoAnswers(logins, library)),
      ],
    }
  },
})

/** Asked as soon as anybody can text back; until it is said, what is usual is taken for granted, and said here. */
const askWhoAnswers = async (logins: Logins, library: Library): Promise<string[]> =>
  (await readAnswering(logins, library.libraryNo)) === USUAL_ANSWERING
    ? [
        'Who reads what people text back, and when? Until you say, texts promise a person Monday to Friday, 9 to 5.',
        `Next: gentle answering set --library ${library.key} --open "mon-fri 09:00-17:00", or --not-watched if nobody can`,
      ]
    : []

export const lineSet = command({
  name: 'line set',
  summary: 'Change a line: what signs in, its speed, or which library shares it.',
  about: ['Only what is given changes; it holds within seconds, also in processes that are running.'],
  takes: [{ name: 'NUMBER', says: 'the number' }],
  options: {
    ...intoLibrary,
    settings: { kind: 'text', value: 'FILE', says: 'the file with what signs in' },
    'share-with': { kind: 'text', value: 'KEY', says: 'another library whose texts travel on it from now on' },
    word: { kind: 'text', value: 'WORD', says: 'names the library in --share-with; else its key' },
    'answers-itself': { kind: 'flag', says: 'the provider answers STOP, HELP and START by itself' },
    'we-answer': { kind: 'flag', says: 'we answer STOP, HELP and START' },
    ...speed,
  },
  examples: [
    'gentle line set 614-555-0100 --library maple --per-second 3',
    'gentle line set 614-555-0100 --library maple --share-with birch --word BIRCH',
  ],
  async run({ logins }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const line = await anyLineOf(logins, library.libraryNo, readLine(given.NUMBER))
    if (options['share-with'] !== undefined) {
      const other = await chooseLibrary(logins, options['share-with'])
      await shareLine(logins, line, { libraryNo: other.libraryNo, word: readWord(options.word ?? other.key) })
    }
    const provider = textProviderNames.find((name) => name === line.provider)
    await changeLine(logins, line, {
      ...(options.settings !== undefined && provider && readLineSettings(provider, readFile(options.settings))),
      ...(options['answers-itself'] && { answersItself: true }),
      ...(options['we-answer'] && { answersItself: false }),
      partsPerSecond: options['per-second'],
      partsPerDay: options['per-day'] === undefined ? undefined : options['per-day'] || null,
    })
    return { json: { line: line.lineNo, number: line.number }, text: [`${line.number} is changed.`] }
  },
})

export const lineList = command({
  name: 'line list',
  summary: 'Show the numbers of a library, who carries them and who shares them.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle line list --library maple'],
  async run({ logins, config }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const lines = await allLinesOf(logins, library.libraryNo)
    const names = new Map((await listLibraries(logins)).map((one) => [one.libraryNo, one.name]))
    return {
      json: { lines: lines.map(({ secrets: _, ...line }) => line) },
      text:
        lines.length === 0
          ? [`${library.name} has no number to text from. "gentle line add" brings one.`]
          : lines.map((line) => `  ${sayLine(line, names)}; hooks at ${config.publicUrl}/hooks/texts/${line.lineNo}`),
    }
  },
})

const sayLine = (line: Line, names: ReadonlyMap<number, string>): string =>
  `${line.number} by ${line.provider}${line.forOutreach ? ', for campaigns' : ''}${line.libraries.length > 1 ? `, shared by ${line.libraries.map((one) => `${names.get(one.libraryNo)} (${one.word})`).join(', ')}` : ''}`

/** For outreach or not. */
export async function anyLineOf(logins: Logins, library: LibraryNo, number: string): Promise<Line> {
  const line = (await allLinesOf(logins, library)).find((one) => one.number === number)
  return line ?? lineFor(logins, library, number)
}

export function readLine(text: string): string {
  const number = /^\d{3,8}$/.test(text) ? text : normalisePhone(text)
  if (number === null) throw new Problem('bad-input', `"${text}" is no telephone number and no short code.`)
  return number
}

function readWord(text: string): string {
  const word = text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  if (!/^[A-Z0-9]{2,20}$/.test(word))
    throw new Problem('bad-input', `"${text}" is no word to reply with. Give one with --word, such as MAPLE.`)
  return word
}

// What a command line is understood as, and the sentence for each way of getting it wrong.
import { expect, test } from 'vitest'
import { Problem } from '../lib/errors.ts'
import { commands } from './commands.ts'
import { helpCommand } from './help.ts'
import { asksForJson, parseCommandLine } from './parse.ts'

const parse = (line: string) => parseCommandLine(line === '' ? [] : line.split(' '), commands)

function refusal(line: string): string {
  try {
    parse(line)
  } catch (error) {
    if (error instanceof Problem) return error.message
    throw error
  }
  throw new Error(`"${line}" was understood`)
}

test.each([
  [
    'rooster import',
    'There is no command "gentle rooster import". Did you mean "gentle roster import"? "gentle help" lists them all.',
  ],
  ['qwertyuiop', 'There is no command "gentle qwertyuiop". "gentle help" lists them all.'],
  ['consent', null],
  [
    'consent improt x',
    'There is no command "gentle consent improt". Did you mean "gentle consent import"? "gentle help" lists them all.',
  ],
  ['--jsn', '"gentle" has no option --jsn. Did you mean --json?'],
  ['lapsed --libary maple', '"gentle lapsed" has no option --libary. Did you mean --library?'],
  ['lapsed --xyzzy', '"gentle lapsed" has no option --xyzzy. "gentle lapsed --help" lists its options.'],
  ['lapsed --min-months three', '--min-months is "three"; it must be a whole number, such as 3.'],
  [
    'lapsed --library --never-used',
    '--library needs a value, and --never-used stands in its place. If that is the value, write --library=--never-used.',
  ],
  [
    'lapsed --library',
    '--library needs a value: the library; may be left out where there is only one. Write --library KEY.',
  ],
  ['lapsed --library a --library b', '--library is given twice.'],
  [
    'lapsed --purpose reengage',
    '--purpose is "reengage"; it must be one of reengagement, new-titles, events, fundraising. Did you mean reengagement?',
  ],
  ['lapsed --channel post', '--channel is "post"; it must be one of email, sms.'],
  ['lapsed --never-used=no', '--never-used takes no value.'],
  [
    'roster import --library maple',
    '"gentle roster import" needs FILE (the patron file). "gentle roster import --help" shows an example.',
  ],
  [
    'roster import a.csv',
    '"gentle roster import" needs --library KEY (the library that the data is for). "gentle roster import --help" shows an example.',
  ],
  ['why 1 2', '"gentle why" does not know what to do with "2". A value with spaces stands in quotes.'],
  [
    'library add maple --name Maple --timezone UTC --postal-address x --phone 1',
    '"gentle library add" needs --email ADDRESS (where readers’ answers go). "gentle library add --help" shows an example.',
  ],
])('"gentle %s" is answered with a sentence that says what would be right', (line, sentence) => {
  if (sentence === null) expect(parse(line).kind).toBe('help')
  else expect(refusal(line)).toBe(sentence)
})

test('options may stand before, between and after the words of a command', () => {
  for (const line of [
    '--data /d --json roster import f.csv --library maple',
    'roster --json import --library maple f.csv --data=/d',
    'roster import --library=maple --data /d --json -- f.csv',
  ]) {
    const parsed = parse(line)
    expect(parsed).toMatchObject({
      kind: 'run',
      common: { data: '/d', json: true },
      command: { name: 'roster import' },
      args: { given: { FILE: 'f.csv' }, options: { library: 'maple', delta: false } },
    })
  }
})

test('the value of an option is never taken for a command, nor what follows "--" for an option', () => {
  expect(parse('lapsed --library why')).toMatchObject({
    command: { name: 'lapsed' },
    args: { options: { library: 'why' } },
  })
  expect(parse('why -- --json')).toMatchObject({ common: { json: false }, args: { given: { PATRON_ID: '--json' } } })
  expect(asksForJson(['why', '--', '--json'])).toBe(false)
  expect(asksForJson(['nonsense', '--json'])).toBe(true)
})

test('what is not given has its default', () => {
  expect(parse('lapsed')).toMatchObject({
    args: {
      options: { 'min-months': 3, 'max-months': 6, purpose: 'reengagement', channel: 'email', library: undefined },
    },
  })
})

test('every command has a name of its own, a summary that is a sentence, and an example that can be understood', () => {
  expect(new Set(commands.map((c) => c.name)).size).toBe(commands.length)
  for (const command of commands) {
    expect(command.summary).toMatch(/^[A-Z].*\.$/)
    expect(helpCommand(command).every((line) => !line.includes('\u00a0'))).toBe(true)
    for (const example of command.examples) {
      const words = [...example.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2]!)
      expect(words.shift()).toBe('gentle')
      expect(parseCommandLine(words, commands)).toMatchObject({ kind: 'run', command: { name: command.name } })
    }
  }
})

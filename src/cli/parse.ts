// From the words of a command line to a command and its arguments. What cannot be understood ends in a sentence that
// says what would be: an option that is silently ignored could be the one that kept a mailing small.
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { Problem } from '../lib/errors.ts'
import { nearest } from '../lib/nearest.ts'
import { type Command, commonOptions, type OptionSpec, type OptionSpecs } from './command.ts'

export interface Common {
  data: string | undefined
  json: boolean
}

export type Parsed =
  | { kind: 'help'; common: Common; about: Command | { group: string } | null }
  | { kind: 'version'; common: Common }
  | {
      kind: 'run'
      common: Common
      command: Command
      args: { given: Record<string, string>; options: Record<string, never> }
    }

const wrong = (sentence: string) => new Problem('bad-input', sentence)

/** True when the words ask for JSON, even if nothing else of them can be understood. */
export const asksForJson = (argv: readonly string[]): boolean => argv.slice(0, endOfOptions(argv)).includes('--json')

const endOfOptions = (argv: readonly string[]): number => (argv.includes('--') ? argv.indexOf('--') : argv.length)

/** Throws Problem 'bad-input'. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): Parsed {
  // First with every option that any command has, only to see which words are not the value of an option.
  const all: OptionSpecs = Object.assign({}, ...commands.map((c) => c.options), commonOptions)
  const words = tokensOf(argv, all).flatMap((t) => (t.kind === 'positional' ? [t.value] : []))
  const common = readCommon(argv, all)
  const asksForHelp = words[0] === 'help' || argv.slice(0, endOfOptions(argv)).some((w) => w === '--help' || w === '-h')
  if (words[0] === 'help') words.shift()
  else if (words.length === 0 && argv.some((word) => word === '--version' || word === '-v'))
    return { kind: 'version', common }

  const chosen = commands
    .filter((c) => c.name.split(' ').every((word, i) => words[i] === word))
    .sort((a, b) => b.name.length - a.name.length)[0]
  if (chosen === undefined) {
    const [group] = words
    if (group === undefined) {
      refuseUnknownOptions(argv, commonOptions, 'gentle')
      return { kind: 'help', common, about: null }
    }
    const isGroup = commands.some((c) => c.name.startsWith(`${group} `))
    if (isGroup && (words.length === 1 || asksForHelp)) return { kind: 'help', common, about: { group } }
    throw unknownCommand(words, commands)
  }
  if (asksForHelp) return { kind: 'help', common, about: chosen }
  const args = readArgs(argv, chosen)
  return { kind: 'run', common, command: chosen, args: args as never }
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): Problem {
  const names = commands.map((c) => c.name)
  const groups = names.map((name) => name.split(' ')[0]!)
  const typed = words.slice(0, 2).join(' ')
  const meant = nearest(typed, names) ?? nearest(words[0]!, [...new Set(groups)])
  const guess = meant === null ? '' : ` Did you mean "gentle ${meant}"?`
  return wrong(`There is no command "gentle ${typed}".${guess} "gentle help" lists them all.`)
}

type Token =
  | { kind: 'option'; name: string; rawName: string; value: string | undefined; inlineValue: boolean | undefined }
  | { kind: 'positional'; value: string }

function tokensOf(argv: readonly string[], specs: OptionSpecs): Token[] {
  const options: ParseArgsConfig['options'] = {}
  for (const [name, spec] of Object.entries(specs))
    options[name] = { type: spec.kind === 'flag' ? 'boolean' : 'string', ...(name === 'help' ? { short: 'h' } : {}) }
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true })
  return tokens.filter((t) => t.kind !== 'option-terminator') as Token[]
}

function readCommon(argv: readonly string[], all: OptionSpecs): Common {
  const data = tokensOf(argv, all).findLast((t) => t.kind === 'option' && t.name === 'data')
  return { json: asksForJson(argv), data: data?.value }
}

function refuseUnknownOptions(argv: readonly string[], specs: OptionSpecs, name: string): void {
  for (const token of tokensOf(argv, specs)) {
    if (token.kind !== 'option' || Object.hasOwn(specs, token.name)) continue
    const meant = nearest(token.name, Object.keys(specs))
    const guess = meant === null ? `"${name} --help" lists its options.` : `Did you mean --${meant}?`
    throw wrong(`"${name}" has no option ${token.rawName}. ${guess}`)
  }
}

function readArgs(argv: readonly string[], chosen: Command): { given: object; options: object } {
  const name = `gentle ${chosen.name}`
  const specs: OptionSpecs = { ...chosen.options, ...commonOptions }
  refuseUnknownOptions(argv, specs, name)
  const texts = new Map<string, string | true>()
  const words: string[] = []
  for (const token of tokensOf(argv, specs)) {
    if (token.kind === 'positional') {
      words.push(token.value)
      continue
    }
    if (texts.has(token.name) && specs[token.name]!.kind !== 'flag') throw wrong(`--${token.name} is given twice.`)
    texts.set(token.name, readText(token, specs[token.name]!))
  }
  const options: Record<string, unknown> = {}
  const missing: string[] = []
  for (const [option, spec] of Object.entries(chosen.options)) {
    const text = texts.get(option)
    if (spec.kind === 'flag') options[option] = text === true
    else if (text === undefined || text === true) {
      if (spec.required) missing.push(`--${option}${spec.value ? ` ${spec.value}` : ''} (${spec.says})`)
      options[option] = spec.default
    } else options[option] = readValue(option, spec, text)
  }
  const given = readGiven(words.slice(chosen.name.split(' ').length), chosen, name)
  if (missing.length > 0) throw wrong(`"${name}" needs ${missing.join(', ')}. "${name} --help" shows an example.`)
  return { given, options }
}

function readText(token: Token & { kind: 'option' }, spec: OptionSpec): string | true {
  if (spec.kind === 'flag') {
    if (token.value !== undefined) throw wrong(`--${token.name} takes no value.`)
    return true
  }
  if (token.value === undefined || token.value === '')
    throw wrong(`--${token.name} needs a value: ${spec.says}. Write --${token.name} ${spec.value ?? 'VALUE'}.`)
  if (token.inlineValue === false && token.value.startsWith('--'))
    throw wrong(
      `--${token.name} needs a value, and ${token.value} stands in its place. If that is the value, write --${token.name}=${token.value}.`,
    )
  return token.value
}

function readValue(option: string, spec: OptionSpec, text: string): string | number {
  if (spec.kind === 'number') {
    if (!/^\d{1,9}$/.test(text)) throw wrong(`--${option} is "${text}"; it must be a whole number, such as 3.`)
    return Number(text)
  }
  if (spec.choices && !spec.choices.includes(text)) {
    const meant = nearest(text, spec.choices)
    throw wrong(
      `--${option} is "${text}"; it must be ${spec.choices.length === 1 ? '' : 'one of '}${spec.choices.join(', ')}.${meant ? ` Did you mean ${meant}?` : ''}`,
    )
  }
  return text
}

function readGiven(words: readonly string[], chosen: Command, name: string): Record<string, string> {
  const absent = chosen.takes.slice(words.length).filter((p) => !p.optional)
  if (absent.length > 0)
    throw wrong(
      `"${name}" needs ${absent.map((p) => `${p.name} (${p.says})`).join(', ')}. "${name} --help" shows an example.`,
    )
  const extra = words.slice(chosen.takes.length)
  if (extra.length > 0)
    throw wrong(`"${name}" does not know what to do with "${extra[0]}". A value with spaces stands in quotes.`)
  return Object.fromEntries(words.map((word, i) => [chosen.takes[i]!.name, word]))
}

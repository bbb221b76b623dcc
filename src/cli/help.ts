// The help, made from the commands themselves so that it cannot tell of an option that is not there.
import { type Command, commonOptions, type OptionSpecs } from './command.ts'
import { columns, wrap } from './lay-out.ts'

export function helpOverview(commands: readonly Command[]): string[] {
  return [
    'Gentle Reader writes to cardholders who agreed to it, rarely, and can say why.',
    '',
    'gentle COMMAND [options]',
    '',
    ...columns(commands.map((c) => [`  ${c.name}`, c.summary])),
    '',
    '"gentle COMMAND --help" explains one, with an example.',
    ...optionLines('On every command', commonOptions),
  ]
}

export function helpGroup(group: string, commands: readonly Command[]): string[] {
  const members = commands.filter((c) => c.name.startsWith(`${group} `))
  return [
    `gentle ${group} …`,
    '',
    ...columns(members.map((c) => [`  ${c.name}`, c.summary])),
    '',
    `"gentle ${members[0]?.name ?? group} --help" explains one, with an example.`,
  ]
}

export function helpCommand(command: Command): string[] {
  const usage = [
    'gentle',
    command.name,
    ...command.takes.map((p) => (p.optional ? `[${p.name}]` : p.name)),
    ...usageOfOptions(command.options),
  ]
  return [
    command.summary,
    ...(command.about ?? []).flatMap((paragraph) => ['', ...wrap(paragraph, 96)]),
    '',
    ...wrap(usage.join(' '), 96).map((line, i) => (i === 0 ? line : `    ${line}`)),
    ...(command.takes.length > 0 ? ['', ...columns(command.takes.map((p) => [`  ${p.name}`, p.says]))] : []),
    ...optionLines('Options', command.options),
    ...optionLines('On every command', commonOptions),
    '',
    command.examples.length > 1 ? 'Examples' : 'Example',
    ...command.examples.map((example) => `  ${example}`),
  ]
}

const flagOf = ([name, spec]: [string, OptionSpecs[string]]): string =>
  `--${name}${spec.kind === 'flag' ? '' : `\u00a0${spec.value ?? 'VALUE'}`}`

/** What must be given stands bare, what may be in brackets; a no-break space keeps an option and its value together. */
const usageOfOptions = (options: OptionSpecs): string[] =>
  Object.entries(options).map((entry) => (entry[1].required ? flagOf(entry) : `[${flagOf(entry)}]`))

function optionLines(title: string, options: OptionSpecs): string[] {
  const rows = Object.entries(options).map((entry) => {
    const [, spec] = entry
    const more = [
      spec.choices && spec.choices.length > 1 ? `one of ${spec.choices.join(', ')}` : '',
      spec.default !== undefined ? `if not given: ${spec.default}` : '',
    ].filter((part) => part !== '')
    return [`  ${flagOf(entry).replace('\u00a0', ' ')}`, [spec.says, ...more].join('; ')] as [string, string]
  })
  return rows.length === 0 ? [] : ['', title, ...columns(rows)]
}

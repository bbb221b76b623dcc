// What each provider of texts needs to be told of a line, and which of it is secret: read from a file, because whatever
// stands on a command line can be seen by others on the machine.
import { parse } from 'yaml'
import { Problem, sayError } from '../lib/errors.ts'

interface Needs {
  settings: readonly string[]
  secrets: readonly string[]
  /** May be left out. */
  optional: readonly string[]
}

export const TEXT_PROVIDERS = {
  twilio: { settings: ['account'], secrets: ['token'], optional: ['base'] },
  telnyx: { settings: ['publicKey'], secrets: ['apiKey'], optional: ['base'] },
  kannel: { settings: ['url', 'name'], secrets: ['password', 'secret'], optional: [] },
  sandbox: { settings: [], secrets: ['secret'], optional: [] },
} as const satisfies Record<string, Needs>

export type TextProviderName = keyof typeof TEXT_PROVIDERS
export const textProviderNames = Object.keys(TEXT_PROVIDERS) as TextProviderName[]

export interface ReadSettings {
  settings: Record<string, string>
  secrets: Record<string, string>
}

/** From YAML: one "name: value" a line. Throws Problem 'bad-input' that names what is missing or not known. */
export function readLineSettings(provider: TextProviderName, yaml: string): ReadSettings {
  const { settings, secrets, optional }: Needs = TEXT_PROVIDERS[provider]
  const read = readNames(yaml)
  const missing = [...settings, ...secrets].filter((name) => !read[name])
  const unknown = Object.keys(read).filter((name) => ![...settings, ...secrets, ...optional].includes(name))
  if (missing.length > 0 || unknown.length > 0)
    throw new Problem(
      'bad-input',
      [
        ...(missing.length > 0 ? [`${provider} needs ${missing.join(' and ')}.`] : []),
        ...(unknown.length > 0 ? [`${provider} knows no ${unknown.join(' and no ')}.`] : []),
      ].join(' '),
    )
  const only = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (read[name] === undefined ? [] : [[name, read[name]]])))
  return { settings: only([...settings, ...optional]), secrets: only(secrets) }
}

function readNames(yaml: string): Record<string, string> {
  let held: unknown
  try {
    held = parse(yaml)
  } catch (cause) {
    throw new Problem('bad-input', `The settings are no YAML (${sayError(cause)}).`, { cause })
  }
  if (held === null) return {}
  if (typeof held !== 'object' || Array.isArray(held))
    throw new Problem('bad-input', 'The settings are one "name: value" a line.')
  return Object.fromEntries(Object.entries(held).map(([name, value]) => [name, String(value)]))
}

// A command as data: its name, what it takes, what it says about itself, and what it does. Parsing, help, --json and
// exit codes are made from this, so that every command has them in the same way.
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import type { Terminal } from './terminal.ts'

export interface OptionSpec {
  readonly kind: 'text' | 'number' | 'flag'
  /** What stands behind it in the help: --library KEY. */
  readonly value?: string
  readonly says: string
  readonly required?: boolean
  readonly default?: string | number
  readonly choices?: readonly string[]
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>

export interface Positional {
  readonly name: string
  readonly says: string
  /** Need not be given, because an option can say the same; only the last ones. */
  readonly optional?: true
}

type Worth<S extends OptionSpec> = S['kind'] extends 'number'
  ? number
  : S extends { choices: readonly (infer C)[] }
    ? C
    : string
type Value<S extends OptionSpec> = S['kind'] extends 'flag'
  ? boolean
  : Worth<S> | (S extends { required: true } | { default: string | number } ? never : undefined)

export interface Args<O extends OptionSpecs, P extends readonly Positional[]> {
  readonly given: {
    readonly [Q in P[number] as Q['name']]: string | (Q extends { optional: true } ? undefined : never)
  }
  readonly options: { readonly [N in keyof O]: Value<O[N]> }
}

export interface Outcome {
  /** Exactly what --json prints. */
  json: object
  /** Lines for a person, on standard output. */
  text: string[]
  /** 0 unless said otherwise. */
  exitCode?: number
  /** The one line on standard error that goes with an exit code other than 0. */
  problem?: string
}

interface Described<O extends OptionSpecs, P extends readonly Positional[]> {
  /** 'roster import': one word, or a group and an act. */
  readonly name: string
  /** One line, beginning with a verb. */
  readonly summary: string
  /** What else is worth knowing, a paragraph each. */
  readonly about?: readonly string[]
  readonly takes: P
  readonly options: O
  readonly examples: readonly string[]
  /** It runs until it is told to stop, and ends by itself when `terminal.stopping` fires. */
  readonly staysUntilStopped?: boolean
  /** In the place of the usual ones, for a program that understands this one only. */
  readonly exitCodeOfFailure?: number
}

/** `run` gets the opened database; `runClosed` is for a command that must have it closed, or opens it in its own way. */
export type Command<O extends OptionSpecs = OptionSpecs, P extends readonly Positional[] = readonly Positional[]> =
  | (Described<O, P> & { run(context: Context, args: Args<O, P>, terminal: Terminal): Promise<Outcome> })
  | (Described<O, P> & { runClosed(config: Config, args: Args<O, P>, terminal: Terminal): Promise<Outcome> })

/** Gives a command its types: args.options and args.given know what `options` and `takes` say. */
export const command = <const O extends OptionSpecs, const P extends readonly Positional[]>(
  described: Command<O, P>,
): Command => described as unknown as Command

export const commonOptions = {
  data: { kind: 'text', value: 'DIR', says: 'the data folder (else GENTLE_DATA, else ./data)' },
  json: { kind: 'flag', says: 'print exactly one JSON object on standard output' },
  help: { kind: 'flag', says: 'show this help' },
} as const satisfies OptionSpecs

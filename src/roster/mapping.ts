// The mapping of a library's own export to our columns, as its systems librarian writes it in YAML.
// Whoever writes it sees our sentences, not a stack: every mistake names the place and what would be right there.
import { readFile } from 'node:fs/promises'
import { type Document, parseDocument } from 'yaml'
import { z } from 'zod'
import { Problem, sayError } from '../lib/errors.ts'
import { nearest } from '../lib/nearest.ts'
import { flawOfDateFormat } from './dates.ts'
import { COLUMNS } from './roster-line.ts'

const DELIMITERS: Record<string, string> = { comma: ',', tab: '\t', pipe: '|', semicolon: ';', '\\t': '\t' }

const dateFormat = z.string().superRefine((format, context) => {
  const flaw = flawOfDateFormat(format)
  if (flaw !== null) context.addIssue({ code: 'custom', message: `is no date format: ${flaw}` })
})

const pattern = z.string().superRefine((source, context) => {
  try {
    new RegExp(source, 'u')
  } catch {
    context.addIssue({ code: 'custom', message: 'is no regular expression' })
  }
  // (a+)+ and its like take longer than anybody lives on a line made for it, and nothing could stop them.
  if (/\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)[+*{]/.test(source))
    context.addIssue({
      code: 'custom',
      message: 'repeats a group that repeats something itself; write it without the outer repetition',
    })
})

const word = z.union([z.string(), z.number(), z.boolean()]).transform(String)

/** Where one of our columns comes from. Applied in this order: part or pick, match, values. */
const rule = z
  .strictObject({
    column: z.string().min(1).optional(),
    constant: word.optional(),
    format: dateFormat.optional(),
    /** The file's value → ours; '*' stands for every value not named. A value not named stays as it is. */
    values: z.record(z.string(), word).optional(),
    /** The first filled one of several values in a field. */
    pick: z.literal('first').optional(),
    /** 'family' and 'given' of "Last, First", or the n-th piece of "12 Main St$Maple Falls OH". */
    part: z.union([z.literal('family'), z.literal('given'), z.int().min(1)]).optional(),
    separator: z.string().min(1).optional(),
    /** The first group of this regular expression (or all that it matches) is the value; no match, no value. */
    match: pattern.optional(),
  })
  .superRefine((rule, context) => {
    if ((rule.column === undefined) === (rule.constant === undefined)) {
      context.addIssue({
        code: 'custom',
        message: 'needs either “column” (a column of the file) or “constant” (a fixed value)',
      })
    }
    if (rule.part !== undefined && rule.pick !== undefined) {
      context.addIssue({ code: 'custom', message: 'has both “part” and “pick”: only one of them can choose' })
    }
  })
// A plain word is the name of the file's column; YAML reads a bare 163 as a number.
const columnRule = z.preprocess(
  (value) => (typeof value === 'string' || typeof value === 'number' ? { column: String(value) } : value),
  rule,
)

const mappingSchema = z.strictObject({
  delimiter: z
    .string()
    .transform((name) => DELIMITERS[name] ?? name)
    .refine((text) => /^[\t -!#-~]$/.test(text), 'must be comma, tab, pipe, semicolon or one other character')
    .optional(),
  quoting: z.enum(['doubled', 'backslash']).optional(),
  encoding: z.string().optional(),
  /** The format of every date that has none of its own. */
  dates: dateFormat.optional(),
  /** Words that stand for nothing at all, such as NULL. */
  blank: z.array(word).optional(),
  columns: z.partialRecord(z.enum(COLUMNS), columnRule),
})

export type ColumnRule = z.infer<typeof rule>
export type Mapping = z.infer<typeof mappingSchema>

export async function readMapping(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Problem('bad-input', `The mapping ${path} could not be read: ${sayError(cause)}.`, { cause })
  })
  return parseMapping(text, path)
}

/** `name` is what the sentences call the mapping. */
export function parseMapping(text: string, name = 'The mapping'): Mapping {
  const document = parseDocument(text)
  const [flaw] = document.errors
  if (flaw !== undefined) {
    throw new Problem('bad-input', `${name} is not YAML: ${flaw.message.split('\n')[0]?.replace(/:$/, '')}.`, {
      cause: flaw,
    })
  }
  const parsed = mappingSchema.safeParse(heldIn(document, name))
  if (parsed.success) return parsed.data
  const flaws = parsed.error.issues.map(sayIssue)
  throw new Problem('bad-input', `${name} cannot be used. ${flaws.join(' ')}`, { cause: parsed.error })
}

/** Aliases that multiply without end are found only here, when they are followed. */
function heldIn(document: Document, name: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    throw new Problem('bad-input', `${name} cannot be used: ${sayError(cause)}.`, { cause })
  }
}

const KEYS_BY_DEPTH: Record<number, readonly string[]> = {
  0: Object.keys(mappingSchema.shape),
  1: COLUMNS,
  2: Object.keys(rule.shape),
}

function sayIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.length === 0 ? 'It' : `“${issue.path.join('.')}”`
  const unknown = unknownKeys(issue)
  if (unknown !== null) {
    const known = KEYS_BY_DEPTH[issue.path.length] ?? []
    const where = issue.path.length === 0 ? '' : ` below ${place}`
    return unknown
      .map((key) => {
        const meant = nearest(key, known)
        const guess = meant === null ? `there are ${known.join(', ')}.` : `did you mean “${meant}”?`
        return `“${key}”${where} is not a key we know: ${guess}`
      })
      .join(' ')
  }
  if (issue.path.length === 1 && issue.path[0] === 'columns')
    return 'It needs “columns”: a list of our columns, each with the file’s column.'
  if (issue.code === 'custom') return `${place} ${issue.message}.`
  return `${place}: ${issue.message}.`
}

function unknownKeys(issue: z.core.$ZodIssue): string[] | null {
  if (issue.code === 'unrecognized_keys') return issue.keys
  if (issue.code === 'invalid_key') return issue.path.slice(-1).map(String)
  return null
}

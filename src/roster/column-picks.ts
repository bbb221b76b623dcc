// Turns the columns of a file, by name or by mapping, into functions that take our columns out of a row's fields.
// Decided once when the file is opened, so that a row costs an array look-up for each column that needs nothing more.
import { FileRefused } from './file-refused.ts'
import type { ColumnRule, Mapping } from './mapping.ts'
import { COLUMNS, type Column } from './roster-line.ts'

/** The text of one of our columns in a row, as it stands there. */
export type FieldPick = (fields: readonly string[]) => string

export interface ColumnPicks {
  picks: Record<Column, FieldPick | null>
  /** Which field holds the patron id, when nothing but its text is needed. */
  plainPatronId: number | null
  ignoredColumns: string[]
}

const REQUIRED: readonly Column[] = ['patron_id', 'last_used_on']

export function choosePicks(header: readonly string[], mapping: Mapping | undefined): ColumnPicks {
  const names = header.map((name) => name.trim().toLowerCase())
  const rules: Mapping['columns'] = mapping?.columns ?? rulesByName(names)
  const missing = REQUIRED.filter((column) => rules[column]?.column === undefined)
  if (missing.length > 0) throw refuseMissing(missing, header, mapping !== undefined)

  const used = new Set<number>()
  const absent: string[] = []
  const picks = Object.fromEntries(
    COLUMNS.map((column) => {
      const rule = rules[column]
      if (rule === undefined) return [column, null]
      if (rule.constant !== undefined) return [column, constant(rule.constant)]
      const at = names.indexOf(rule.column!.trim().toLowerCase())
      if (at === -1) absent.push(rule.column!)
      else if (names.indexOf(names[at]!, at + 1) !== -1) throw refuseTwice(header[at]!)
      used.add(at)
      return [column, pickFor(at, rule, mapping?.blank ?? [])]
    }),
  ) as Record<Column, FieldPick | null>
  if (absent.length > 0) throw refuseMissing(absent, header, true)

  const idRule = rules.patron_id!
  const plain = Object.keys(idRule).length === 1 && (mapping?.blank ?? []).length === 0
  return {
    picks,
    plainPatronId: plain ? names.indexOf(idRule.column!.trim().toLowerCase()) : null,
    ignoredColumns: header.filter((name, at) => !used.has(at) && name.trim() !== ''),
  }
}

function rulesByName(names: readonly string[]): Mapping['columns'] {
  const known = COLUMNS.filter((column) => names.includes(column))
  return Object.fromEntries(known.map((column) => [column, { column }]))
}

const constant =
  (text: string): FieldPick =>
  () =>
    text

function pickFor(at: number, rule: ColumnRule, blank: readonly string[]): FieldPick {
  const steps: ((text: string) => string)[] = []
  if (blank.length > 0) steps.push((text) => (blank.includes(text.trim()) ? '' : text))
  if (rule.pick === 'first') steps.push(firstOf(rule.separator ?? /[;|\n]/))
  if (rule.part !== undefined) steps.push(partOf(rule.part, rule.separator ?? ','))
  if (rule.match !== undefined) steps.push(matchOf(new RegExp(rule.match, 'u')))
  if (rule.values !== undefined) steps.push(translation(rule.values))
  if (steps.length === 0) return (fields) => fields[at] ?? ''
  return (fields) => steps.reduce((text, step) => step(text), fields[at] ?? '')
}

const firstOf = (separator: string | RegExp) => (text: string) =>
  text
    .split(separator)
    .map((piece) => piece.trim())
    .find((piece) => piece !== '') ?? ''

/** "GARCIA, ROSA" has a given name; "GARCIA" has none and is a family name. */
function partOf(part: 'family' | 'given' | number, separator: string): (text: string) => string {
  if (typeof part === 'number') return (text) => text.split(separator)[part - 1]?.trim() ?? ''
  return (text) => {
    const at = text.indexOf(separator)
    if (part === 'family') return at === -1 ? text : text.slice(0, at)
    return at === -1 ? '' : text.slice(at + separator.length)
  }
}

const matchOf = (pattern: RegExp) => (text: string) => {
  const match = pattern.exec(text)
  return match === null ? '' : (match[1] ?? match[0])
}

/** Codes are compared without case and spaces around them: "A" and "a " are one branch code in most systems. */
function translation(values: Record<string, string>): (text: string) => string {
  const ours = new Map(Object.entries(values).map(([theirs, word]) => [theirs.trim().toLowerCase(), word]))
  const other = ours.get('*')
  return (text) => ours.get(text.trim().toLowerCase()) ?? other ?? text
}

function refuseMissing(missing: readonly string[], header: readonly string[], mapped: boolean): FileRefused {
  const list = (names: readonly string[]) => names.map((name) => `“${name.trim()}”`).join(', ')
  const what = missing.length > 1 ? `the columns ${list(missing)}` : `the column ${list(missing)}`
  const advice = mapped
    ? 'Correct the mapping, or add the column to the export.'
    : 'Add it to the export, or write a mapping that says which of these columns it is, and give it with --map.'
  return new FileRefused('missing-columns', `We could not find ${what}. The file has ${list(header)}. ${advice}`)
}

const refuseTwice = (name: string) =>
  new FileRefused(
    'missing-columns',
    `The column “${name.trim()}” stands twice in the header: rename or drop one of the two.`,
  )

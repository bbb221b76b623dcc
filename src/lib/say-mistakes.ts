// The mistakes in a file that a person wrote (YAML or JSON), as sentences for that person: what is wrong, what is right
// there, with an example. The checks themselves are schemas; what they say of themselves is for programmers.
import type { z } from 'zod'
import { nearest } from './nearest.ts'

/** A key of the file: `is` continues "It is …", `example` is how the line may look. Keys below a key are "outer.inner". */
export type KeyWords = Readonly<Record<string, { is: string; example: string }>>

/** One sentence or two for each place that has a mistake. `what` is what such a file is called: "a campaign file". */
export function sayMistakes(error: z.ZodError, held: unknown, keys: KeyWords, what: string): string[] {
  const said = new Map<string, string>()
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) said.set([...issue.path, key].join('.'), sayUnknown(issue.path, key, keys, what))
    else {
      const place = issue.path.join('.')
      if (!said.has(place)) said.set(place, sayWrong(issue, valueAt(held, issue.path), keys, what))
    }
  }
  return [...said.values()]
}

function sayUnknown(path: readonly PropertyKey[], key: string, keys: KeyWords, what: string): string {
  const within = path.map((step) => `${String(step)}.`).join('')
  const beside = Object.keys(keys).flatMap((known) =>
    known.startsWith(within) && !known.slice(within.length).includes('.') ? [known.slice(within.length)] : [],
  )
  const meant = nearest(key, beside)
  const where = within === '' ? `of ${what}` : `below "${within.slice(0, -1)}"`
  const known = meant === null ? `The keys there are ${beside.join(', ')}.` : `Did you mean "${meant}"?`
  return `"${within}${key}" is not a key ${where}. ${known}`
}

function sayWrong(issue: z.core.$ZodIssue, value: unknown, keys: KeyWords, what: string): string {
  const place = issue.path.join('.')
  if (place === '') return `It is not ${what}: that has a line for each key, such as ${firstExample(keys)}.`
  const words = wordsFor(issue.path, keys)
  const right = words === null ? '' : ` It is ${words.is} (such as ${words.example}).`
  if (value === undefined || value === null) return `"${place}" is missing.${right}`
  if (issue.code === 'custom') return `"${place}" ${issue.message}.${right}`
  return `"${place}" cannot be ${shown(value)}.${right}`
}

const firstExample = (keys: KeyWords): string => Object.values(keys)[0]?.example ?? 'key: value'

/** Of the place itself, or of the key that it stands below. */
function wordsFor(path: readonly PropertyKey[], keys: KeyWords): KeyWords[string] | null {
  for (let length = path.length; length > 0; length--) {
    const place = path.slice(0, length).join('.')
    if (Object.hasOwn(keys, place)) return keys[place]!
  }
  return null
}

const valueAt = (held: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step], held)

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

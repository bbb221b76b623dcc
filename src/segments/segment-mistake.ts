// What is wrong with a group that staff wrote down, in a sentence: which rule, and how it would be right. Asked only
// after the group was found wanting; whether it is right is for rule.ts to say.
import { nearest } from '../lib/nearest.ts'

const examples: Record<string, string> = {
  lapsed: 'lapsed: { minMonths: 3, maxMonths: 6 }',
  agreed: 'agreed: { minMonths: 22, maxMonths: 24 }',
  branch: 'branch: [MAIN, EAST]',
  category: 'category: [ADULT]',
  language: 'language: [es]',
  all: 'all: [ { branch: [MAIN] }, { language: [es] } ]',
  any: 'any: [ { branch: [MAIN] }, { branch: [EAST] } ]',
  not: 'not: { branch: [EAST] }',
}
const names = Object.keys(examples)
const like = (name: string) => `(such as ${examples[name]})`

/** `place`: where the rule stands, such as "segment.all". */
export function mistakeInSegment(value: unknown, place = 'segment'): string {
  if (value === undefined || value === null) return `"${place}" is missing. It is for whom ${like('lapsed')}.`
  if (!isObject(value)) return `"${place}" cannot be ${JSON.stringify(value)}. It is a rule ${like('lapsed')}.`
  const given = Object.keys(value)
  const unknown = given.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const meant = nearest(unknown, names)
    const known = meant === null ? `The rules there are ${names.join(', ')}.` : `Did you mean "${meant}"?`
    return `"${place}.${unknown}" is not a rule. ${known}`
  }
  if (given.length !== 1)
    return given.length === 0
      ? `"${place}" is empty. It is a rule ${like('lapsed')}.`
      : `"${place}" has ${given.length} rules side by side (${given.join(', ')}). Put them into one list: below "all" if each of them has to hold, below "any" if one is enough ${like('all')}.`
  const name = given[0]!
  return mistakeInRule(name, value[name], `${place}.${name}`)
}

function mistakeInRule(name: string, value: unknown, place: string): string {
  if (name === 'lapsed')
    return mistakeInMonths(value, place, { like: 'lapsed', known: ['minMonths', 'maxMonths', 'neverUsed'] })
  if (name === 'agreed') return mistakeInMonths(value, place, { like: 'agreed', known: ['minMonths', 'maxMonths'] })
  if (name === 'not') return mistakeInSegment(value, place)
  if (name === 'all' || name === 'any') {
    if (!Array.isArray(value) || value.length === 0) return `"${place}" is a list of rules ${like(name)}.`
    return value.map((inner, i) => mistakeInSegment(inner, `${place}, rule ${i + 1}`)).find((said) => said !== '') ?? ''
  }
  const right =
    Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string' && word !== '')
  return right
    ? ''
    : `"${place}" is a list of words in square brackets ${like(name)}; a number stands in quotes: ["163"].`
}

function mistakeInMonths(value: unknown, place: string, rule: { like: string; known: string[] }): string {
  const { known } = rule
  if (!isObject(value)) return `"${place}" needs minMonths and maxMonths ${like(rule.like)}.`
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) {
    const meant = nearest(unknown, known)
    return `"${place}.${unknown}" is not a key. ${meant === null ? `The keys there are ${known.join(', ')}.` : `Did you mean "${meant}"?`}`
  }
  for (const key of ['minMonths', 'maxMonths'])
    if (!isMonths(value[key])) return `"${place}.${key}" is a whole number of months, 0 or more ${like(rule.like)}.`
  if (value.neverUsed !== undefined && typeof value.neverUsed !== 'boolean')
    return `"${place}.neverUsed" is true or false (such as lapsed: { minMonths: 3, maxMonths: 6, neverUsed: true }).`
  return Number(value.minMonths) > Number(value.maxMonths)
    ? `"${place}": minMonths must not be above maxMonths ${like(rule.like)}.`
    : ''
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isMonths = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1200

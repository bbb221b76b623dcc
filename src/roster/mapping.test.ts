import { expect, test } from 'vitest'
import { choosePicks } from './column-picks.ts'
import { parseMapping } from './mapping.ts'

const minimal = 'columns: { patron_id: ID, last_used_on: SEEN }\n'

/** What the mapping of one column makes of one field. */
function picked(rule: string, text: string): string {
  const mapping = parseMapping(`columns: { patron_id: ID, last_used_on: SEEN, branch: ${rule} }`)
  return choosePicks(['ID', 'SEEN', 'X'], mapping).picks.branch!(['1', '', text])
}

test('a plain word is the file’s column', () => {
  expect(parseMapping(minimal).columns).toEqual({ patron_id: { column: 'ID' }, last_used_on: { column: 'SEEN' } })
})

test('the delimiter may be named or written', () => {
  expect(parseMapping(`delimiter: tab\n${minimal}`).delimiter).toBe('\t')
  expect(parseMapping(`delimiter: "\\t"\n${minimal}`).delimiter).toBe('\t')
  expect(parseMapping(`delimiter: "|"\n${minimal}`).delimiter).toBe('|')
})

test.each([
  ['colums: {}', /“colums” is not a key we know: did you mean “columns”\?/],
  ['columns: { surname: X }', /“surname” below “columns” is not a key we know: there are patron_id, barcode/],
  ['columns: { email: { colunm: X } }', /“colunm” below “columns.email” is not a key we know: did you mean “column”\?/],
  ['columns: { email: { pick: first } }', /“columns.email” needs either “column” .* or “constant”/],
  ['columns: { email: { column: X, constant: y } }', /“columns.email” needs either/],
  ['columns: { email: { column: X, pick: first, part: 1 } }', /both “part” and “pick”/],
  ['columns: { email: { column: X, match: "(" } }', /“columns.email.match” is no regular expression/],
  ['columns: { birth_date: { column: X, format: MM/DD/YY } }', /two-digit years/],
  [`dates: day\n${minimal}`, /“dates” is no date format/],
  [`delimiter: long\n${minimal}`, /must be comma, tab, pipe, semicolon/],
  ['delimiter: tab', /needs “columns”/],
  ['', /cannot be used/],
  ['rows: {}', /“rows” is not a key we know: there are delimiter, quoting, encoding, dates, blank, columns/],
  ['columns: [', /is not YAML/],
])('a mistake is told in words: %s', (text, sentence) => {
  expect(() => parseMapping(text, 'maple.yaml')).toThrow(sentence)
  expect(() => parseMapping(text, 'maple.yaml')).toThrow(/^maple\.yaml/)
})

test('“Last, First” comes apart, also where there is only one name', () => {
  expect(picked('{ column: X, part: family }', 'GARCIA, ROSA')).toBe('GARCIA')
  expect(picked('{ column: X, part: given }', 'GARCIA, ROSA').trim()).toBe('ROSA')
  expect(picked('{ column: X, part: family }', 'CHER')).toBe('CHER')
  expect(picked('{ column: X, part: given }', 'CHER')).toBe('')
})

test('pieces, patterns and the first of several are taken out of a field', () => {
  expect(picked('{ column: X, part: 2, separator: $ }', '12 Main St$Maple Falls')).toBe('Maple Falls')
  expect(picked('{ column: X, part: 3, separator: $ }', '12 Main St$Maple Falls')).toBe('')
  expect(picked("{ column: X, match: '(\\d{5})' }", 'Maple Falls OH 43001-1234')).toBe('43001')
  expect(picked("{ column: X, match: '\\d{5}' }", 'Maple Falls OH')).toBe('')
  expect(picked('{ column: X, pick: first }', ' ; a@example.org; b@example.org')).toBe('a@example.org')
})

test('values are translated without regard to case; the star stands for the others, and without it they stay', () => {
  expect(picked('{ column: X, values: { m: main, 7: east } }', ' M ')).toBe('main')
  expect(picked('{ column: X, values: { m: main, 7: east } }', '7')).toBe('east')
  expect(picked('{ column: X, values: { m: main } }', 'west')).toBe('west')
  expect(picked('{ column: X, values: { m: main, "*": other } }', 'west')).toBe('other')
  expect(picked('{ constant: main }', 'west')).toBe('main')
})

test('aliases that multiply are refused in a sentence, and soon', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`)
  expect(() => parseMapping(`a0: &a0 [x]\n${levels.join('\n')}\n${minimal}`, 'koha.yaml')).toThrow(
    expect.objectContaining({ code: 'bad-input', message: expect.stringContaining('koha.yaml cannot be used') }),
  )
})

test('keys that every object has are no keys of ours', () => {
  for (const key of ['__proto__', 'constructor'])
    expect(() => parseMapping(`${key}: {}\n${minimal}`)).toThrow(/is not a key we know/)
  expect(picked('{ column: X, values: { constructor: east } }', 'toString')).toBe('toString')
})

test('a pattern that repeats a repetition is refused, since one line could keep it busy for ever', () => {
  for (const match of ['^(a+)+$', '(\\\\d*,)*x', '(?:[a-z]{2,})*'])
    expect(() =>
      parseMapping(
        `columns:\n  patron_id: { column: id, match: '${match.replaceAll('\\\\', '\\')}' }\n  last_used_on: seen\n`,
        'm.yaml',
      ),
    ).toThrow('repeats a group')
})

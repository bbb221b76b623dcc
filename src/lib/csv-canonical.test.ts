import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CsvShape, joinFields, splitFields } from './csv.ts'
import { canonicalWriter } from './csv-canonical.ts'

type Written = Pick<CsvShape, 'delimiter' | 'quoting'>

function canonical(text: string, shape: Written): string {
  const raw = Buffer.from(text)
  const to = new Uint8Array(raw.length + 2)
  const end = canonicalWriter(shape)(raw, to, 1)
  return Buffer.from(to.subarray(1, end)).toString('latin1')
}
const quoteAll = (fields: string[], { delimiter, quoting }: Written) =>
  fields
    .map((field) => `"${quoting === 'doubled' ? field.replaceAll('"', '""') : field.replace(/["\\]/g, '\\$&')}"`)
    .join(delimiter)

const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\\', '\n', '\t', '|', ';', ' ', 'é', '语', '😀') })
const fields = fc.array(field, { minLength: 1, maxLength: 5 })
const shapes: fc.Arbitrary<Written> = fc.record({
  delimiter: fc.constantFrom(',', '\t', '|', ';'),
  quoting: fc.constantFrom('doubled' as const, 'backslash' as const),
})

test('the same values have one form, however they are divided and quoted', () => {
  fc.assert(
    fc.property(fields, shapes, shapes, (values, one, other) => {
      const form = canonical(joinFields(values, one), one)
      expect(canonical(joinFields(values, other), other)).toBe(form)
      expect(canonical(quoteAll(values, other), other)).toBe(form)
    }),
    { numRuns: 2_000 },
  )
})

test('other values have another form: no two lines are taken for the same one', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\\', '\t', '\n'), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(text, text, shapes, shapes, (one, other, shape, otherShape) => {
      const same = canonical(one, shape) === canonical(other, otherShape)
      const values = splitFields(one, shape)
      const otherValues = splitFields(other, otherShape)
      if (values === null || otherValues === null) expect(same).toBe(values === otherValues && one === other)
      else expect(same).toBe(JSON.stringify(values) === JSON.stringify(otherValues))
    }),
    { numRuns: 5_000 },
  )
})

test('a file that was turned to CRLF ends the lines inside its values with CRLF, too: that is the same value', () => {
  const comma: Written = { delimiter: ',', quoting: 'doubled' }
  expect(canonical('1,"12 Main St\r\nApt 4"', comma)).toBe(canonical('1,"12 Main St\nApt 4"', comma))
})

import { expect, test } from 'vitest'
import { detectShape } from './csv-shape.ts'

const shapeOf = (text: string, declared = {}) => detectShape(Buffer.from(text), declared)

test.each([
  ['comma', 'a,b,c\n1|2,3,4\n', ','],
  ['tab', 'a\tb,x\tc\n', '\t'],
  ['pipe', 'a|b|c\n', '|'],
  ['semicolon', 'a;b;c\r\n', ';'],
  ['comma, for a single column', 'a\n', ','],
  ['semicolon, when commas stand inside quotes only', '"a,b,c,d";e\n', ';'],
])('the header line tells the delimiter: %s', (_, text, delimiter) => {
  expect(shapeOf(text).delimiter).toBe(delimiter)
})

test.each([
  ['a,b\n1,2\n', 'lf'],
  ['a,b\r\n1,2\r\n', 'lf'],
  ['a,b\r1,2\r', 'cr'],
  ['a,b\r1,"two\nlines"\r', 'cr'],
  ['"a\rb",c\n1,2\n', 'lf'],
])('the first line end outside quotes is the file’s: %j', (text, lineEnd) => {
  expect(shapeOf(text).lineEnd).toBe(lineEnd)
})

test('a backslash before a quote is an escape only where the rows come out whole with it', () => {
  expect(shapeOf('a,b\n"Anna \\"Nan\\" Lee",x\n').quoting).toBe('backslash')
  expect(shapeOf('a,b\n"5\\", wide",x\n').quoting).toBe('backslash')
  expect(shapeOf('a,b\n"C:\\","next"\n').quoting).toBe('doubled')
  expect(shapeOf('a,b\n"plain","next"\n').quoting).toBe('doubled')
})

test('what is declared wins', () => {
  expect(shapeOf('a,b\n', { delimiter: ';', quoting: 'backslash' })).toEqual({
    delimiter: ';',
    quoting: 'backslash',
    lineEnd: 'lf',
  })
})

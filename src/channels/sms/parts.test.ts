import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { expect, test } from 'vitest'
import { cutText } from './cut-text.ts'
import { septetsOf } from './gsm-alphabet.ts'
import { measureText } from './parts.ts'
import { inPlain, plainFor } from './plain-replacement.ts'

const welcome =
  'Hi from Maple Falls Library! You asked us for texts, about 2 a month. Do write back: a librarian reads it. HELP for ' +
  'help, STOP to end. Msg&data rates may apply.'

test.each([
  ['', 'GSM-7', 1, 0, 160],
  [welcome, 'GSM-7', 1, 160, 0],
  [`${welcome}!`, 'GSM-7', 2, 161, 145],
  ['a'.repeat(306), 'GSM-7', 2, 306, 0],
  ['a'.repeat(307), 'GSM-7', 3, 307, 152],
  ['€'.repeat(80), 'GSM-7', 1, 160, 0],
  [`${'a'.repeat(152)}€€€€€`, 'GSM-7', 2, 162, 143], // the escape and its character move together
  ['é ñ à Ç ¡ ¿', 'GSM-7', 1, 11, 149],
  ['mañana a las 3 en la biblioteca, ¿sí?', 'UCS-2', 1, 37, 33],
  [`${'ñ'.repeat(69)}’`, 'UCS-2', 1, 70, 0],
  [`${'ñ'.repeat(70)}’`, 'UCS-2', 2, 71, 63],
  [`${'a'.repeat(66)}📚📚📚`, 'UCS-2', 2, 72, 61], // so do the halves of a surrogate pair
])('%j is %s: %i part(s), %i units, room for %i', (body, encoding, parts, units, roomLeft) => {
  expect(measureText(body)).toMatchObject({ encoding, parts, units, roomLeft })
})

test('each character that costs is named, with its place and what could stand there', () => {
  expect(measureText('Ana’s 📚 café').offending).toEqual([
    { character: '’', at: 3, plain: "'" },
    { character: '📚', at: 6, plain: null },
  ])
  expect(measureText('¿Qué tal? Así…').offending).toEqual([
    { character: 'í', at: 12, plain: 'i' },
    { character: '…', at: 13, plain: '...' },
  ])
})

// Characters that people see as one and that stand alone: the calculator never divides what is seen as one (an accent
// from its letter, a family of emoji), and takes CR LF for one character that is not in GSM-7; networks do neither.
const alone = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz ABCÑñéàèìòùÇ¡¿ÄÖÜäöü0123456789@£$¥§\nΔΦΓΛΩΠΨΣΘΞ'),
  },
  { weight: 3, arbitrary: fc.constantFrom(...'\f^{}\\[~]|€') },
)
const costly = fc.constantFrom(...'çáíóú‘’“”–—…•ďłœЖ日本語ا', '📚', '𝒳', '🙂')
const longText = (letter: fc.Arbitrary<string>) =>
  fc.array(letter, { maxLength: 500 }).map((letters) => letters.join(''))

test('parts and encoding are those of an independent calculator', () => {
  fc.assert(
    fc.property(fc.oneof(longText(alone), longText(fc.oneof(alone, { weight: 2, arbitrary: costly }))), (body) => {
      const theirs = new SegmentedMessage(body)
      const { encoding, parts, units, offending } = measureText(body)
      expect([encoding, parts]).toEqual([theirs.encodingName, theirs.segmentsCount])
      expect(units * (encoding === 'GSM-7' ? 7 : 16)).toBe(theirs.messageSize)
      expect(offending.map(({ character }) => character)).toEqual(theirs.getNonGsmCharacters())
    }),
    { numRuns: 500 },
  )
})

test('every single character of the first plane is in GSM-7 for us where it is for them, at the same cost', () => {
  const differing: string[] = []
  for (let code = 0; code < 0x10000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue
    const character = String.fromCharCode(code)
    const theirs = new SegmentedMessage(character)
    const cost = theirs.encodingName === 'GSM-7' ? theirs.messageSize / 7 : null
    if (cost !== septetsOf(character)) differing.push(`U+${code.toString(16)}`)
  }
  expect(differing).toEqual([])
})

test('filling the room that is left begins no part, and one unit more does', () => {
  fc.assert(
    fc.property(longText(fc.oneof(alone, { weight: 1, arbitrary: costly })), (body) => {
      const { encoding, parts, roomLeft } = measureText(body)
      // Letters of the text's own encoding, so that what is added does not change it.
      const more = encoding === 'GSM-7' ? 'a' : 'ж'
      expect(measureText(body + more.repeat(roomLeft)).parts).toBe(parts)
      expect(measureText(body + more.repeat(roomLeft + 1)).parts).toBe(parts + 1)
    }),
  )
})

test('every replacement is in the telephone alphabet itself, and a text once made plain stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (body) => {
      for (const { plain } of measureText(body).offending) if (plain) expect(measureText(plain).offending).toEqual([])
      expect(inPlain(inPlain(body))).toBe(inPlain(body))
      expect(measureText(inPlain(body)).offending.every(({ plain }) => plain === null)).toBe(true)
    }),
  )
})

test('what looks the same is made plain, and what has no likeness stays', () => {
  expect(inPlain('“Storytime” – Saturday… don’t miss it 📚')).toBe('"Storytime" - Saturday... don\'t miss it 📚')
  expect(inPlain('cafe\u0301')).toBe('café') // one letter in two characters, and the letter is in the alphabet
  expect(inPlain('garçon, así')).toBe('garcon, asi')
  expect(plainFor('日')).toBeNull()
})

test('a text is cut at a word, with dots, and says no more than its parts hold', () => {
  const long = `${welcome} We also have a new reading room, and you are welcome in it.`
  expect(cutText(long, 1)).toBe(
    'Hi from Maple Falls Library! You asked us for texts, about 2 a month. Do write back: a librarian reads it. HELP for ' +
      'help, STOP to end. Msg&data rates may...',
  )
  expect(cutText(long, 2)).toBe(long)
})

test('no comma is left standing before the dots', () => {
  expect(cutText(`${'a'.repeat(155)}, then ${'b'.repeat(20)}`, 1)).toBe(`${'a'.repeat(155)}...`)
})

test('a cut text is a beginning of the text, fits, and no whole character is broken', () => {
  const anyText = fc.array(fc.oneof(alone, costly, fc.constantFrom(' ', '👩‍👧', '\r\n', 'e\u0301')), { maxLength: 600 })
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 4 }), (letters, parts) => {
      const body = letters.join('')
      const cut = cutText(body, parts)
      expect(measureText(cut).parts).toBeLessThanOrEqual(parts)
      if (cut === body) return
      expect(cut.endsWith('...')).toBe(true)
      expect(body.startsWith(cut.slice(0, -3))).toBe(true)
      expect(cut.isWellFormed()).toBe(true)
    }),
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reduceToText as reduce } from './reduce-to-text.ts'

const REPLY_ABOVE = 'Please write your answer above this line'
const reduceToText = (mail: string) => reduce(mail, ['Escribe encima', REPLY_ABOVE])

const OWN = 'Yes, we keep it for you until Friday.\n\nAsk for Ana at the desk.'
const ORIGINAL = [
  'Is my book still there?',
  '',
  'I can come on Thursday after work, if the bus runs, or else on Friday.',
]
const quoted = ORIGINAL.map((line) => `> ${line}`.trimEnd()).join('\n')

/** How mail programs put an answer and what it answers together. */
const programs: Record<string, (own: string, original: string[]) => string> = {
  'our own line': (own, original) => `${own}\n\n${REPLY_ABOVE}\n\n${original.join('\n')}`,
  'our own line, quoted': (own, original) =>
    `${own}\n\nOn Tue, Nov 24, 2026 at 10:00 AM Maple Falls <answer+x@example.org> wrote:\n> --- ${REPLY_ABOVE} ---\n>\n${prefix(original)}`,
  Gmail: (own, original) =>
    `${own}\n\nOn Tue, Nov 24, 2026 at 10:00 AM Maple Falls Library <answer+0123@sms.example.org>\nwrote:\n\n${prefix(original)}`,
  'Gmail in Spanish': (own, original) =>
    `${own}\n\nEl mar, 24 nov 2026 a las 10:00, Biblioteca (<answer@sms.example.org>)\nescribió:\n\n${prefix(original)}`,
  'Gmail of old': (own, original) =>
    `${own}\n\n2026-11-24 10:00 GMT-05:00 Maple <answer@sms.example.org>:\n\n${prefix(original)}`,
  'Apple Mail': (own, original) =>
    `${own}\n\n> On Nov 24, 2026, at 10:00 AM, Maple Falls Library <answer@sms.example.org> wrote:\n>\n${prefix(original)}`,
  'an iPhone': (own, original) =>
    `${own}\n\nSent from my iPhone\n\n> On Nov 24, 2026, at 10:00 AM, Maple <answer@sms.example.org> wrote:\n>\n> \u{feff}\n${prefix(original)}`,
  'an iPhone in Spanish': (own, original) =>
    `${own}\n\nEnviado desde mi iPhone\n\n> El 24 nov 2026, a la(s) 10:00 a. m., Maple <answer@sms.example.org> escribió:\n>\n${prefix(original)}`,
  Outlook: (own, original) =>
    `${own}\n\n________________________________\nFrom: Maple Falls <answer@sms.example.org>\nSent: Tuesday, November 24, 2026 10:00 AM\nTo: Ana\nSubject: Text\n\n${original.join('\n')}`,
  'Outlook on the desk': (own, original) =>
    `${own}\n\nFrom: Maple Falls <answer@sms.example.org>\nSent: Tuesday, November 24, 2026 10:00 AM\nTo: Ana\nSubject: Text\n\n${original.join('\n')}`,
  'Outlook in Spanish': (own, original) =>
    `${own}\n\nDe: Biblioteca <answer@sms.example.org>\nEnviado: martes, 24 de noviembre de 2026 10:00\nPara: Ana\nAsunto: Texto\n\n${original.join('\n')}`,
  'Outlook of old': (own, original) => `${own}\n\n-----Original Message-----\nFrom: Maple\n${original.join('\n')}`,
  'Outlook of old in Spanish': (own, original) =>
    `${own}\n\n-----Mensaje original-----\nDe: Maple\n${original.join('\n')}`,
  'Outlook on a telephone': (own, original) =>
    `${own}\n\nGet Outlook for iOS\n________________________________\nFrom: Maple <answer@sms.example.org>\nSent: today\n\n${original.join('\n')}`,
  'a signature': (own, original) => `${own}\n\n-- \nAna Ruiz\nMaple Falls Library\n\n${prefix(original)}`,
  'an answer below': (own, original) => `On Tue, Nov 24, 2026, Maple wrote:\n${prefix(original)}\n\n${own}`,
  'a telephone that quotes without a mark': (own, original) =>
    `${own}\n\nOn Tue, Nov 24, 2026, 10:00 AM Maple <answer@sms.example.org> wrote:\n\n${original.join('\n')}`,
}
const prefix = (lines: string[]) => lines.map((line) => `> ${line}`.trimEnd()).join('\n')

test.each(Object.keys(programs))('%s: the own words come out, and nothing else', (name) => {
  expect(reduceToText(programs[name]!(OWN, ORIGINAL))).toBe(OWN)
  expect(reduceToText(programs[name]!(OWN, ORIGINAL).replaceAll('\n', '\r\n'))).toBe(OWN)
})

const word = fc.stringMatching(/^[a-zñé]{1,9}$/)
const ownLine = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => `Own ${words.join(' ')}.`)
const theirLine = fc.array(word, { maxLength: 30 }).map((words) => `THEIRS ${words.join(' ')}`)

test('whatever is quoted, in whichever program, never comes out, and the own words always do', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(programs)),
      fc.array(ownLine, { minLength: 1, maxLength: 6 }),
      fc.array(fc.oneof(theirLine, fc.constant('')), { minLength: 1, maxLength: 8 }),
      (name, own, theirs) => {
        const said = reduceToText(programs[name]!(own.join('\n'), ['THEIRS first', ...theirs]))
        expect(said).toBe(own.join('\n'))
      },
    ),
    { numRuns: 500 },
  )
})

test('a quoted line that a mail program broke in two stays quoted', () => {
  fc.assert(
    fc.property(
      fc.array(theirLine, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 8, max: 40 }),
      (theirs, width) => {
        const broken = theirs.map((line) => {
          const at = line.lastIndexOf(' ', width)
          return at < 1 ? `> ${line}` : `> ${line.slice(0, at)}\nTHEIRS ${line.slice(at + 1)}`
        })
        expect(reduceToText(`Own words.\n\nOn Tue, Maple wrote:\n${broken.join('\n')}`)).toBe('Own words.')
      },
    ),
  )
})

test('anything at all is read without harm, and reading what came out changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const said = reduceToText(text)
      expect(reduceToText(said).length).toBeLessThanOrEqual(said.length)
    }),
  )
})

describe('words that only look like the end', () => {
  test.each([
    'On Monday we are closed.',
    'From: the desk, with love',
    'El lunes cerramos.',
    'The bus stops -- as you know -- at the corner.',
    'Sent from my heart, I wrote this:\nthank you.',
    'Call 614-555-0100\n- or come by\n- or write',
  ])('%j stays', (text) => {
    expect(reduceToText(text)).toBe(text)
  })
})

test('an answer between the lines comes out without what it answers', () => {
  const mail = `On Tue, Maple wrote:\n> Is it there?\n\nYes.\n\n> And on Friday?\n\nUntil six.`
  expect(reduceToText(mail)).toBe('Yes.\n\nUntil six.')
})

test('who only quotes has said nothing', () => {
  expect(reduceToText(`On Tue, Maple wrote:\n${quoted}`)).toBe('')
  expect(reduceToText(`\n\nSent from my iPhone\n`)).toBe('')
  expect(reduceToText('')).toBe('')
})

import { expect, test } from 'vitest'
import { formSeal } from './form-seal.ts'

const ours = formSeal(Buffer.alloc(32, 1))
const theirs = formSeal(Buffer.alloc(32, 2))
const now = new Date('2026-11-22T15:00:00Z')
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

test('a seal opens for what it is for, until its time is over', () => {
  const seal = ours.seal('own page', ['7', 'añ"'], later(15))
  expect(ours.open('own page', seal, now)).toEqual(['7', 'añ"'])
  expect(ours.open('own page', seal, later(15))).toBeNull()
  expect(ours.open('erase', seal, now)).toBeNull()
  expect(theirs.open('own page', seal, now)).toBeNull()
})

test('whatever is altered, cut or invented opens nothing', () => {
  const seal = ours.seal('own page', ['7'], later(15))
  const [body, sign] = seal.split('.') as [string, string]
  const other = Buffer.from(JSON.stringify(['own page', later(9e9).getTime(), '8'])).toString('base64url')
  for (const forged of [
    '',
    '.',
    seal.slice(1),
    seal.slice(0, -1),
    `${other}.${sign}`,
    `${body}.${'A'.repeat(43)}`,
    `${seal}A`,
  ])
    expect(ours.open('own page', forged, now)).toBeNull()
})

test('the hash of a code depends on the key and on whom it was sent to', () => {
  const hash = ours.codeHash('1/5', '123456')
  expect(ours.codeHash('1/5', '123456').equals(hash)).toBe(true)
  for (const other of [
    ours.codeHash('1/6', '123456'),
    ours.codeHash('1/5', '123457'),
    theirs.codeHash('1/5', '123456'),
  ])
    expect(other.equals(hash)).toBe(false)
})

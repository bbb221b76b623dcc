import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normaliseEmail, normalisePhone, normalisePostal } from '../src/lib/addresses.ts'
import { ageOn, dayNo, monthsBetween } from './calendar.ts'
import { generateRoster } from './generate-roster.ts'
import { knownPeople } from './known-people.ts'
import { phoneDigits, phonesInAll } from './places.ts'
import { rosterLine } from './roster-csv.ts'

const today = '2026-11-22'
const town = [...generateRoster({ seed: 7, people: 20_000, today })]
const byId = new Map(town.map((row) => [row.patron_id, row]))
const share = (n: number) => n / town.length

const bytesOf = (options: Parameters<typeof generateRoster>[0]) => {
  const hash = createHash('sha256')
  for (const row of generateRoster(options)) hash.update(rosterLine(row))
  return hash.digest('hex')
}

test('the same seed gives the same bytes, another seed another town', () => {
  const options = { seed: 7, people: 3_000, today }
  expect(bytesOf(options)).toBe(bytesOf(options))
  expect(bytesOf({ ...options, seed: 8 })).not.toBe(bytesOf(options))
})

test('as many people as asked for, each with an id and a card of their own', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 12, max: 1_600 }), (seed, people) => {
      const rows = [...generateRoster({ seed, people, today })]
      expect(rows).toHaveLength(people)
      expect(new Set(rows.map((row) => row.patron_id)).size).toBe(people)
      expect(new Set(rows.map((row) => row.barcode)).size).toBe(people)
    }),
    { numRuns: 25 },
  )
})

test('a roster too small for its known people is refused', () => {
  expect(() => [...generateRoster({ seed: 1, people: 3, today })]).toThrow(RangeError)
})

test('every minor has a guardian in the roster, who is grown up and shares the home', () => {
  const minors = town.filter((row) => row.birth_date !== '' && ageOn(dayNo(today), dayNo(row.birth_date)) < 18)
  expect(share(minors.length)).toBeGreaterThan(0.1)
  for (const minor of minors) {
    const guardian = byId.get(minor.guardian_id)
    expect(guardian, `guardian of ${minor.patron_id}`).toBeDefined()
    expect(guardian!.guardian_id).toBe('')
    expect(['Juvenile', 'Young adult']).not.toContain(guardian!.category)
  }
  expect(town.filter((row) => row.guardian_id !== '')).toHaveLength(minors.length)
})

test('only example mailboxes and fictional phones appear, and the product can read each of them', () => {
  for (const row of town) {
    if (row.email !== '') {
      expect(normaliseEmail(row.email)).toMatch(/^[a-z0-9.]+@(example\.(com|org|net)|mail\.test)$/)
    }
    if (row.phone !== '') expect(normalisePhone(row.phone)).toMatch(/^\+1[2-9]\d{2}55501\d{2}$/)
  }
})

test('households share an e-mail, a phone or a home, and strangers do not in a town of this size', () => {
  // A household is 2 to 5 people and numbered one after the other.
  const groups = (key: (row: (typeof town)[number]) => string | null) => {
    const byKey = new Map<string, number[]>()
    for (const row of town) {
      const value = key(row)
      if (value !== null) byKey.set(value, [...(byKey.get(value) ?? []), Number(row.patron_id)])
    }
    return [...byKey.values()].filter((ids) => ids.length > 1)
  }
  const shared = {
    email: groups((row) => normaliseEmail(row.email)),
    phone: groups((row) => normalisePhone(row.phone)),
    home: groups((row) => normalisePostal(row.address_line1, '', row.postal_code)),
  }
  for (const households of Object.values(shared)) {
    expect(share(households.flat().length)).toBeGreaterThan(0.1)
    for (const ids of households) expect(Math.max(...ids) - Math.min(...ids)).toBeLessThan(5)
  }
})

test('each phone is dealt once before any comes again', () => {
  const dealt = new Set(Array.from({ length: phonesInAll }, (_, n) => phoneDigits(n)))
  expect(dealt.size).toBe(phonesInAll)
  expect(phoneDigits(phonesInAll)).toBe(phoneDigits(0))
})

test('the town is as untidy as life', () => {
  const has = (holds: (row: (typeof town)[number]) => boolean) => share(town.filter(holds).length)
  const text = (script: RegExp) => has((row) => script.test(row.given_name + row.family_name))
  for (const script of [
    /\p{Script=Han}/u,
    /\p{Script=Cyrillic}/u,
    /\p{Script=Arabic}/u,
    /\p{Script=Hebrew}/u,
    /\p{Script=Hangul}/u,
    /\p{Script=Devanagari}/u,
    /[ễầạ]/u,
    /[éñøł]/u,
    /[’']/u,
    /,/u,
    /"/u,
  ]) {
    expect(text(script), String(script)).toBeGreaterThan(0.0005)
  }
  const between = (value: number, low: number, high: number) => {
    expect(value).toBeGreaterThan(low)
    expect(value).toBeLessThan(high)
  }
  between(
    has((row) => /\p{Lu}{3}/u.test(row.family_name)),
    0.05,
    0.15,
  )
  between(
    has((row) => row.preferred_name !== ''),
    0.03,
    0.12,
  )
  between(
    has((row) => row.status === 'deceased'),
    0.003,
    0.008,
  )
  between(
    has((row) => row.status === 'barred'),
    0.015,
    0.035,
  )
  between(
    has((row) => row.expires_on < today),
    0.03,
    0.08,
  )
  between(
    has((row) => row.expires_on === '2099-12-31'),
    0.04,
    0.1,
  )
  between(
    has((row) => row.last_used_on === ''),
    0.07,
    0.13,
  )
  between(has((row) => row.email.startsWith('bounces')) / has((row) => row.email !== ''), 0.003, 0.008)
  between(
    has((row) => row.language === 'es'),
    0.04,
    0.1,
  )
})

test('the known people are at home in every roster, with their stories', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.date({ min: new Date('2020-01-01'), max: new Date('2040-12-31'), noInvalidDate: true }),
      (seed, date) => {
        const day = date.toISOString().slice(0, 10)
        const rows = new Map([...generateRoster({ seed, people: 60, today: day })].map((row) => [row.patron_id, row]))
        const row = (who: keyof typeof knownPeople) => rows.get(knownPeople[who].patronId)!
        for (const who of Object.keys(knownPeople) as (keyof typeof knownPeople)[]) {
          expect(`${row(who).given_name} ${row(who).family_name}`).toBe(knownPeople[who].name)
          if (who === 'amara' || who === 'grace') continue
          const months = monthsBetween(dayNo(row(who).last_used_on), dayNo(day))
          const days = dayNo(day) - dayNo(row(who).last_used_on)
          expect(months >= 4 && months <= 5 && days > 92 && days < 181, `${who}: ${months} months, ${days} days`).toBe(
            true,
          )
        }
        expect(row('rosa').email).toBe(row('mateo').email)
        expect(row('karl').expires_on < day).toBe(true)
        expect(dayNo(row('amara').last_used_on)).toBe(dayNo(day) - 1)
        expect(row('walter').status).toBe('deceased')
        expect(ageOn(dayNo(day), dayNo(row('lily').birth_date))).toBe(9)
        expect(row('lily').guardian_id).toBe(row('grace').patron_id)
        expect(row('dmitri').email).toMatch(/^bounces/)
        expect(row('tomas').language).toBe('es')
      },
    ),
    { numRuns: 50 },
  )
})

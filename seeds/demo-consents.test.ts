import { beforeAll, expect, test } from 'vitest'
import { ageOn, dayNo } from './calendar.ts'
import { type DemoConsent, demoConsents } from './demo-consents.ts'
import { branches, demoLibrary, wordings } from './demo-library.ts'
import { generateRoster } from './generate-roster.ts'
import { knownPeople } from './known-people.ts'
import type { GeneratedPatron } from './roster-columns.ts'

const today = '2026-11-22'
let rows: GeneratedPatron[]
let consents: DemoConsent[]
beforeAll(() => {
  rows = [...generateRoster({ seed: 7, people: 20_000, today })]
  consents = [...demoConsents({ seed: 7, today, rows })]
})

/** What each person said last about a note now and then by e-mail. */
const lastWord = () =>
  new Map(
    consents
      .filter((c) => c.purpose === 'reengagement' && c.channel === 'email')
      .map((c) => [c.patron_id, c.decision] as const),
  )

test('about a third agreed to a note by e-mail, and about three in a hundred said no', () => {
  const decisions = [...lastWord().values()]
  const agreed = decisions.filter((decision) => decision === 'grant').length / rows.length
  const refused = decisions.filter((decision) => decision === 'deny').length / rows.length
  expect(agreed).toBeGreaterThan(0.3)
  expect(agreed).toBeLessThan(0.36)
  expect(refused).toBeGreaterThan(0.02)
  expect(refused).toBeLessThan(0.05)
})

test('nobody agreed to a channel that does not reach them', () => {
  const byId = new Map(rows.map((row) => [row.patron_id, row]))
  const reach = { email: 'email', sms: 'phone', post: 'address_line1' } as const
  for (const consent of consents) {
    if (consent.decision === 'grant') expect(byId.get(consent.patron_id)?.[reach[consent.channel]]).not.toBe('')
  }
  expect(new Set(consents.map((c) => c.channel))).toEqual(new Set(['email', 'sms', 'post']))
  expect(new Set(consents.map((c) => c.purpose))).toEqual(new Set(['reengagement', 'new-titles', 'events']))
})

test('no minor answered, but for Lily, whose mother signed on paper', () => {
  const minors = new Set(
    rows
      .filter((row) => row.birth_date !== '' && ageOn(dayNo(today), dayNo(row.birth_date)) < 18)
      .map((row) => row.patron_id),
  )
  expect(consents.filter((consent) => minors.has(consent.patron_id))).toMatchObject([
    { patron_id: knownPeople.lily.patronId, decision: 'grant', method: 'paper form' },
  ])
})

test('each answer came after joining, before today, within three years, and each person’s in order', () => {
  const byId = new Map(rows.map((row) => [row.patron_id, row]))
  const before = new Map<string, string>()
  for (const { patron_id, decided_at } of consents) {
    expect(decided_at.slice(0, 10) >= byId.get(patron_id)!.registered_on).toBe(true)
    expect(decided_at >= '2023-11-22' && decided_at < today).toBe(true)
    expect(decided_at.slice(0, 10) >= (before.get(patron_id) ?? '').slice(0, 10)).toBe(true)
    before.set(patron_id, decided_at)
  }
})

test('each answer names the wording that was shown, in the language of the person', () => {
  const byId = new Map(rows.map((row) => [row.patron_id, row]))
  for (const consent of consents) {
    const wording = wordings.find(({ id }) => id === consent.wording)
    expect(wording).toMatchObject({
      purpose: consent.purpose,
      channel: consent.channel,
      language: byId.get(consent.patron_id)?.language === 'es' ? 'es' : 'en',
    })
  }
})

test('Sam said no, Priya never answered, and the others of the stories agreed', () => {
  const said = lastWord()
  const { sam, priya, ...others } = knownPeople
  expect(said.get(sam.patronId)).toBe('deny')
  expect(consents.filter((consent) => consent.patron_id === priya.patronId)).toEqual([])
  for (const { patronId } of Object.values(others)) expect(said.get(patronId)).toBe('grant')
})

test('the same roster and seed give the same answers', () => {
  expect([...demoConsents({ seed: 7, today, rows })]).toEqual(consents)
  expect([...demoConsents({ seed: 8, today, rows })]).not.toEqual(consents)
})

test('a wording says who asks and how to say no more, and there is one for each language', () => {
  expect(new Set(wordings.map(({ id }) => id)).size).toBe(wordings.length)
  for (const { text, language, channel } of wordings) {
    expect(text).toContain(language === 'en' ? demoLibrary.name : 'Biblioteca Pública de Maple Falls')
    expect(text).toMatch(channel === 'sms' ? /STOP|ALTO/ : /stop at any time|en cualquier momento/)
  }
  expect(new Set(branches.map(({ key }) => key)).size).toBe(5)
})

// The rules of the gate against an oracle that says them once more in plain words, for people made at random with their
// dates on the very edge. The session's time zone is one with summer time: thirty days are thirty times 24 hours there, too.
import fc from 'fast-check'
import { sql } from 'kysely'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { previewSegment } from '../segments/preview.ts'
import { ask, suppressionsInForce } from './gate-question.ts'
import { CHANNELS, type Channel, type Purpose } from './purposes.ts'
import { codesOf, reasonText, withholding } from './reasons.ts'
import { RULES } from './rules.ts'
import { whyPatron } from './why.ts'

const house = openHouse()
let root: pg.Client
let library: Library

beforeAll(async () => {
  root = await house.connectAsSuperuser()
  await root.query(`alter database ${house.database.server.database} set timezone = 'America/New_York'`)
  library = await make.library(house)
})

const BIT = { reengagement: 4, 'new-titles': 8, events: 16, fundraising: 32 } as const
type Asking = keyof typeof BIT
const DAY = 24 * 3600_000

interface Person {
  patron_no: number
  household: number
  last_use: number | null
  missing: number
  status: 'active' | 'barred' | 'deceased' | 'closed'
  /** Days from the library's today. */
  minor: number | null
  expires: number | null
  email_given: boolean
  email_usable: boolean
  address: number | null
  phone: number | null
  identity_known: boolean
  agreed: Record<Channel, number>
  refused: Record<Channel, number>
  /** Days from the library's today, of the oldest yes by each channel. */
  agreedOn: Record<Channel, number | null>
  /** Milliseconds from now. */
  paused: number | null
  own_pace_days: 30 | 90 | 180 | null
  prompted: number | null
  prompts_unanswered: number
  unasked: number | null
  unaskedBefore: number | null
}

interface Suppressed {
  address: number
  channel: Channel
  purposes: number
  reason: 'stopped' | 'bounced' | 'complained' | 'staff' | 'life-event'
  lifted: boolean
}

interface World {
  people: Person[]
  suppressed: Suppressed[]
  purpose: Asking
  channel: Channel
  now: Date
  policy: Pick<Library, 'promptEveryDays' | 'promptsWithoutLife' | 'unaskedIn30Days' | 'consentMonths'>
}

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
/** Nine times in ten the value that lets a person through, or nobody would ever be written to. */
const mostly = <T>(usual: T, ...rest: T[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: oneOf(...rest) })
const rarely = (at: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: at })
const edge = (days: number) => oneOf(-days * DAY - 1, -days * DAY, -days * DAY + 1)

/** Masks that cannot be agreed and refused at once. */
const choices = fc
  .tuple(fc.oneof(fc.constant(15), fc.integer({ min: 0, max: 15 })), mostly(0, 1, 2, 4, 8, 15))
  .map(([yes, no]) => ({ agreed: (yes & ~no) << 2, refused: no << 2 }))

const agreedOn = mostly<number | null>(-100, -729, -730, -731, -2000, null)

const person: fc.Arbitrary<Omit<Person, 'patron_no'>> = fc.record({
  household: fc.integer({ min: 1, max: 6 }),
  last_use: mostly<number | null>(-4, null, 0, -2, -3, -6, -7, 1),
  missing: mostly(0, 1, 2, 9),
  status: mostly<Person['status']>('active', 'barred', 'deceased', 'closed'),
  minor: mostly<number | null>(null, -1, 0, 1),
  expires: mostly<number | null>(null, -1, 0, 1),
  email_given: mostly(true, false),
  email_usable: mostly(true, false),
  address: maybe(fc.integer({ min: 1, max: 4 })),
  phone: maybe(fc.integer({ min: 1, max: 4 })),
  identity_known: mostly(true, false),
  agreed: fc.constant({ email: 0, sms: 0, post: 0 }),
  refused: fc.constant({ email: 0, sms: 0, post: 0 }),
  // Two years to the day, for all the days below.
  agreedOn: fc.record({ email: agreedOn, sms: agreedOn, post: agreedOn }),
  paused: mostly<number | null>(null, -1, 0, 1, 40 * DAY),
  own_pace_days: mostly<Person['own_pace_days']>(null, 30, 90, 180),
  prompted: rarely(fc.oneof(edge(90), edge(30), edge(7))),
  prompts_unanswered: mostly(0, 1, 2, 3, 4),
  unasked: rarely(fc.oneof(edge(30), edge(90), edge(180))),
  unaskedBefore: rarely(edge(30)),
})

const people = fc
  .array(fc.tuple(person, choices, choices, choices), { minLength: 1, maxLength: 14 })
  .map((all): Person[] =>
    all.map(([p, email, sms, post], i) => ({
      ...p,
      patron_no: i + 1,
      agreed: { email: email.agreed, sms: sms.agreed, post: post.agreed },
      refused: { email: email.refused, sms: sms.refused, post: post.refused },
    })),
  )

const suppressed = fc.array(
  fc.record({
    address: fc.integer({ min: 1, max: 4 }),
    channel: mostly<Channel>('email', 'sms'),
    purposes: oneOf(-1, 60, 4, 16, 3),
    reason: oneOf<Suppressed['reason']>('stopped', 'bounced', 'complained', 'staff', 'life-event'),
    lifted: oneOf(true, false),
  }),
  { maxLength: 3 },
)

const world: fc.Arbitrary<World> = fc.record({
  people,
  suppressed,
  purpose: oneOf<Asking>('reengagement', 'reengagement', 'new-titles', 'events', 'fundraising'),
  channel: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Channel>('email') },
    { weight: 3, arbitrary: fc.constant<Channel>('sms') },
    { weight: 1, arbitrary: fc.constant<Channel>('post') },
  ),
  // Before and after midnight in the library, in UTC another day; the last with the end of summer time behind it.
  now: oneOf('2026-07-02T03:59:59Z', '2026-07-02T04:00:00Z', '2026-11-22T15:00:00Z', '2026-12-31T23:30:00Z').map(
    (at) => new Date(at),
  ),
  policy: fc.record({
    promptEveryDays: oneOf(90, 7),
    promptsWithoutLife: oneOf(1, 3),
    unaskedIn30Days: oneOf(1, 2),
    consentMonths: oneOf(null, 24),
  }),
})

/** The date in the library, and the month as it is counted. */
function calendar(now: Date) {
  const local = new Date(now.getTime() - (now.getUTCMonth() === 6 ? 4 : 5) * 3600_000)
  return {
    day: (offset: number) => new Date(local.getTime() + offset * DAY).toISOString().slice(0, 10),
    month: local.getUTCFullYear() * 12 + local.getUTCMonth(),
  }
}

const hashOf = (address: number) => Buffer.alloc(16, address)

async function settle(w: World): Promise<void> {
  const { day, month } = calendar(w.now)
  const at = (ms: number | null) => (ms === null ? null : new Date(w.now.getTime() + ms))
  await root.query('delete from outreach.standing; delete from outreach.suppression')
  const rows = w.people.map(({ minor, expires, agreed, refused, agreedOn, address, phone, ...p }) => ({
    ...p,
    library_no: library.libraryNo,
    last_use: p.last_use === null ? null : month + p.last_use,
    minor_until: minor === null ? null : day(minor),
    expires_on: expires === null ? null : day(expires),
    email_hash: address === null ? null : `\\x${hashOf(address).toString('hex')}`,
    phone_hash: phone === null ? null : `\\x${hashOf(phone).toString('hex')}`,
    phone_given: phone !== null,
    topics: 0,
    has_card: true,
    address_shared: false,
    branch: 'main',
    category: 'adult',
    language: 'en',
    ...Object.fromEntries(
      CHANNELS.flatMap((c) => [
        [`agreed_${c}`, agreed[c]],
        [`refused_${c}`, refused[c]],
        [`agreed_${c}_on`, agreedOn[c] === null ? null : day(agreedOn[c])],
      ]),
    ),
    paused_until: at(p.paused),
    prompted_at: at(p.prompted),
    unasked_at: at(p.unasked),
    unasked_before_at: at(p.unaskedBefore),
  }))
  await root.query(
    'insert into outreach.standing select * from jsonb_populate_recordset(null::outreach.standing, $1::jsonb)',
    [JSON.stringify(rows)],
  )
  for (const s of w.suppressed)
    await root.query(
      `insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since, lifted_at) values ($1, $2, $3, $4, $5, $6, $7)`,
      [library.libraryNo, s.channel, hashOf(s.address), s.purposes, s.reason, w.now, s.lifted ? w.now : null],
    )
}

/** Every reason not to write to this person, in the words of the promises. */
function reasonsFor(p: Person, w: World): string[] {
  const bit = BIT[w.purpose]
  const [yes, no] = [(p.agreed[w.channel] & bit) !== 0, (p.refused[w.channel] & bit) !== 0]
  const within = (ms: number | null, days: number) => ms !== null && ms > -days * DAY
  const [byEmail, byText] = [w.channel === 'email', w.channel === 'sms']
  const usable = byEmail ? p.email_usable : byText ? p.phone !== null : true
  const inForce = (reason: Suppressed['reason']) =>
    p.agreed[w.channel] !== 0 &&
    w.suppressed.some(
      (s) =>
        s.address === (byText ? p.phone : p.address) &&
        s.channel === w.channel &&
        s.reason === reason &&
        !s.lifted &&
        (s.purposes & bit) !== 0,
    )
  const prompt = w.purpose === 'reengagement'
  const unasked = prompt || w.purpose === 'fundraising'
  const holds: Record<string, boolean> = {
    NEVER_SAID_YES: !yes && !no,
    SAID_NO: no,
    CONSENT_TOO_OLD: yes && w.policy.consentMonths !== null && (p.agreedOn[w.channel] ?? 0) < -730,
    DIED: p.status === 'deceased',
    MINOR: p.minor !== null && p.minor > 0,
    CARD_BARRED: p.status === 'barred',
    CARD_CLOSED: p.status === 'closed',
    CARD_EXPIRED: p.expires !== null && p.expires < 0,
    LEFT_THE_FILE: p.missing > 1,
    NO_ADDRESS: byEmail && !p.email_given,
    ADDRESS_UNUSABLE: byEmail && p.email_given && !p.email_usable,
    NO_PHONE: byText && p.phone === null,
    ADDRESS_NOT_KNOWN_YET: yes && usable && !p.identity_known,
    STOPPED: inForce('stopped'),
    BOUNCED: inForce('bounced'),
    COMPLAINED: inForce('complained'),
    DO_NOT_WRITE: inForce('staff'),
    LIFE_EVENT: inForce('life-event'),
    PAUSED: p.paused !== null && p.paused > 0,
    OWN_PACE: p.own_pace_days !== null && within(p.unasked, p.own_pace_days),
    PROMPTED_LATELY: prompt && within(p.prompted, w.policy.promptEveryDays),
    PROMPTS_UNANSWERED: prompt && p.prompts_unanswered >= w.policy.promptsWithoutLife,
    ENOUGH_THIS_MONTH: unasked && within(w.policy.unaskedIn30Days === 1 ? p.unasked : p.unaskedBefore, 30),
  }
  return Object.keys(holds).filter((code) => holds[code])
}

const isLapsed = (p: Person) => p.last_use !== null && p.last_use <= -3 && p.last_use >= -6

test('property: the SQL of the rules, the preview and the answer to "why?" say what the oracle says', async () => {
  let written = 0
  await fc.assert(
    fc.asyncProperty(world, async (w) => {
      await settle(w)
      const question = { library: { ...library, ...w.policy }, purpose: w.purpose, channel: w.channel, now: w.now }
      const expected = new Map(w.people.map((p) => [String(p.patron_no), reasonsFor(p, w)]))

      const asked = ask(question)
      await inLibrary(house.database.logins, 'circulation', library.libraryNo, async (scope) => {
        const rows = await rowsOf(
          scope,
          sql<{ patron: string; reasons: string[]; may: boolean }>`
          select s.patron_no as patron, ${codesOf(withholding(asked))} as reasons, ${withholding(asked)} = 0 as may
          from outreach.standing s
          left join ${suppressionsInForce(asked)} x on x.address_hash = ${asked.addressHash} and ${asked.agreed} <> 0
          where s.library_no = ${library.libraryNo}`,
        )
        expect(new Map(rows.map((r) => [r.patron, r.reasons]))).toEqual(expected)
        for (const row of rows) expect(row.may).toBe(expected.get(row.patron)!.length === 0)
        for (const [patron, reasons] of expected) {
          const why = (await whyPatron(scope, question, patron))!
          expect(why.rules.filter((rule) => !rule.passed).map((rule) => rule.code)).toEqual(reasons)
          expect(why.allowed).toBe(reasons.length === 0)
        }
      })

      if (w.channel === 'post') return
      const chosen = w.people.filter(isLapsed)
      const mayBe = chosen.filter((p) => expected.get(String(p.patron_no))!.length === 0)
      const households = new Set(mayBe.map((p) => p.household)).size
      written += households
      const reasons: Record<string, number> = {}
      for (const p of chosen)
        for (const code of expected.get(String(p.patron_no))!) reasons[code] = (reasons[code] ?? 0) + 1
      if (mayBe.length > households) reasons.HOUSEHOLD = mayBe.length - households
      const preview = await previewSegment(house.database.logins, question, { lapsed: { minMonths: 3, maxMonths: 6 } })
      expect(preview).toEqual({
        chosen: chosen.length,
        sendable: households,
        withheld: chosen.length - households,
        reasons: Object.fromEntries(
          Object.entries(reasons).map(([code, people]) => [code, { people, text: reasonText(code) }]),
        ),
      })
    }),
    { numRuns: 80 },
  )
  expect(written).toBeGreaterThan(20) // a world in which nobody may be written to would prove little
})

test('every rule has a code of its own and two sentences that a person can read', () => {
  expect(new Set(RULES.map((rule) => rule.code)).size).toBe(RULES.length)
  for (const rule of RULES) {
    expect(rule.code).toMatch(/^[A-Z_]+$/)
    expect(`${rule.says} ${rule.passes}`).not.toMatch(/[A-Z_]{4,}|null|undefined|\bhandl|\bstate\b/)
    expect(reasonText(rule.code)).toBe(rule.says)
  }
  expect(reasonText('MADE_UP')).toContain('does not know')
})

test('somebody whom nobody knows has no answer', async () => {
  const question = { library, purpose: 'reengagement' as Purpose, channel: 'email' as Channel, now: new Date() }
  const why = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    whyPatron(scope, question, '424242'),
  )
  expect(why).toBeNull()
})

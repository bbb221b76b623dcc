import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import { packageRoot } from '../lib/package-root.ts'
import type { Library } from '../patrons/library.ts'
import { changePolicy, readPolicy, settingOf } from './change-policy.ts'
import { isAsStrict, POLICY, type PolicyKey, type PolicyValue, policyKeys, SOURCES, whatIsWrongWith } from './policy.ts'

const house = openHouse()
let maple: Library
beforeEach(async () => {
  maple = await make.library(house)
})

const step = (
  direction: 'loosen' | 'tighten',
  item: string,
  to: PolicyValue,
  more: { because?: string | null; by?: string } = {},
) =>
  changePolicy(house.database.logins, maple, direction, {
    item,
    to,
    because: more.because === undefined ? 'counsel said so' : more.because,
    by: more.by ?? 'J. Park',
    now: NOW,
  })
const inForce = (item: PolicyKey) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) => settingOf(scope, item))

describe('the strict default', () => {
  test('is what holds where nobody changed anything', async () => {
    const policy = await inLibrary(house.database.logins, 'circulation', maple.libraryNo, readPolicy)
    expect(policy.map((one) => one.item)).toEqual(policyKeys)
    for (const { item, value, change } of policy)
      expect([item, value, change]).toEqual([item, POLICY[item].setting?.strict ?? null, null])
  })

  test('lies within its own limits, and each item has a source', () => {
    for (const item of policyKeys) {
      const { setting, sources } = POLICY[item]
      expect(sources.length).toBeGreaterThan(0)
      if (setting !== null && setting.strict !== null) expect(whatIsWrongWith(setting, setting.strict)).toBeNull()
    }
  })

  test('a shorter time is stricter, and any end is stricter than none', () => {
    const months = POLICY['consent-months'].setting!
    expect(isAsStrict(months, 12, 24)).toBe(true)
    expect(isAsStrict(months, 24, 12)).toBe(false)
    expect(isAsStrict(months, 24, null)).toBe(true)
    expect(isAsStrict(months, null, 24)).toBe(false)
  })
})

describe('to loosen an item', () => {
  test('takes a reason and a name, and both stay on record', async () => {
    await expect(step('loosen', 'pass-on', true, { because: ' ' })).rejects.toThrow('takes a reason')
    await expect(step('loosen', 'pass-on', true, { by: '' })).rejects.toThrow('name')
    await step('loosen', 'pass-on', true)
    expect(await inForce('pass-on')).toBe(true)
    const [change] = (await inLibrary(house.database.logins, 'circulation', maple.libraryNo, readPolicy)).flatMap(
      (one) => one.change ?? [],
    )
    expect(change).toMatchObject({ item: 'pass-on', because: 'counsel said so', by: 'J. Park', at: NOW })
  })

  test.each(['bases', 'minors', 'stop', 'wording'])('is not possible for %s', async (item) => {
    await expect(step('loosen', item, true)).rejects.toMatchObject({ code: 'not-allowed' })
  })

  test('is not done by saying the same, or something stricter', async () => {
    await expect(step('loosen', 'pass-on', false)).rejects.toThrow('would not loosen')
    await expect(step('loosen', 'keep-messages', 380)).rejects.toThrow('would not loosen')
  })

  test('takes a value of its own kind', async () => {
    await expect(step('loosen', 'pass-on', 3)).rejects.toThrow('yes or no')
    await expect(step('loosen', 'keep-audit', 100_000)).rejects.toThrow('whole number of days')
    await expect(step('loosen', 'nothing', true)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('to tighten an item', () => {
  test('goes back to the default, or beyond, and never the other way', async () => {
    await step('loosen', 'keep-messages', 800)
    await expect(step('tighten', 'keep-messages', 900)).rejects.toThrow('would loosen')
    await step('tighten', 'keep-messages', null, { because: null })
    expect(await inForce('keep-messages')).toBe(400)
    await step('tighten', 'keep-messages', 371)
    await expect(step('tighten', 'keep-messages', null)).rejects.toThrow('would loosen')
  })

  test('an end of consent stands where the gate reads it', async () => {
    await step('tighten', 'consent-months', 24)
    expect((await make.again(house, maple)).consentMonths).toBe(24)
    await expect(step('tighten', 'consent-months', 36)).rejects.toThrow('would loosen')
    await step('loosen', 'consent-months', 36)
    expect((await make.again(house, maple)).consentMonths).toBe(36)
  })
})

test('nobody changes or removes a change of policy, the owner included', async () => {
  await step('loosen', 'pass-on', true)
  for (const login of ['owner', 'circulation'] as const) {
    const client = await house.connectAs(login)
    await client.query(`select set_config('gentle.library', $1, false)`, [String(maple.libraryNo)])
    for (const statement of [
      'delete from outreach.policy_change',
      `update outreach.policy_change set because = 'x'`,
      'truncate outreach.policy_change',
    ])
      await expect(client.query(statement)).rejects.toThrow(/appended, never changed|permission denied/)
  }
})

test('the page for staff names every item with its default, and the checklist every source', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'policy.md'), 'utf8')
  const told = [...page.matchAll(/^\| `([a-z-]+)` +\| ([^|]+) \|/gm)].map(([, item, value]) => [item, value!.trim()])
  const say = (item: PolicyKey) => {
    const { setting } = POLICY[item]
    if (setting === null) return 'fixed'
    if (setting.kind === 'yes-no') return setting.strict ? 'yes' : 'no'
    return setting.strict === null
      ? `none; ${setting.least} to ${setting.most} ${setting.unit}`
      : `${setting.strict} ${setting.unit}; ${setting.least} to ${setting.most}`
  }
  expect(told).toEqual(policyKeys.map((item) => [item, say(item)]))
  const checklist = readFileSync(join(packageRoot, 'docs', 'counsel.md'), 'utf8').replaceAll(/\s+/g, ' ')
  expect(Object.values(SOURCES).filter((source) => !checklist.includes(source))).toEqual([])
})

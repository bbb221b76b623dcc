import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { changePolicy } from '../consent/change-policy.ts'
import type { Library } from '../patrons/library.ts'
import { passOn } from './pass-on.ts'
import { addRequest, decideRequest, listRequests } from './request.ts'

const house = openHouse()
let maple: Library

beforeAll(async () => {
  maple = await make.library(house)
  await make.patrons(house, maple, [
    { id: 'rosa-1', email: 'rosa@example.org', language: 'es-MX', consents: ['events/email'] },
    { id: '1042', given: 'Karl', family: 'Brandt', email: 'karl@example.net' },
  ])
})

const ask = (more: Partial<Parameters<typeof addRequest>[2]> = {}) =>
  addRequest(house.database.logins, maple, {
    asker: 'Maple Falls Police, Det. Ortiz',
    askedAs: 'police',
    paper: 'none',
    askedOn: null,
    by: 'Ana Ruiz',
    now: NOW,
    ...more,
  })
const decide = (requestNo: number, because = 'no court order') =>
  decideRequest(house.database.logins, maple, { requestNo, decision: 'refused', because, by: 'J. Park', now: NOW })

describe('the register', () => {
  test('keeps who asked, on what paper, what was decided and by whom', async () => {
    const { requestNo } = await ask({ paper: 'subpoena in 26-CV-1042 of 2026-11-20', askedOn: '2026-11-21' })
    expect(await decide(requestNo)).toMatchObject({
      askedOn: '2026-11-21',
      asker: 'Maple Falls Police, Det. Ortiz',
      decision: 'refused',
      decidedBy: 'J. Park',
    })
    expect((await listRequests(house.database.logins, maple)).length).toBeGreaterThan(0)
  })

  test('is decided once', async () => {
    const { requestNo } = await ask()
    await decide(requestNo)
    await expect(decide(requestNo)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('notes two requests at once under two numbers', async () => {
    const both = await Promise.all([ask(), ask(), ask()])
    expect(new Set(both.map((one) => one.requestNo)).size).toBe(3)
  })

  test.each([
    ['an email address', 'asked about rosa@example.org'],
    ['an email address with tricks', 'rosa @example.org'],
    ['a phone', 'who has (614) 555-0101?'],
    ['a phone with a country', 'caller +1 614.555.0101'],
    ['a card number', 'card 2 1042 0000 12345'],
    ['a card number in one', 'card 21234567'],
    ['a patron’s number', 'wants to know about 1042'],
    ['a patron’s number with a sign', 'patron #1042.'],
    ['a patron’s number with letters', 'patron rosa-1, that is'],
    ['a name that we know', 'about ROSA DELGADO of Main Street'],
    ['a line break', 'none\nRosa'],
    ['nothing', '  '],
  ])('refuses %s', async (_, text) => {
    const before = (await listRequests(house.database.logins, maple)).length
    const refusal = await ask({ paper: text }).catch((error: Error) => error)
    expect(refusal).toMatchObject({ code: 'bad-input' })
    const words = text.split(/\s+/).filter((word) => /\d{4}|@/.test(word))
    for (const word of words) expect((refusal as Error).message).not.toContain(word)
    await expect(decide(1, text)).rejects.toMatchObject({ code: 'bad-input' })
    expect(await listRequests(house.database.logins, maple)).toHaveLength(before)
  })

  test.each(['2027-01-01', 'yesterday', '2026-02-31x'])('refuses the day %s', async (askedOn) => {
    await expect(ask({ askedOn })).rejects.toMatchObject({ code: 'bad-input' })
  })

  test('has no column in which a patron could stand', async () => {
    const root = await house.connectAsSuperuser()
    const { rows } = await root.query(
      `select column_name from information_schema.columns where table_schema = 'desk' and table_name = 'request'`,
    )
    expect(rows.map((row) => row.column_name).filter((name) => /patron|card|about|subject|name$/.test(name))).toEqual(
      [],
    )
  })
})

describe('“pass it on”', () => {
  const says = 'Your aunt asks you to call her.'
  const pass = (patronId: string, requestNo: number, more: { says?: string } = {}) =>
    passOn(house.database.logins, maple, { requestNo, patronId, says, by: 'Ana Ruiz', now: NOW, ...more })
  const answers = async () => {
    const root = await house.connectAsSuperuser()
    return (
      await root.query(
        'select address, subject, body_text as text, body_html as html from mail.answer where library_no = $1',
        [maple.libraryNo],
      )
    ).rows
  }
  let requestNo: number
  beforeEach(async () => {
    requestNo = (await ask({ askedAs: 'other', asker: 'a woman at the desk' })).requestNo
  })

  test('does nothing where the policy has not allowed it', async () => {
    await expect(pass('rosa-1', requestNo)).rejects.toMatchObject({ code: 'not-allowed' })
    expect(await answers()).toEqual([])
  })

  describe('where it is allowed', () => {
    beforeAll(async () => {
      const step = { item: 'pass-on', to: true, because: 'board resolution', by: 'J. Park', now: NOW }
      await changePolicy(house.database.logins, maple, 'loosen', step)
    })

    test('the patron gets a note in their language, with the words as text', async () => {
      await pass('rosa-1', requestNo, { says: `${says}\n<b>Soon</b>` })
      const [note, ...more] = await answers()
      expect(more).toEqual([])
      expect(note).toMatchObject({ address: 'rosa@example.org', subject: 'Alguien nos pidió darte un recado' })
      expect(note.text).toContain(says)
      expect(note.html).toContain('&lt;b&gt;Soon')
      expect(note.text).not.toContain('Ortiz')
    })

    test('neither the register nor the audit tells to whom', async () => {
      const root = await house.connectAsSuperuser()
      const rosa = await make.number(house, maple, 'rosa-1')
      const { rows } = await root.query('select to_jsonb(r) as row from desk.request r where library_no = $1', [
        maple.libraryNo,
      ])
      expect(rows.some(({ row }) => row.passed_on)).toBe(true)
      expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${rosa}|rosa|${says}`, 'i'))
      const audit = await root.query(`select about from desk.audit where did = 'used an address'`)
      expect(audit.rows).toEqual([{ about: { patronNo: rosa } }])
    })

    test('somebody whose address we do not keep gets nothing, and the register says so', async () => {
      const before = (await answers()).length
      await expect(pass('1042', requestNo)).rejects.toMatchObject({ code: 'not-ready' })
      expect(await answers()).toHaveLength(before)
      const noted = (await listRequests(house.database.logins, maple)).find((one) => one.requestNo === requestNo)
      expect(noted!.passedOn).toBe(false)
    })

    test('a request or a patron that is not there is told', async () => {
      await expect(pass('nobody', requestNo)).rejects.toMatchObject({ code: 'not-found' })
      await expect(pass('rosa-1', 999)).rejects.toMatchObject({ code: 'not-found' })
      await expect(pass('rosa-1', requestNo, { says: ' ' })).rejects.toMatchObject({ code: 'bad-input' })
    })
  })
})

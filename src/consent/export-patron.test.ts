// "What do you know about me?" is answered whole: every table that knows a patron is in the answer, or it is said why not.
import { sql } from 'kysely'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import { keyedHashFor } from '../lib/keyed-hash.ts'
import { queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { exportPatron } from './export-patron.ts'
import { EXPORTED, NOT_EXPORTED } from './export-tables.ts'
import { recordWish } from './preferences.ts'

const house = openHouse()
let root: pg.Client
let maple: Library
let rosa: string

const scoped = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
  inLibrary(house.database.logins, 'circulation', maple.libraryNo, work)
const recordOf = (patron: string) => scoped((scope) => exportPatron(scope, maple, patron, NOW))

/** Rosa has lived with us for a while: there is something of her in each table. */
beforeAll(async () => {
  root = await house.connectAsSuperuser()
  maple = await make.library(house)
  await make.patrons(house, maple, [
    { id: 'rosa', email: 'rosa@example.org', consents: ['events/email'] },
    { id: 'karl', given: 'Karl', email: 'karl@example.net' },
  ])
  rosa = await make.number(house, maple, 'rosa')
  const lib = maple.libraryNo
  const hash = keyedHashFor(house.database.keys.hashing, maple.key)('email', 'rosa@example.org')
  await recordWish(house.database.logins, lib, {
    patrons: [rosa],
    wish: { about: 'pace', days: 90 },
    method: 'preference page',
    now: NOW,
  })
  await root.query(
    `insert into outreach.campaign (library_no, campaign_no, key, name, purpose, channel, segment, letter, from_hour, until_hour, launched_at)
     values ($1, 901, 'autumn', 'Autumn note', 'reengagement', 'email', '{}', '{}', 9, 20, $2)`,
    [lib, NOW],
  )
  await root.query('insert into outreach.holdout (library_no, campaign_no, patron_no) values ($1, 901, $2)', [
    lib,
    rosa,
  ])
  await root.query(
    `insert into mail.message (library_no, message_no, patron_no, channel, purpose, basis, sender, state, due_at)
     values ($1, 901, $2, 'email', 'events', 'consent', 'main', 'accepted', $3)`,
    [lib, rosa, new Date(NOW.getTime() - 86_400_000)],
  )
  await root.query(
    `insert into mail.event (library_no, message_no, basis, kind) values ($1, 901, 'consent', 'accepted')`,
    [lib],
  )
  await root.query(
    `insert into desk.task (library_no, kind, patron_no, address_hash, said, opened_at, due) values ($1, 'address', $2, $3, '5 Elm Street', $4, '2026-12-01')`,
    [lib, rosa, hash, NOW],
  )
  await root.query(
    `insert into outreach.suppression (library_no, channel, address_hash, purposes, reason, since) values ($1, 'email', $2, -1, 'bounced', $3)`,
    [lib, hash, NOW],
  )
  await root.query(
    `insert into mail.text (library_no, line_no, direction, kind, patron_no, phone_hash, body, state, at) values ($1, 1, 'in', 'in', $2, 'x', 'Thank you!', 'received', $3)`,
    [lib, rosa, NOW],
  )
  await root.query(
    `insert into mail.picture (library_no, text_no, line_no, place, state, type, bytes) select $1, text_no, 1, 1, 'kept', 'image/png', 'cat' from mail.text`,
    [lib],
  )
  const code = { kind: 'fresh-code', language: 'en', subject: 'Your code', parts: ['123456'] } as const
  await scoped((scope) => queueAnswer(scope, maple, { ...code, to: 'rosa@example.org', addressHash: hash, now: NOW }))
})

test('every table that knows a patron is in the export, or it is said why it is not', async () => {
  const { rows } = await root.query<{ name: string }>(`
    select distinct format('%s.%s', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
      and a.attname in ('patron_no', 'patron_id', 'email_hash', 'phone_hash', 'address_hash', 'address')
    where c.relkind in ('r', 'p') and n.nspname in ('house', 'roster', 'outreach', 'mail', 'desk')`)
  // Of these only what stands in them tells whom they are about.
  const tables = [...rows.map((row) => row.name), 'mail.event', 'mail.picture', 'desk.audit']
  expect([...Object.keys(EXPORTED), ...Object.keys(NOT_EXPORTED)].sort()).toEqual(tables.sort())
  expect(Object.values(NOT_EXPORTED).every((because) => because.length > 20)).toBe(true)
})

test('what is there of Rosa in a table is in her export', async () => {
  const record = await recordOf(rosa)
  for (const [table, part] of Object.entries(EXPORTED)) {
    if (part === 'erasedAt') continue
    expect([table, record[part]]).not.toEqual([table, null])
    expect([table, record[part]]).not.toEqual([table, []])
  }
  expect(record).toMatchObject({
    wishes: [{ about: 'pace', paceDays: 90 }],
    tasks: [{ kind: 'address', state: 'open', said: '5 Elm Street', due: '2026-12-01' }],
    leftAlone: [{ mailing: 'Autumn note', at: NOW }],
    answers: [{ kind: 'fresh-code', state: 'waiting' }],
    texts: [{ direction: 'in', body: 'Thank you!', pictures: [{ type: 'image/png', base64: 'Y2F0' }] }],
    messages: [{ events: [{ kind: 'accepted' }] }],
  })
  expect(record.kept.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['wishes', 'tasks', 'messages']))
  // A code that opens something is not told to whoever can read the export.
  expect(JSON.stringify(record)).not.toContain('123456')
})

test('of Karl, who said nothing, there are facts and nothing else', async () => {
  const record = await recordOf(await make.number(house, maple, 'karl'))
  expect(record.facts).not.toBeNull()
  const { wishes, tasks, leftAlone, answers, messages, choices, doNotWrite } = record
  expect([wishes, tasks, leftAlone, answers, messages, choices, doNotWrite].flat()).toEqual([])
  expect(record.kept.map(({ kind }) => kind)).toEqual(['facts'])
})

test('who was erased is shown the day of it', async () => {
  const karl = await make.number(house, maple, 'karl')
  await scoped((scope) =>
    sql`insert into outreach.erasure (library_no, patron_no, erased_at, erased_by) values (${scope.library}, ${karl}::bigint, ${NOW}, 'Ana')`.execute(
      scope.tx,
    ),
  )
  expect((await recordOf(karl)).erasedAt).toEqual(NOW)
})

import { sql } from 'kysely'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW, type PatronStory, WORDING } from '../../test/make.ts'
import type { Journal } from '../db/journal.ts'
import { inLibrary } from '../db/scope.ts'
import { keyedHashFor } from '../lib/keyed-hash.ts'
import { queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { erasePatron } from './erase-patron.ts'
import { exportPatron } from './export-patron.ts'
import { FORGOTTEN_HERE } from './forget-arrivals.ts'
import { FORGOTTEN, KEPT } from './forgotten-tables.ts'
import { importChoices } from './import-choices.ts'
import { exportHead } from './ledger-head.ts'
import { recordChoices } from './record-choice.ts'
import { replayErasures, replayRegister } from './replay-erasures.ts'
import { checkStanding } from './standing.ts'
import { stop } from './stop.ts'
import { verifyLedger } from './verify-ledger.ts'
import { whyPatron } from './why.ts'

const house = openHouse()
let root: pg.Client
beforeAll(async () => {
  root = await house.connectAsSuperuser()
})

const minutes = (n: number) => new Date(NOW.getTime() + n * 60_000)
const rosa: PatronStory = { id: 'rosa', email: 'rosa@example.org', phone: '614-555-0101', lastUse: monthsAgo(4) }
const nina: PatronStory = { id: 'nina', given: 'Nina', email: 'nina@example.org', lastUse: monthsAgo(4) }

/** Rosa agreed to notes, with her name as she typed it; her daughter Nina has the card with Rosa as her guardian. */
async function libraryOfRosa(): Promise<{ library: Library; patron: string }> {
  const library = await make.library(house)
  await make.patrons(house, library, [
    { ...rosa, consents: ['reengagement/email'] },
    { ...nina, consents: ['events/email'] },
  ])
  const patron = await make.number(house, library, 'rosa')
  const evidence = { name: 'Rosa Delgado', address: 'rosa@example.org' }
  await recordChoices(
    house.database.logins,
    library.libraryNo,
    [make.choice(patron, 'events/email', 'grant', minutes(-90), { evidence })],
    minutes(-90),
  )
  await root.query('update roster.patron set guardian_id = $2 where library_no = $1 and patron_id = $3', [
    library.libraryNo,
    'rosa',
    'nina',
  ])
  await root.query(
    `insert into mail.message (library_no, message_no, patron_no, channel, purpose, basis, sender, state, due_at, facts)
     values ($1, $2, $2, 'email', 'reengagement', 'consent', 'main', 'bounced', $3, '{"branch": "main"}')`,
    [library.libraryNo, patron, minutes(-200)],
  )
  await root.query(
    `insert into mail.event (library_no, message_no, basis, kind, said) values ($1, $2, 'consent', 'bounced', '<rosa@example.org>: no such mailbox')`,
    [library.libraryNo, patron],
  )
  const hash = keyedHashFor(house.database.keys.hashing, library.key)('email', 'rosa@example.org')
  const code = {
    kind: 'fresh-code',
    language: 'en',
    subject: 'Your code',
    parts: ['Rosa, your code:', { code: '123456' }],
  } as const
  await scoped(library, (scope) =>
    queueAnswer(scope, library, { ...code, to: 'rosa@example.org', addressHash: hash, now: NOW }),
  )
  return { library, patron }
}

const door = () => ({ logins: house.database.logins, journal: house.journal })
const erase = (library: Library, patron: string, at = NOW, journal = house.journal) =>
  erasePatron({ ...door(), journal }, library, { patron, by: 'Ana', now: at })
const scoped = <R>(library: Library, work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, work)
const all = (library: Library, patron: string) => scoped(library, (scope) => exportPatron(scope, library, patron, NOW))
const mayWrite = async (library: Library, id: string, purpose: 'reengagement' | 'events' = 'reengagement') => {
  const patron = await make.number(house, library, id)
  const why = await scoped(library, (scope) =>
    whyPatron(scope, { library, purpose, channel: 'email', now: minutes(1) }, patron),
  )
  return why!.rules.filter((rule) => !rule.passed).map((rule) => rule.code)
}
const tablesWithPatrons = async () =>
  (
    await root.query<{ name: string }>(`
      select distinct format('%s.%s', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname in ('patron_no', 'address_hash') and not a.attisdropped
      where c.relkind in ('r', 'p') and n.nspname in ('house', 'roster', 'outreach', 'mail', 'desk') order by 1`)
  ).rows.map((r) => r.name)

test('every table that knows a patron is emptied of somebody erased, or it is said why it stays', async () => {
  const tables = await tablesWithPatrons()
  expect([...FORGOTTEN, ...Object.keys(KEPT)].sort()).toEqual(tables)
  const { library, patron } = await libraryOfRosa()
  await erase(library, patron)
  for (const table of FORGOTTEN)
    expect([table, (await root.query(`select from ${table} where patron_no = $1`, [patron])).rowCount]).toEqual([
      table,
      0,
    ])
})

test('nothing that names Rosa is left anywhere in the database', async () => {
  const { library, patron } = await libraryOfRosa()
  const { rows } = await root.query<{ name: string }>(`
    select format('%s.%s', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname in ('house', 'roster', 'outreach', 'mail', 'desk')`)
  const traces = async () => {
    const found: string[] = []
    for (const { name } of rows) {
      const here = await root
        .query<{ row: string }>(`select t::text as row from ${name} t where library_no = $1`, [library.libraryNo])
        .catch(() => null)
      for (const { row } of here?.rows ?? []) if (/rosa|delgado|5550101/i.test(row)) found.push(name)
    }
    return [...new Set(found)].filter((name) => name !== 'house.library').sort()
  }
  expect(await traces()).toEqual(['mail.answer', 'mail.event', 'roster.identity', 'roster.patron'])
  await erase(library, patron)
  // Nina has her mother's family name.
  await root.query(`delete from roster.identity where library_no = $1 and given_name = 'Nina'`, [library.libraryNo])
  expect(await traces()).toEqual([])
})

test('what she chose stays under her number without her, the erasure is an entry, and ledger and standing are whole', async () => {
  const { library, patron } = await libraryOfRosa()
  expect((await all(library, patron)).choices.at(-1)).toMatchObject({ evidence: { name: 'Rosa Delgado' } })
  expect(await erase(library, patron)).toEqual({ kind: 'erased', at: NOW })
  const record = await all(library, patron)
  expect(record).toMatchObject({ identity: null, facts: null, erasedAt: NOW, doNotWrite: [] })
  expect(record.choices.map((c) => [c.decision, c.purpose, c.method, c.evidence])).toEqual([
    ['grant', 'reengagement', 'sign-up form', null],
    ['grant', 'events', 'sign-up form', null],
    ['stop', 'all', 'erased', null],
  ])
  expect(record.messages).toMatchObject([{ state: 'bounced', events: [{ kind: 'bounced' }] }])
  expect(await scoped(library, verifyLedger)).toMatchObject({ ok: true })
  expect(await checkStanding(house.database.logins, library.libraryNo)).toMatchObject({ differing: 0 })
})

test('the next patron file brings a stranger with another number and no yes, and her address is not written to', async () => {
  const { library, patron } = await libraryOfRosa()
  await erase(library, patron)
  await make.roster(house, library, [rosa, nina], { approvedBy: 'the test' })
  const stranger = await make.number(house, library, 'rosa')
  expect(stranger).not.toBe(patron)
  expect((await all(library, stranger)).identity).toBeNull()
  expect(await mayWrite(library, 'rosa')).toEqual(['NEVER_SAID_YES'])
  expect((await all(library, stranger)).doNotWrite).toMatchObject([
    { channel: 'email', liftedAt: null },
    { channel: 'sms', liftedAt: null },
  ])
})

test('an old list of answers does not bring her back, and a yes of her own after the erasure does', async () => {
  const { library, patron } = await libraryOfRosa()
  await erase(library, patron)
  await make.roster(house, library, [rosa, nina], { approvedBy: 'the test' })
  const answers = ['patron_id,purpose,channel,decision,method,wording,decided_at']
    .concat(['rosa', 'nina'].map((id) => `${id},reengagement,email,grant,form,"${WORDING}",2026-11-01`))
    .map((line) => `${line}\n`)
    .join('')
  const source = {
    async *read() {
      yield Buffer.from(answers)
    },
  }
  const imported = await importChoices(house.database.logins, library, source, { attestedBy: 'Ana', now: minutes(2) })
  expect(imported).toMatchObject({ recorded: 1, refused: [{ line: 2, reason: expect.stringContaining('forgotten') }] })
  expect(await mayWrite(library, 'rosa')).toEqual(['NEVER_SAID_YES'])

  const stranger = await make.number(house, library, 'rosa')
  await recordChoices(
    house.database.logins,
    library.libraryNo,
    [make.choice(stranger, 'reengagement/email', 'grant', minutes(3))],
    minutes(3),
  )
  await make.roster(house, library, [rosa, nina], { approvedBy: 'the test' })
  expect(await mayWrite(library, 'rosa')).toEqual([])
  expect((await all(library, stranger)).identity).toMatchObject({ givenName: 'Rosa' })
  // Her yes was to one purpose: nothing else is lifted.
  expect(await mayWrite(library, 'rosa', 'events')).toEqual(['NEVER_SAID_YES', 'STOPPED'])
})

test('where a library keeps the names of all, hers is not kept again until she says yes', async () => {
  const { library, patron } = await libraryOfRosa()
  await sql`update house.library set identity_of_all_because = 'notices run here' where library_no = ${library.libraryNo}`.execute(
    house.database.logins.circulation,
  )
  const again = await make.again(house, library)
  await erase(again, patron)
  const karl: PatronStory = { id: 'karl', given: 'Karl', email: 'karl@example.org' }
  for (let i = 0; i < 2; i++) await make.roster(house, again, [rosa, nina, karl], { approvedBy: 'the test' })
  expect((await all(again, await make.number(house, again, 'karl'))).identity).toMatchObject({ givenName: 'Karl' })
  expect((await all(again, await make.number(house, again, 'rosa'))).identity).toBeNull()
})

test('an import that looked at the file before she was erased does not bring her number back', async () => {
  const { library, patron } = await libraryOfRosa()
  let erased: Promise<unknown> | undefined
  await make.roster(
    house,
    library,
    [
      { ...rosa, branch: 'east' },
      { ...nina, branch: 'east' },
    ],
    {
      approvedBy: 'the test',
      onProgress: (step, done, total) => {
        if (step === 'reading' && done >= total) erased ??= erase(library, patron)
      },
    },
  )
  await erased
  expect((await root.query('select from outreach.standing where patron_no = $1', [patron])).rowCount).toBe(0)
  expect((await root.query('select from roster.patron where patron_no = $1', [patron])).rowCount).toBe(0)
  expect(await checkStanding(house.database.logins, library.libraryNo)).toMatchObject({ differing: 0 })
})

test('her old links still stop, and bring nothing of her back', async () => {
  const { library, patron } = await libraryOfRosa()
  await erase(library, patron)
  await stop(
    house.database.logins,
    house.journal,
    library,
    {
      patron,
      addressHash: Buffer.alloc(16, 5),
      channel: 'email',
      purpose: 'all',
      method: 'one-click unsubscribe',
      attestedBy: 'the patron',
    },
    minutes(5),
  )
  expect((await all(library, patron)).choices.at(-1)).toMatchObject({ method: 'one-click unsubscribe' })
  for (const table of FORGOTTEN)
    expect([table, (await root.query(`select from ${table} where patron_no = $1`, [patron])).rowCount]).toEqual([
      table,
      0,
    ])
})

test('twice at once is once, and a number that nobody has is refused', async () => {
  const { library, patron } = await libraryOfRosa()
  const kinds = (await Promise.all([1, 2, 3].map(() => erase(library, patron)))).map((e) => e.kind).sort()
  expect(kinds).toEqual(['already-erased', 'already-erased', 'erased'])
  await expect(erase(library, '424242')).rejects.toMatchObject({ code: 'not-found' })
  const other = await make.library(house)
  await expect(erase(other, await make.number(house, library, 'nina'))).rejects.toMatchObject({ code: 'not-found' })
})

test('an erasure that the journal cannot keep is not answered and not half done', async () => {
  const { library, patron } = await libraryOfRosa()
  const full: Journal = {
    ...house.journal,
    write() {
      throw new Error('no space left on device')
    },
  }
  await expect(erase(library, patron, NOW, full)).rejects.toThrow('no space left')
  expect((await all(library, patron)).identity).toMatchObject({ givenName: 'Rosa' })
})

test('evidence given in the breath of the erasure leaves no key behind', async () => {
  const { library, patron } = await libraryOfRosa()
  await root.query('delete from outreach.patron_key where patron_no = $1', [patron])
  const yes = (i: number) => make.choice(patron, 'events/email', 'grant', minutes(-1), { evidence: { n: String(i) } })
  await Promise.all([
    ...[1, 2, 3, 4].map((i) => recordChoices(house.database.logins, library.libraryNo, [yes(i)], NOW)),
    erase(library, patron),
    ...[5, 6].map((i) => recordChoices(house.database.logins, library.libraryNo, [yes(i)], NOW)),
  ])
  expect((await root.query('select from outreach.patron_key where patron_no = $1', [patron])).rowCount).toBe(0)
})

test('the journal tells of an erasure by numbers and hashes, and replayed twice it erases once', async () => {
  const { library, patron } = await libraryOfRosa()
  await erase(library, patron)
  const told = house.journal.since(minutes(-1)).filter((e) => e.library === library.key && e.kind === 'erasure')
  expect(told).toHaveLength(1)
  expect(JSON.stringify(told)).not.toMatch(/rosa|Ana|Delgado/)

  // As a backup of before would bring it back.
  const other = await make.library(house, { key: `${library.key}-restored` })
  await make.patrons(house, other, [{ ...rosa, consents: ['reengagement/email'] }])
  const old = await make.number(house, other, 'rosa')
  const journal: Journal = {
    write: () => {},
    since: () => told.map((e) => ({ ...e, library: other.key, patron: old })),
  }
  const restore = { backupOf: minutes(-60), now: minutes(60) }
  expect(await replayErasures(house.database.logins, journal, restore)).toMatchObject({ replayed: 1, known: 0 })
  expect(await replayErasures(house.database.logins, journal, restore)).toMatchObject({ replayed: 0, known: 1 })
  expect(await all(other, old)).toMatchObject({ identity: null, facts: null, erasedAt: NOW })
  expect(await scoped(other, verifyLedger)).toMatchObject({ ok: true })
})

test('with the journal lost, the register in an exported head says whom to erase again', async () => {
  const { library, patron } = await libraryOfRosa()
  await erase(library, patron)
  const head = await scoped(library, (scope) => exportHead(scope, library, NOW))
  const other = await make.library(house)
  const again = { ...head, erasures: head.erasures.map((line) => ({ ...line, patron: '77' })) }
  expect(await replayRegister(house.database.logins, other, again, NOW)).toBe(1)
  expect(await replayRegister(house.database.logins, other, again, NOW)).toBe(0)
})

test('who shares her mailbox lifts the stop for themselves, and her old yes does not come back with it', async () => {
  const { library, patron } = await libraryOfRosa()
  const tom: PatronStory = { id: 'tom', given: 'Tom', email: 'rosa@example.org' }
  await make.roster(house, library, [rosa, nina, tom], { approvedBy: 'the test' })
  await erase(library, patron)
  await make.roster(house, library, [rosa, nina, tom], { approvedBy: 'the test' })
  const [hers, his] = [await make.number(house, library, 'rosa'), await make.number(house, library, 'tom')]
  await recordChoices(
    house.database.logins,
    library.libraryNo,
    [make.choice(his, 'events/email', 'grant', minutes(3))],
    minutes(3),
  )
  const old = make.choice(hers, 'events/email', 'grant', minutes(-60))
  await expect(recordChoices(house.database.logins, library.libraryNo, [old], minutes(4))).rejects.toMatchObject({
    code: 'conflict',
  })
  expect(await mayWrite(library, 'rosa', 'events')).toEqual(['NEVER_SAID_YES'])
})

test('a mail of one endless word holds up nobody who asks to be forgotten', async () => {
  const { library, patron } = await libraryOfRosa()
  await root.query(
    `insert into mail.arrival (library_no, capability, digest, arrived_at, due_at, peer, state, raw, envelope_from, envelope_to)
     values ($1, 'staff answer', 'x', now(), now(), '127.0.0.1', 'kept', $2, '', 'answer+x@sms.example.org')`,
    [library.libraryNo, Buffer.from(`Subject: x\r\n\r\n${'x'.repeat(150_000)}\r\n`)],
  )
  const begun = performance.now()
  await erase(library, patron)
  expect(performance.now() - begun).toBeLessThan(2_000)
})

test('what waits at the mail door and what a provider brought is forgotten, too, where it names Rosa; what names Karl stays', async () => {
  const { library, patron } = await libraryOfRosa()
  const number = library.libraryNo
  const arrives = (state: string, to: string, raw: string) =>
    root.query(
      `insert into mail.arrival (library_no, capability, digest, arrived_at, due_at, peer, state, raw, envelope_from, envelope_to)
       values ($1, 'text gateway', sha256($2), now(), now(), '127.0.0.1', $3, $2, 'ils@library.example.org', $4)`,
      [number, Buffer.from(raw), state, to],
    )
  await arrives('waiting', '6145550101@sms.example.org', 'Subject: Hold\r\n\r\nFor Rosa.\r\n')
  const encoded = Buffer.from('She wrote from (614) 555-0101: hello').toString('base64')
  await arrives('kept', 'answer+x@sms.example.org', `Content-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n`)
  await arrives('kept', 'desk@sms.example.org', 'From: rosa@example.org\r\n\r\nHello\r\n')
  const part = (type: string, body: string) => `--b\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`
  const cameBack = [
    part('text/plain', 'It came back.'),
    part('message/rfc822', 'Subject: A text\r\n\r\nSomebody wrote from 614-555=\r\n-0101: hello'),
  ]
  await arrives(
    'kept',
    'bounce+x@sms.example.org',
    `Content-Type: multipart/report; boundary=b\r\n\r\n${cameBack.join('')}--b--\r\n`,
  )
  await arrives('kept', 'desk@sms.example.org', 'From: karl@example.org\r\n\r\nThis is for [rosa@example.org].\r\n')
  await arrives('waiting', '6145550177@sms.example.org', 'Subject: Hold\r\n\r\nFor Karl.\r\n')
  const hook = (body: string, brought: object | null) =>
    root.query(
      'insert into mail.hook (library_no, line_no, at, why, body, brought) values ($1, 1, now(), $2, $3, $4)',
      [...[number, 'it broke', Buffer.from(body), brought && JSON.stringify(brought)]],
    )
  await hook('From=%2B16145550101&Body=Hello', null)
  await hook('{}', { kind: 'text', from: '+16145550101', body: 'Hello' })
  await hook('From=%2B16145550177&Body=Hi', null)

  await erase(library, patron)
  const left = await root.query('select state, raw from mail.arrival where library_no = $1 order by arrival_no', [
    number,
  ])
  expect(left.rows.map(({ state, raw }) => [state, raw?.toString().slice(-11) ?? null])).toEqual([
    ...Array.from({ length: 5 }, () => ['done', null]),
    ['waiting', 'For Karl.\r\n'],
  ])
  const hooks = await root.query(
    'select body, brought, settled_why from mail.hook where library_no = $1 order by hook_no',
    [number],
  )
  const gone = { body: Buffer.alloc(0), brought: null, settled_why: FORGOTTEN_HERE }
  expect(hooks.rows).toEqual([
    gone,
    gone,
    { body: Buffer.from('From=%2B16145550177&Body=Hi'), brought: null, settled_why: null },
  ])
})

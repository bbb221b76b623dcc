import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { beforeAll, expect, inject, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { stop } from '../consent/stop.ts'
import { verifyLedger } from '../consent/verify-ledger.ts'
import type { Library } from '../patrons/library.ts'
import { makeBackup } from './backup.ts'
import { findSequences } from './backup-contents.ts'
import { connectDatabase, loginConfig, type Server } from './connect.ts'
import { examineBackup } from './examine-backup.ts'
import { loadKeys } from './keys.ts'
import { MIGRATIONS, prepare } from './open.ts'
import { restoreBackup } from './restore.ts'
import { inLibrary } from './scope.ts'

const house = openHouse()
const LATER = new Date(NOW.getTime() + 2 * 3_600_000)
let maple: Library
let rosa: string
let file: string

const { admin } = inject('server')
let databases = 0

/** A database of its own on the same server, with this release's tables or those of an older one. */
async function another(migrations = MIGRATIONS): Promise<Server> {
  const database = `${house.database.server.database}_${++databases}`
  const server = { host: admin.host, port: admin.port, database }
  await prepare(server, { ...admin, database: 'postgres' }, house.database.keys, migrations)
  return server
}

async function asOwner<R>(server: Server, act: (owner: pg.Client) => Promise<R>): Promise<R> {
  const owner = new pg.Client(loginConfig(server, house.database.keys, 'owner'))
  await owner.connect()
  return act(owner).finally(() => owner.end())
}

/** Every table's rows as a count and a sum, whatever their order. */
async function sums(server: Server): Promise<Record<string, { rows: number; sum: string }>> {
  const root = new pg.Client({ ...admin, database: server.database })
  await root.connect()
  try {
    const { rows } = await root.query<{ name: string }>(`
      select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('house', 'roster', 'outreach', 'mail', 'desk', 'migrations') and c.relkind = 'r' order by 1`)
    const found: Record<string, { rows: number; sum: string }> = {}
    for (const { name } of rows) {
      const line =
        name === 'migrations.done'
          ? `to_jsonb(t) - 'at'`
          : name === 'house.installation'
            ? `to_jsonb(t) - 'paused_because' - 'paused_at'`
            : 'row_to_json(t)'
      const sum = await root.query(
        `select count(*)::int as rows, coalesce(md5(string_agg(md5((${line})::text), '' order by md5((${line})::text))), '') as sum from ${name} t`,
      )
      found[name] = sum.rows[0]
    }
    return found
  } finally {
    await root.end()
  }
}

const backUp = (to: string, options = {}) =>
  makeBackup(house.database.server, house.database.keys, to, { release: '0.1.0', now: NOW, ...options })

const restoreInto = async (server: Server, from: string, options: { replace?: boolean; migrations?: string } = {}) =>
  restoreBackup(server, house.database.keys, await examineBackup(from, house.database.keys, options), {
    replace: options.replace ?? false,
    now: LATER,
  })

/** A backup with its text changed, packed again. */
function changed(name: string, change: (text: string) => string): string {
  const to = join(house.folder, name)
  writeFileSync(to, gzipSync(change(gunzipSync(readFileSync(file)).toString())))
  return to
}

const changedManifest = (name: string, change: (manifest: Record<string, unknown>) => object): string =>
  changed(name, (text) => {
    const end = text.indexOf('\n')
    return JSON.stringify(change(JSON.parse(text.slice(0, end)))) + text.slice(end)
  })

beforeAll(async () => {
  maple = await make.library(house, {
    key: 'maple',
    name: 'Maple "Falls"\\ Library, with odd signs',
    postalAddress: '12 Main\tStreet\nMaple Falls',
  })
  const birch = await make.library(house, { key: 'birch' })
  await make.patrons(house, maple, [
    { id: 'rosa', email: 'rosa@example.org', lastUse: monthsAgo(4), consents: ['reengagement/email'] },
    { id: 'tom', given: 'Tomás 東京 \\. \\N', email: 'tom@example.org', consents: ['events/email'] },
  ])
  await make.patrons(house, birch, [{ id: 'sam', email: 'sam@example.org', refused: ['events/email'] }])
  rosa = await make.number(house, maple, 'rosa')
  const root = await house.connectAsSuperuser()
  // A line that looks like the end of a table, a number that is no round one, and nothing at all.
  await root.query(
    `insert into desk.audit (library_no, who, did, about) values ($1, E'\\\\.', E'\\\\.\\n\\\\.', '{"a": 1e-7}')`,
    [maple.libraryNo],
  )
  await root.query(`insert into house.sender (library_no, sender, tokens) values ($1, 'outreach-email', 0.1 + 0.2)`, [
    maple.libraryNo,
  ])
  file = join(house.folder, 'friday.gz')
  await backUp(file)
})

test('every row of every table comes back as it was, fenced and numbered on, and the installation is paused', async () => {
  const there = await another()
  const restored = await restoreInto(there, file)
  expect(await sums(there)).toEqual(await sums(house.database.server))
  expect(restored.tables.find((t) => t.name === 'roster.patron')?.rows).toBe(3)
  const sequences = (server: Server) => asOwner(server, findSequences)
  const before = new Map((await sequences(house.database.server)).map((s) => [s.name, Number(s.lastValue)]))
  for (const { name, lastValue } of await sequences(there)) {
    const beyond = name === 'mail.message_no' ? 1_000_000 : name.startsWith('house.library') ? 100 : 0
    expect([name, Number(lastValue) >= before.get(name)! + beyond]).toEqual([name, true])
  }
  const guards = `
    select c.oid::regclass::text as name, relrowsecurity, relforcerowsecurity,
           array(select format('%s %s', tgname, tgenabled) from pg_trigger where tgrelid = c.oid and not tgisinternal) as triggers,
           array(select format('%s %s %s %s', polname, polpermissive, polcmd, pg_get_expr(polqual, polrelid)) from pg_policy where polrelid = c.oid order by 1) as policies,
           c.relacl::text as rights
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspowner = 'gentle_owner'::regrole order by 1`
  const guardsOf = async (server: Server) => (await asOwner(server, (owner) => owner.query(guards))).rows
  expect(await guardsOf(there)).toEqual(await guardsOf(house.database.server))
  const pause = await asOwner(there, (o) => o.query('select paused_because, paused_at from house.installation'))
  expect(pause.rows).toEqual([
    { paused_because: `restored from a backup of ${NOW.toISOString()}, being settled`, paused_at: LATER },
  ])
})

test('only its own account may read a backup, and no unfinished one is left beside it', () => {
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(house.folder).filter((name) => name.endsWith('.partial'))).toEqual([])
  expect(gunzipSync(readFileSync(file)).includes(house.database.keys.hashing.toString('base64'))).toBe(false)
})

test('a backup made while people stop is of one instant: its ledger fits its head', async () => {
  let going = true
  let said = 0
  const writers = [1, 2].map(async () => {
    while (going) {
      await stop(
        house.database.logins,
        house.journal,
        maple,
        {
          patron: rosa,
          addressHash: null,
          channel: 'email',
          purpose: 'events',
          method: 'link',
          attestedBy: 'the patron',
        },
        new Date(NOW.getTime() + said++),
      )
    }
  })
  const files = [0, 1, 2, 3].map((n) => join(house.folder, `during-${n}.gz`))
  for (const one of files) await backUp(one)
  going = false
  await Promise.all(writers)
  const found: number[] = []
  const there = await another()
  for (const one of files) {
    await restoreInto(there, one, { replace: true })
    const database = connectDatabase(there, house.database.keys, { connections: 1 })
    const proof = await inLibrary(database.logins, 'circulation', maple.libraryNo, verifyLedger)
    await database.close()
    expect(proof.ok).toBe(true)
    found.push(proof.entries)
  }
  expect(found.at(-1)).toBeGreaterThan(found[0]!)
  expect(said).toBeGreaterThan(found.at(-1)! - 2)
})

test('a library that is there is replaced only when that is asked for, and by nobody beside a program at work', async () => {
  const there = await another()
  await restoreInto(there, file)
  const before = await sums(there)
  await expect(restoreInto(there, file)).rejects.toThrow(/libraries here already \(birch, maple\).*--replace/)
  const database = connectDatabase(there, house.database.keys, { connections: 1 })
  await inLibrary(database.logins, 'circulation', maple.libraryNo, verifyLedger)
  await expect(restoreInto(there, file, { replace: true })).rejects.toThrow('at work on this database')
  await database.close()
  expect(await sums(there)).toEqual(before)
  await restoreInto(there, file, { replace: true })
  expect(await sums(there)).toEqual(before)
})

test('a damaged, cut, foreign or newer file is found before anything is changed, each with its own sentence', async () => {
  const bytes = readFileSync(file)
  const put = (name: string, content: Buffer | string): string => {
    writeFileSync(join(house.folder, name), content)
    return join(house.folder, name)
  }
  const flipped = Buffer.from(bytes)
  flipped[Math.floor(bytes.length / 2)]! ^= 0x40
  const end = (text: string) => text.trimEnd().lastIndexOf('\n') + 1
  const cases: [string, RegExp][] = [
    [put('flipped.gz', flipped), /is damaged/],
    [put('cut.gz', bytes.subarray(0, bytes.length - 100)), /was cut short/],
    [put('empty.gz', ''), /cut short|not a backup/],
    [put('notes.txt', 'hello'), /not a backup of Gentle Reader/],
    [put('other.gz', gzipSync('{"a":1}\n')), /not a backup of Gentle Reader/],
    [join(house.folder, 'absent.gz'), /There is no file/],
    [changed('no-seal.gz', (text) => text.slice(0, end(text))), /was cut short/],
    [changed('row.gz', (text) => text.replace('active', 'barred')), /do not fit its checksums/],
    [changed('lost-row.gz', (text) => text.replace(/\n[^\n]*\tactive\t[^\n]*/, '')), /do not fit its checksums/],
    [changed('twice.gz', (text) => text + text.slice(end(text))), /do not fit its checksums/],
    [
      changedManifest('keys.gz', (m) => ({ ...m, keysFingerprint: 'feedfeedfeedfeed' })),
      /made with other keys.*keys\.json/,
    ],
    [changedManifest('date.gz', (m) => ({ ...m, madeAt: '2020-01-01T00:00:00.000Z' })), /do not fit its checksums/],
    [changedManifest('form.gz', (m) => ({ ...m, version: 2, release: '9.0.0' })), /newer release.*9\.0\.0/],
    [
      changedManifest('newer.gz', (m) => ({
        ...m,
        migrations: [...(m.migrations as object[]), { name: '9999-more.sql', hash: 'x' }],
      })),
      /newer release.*9999-more/,
    ],
    [
      changedManifest('edited.gz', (m) => ({
        ...m,
        migrations: (m.migrations as { name: string }[]).map((one) => ({ ...one, hash: 'x' })),
      })),
      /was not the one of this release/,
    ],
  ]
  const there = await another()
  const before = await sums(there)
  for (const [from, sentence] of cases) {
    const refused = await restoreInto(there, from).then(
      () => 'restored',
      (problem) => problem.message,
    )
    expect([from, refused]).toEqual([from, expect.stringMatching(sentence)])
  }
  expect(await sums(there)).toEqual(before)
})

test('a file that is exchanged between looking and loading changes nothing', async () => {
  const there = await another()
  const before = await sums(there)
  const copy = join(house.folder, 'exchanged.gz')
  copyFileSync(file, copy)
  const examined = await examineBackup(copy, house.database.keys)
  copyFileSync(
    changed('tampered.gz', (text) => text.replace('active', 'barred')),
    copy,
  )
  await expect(restoreBackup(there, house.database.keys, examined, { replace: false, now: LATER })).rejects.toThrow(
    'do not fit its checksums',
  )
  expect(await sums(there)).toEqual(before)
})

test('a restore that is interrupted changes nothing', async () => {
  const there = await another()
  const before = await sums(there)
  const examined = await examineBackup(file, house.database.keys)
  const stopping = new AbortController()
  const restoring = restoreBackup(there, house.database.keys, examined, {
    replace: false,
    now: LATER,
    signal: stopping.signal,
    onProgress: () => stopping.abort(),
  })
  await expect(restoring).rejects.toThrow('it was interrupted. Nothing was changed')
  expect(await sums(there)).toEqual(before)
})

test('a backup of an older release is filled into its own tables and brought up to this one', async () => {
  const older = join(house.folder, 'older')
  mkdirSync(older)
  const names = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  for (const name of names.slice(0, 3)) symlinkSync(join(MIGRATIONS, name), join(older, name))
  const there = await another(older)
  await asOwner(there, (owner) =>
    owner.query(`insert into house.library (key, name, timezone, postal_address, phone, email, signed_by)
                 values ('maple', 'Maple Falls Library', 'UTC', '12 Main Street', '614-555-0100', 'ask@example.org', 'Ana')`),
  )
  const from = join(house.folder, 'older.gz')
  await makeBackup(there, house.database.keys, from, { release: '0.0.9', now: NOW })
  const here = await another()
  expect((await restoreInto(here, from)).migrated).toEqual(names.slice(3))
  const library = await asOwner(here, (owner) => owner.query('select key from house.library'))
  expect(library.rows).toEqual([{ key: 'maple' }])
  expect(Object.keys(await sums(here))).toEqual(Object.keys(await sums(house.database.server)))
})

test('a backup that cannot be finished leaves the older one as it was, and nothing half', async () => {
  const to = join(house.folder, 'again.gz')
  await backUp(to)
  const whole = readFileSync(to)
  const ending = new AbortController()
  const broken = backUp(to, { signal: ending.signal, onProgress: () => ending.abort() })
  await expect(broken).rejects.toThrow(
    'was interrupted. No backup was made, and an older one of that name is as it was.',
  )
  expect(readFileSync(to).equals(whole)).toBe(true)
  expect(readdirSync(house.folder).filter((name) => name.startsWith('again'))).toEqual(['again.gz'])
  await expect(backUp(join(house.folder, 'no-such-folder', 'a.gz'))).rejects.toThrow('There is no folder')
})

test('a lost connection leaves no half backup', async () => {
  const [holding, root] = await Promise.all([house.connectAsSuperuser(), house.connectAsSuperuser()])
  await holding.query('begin; lock table roster.run in access exclusive mode')
  const to = join(house.folder, 'broken-off.gz')
  const making = backUp(to).catch((problem) => problem.message)
  const ended = async () =>
    (
      await root.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where usename = 'gentle_backup' and wait_event_type = 'Lock' and datname = current_database()`)
    ).rowCount
  await expect.poll(ended, { timeout: 10_000 }).toBe(1)
  expect(await making).toMatch('No backup was made')
  await holding.query('rollback')
  expect(readdirSync(house.folder).filter((name) => name.startsWith('broken-off'))).toEqual([])
})

test('a backup does not take the place of a file that is something else', async () => {
  const keysFile = join(house.folder, 'keys.json')
  loadKeys(house.folder)
  const before = readFileSync(keysFile, 'utf8')
  await expect(backUp(keysFile)).rejects.toThrow('exists and is not a backup')
  expect(readFileSync(keysFile, 'utf8')).toBe(before)
})

// What is left of an import whose connection was cut in the middle, again and again: the next import of the same file
// has to arrive exactly at the file.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { explainFailure } from '../cli/failure.ts'
import type { Library } from '../patrons/library.ts'
import { importRoster } from './import.ts'

const house = openHouse()
let root: pg.Client
beforeAll(async () => {
  root = await house.connectAsSuperuser()
})

interface Line {
  id: number
  branch: string
  /** Two people far apart in the file share it. */
  home: number
}

const linesOf = (n: number, branch: string): Line[] =>
  Array.from({ length: n }, (_, i) => ({ id: i, branch, home: i % (n / 2) }))

function write(lines: Line[], name: string): string {
  const path = join(house.folder, name)
  const rows = lines.map((l) => `p${l.id},Rosa,home${l.home}@example.org,${l.branch},2026-07-14`)
  writeFileSync(path, `patron_id,given_name,email,branch,last_used_on\n${rows.join('\n')}\n`)
  return path
}

/** Imports, and cuts the import's own connection once this many chunks are written, or all but the patrons. */
async function importAndCut(library: Library, path: string, chunks: number | 'all standing'): Promise<void> {
  let left = chunks === 'all standing' ? Number.POSITIVE_INFINITY : chunks
  const theirLocks = (parts: string) => `from pg_locks
    where locktype = 'advisory' and granted and objid = $1 and classid::bigint - (hashtext('gentle import')::bigint & 4294967295) in (${parts})
      and database = (select oid from pg_database where datname = current_database())`
  const cut = () => root.query(`select pg_terminate_backend(pid) ${theirLocks('0')}`, [library.libraryNo])
  const cuts: Promise<unknown>[] = []
  await expect(
    importRoster(house.database, library, path, {
      now: NOW,
      approvedBy: 'the test',
      onProgress: (step, done, total) => {
        if (step === 'writing' && (--left === 0 || (chunks === 'all standing' && done === total))) cuts.push(cut())
      },
    }),
  ).rejects.toThrow(/terminat|connection/i)
  await Promise.all(cuts)
  // The server may need a moment to see that nobody is there any more.
  const still = `select ${theirLocks('0, 1, 2')}`
  while ((await root.query(still, [library.libraryNo])).rowCount !== 0) await setTimeout(20)
}

/** What the roster says, beside what the file says; `gone` are people of earlier files. */
async function expectExactly(library: Library, lines: Line[], gone: number[] = []): Promise<void> {
  const { rows } = await root.query(
    `select p.patron_id as id, p.missing, s.branch, s.missing as known_missing, s.address_shared as shared,
            (s.household = min(p.patron_no) over (partition by s.email_hash)) as labelled,
            count(*) over (partition by s.email_hash)::int > 1 as together
     from roster.patron p left join outreach.standing s using (library_no, patron_no) where library_no = $1`,
    [library.libraryNo],
  )
  const wrong = rows.filter(
    (r) => r.branch === null || r.missing !== r.known_missing || !r.labelled || r.shared !== r.together,
  )
  expect(wrong.slice(0, 3)).toEqual([])
  const told = new Map(rows.map((r) => [r.id, `${r.branch} ${r.missing}`]))
  const wanted = new Map(lines.map((l) => [`p${l.id}`, `${l.branch} 0`]))
  for (const id of gone) wanted.set(`p${id}`, told.get(`p${id}`)!.replace(/\d+$/, '1'))
  expect([...told].filter(([id, what]) => wanted.get(id) !== what).slice(0, 3)).toEqual([])
  expect(told.size).toBe(wanted.size)
  expect(await countOf('outreach.standing', library)).toBe(wanted.size)
}

const countOf = async (table: string, library: Library): Promise<number> =>
  (await root.query(`select count(*)::int as n from ${table} where library_no = $1`, [library.libraryNo])).rows[0].n

test('of a first import that is cut nobody is in the roster, and the next one ends with exactly the file', async () => {
  const library = await make.library(house)
  const lines = linesOf(20_000, 'main')
  const path = write(lines, 'first.csv')
  for (const steps of [1, 2, 3]) {
    await importAndCut(library, path, steps)
    expect(await countOf('roster.patron', library)).toBe(0)
  }
  const result = await importRoster(house.database, library, path, { now: NOW })
  expect(result).toMatchObject({ refused: null, added: 20_000, unchanged: 0 })
  await expectExactly(library, lines)
})

test('standing that a first import left behind when its other connection was lost is cleared away by the next', async () => {
  const library = await make.library(house)
  const lines = linesOf(2_000, 'main')
  await importAndCut(library, write(lines, 'lost.csv'), 'all standing')
  expect(await countOf('roster.patron', library)).toBe(0)
  expect(await countOf('outreach.standing', library)).toBe(2_000)
  await importRoster(house.database, library, write(lines, 'lost.csv'), { now: NOW })
  await expectExactly(library, lines)
})

test('a changed file that is cut ends with exactly the file, and who left it is missing once', async () => {
  const library = await make.library(house)
  const before = linesOf(8_000, 'main')
  await importRoster(house.database, library, write(before, 'monday.csv'), { now: NOW })
  // Half of them move in with somebody else, a few leave, and new people arrive at old addresses.
  const after = [
    ...before
      .filter((l) => l.id >= 40)
      .map((l) => ({ ...l, branch: 'hill', home: l.id % 2 === 0 ? l.home : l.home + 1 })),
    ...Array.from({ length: 500 }, (_, i) => ({ id: 8_000 + i, branch: 'hill', home: i })),
  ]
  const gone = before.slice(0, 40).map((l) => l.id)
  const path = write(after, 'tuesday.csv')
  await importAndCut(library, path, 2)
  await importAndCut(library, path, 2)
  expect((await importRoster(house.database, library, path, { now: NOW })).refused).toBeNull()
  await expectExactly(library, after, gone)
  expect(await importRoster(house.database, library, path, { now: NOW })).toMatchObject({ changed: 0, added: 0 })
  await expectExactly(library, after, gone)
})

test('after a cut import the file before it can be gone back to', async () => {
  const library = await make.library(house)
  const before = linesOf(4_000, 'main')
  const monday = write(before, 'before.csv')
  await importRoster(house.database, library, monday, { now: NOW })
  const added = Array.from({ length: 20 }, (_, i) => ({ id: 9_000 + i, branch: 'hill', home: i }))
  await importAndCut(library, write([...added, ...before.map((l) => ({ ...l, branch: 'hill' }))], 'after.csv'), 1)
  expect((await importRoster(house.database, library, monday, { now: NOW })).refused).toBeNull()
  await expectExactly(
    library,
    before,
    added.map((l) => l.id),
  )
})

test('a disk that fills up in the middle stops the import in a sentence, and with room again the same file ends it', async () => {
  const library = await make.library(house)
  const before = linesOf(8_000, 'main')
  await importRoster(house.database, library, write(before, 'roomy.csv'), { now: NOW })
  const after = before.map((l) => ({ ...l, branch: 'east' }))
  const path = write(after, 'full.csv')
  // As PostgreSQL says it when it cannot write on.
  await root.query(`
    create function public.full_disk() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
    create trigger full_disk before insert or update on roster.patron for each row when (new.patron_id = 'p6000') execute function public.full_disk()`)
  const told = await importRoster(house.database, library, path, { now: NOW, approvedBy: 'the test' }).then(
    () => 'it came in',
    (error) => explainFailure(error, { dataDir: null, command: 'roster import', now: NOW }).message,
  )
  expect(told).toBe('The disk is full. What was finished is kept; free some space, then run the same command again.')
  expect(await countOf('roster.patron', library)).toBe(8_000)
  await root.query('drop trigger full_disk on roster.patron')
  expect(await importRoster(house.database, library, path, { now: NOW })).toMatchObject({ refused: null, missing: 0 })
  await expectExactly(library, after)
})

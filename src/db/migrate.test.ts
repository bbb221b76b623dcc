import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './open.ts'

const house = openHouse()
let owner: pg.Client
let folder: string

beforeAll(async () => {
  owner = await house.connectAs('owner')
})
/** A database that knows no migration yet, and a folder with two. */
beforeEach(async () => {
  await owner.query('drop schema if exists migrations cascade; drop schema if exists attic cascade')
  folder = mkdtempSync(join(tmpdir(), 'gentle-migrations-'))
  write('0001-attic.sql', 'create schema attic; create table attic.box (what text)')
  write('0002-boxes.sql', `insert into attic.box values ('hats')`)
  return () => rmSync(folder, { recursive: true })
})

const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const boxes = async (): Promise<string[]> =>
  (await owner.query<{ what: string }>('select what from attic.box order by 1')).rows.map((r) => r.what)

test('migrations run once, in the order of their numbers, and whatever else lies in the folder is left alone', async () => {
  write('0003-more.sql', `insert into attic.box values ('maps')`)
  write('README.md', 'not a migration')
  write('draft.sql', 'this is no SQL')
  expect(await migrate(owner, folder)).toEqual(['0001-attic.sql', '0002-boxes.sql', '0003-more.sql'])
  expect(await migrate(owner, folder)).toEqual([])
  write('0004-last.sql', `insert into attic.box values ('shoes')`)
  expect(await migrate(owner, folder)).toEqual(['0004-last.sql'])
  expect(await boxes()).toEqual(['hats', 'maps', 'shoes'])
})

test('a migration that fails leaves nothing of itself, keeps those before it, and runs when it is mended', async () => {
  write('0003-half.sql', `insert into attic.box values ('half'); insert into attic.shelf values (1)`)
  await expect(migrate(owner, folder)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('0003-half.sql did not run: relation "attic.shelf" does not exist'),
  })
  expect(await boxes()).toEqual(['hats'])
  write('0003-half.sql', `insert into attic.box values ('whole')`)
  expect(await migrate(owner, folder)).toEqual(['0003-half.sql'])
  expect(await boxes()).toEqual(['hats', 'whole'])
})

test('a migration that was changed after it ran is refused, and nothing after it runs', async () => {
  await migrate(owner, folder)
  write('0001-attic.sql', 'create schema attic; create table attic.box (what text, size int)')
  write('0003-more.sql', `insert into attic.box values ('maps')`)
  await expect(migrate(owner, folder)).rejects.toMatchObject({ code: 'conflict' })
  expect(await boxes()).toEqual(['hats'])
})

test('a database that is newer than the program is refused', async () => {
  await migrate(owner, folder)
  rmSync(join(folder, '0002-boxes.sql'))
  await expect(migrate(owner, folder)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('0002-boxes.sql'),
  })
})

test('two programs that start at once migrate once', async () => {
  const other = await house.connectAs('owner')
  const ran = await Promise.all([migrate(owner, folder), migrate(other, folder)])
  expect(ran.flat().sort()).toEqual(['0001-attic.sql', '0002-boxes.sql'])
  expect(await boxes()).toEqual(['hats'])
})

test('a migration that cannot have its lock gives way instead of holding everybody up', async () => {
  await migrate(owner, folder)
  const reader = await house.connectAs('owner')
  await reader.query('begin; select from attic.box')
  write('0003-wider.sql', 'alter table attic.box add column size int')
  await expect(migrate(owner, folder)).rejects.toMatchObject({ code: 'unavailable' })
  await reader.query('rollback')
  expect(await migrate(owner, folder)).toEqual(['0003-wider.sql'])
})

test('only the owner migrates', async () => {
  await expect(migrate(await house.connectAs('circulation'), MIGRATIONS)).rejects.toThrow(/permission denied/)
})

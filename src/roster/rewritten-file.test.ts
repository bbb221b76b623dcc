import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { splitFields } from '../lib/csv.ts'
import { importRoster } from './import.ts'

const house = openHouse()
const comma = { delimiter: ',', quoting: 'doubled' as const }

const withTabs = (rows: string[][]) => rows.map((row) => `${row.join('\t')}\n`).join('')
const quotedEverywhere = (rows: string[][]) =>
  rows.map((row) => `${row.map((field) => `"${field.replaceAll('"', '""')}"`).join('|')}\r\n`).join('')
const backslashed = (rows: string[][]) =>
  rows.map((row) => `${row.map((field) => `"${field.replace(/["\\]/g, '\\$&')}"`).join(';')}\n`).join('')

test.each<[string, (rows: string[][]) => string | Buffer]>([
  ['with tabs', withTabs],
  ['with pipes, everything quoted, CRLF', quotedEverywhere],
  ['with semicolons and backslashes', backslashed],
  ['gzipped', (rows) => gzipSync(withTabs(rows))],
])('the same patrons in another dress, %s, are the same file: nothing is written', async (_, dress) => {
  const library = await make.library(house)
  const path = make.rosterFile(house, [
    { id: '1', given: 'Rosa', family: 'Delgado, Jr.', email: 'rosa@example.org', lastUse: monthsAgo(4) },
    { id: '2', given: 'Karl', preferred: 'Charlie "Chuck"', email: 'karl@example.org', lastUse: monthsAgo(4) },
    { id: '3', given: 'Mei Lin', family: 'Chen', lastUse: monthsAgo(1) },
  ])
  const first = await importRoster(house.database, library, path, { now: NOW })
  expect(first).toMatchObject({ added: 3, quarantined: [] })
  const rows = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => splitFields(line, comma)!)
  const other = join(house.folder, 'other.txt')
  writeFileSync(other, dress(rows))
  expect(await importRoster(house.database, library, other, { now: NOW })).toMatchObject({
    refused: null,
    added: 0,
    changed: 0,
    unchanged: 3,
    missing: 0,
    quarantined: [],
  })
  // And one value less is a change, in any dress.
  rows[3]![2] = 'Mei'
  writeFileSync(other, dress(rows))
  expect(await importRoster(house.database, library, other, { now: NOW })).toMatchObject({ changed: 1, unchanged: 2 })
})

// A first patron file read in a thread of its own comes out as it does without one.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FileRefused } from './file-refused.ts'
import { readAside } from './read-aside.ts'
import { type FirstBatch, type FirstEnd, type FirstReading, readFirst } from './read-first.ts'
import { COLUMNS } from './roster-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'gentle-aside-'))

function fileOf(name: string, lines: readonly string[]): FirstReading {
  const path = join(folder, name)
  writeFileSync(path, `${COLUMNS.join(',')}\n${lines.join('\n')}\n`)
  return { path, options: { today: '2026-03-10' }, hashing: Buffer.alloc(32, 7), libraryKey: 'maple' }
}

const line = (id: string, more = ''): string =>
  `${id},2${id},Rosa,Reader,,rosa${id}@example.org,614-555-0101,12 Main Street,,Maple Falls,OH,43991,US,en,main,adult,1980-04-01,,2020-01-01,2030-01-01,2025-11-02,active${more}`

/** All that was read; of a batch only what does not come from chance. */
async function everything(batches: AsyncGenerator<FirstBatch, FirstEnd>) {
  const read = { patrons: '', standings: '', keys: [] as number[], problems: 0, rows: 0, unread: [] as string[] }
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
  for (;;) {
    const next = await batches.next()
    if (next.done)
      return {
        ...read,
        standings: read.standings.split('\n').sort().join('\n'),
        hash: Buffer.from(next.value.fileHash).toString('hex'),
        ascending: next.value.ascending,
      }
    const { patrons, low, high, people, problems, unread, rows } = next.value
    read.patrons += text(patrons).replace(/^(\d+\t[^\t]+)\t\d+/gm, '$1')
    read.standings += (text(low) + text(high)).replace(/^(\d+)\t\d+/gm, '$1')
    read.keys.push(...people.emails, ...people.phones)
    read.problems += problems.length
    read.unread.push(...unread.map(({ patronId }) => patronId))
    read.rows += rows
  }
}

test('thousands of lines, some of them wrong: the same lines, keys, problems and hash', async () => {
  const lines = Array.from({ length: 9_000 }, (_, i) =>
    line(String(10_000 + i), i % 1_000 === 7 ? ',one field too many' : ''),
  )
  const reading = fileOf('many.csv', lines)
  const [aside, here] = [await everything(readAside(reading)), await everything(readFirst(reading))]
  expect(aside).toEqual(here)
  expect(aside).toMatchObject({ rows: 9_000, problems: 9, ascending: true })
  expect(aside.patrons.split('\n')).toHaveLength(8_992)
  expect(aside.unread).toContain('10007')
})

test('ids that do not rise are told, whichever thread reads them', async () => {
  const reading = fileOf('twice.csv', [line('2'), line('1'), line('2')])
  expect((await everything(readAside(reading))).ascending).toBe(false)
})

test('a file that is refused on the way is refused in the same words', async () => {
  const reading = fileOf('cut.csv', [line('1'), '2,"a quote that never closes'])
  const refusal = async (batches: AsyncGenerator<FirstBatch, FirstEnd>) =>
    everything(batches).then(
      () => null,
      (error: unknown) => (error instanceof FileRefused ? [error.reason, error.message] : error),
    )
  const aside = await refusal(readAside(reading))
  expect(aside).toEqual(await refusal(readFirst(reading)))
  expect(aside).toMatchObject(['cut-short', expect.stringContaining('never closed')])
})

test('whoever has seen enough ends the thread', async () => {
  const batches = readAside(
    fileOf(
      'long.csv',
      Array.from({ length: 30_000 }, (_, i) => line(String(10_000 + i))),
    ),
  )
  expect((await batches.next()).done).toBe(false)
  expect((await batches.return({ fileHash: new Uint8Array(), ascending: true })).done).toBe(true)
})

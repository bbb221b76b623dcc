import { appendFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openJournal } from './journal.ts'

const stopOf = (patron: string, at = '2026-11-22T15:00:00.000Z') => ({
  at,
  library: 'maple',
  patron,
  channel: 'email',
  purposes: 60,
  addressHash: null,
})

test('a line torn by a crash does not swallow the next stop', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gentle-journal-'))
  const journal = openJournal(folder)
  journal.write([stopOf('1')])
  appendFileSync(join(folder, 'journal.ndjson'), '\n{"at":"2026-11-22T15:00:01.000Z","libr')
  journal.write([stopOf('2'), stopOf('3')])
  expect(journal.since(new Date(0)).map((entry) => 'patron' in entry && entry.patron)).toEqual(['1', '2', '3'])
})

test('what was before the time asked about is left out', () => {
  const journal = openJournal(mkdtempSync(join(tmpdir(), 'gentle-journal-')))
  journal.write([stopOf('1', '2026-11-20T00:00:00.000Z'), stopOf('2')])
  expect(journal.since(new Date('2026-11-21T00:00:00Z')).map((entry) => 'patron' in entry && entry.patron)).toEqual([
    '2',
  ])
})

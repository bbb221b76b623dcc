// Which sentence and which exit code a failure ends in.
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Problem } from '../lib/errors.ts'
import { FileRefused } from '../roster/file-refused.ts'
import { explainFailure } from './failure.ts'

const now = new Date('2026-11-22T15:00:00Z')
const where = (dataDir: string | null = null) => ({ dataDir, command: 'lapsed', now })

test('a request that cannot be served ends with 1 and its own sentence on one line, a refused file with 2', () => {
  expect(explainFailure(new Problem('conflict', 'Two\n  lines.'), where())).toEqual({
    exitCode: 1,
    code: 'conflict',
    message: 'Two lines.',
  })
  expect(explainFailure(new FileRefused('no-rows', 'Empty.'), where()).exitCode).toBe(2)
})

test('a lost database, a full disk and a folder that is closed are nobody’s fault, and the sentence says what to do', () => {
  const coded = (code: string, more: object = {}) => Object.assign(new Error('x'), { code, ...more })
  for (const error of [coded('57P01'), coded('08006'), coded('ECONNRESET'), coded('ENOENT', { syscall: 'connect' })])
    expect(explainFailure(error, where()).message).toMatch(/^The connection to the database was lost\./)
  expect(explainFailure(new Error('Connection terminated unexpectedly'), where()).exitCode).toBe(1)
  expect(explainFailure(coded('53100'), where()).message).toMatch(/^The disk is full\./)
  expect(explainFailure(coded('EACCES', { path: '/srv/gentle/keys.json' }), where()).message).toBe(
    '/srv/gentle/keys.json cannot be used as the data folder needs it (EACCES). Make it a folder that this account may write to, or name another one with --data.',
  )
})

test('anything else is our fault: 70, one line, and the stack in a file that quotes no row', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gentle-failure-'))
  const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(rosa@example.org)' })
  const failure = explainFailure(new Error('unforeseen', { cause }), where(folder))
  const file = join(folder, 'gentle-error.log')
  expect(failure).toEqual({
    exitCode: 70,
    code: 'our-fault',
    message: `"gentle lapsed" failed in a way that we did not foresee. It is our fault, and the details are in ${file}; please send them to the project (unforeseen).`,
  })
  const log = readFileSync(file, 'utf8')
  expect(log).toMatch(/^2026-11-22T15:00:00.000Z gentle lapsed/)
  expect(log).toMatch(/because of Error: duplicate key\n\s+at /)
  expect(log).not.toContain('rosa@')
  expect(explainFailure('thrown as text', where('/nowhere/at/all')).message).toContain('could not be written')
  expect(explainFailure(undefined, where()).exitCode).toBe(70)
})

// What a take log leaves on the disk when its process did not live to close it.
import { mkdtempSync, readdirSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTakeLogs } from './take-log.ts'

test('a log that a dead process left is gone after a day, and one of today stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gentle-takes-'))
  const logs = openTakeLogs(folder)
  logs.open('1')
  logs.open('2')
  const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000)
  utimesSync(join(folder, 'takes', '1.log'), twoDaysAgo, twoDaysAgo)
  logs.clearOld()
  expect(readdirSync(join(folder, 'takes'))).toEqual(['2.log'])
})

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { knownPeople } from './known-people.ts'
import { rosterHeader } from './roster-csv.ts'
import { type RosterFile, writeRoster } from './write-roster.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roster-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function linesOf(options: Omit<RosterFile, 'file' | 'people' | 'seed' | 'today'>): Promise<string[]> {
  const file = join(folder, 'roster.csv')
  await writeRoster({ file, people: 10_000, seed: 7, today: '2026-11-22', ...options })
  const text = await readFile(file, 'utf8')
  expect(text.startsWith(rosterHeader)).toBe(true)
  return text.slice(rosterHeader.length).trimEnd().split('\n')
}
const idOf = (line: string) => line.slice(0, line.indexOf(','))

test('shuffled, a roster has the same lines in another order', async () => {
  const plain = await linesOf({})
  const shuffled = await linesOf({ shuffle: true, seed2: 8 })
  expect(plain).toHaveLength(10_000)
  expect(shuffled).not.toEqual(plain)
  expect(shuffled.toSorted()).toEqual(plain.toSorted())
})

test('changed by one in a hundred, the same people are there and about a hundredth of the lines differ', async () => {
  const plain = await linesOf({})
  const changed = await linesOf({ change: 0.01, shuffle: true, seed2: 8 })
  expect(changed.map(idOf).toSorted()).toEqual(plain.map(idOf).toSorted())
  const same = new Set(plain)
  const differing = changed.filter((line) => !same.has(line)).length
  expect(differing).toBeGreaterThan(60)
  expect(differing).toBeLessThan(140)
})

test('changed altogether, no line is as it was', async () => {
  const same = new Set(await linesOf({}))
  expect((await linesOf({ change: 1, seed2: 8 })).filter((line) => same.has(line))).toEqual([])
})

test('commas and quotes in a name are quoted, other lines have as many commas as columns', async () => {
  const lines = await linesOf({})
  expect(lines.some((line) => /"[^"]+, Jr\."/i.test(line))).toBe(true)
  expect(lines.some((line) => /"[^"]* ""\w+"""/.test(line))).toBe(true)
  for (const line of lines.filter((line) => !line.includes('"'))) expect(line.split(',')).toHaveLength(22)
  expect(lines.map(idOf)).toContain(knownPeople.rosa.patronId)
})

// The house itself, tested: what may import what, which words stay out, who reads the environment.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const filesBelow = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))

const sources = filesBelow('src', /\.ts$/)
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Floors from the ground up: a file may import from its own folder and from every floor below, never from above or from a peer. */
const floors: string[][] = [
  ['lib'],
  ['db', 'channels', 'contract'],
  ['patrons'],
  ['consent'],
  ['words'],
  ['segments'],
  ['messages'],
  ['roster', 'signups', 'notices', 'campaigns', 'journeys', 'conversations', 'social'],
  ['staff', 'reports', 'preferences', 'paper'],
  ['worker'],
  ['http'],
  ['cli'],
]
const mayNotSee: Record<string, string[]> = {
  channels: ['db', 'contract'],
  db: ['channels', 'contract'],
  contract: ['db', 'channels'],
}
const floorOf = (folder: string): number => floors.findIndex((floor) => floor.includes(folder))
const folderOf = (file: string): string => file.split('/')[1]!
const importsOf = (file: string): string[] =>
  [...text(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    relative(root, resolve(root, dirname(file), match[1]!)),
  )

test('imports run downhill: from a folder to those below it, never up and never between peers', () => {
  const climbing: string[] = []
  for (const file of sources) {
    if (/\.test\.ts$/.test(file) || file.split('/').length === 2) continue
    const from = folderOf(file)
    expect(floorOf(from), `${file} stands in a folder that the house does not know`).toBeGreaterThanOrEqual(0)
    for (const target of importsOf(file)) {
      // The composition of everything may be named by type only where commands meet it.
      if (['src/config.ts', 'src/context.ts'].includes(target) && from === 'cli') continue
      if (target.startsWith('seeds/') && ['cli', 'worker', 'http'].includes(from)) continue
      const to = target.startsWith('src/') ? folderOf(target) : target
      const downhill =
        from === to || (floorOf(to) >= 0 && floorOf(to) < floorOf(from) && !mayNotSee[from]?.includes(to))
      if (!downhill) climbing.push(`${file} imports ${target}`)
    }
  }
  expect(climbing).toEqual([])
})

test('the environment is read in one file', () => {
  const readers = sources.filter((file) => !/\.test\.ts$/.test(file) && /process\.env/.test(text(file)))
  expect(readers).toEqual(['src/config.ts'])
})

// The words of the glossary and no others. node:util, pg's and Better Auth's own `user` keys are other people's words.
const banned =
  /\b(users?|subscribers?|recipients?|leads?|customers?|blasts?|permissions?|utils?|helpers?|managers?|\w+Service)\b/i
const theirs = [
  /permission denied/i,
  /node:util/,
  /\buser(Info|id)?: ?/,
  /\.user\b/,
  /\buser,/,
  /userInfo/,
  /--map-user/,
  /user namespace/i,
  /leads? (to|back|nowhere)\b/i,
  /that lead\b/,
  /\b(pg_\w*|session_)user\b/,
  /current_user/,
  /parsed\.username/,
  /-user/,
  /Final-Recipient/, // a field of RFC 3464
  /X-Failed-Recipients/i, // of Exim's bounces
]
test('the banned words stay out of the code', () => {
  const found: string[] = []
  for (const file of [...sources, ...filesBelow('migrations', /\.sql$/), ...filesBelow('seeds', /\.ts$/)]) {
    if (/(^|\/)(utils?|helpers?|index)\.ts$/.test(file)) found.push(file)
    for (const [i, line] of text(file).split('\n').entries())
      if (banned.test(theirs.reduce((rest, other) => rest.replaceAll(new RegExp(other, `${other.flags}g`), ''), line)))
        found.push(`${file}:${i + 1}: ${line.trim()}`)
  }
  expect(found).toEqual([])
})

test('every file says in its first lines what it owns and why', () => {
  const silent = sources.filter((file) => !/\.test\.ts$/.test(file) && !/^(#!.*\n)?\/\/ \S/.test(text(file)))
  expect(silent).toEqual([])
})

test('nothing speaks of a place that only the makers have', () => {
  const odd = [...sources, ...filesBelow('docs', /\.md$/), ...filesBelow('seeds', /\.ts$/), 'package.json'].filter(
    (file) => /\.\.\/shared|\/work\/|registry\.npmjs|DESIGN\.md|FIELD-NOTES/.test(text(file)),
  )
  expect(odd.filter((file) => !/sfpl-distribution\.test\.ts$/.test(file))).toEqual([])
})

test('addresses in tests, seeds and docs are nobody’s', () => {
  const found: string[] = []
  for (const file of [
    ...sources,
    ...filesBelow('test', /\.ts$/),
    ...filesBelow('seeds', /\.ts$/),
    ...filesBelow('docs', /\.(md|csv|yaml)$/),
  ])
    for (const [address] of text(file).matchAll(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g))
      if (!/(@|\.)-?(example-?\.(com|org|net)|test|example|localhost)$/i.test(address!.replace(/\.$/, '')))
        found.push(`${file}: ${address}`)
  expect(found.filter((line) => !/@media|gateway|@\d/.test(line))).toEqual([])
})

// The documents, tested: what they link to is there, the commands and options they name exist, and the tables that
// repeat the code agree with it. A page that is wrong costs a reader more than a page that is missing.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readCampaign, readCampaignFile } from '../src/campaigns/campaign-file.ts'
import { commonOptions } from '../src/cli/command.ts'
import { commands } from '../src/cli/commands.ts'
import { CHOICE_COLUMNS } from '../src/consent/choice-file.ts'
import { parseLetter } from '../src/messages/letter.ts'
import { lintLetter } from '../src/messages/lint.ts'
import { parseMapping } from '../src/roster/mapping.ts'
import { COLUMNS } from '../src/roster/roster-line.ts'
import { readOffers } from '../src/signups/offers-file.ts'
import { wordsOf } from '../src/words/languages.ts'

const root = resolve(import.meta.dirname, '..')
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].sort()

const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
const headings = (page: string): string[] => [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) => slug(title!))

test('every page is there', () => {
  for (const page of ['README.md', 'ARCHITECTURE.md', 'GLOSSARY.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'])
    expect(pages).toContain(page)
  expect(existsSync(join(root, 'LICENSE'))).toBe(true)
})

test.each(pages)('the links of %s lead somewhere', (page) => {
  const dead: string[] = []
  const prose = text(page).replace(/^```[\s\S]*?^```/gm, '')
  for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/i.test(target)) continue
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : relative(root, resolve(root, dirname(page), path))
    if (file.startsWith('..') || !existsSync(join(root, file))) dead.push(target)
    else if (anchor !== undefined && !headings(file).includes(anchor)) dead.push(target)
  }
  expect(dead).toEqual([])
})

/** "gentle …" as written in code: from the name of the program to the end of the command line. */
function commandLines(page: string): string[] {
  const source = text(page)
  const blocks = [...source.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map(([, block]) => block!)
  const inline = [...source.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!)
  const lines = blocks.flatMap((block) => block.replace(/\\\n\s*/g, ' ').split('\n')).concat(inline)
  return lines.flatMap((line) => {
    // A command stands at the start of a line, after a prompt, npx, "&&", or in quotes in what a program printed.
    const match = /(?:^\s*(?:\$ )?|&& |["“]|Next: )(?:npx |node bin\/)?gentle(?:\.js)?(?= [a-z-])( .+)$/.exec(line)
    return match ? [match[1]!.trim()] : []
  })
}

const named = pages.flatMap((page) => commandLines(page).map((line) => ({ page, line })))

test('the documents name commands at all', () => {
  expect(named.length).toBeGreaterThan(20)
})

test.each(named)('$page: gentle $line', ({ line }) => {
  const words = line.replace(/"[^"]*"/g, 'X').split(/\s+/)
  if (words[0] === 'help') return
  const group = commands.filter((command) => command.name.split(' ')[0] === words[0])
  const command = commands
    .filter((c) => c.name.split(' ').every((word, i) => words[i]?.replace(/[".,;:”]+$/, '') === word))
    .sort((a, b) => b.name.length - a.name.length)[0]
  expect(command ?? (words.length === 1 ? group[0] : undefined), `there is no command "gentle ${line}"`).toBeDefined()
  if (command === undefined) return
  const known = Object.keys({ ...command.options, ...commonOptions })
  const options = words.flatMap((word) => /^\[?--([a-z-]+)/.exec(word)?.[1] ?? [])
  expect(options.filter((option) => !known.includes(option))).toEqual([])
})

test('the npm scripts that the documents name exist', () => {
  const scripts = Object.keys(JSON.parse(text('package.json')).scripts)
  const absent = pages.flatMap((page) =>
    [...text(page).matchAll(/\bnpm (?:run ([a-z-]+)|(start|test)\b)/g)]
      .map(([, run, own]) => (run ?? own)!)
      .filter((script) => !scripts.includes(script))
      .map((script) => `${page}: npm ${script}`),
  )
  expect(absent).toEqual([])
})

test('the README begins with its two commands', () => {
  const readme = text('README.md')
  expect(readme).toContain('npm ci && npm start')
  expect(readme).toContain('npm ci && npm test')
})

test('the README names every setting of the program and no other', () => {
  const read = [...text('src/config.ts').matchAll(/setting\('([A-Z_]+)'\)/g)].map(([, name]) => name!)
  const told = [...text('README.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name!)
  expect(told.sort()).toEqual([...new Set(read)].filter((name) => name !== 'PORT').sort())
})

test('the house in ARCHITECTURE.md is the one that the structure test knows', () => {
  const source = /const floors: string\[\]\[\] = (\[[\s\S]*?\n\])/.exec(text('test/structure.test.ts'))![1]!
  const floors = JSON.parse(source.replaceAll("'", '"').replace(/,(\s*\])/g, '$1')) as string[][]
  const rows = [...text('ARCHITECTURE.md').matchAll(/^\| (\d+) +\| ([^|]+) \|/gm)]
  const told = floors.map((_, i) =>
    rows
      .filter(([, floor]) => Number(floor) === i + 1)
      .flatMap(([, , cell]) => [...cell!.matchAll(/`(\w+)`/g)].map((m) => m[1]!)),
  )
  expect(told.map((folders) => folders.sort())).toEqual(floors.map((folders) => [...folders].sort()))
})

test('every package that runs at a library has its reason', () => {
  const { dependencies } = JSON.parse(text('package.json')) as { dependencies: Record<string, string> }
  const told = text('docs/decisions/0000-dependencies.md')
  expect(Object.keys(dependencies).filter((name) => !told.includes(`| \`${name}\``))).toEqual([])
})

test('the letters that come with the product are listed', () => {
  const letters = readdirSync(join(root, 'letters')).map((file) => file.replace(/\.yaml$/, ''))
  const told = [...text('docs/campaign-file.md').matchAll(/^\| `([a-z]+-[a-z-]+)` +\|/gm)].map(([, key]) => key!)
  expect(told.sort()).toEqual(letters.sort())
})

const fenced = (page: string, language: string): string[] =>
  [...text(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block]) => block!)

test('the examples in the pages are read as they stand', async () => {
  const [campaign, letter] = fenced('docs/campaign-file.md', 'yaml')
  await expect(readCampaign(parse(campaign!), 'The example', null)).resolves.toMatchObject({ key: 'autumn' })
  expect(lintLetter(parseLetter(letter!, 'The example')).map(({ rule }) => rule)).toEqual(['missing-language'])
  const offers = readOffers(parse(fenced('docs/sign-up.md', 'yaml')[0]!), 'The example', { name: 'X' } as never)
  expect(offers.topics.map((topic) => topic.key)).toEqual(['mysteries', 'childrens-books'])
  expect(() => parseMapping(fenced('docs/patron-files.md', 'yaml')[0]!)).not.toThrow()
  const file = join(root, 'docs/examples/autumn.yaml')
  await expect(readCampaignFile(file)).resolves.toMatchObject({ purpose: 'reengagement', holdoutShare: 0.2 })
})

test('the words for texts that we tell libraries to begin with say what carriers look for', () => {
  const indented = /```yaml\n([\s\S]*?)^ *```/m.exec(text('docs/carrier-registration.md'))![1]!
  const [offer] = readOffers(parse(indented), 'The example', { name: 'X' } as never).offers
  expect(offer).toMatchObject({ channel: 'sms' })
  expect(offer!.words.en.says).toMatch(/about 2 texts a month.*Msg & data rates may apply.*STOP.*HELP/)
  expect(offer!.words.es.says).toMatch(/unos 2 mensajes al mes.*cobrarlos.*ALTO.*AYUDA/)
})

test('the columns of a patron file and the reasons for refusing one are all explained', () => {
  const cells = [...text('docs/patron-files.md').matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!),
  )
  expect(COLUMNS.filter((column) => !cells.includes(column))).toEqual([])
  const sources = ['src/roster/guards.ts', 'src/roster/import.ts'].map(text).join()
  const reasons = [...sources.matchAll(/reason: '([a-z-]+)'/g)].map(([, reason]) => reason!)
  const whole = [...text('src/roster/file-refused.ts').matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, reason]) => reason!)
  expect([...reasons, ...whole].filter((reason) => !cells.includes(reason))).toEqual([])
})

test('the invitation is the one that the program writes', () => {
  const told = text('docs/invitations.md').replace(/\n> /g, ' ')
  for (const { invitation } of Object.values(wordsOf))
    expect(told).toContain(invitation.foot('Birch Hill Library', 'LINK'))
})

test('the words to begin with are those that the sign-up page shows', () => {
  const told = text('docs/asking-begins.md').replace(/\n> /g, ' ')
  for (const { join } of Object.values(wordsOf))
    for (const { says } of Object.values(join.offers)) expect(told).toContain(says('Birch Hill Library'))
})

test('the columns of a file of choices are all explained', () => {
  const told = [...text('docs/asking-begins.md').matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name)
  expect(told).toEqual([...CHOICE_COLUMNS])
})

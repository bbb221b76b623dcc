import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { linkSigner } from '../lib/signed-links.ts'
import { loadKeys, loginPassword, rotateLinks } from './keys.ts'
import { sealsOf } from './seals.ts'

const link = { library: 1, message: '2', patron: '3', purpose: 2, addressHash: Buffer.alloc(16, 9) }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gentle-keys-'))
  return () => rmSync(folder, { recursive: true })
})

test('the first start makes two secrets of 32 bytes that only their owner can read', () => {
  const keys = loadKeys(join(folder, 'deep', 'data'))
  expect(keys.hashing).toHaveLength(32)
  expect(keys.links).toHaveLength(32)
  expect(keys.hashing.equals(keys.links)).toBe(false)
  expect(statSync(join(folder, 'deep', 'data', 'keys.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(folder, 'deep', 'data'))).toEqual(['keys.json'])
})

test('later starts read the same keys; another installation has others', () => {
  expect(loadKeys(folder)).toEqual(loadKeys(folder))
  const other = loadKeys(join(folder, 'other'))
  expect(other.fingerprint).not.toBe(loadKeys(folder).fingerprint)
})

test('the fingerprint tells keys apart and tells nothing of them', () => {
  const { fingerprint } = loadKeys(folder)
  const text = readFileSync(join(folder, 'keys.json'), 'utf8')
  expect(fingerprint).toMatch(/^[0-9a-f]{16}$/)
  expect(text).not.toContain(fingerprint)
})

test('each login of each installation has a password of its own, the same at every start', () => {
  const [here, there] = [loadKeys(folder), loadKeys(join(folder, 'other'))]
  const passwords = [here, there].flatMap((keys) =>
    ['owner', 'circulation', 'outreach'].map((l) => loginPassword(keys, l)),
  )
  expect(new Set(passwords).size).toBe(6)
  expect(loginPassword(loadKeys(folder), 'owner')).toBe(passwords[0])
})

test.each([
  ['is no JSON', 'nonsense'],
  ['was cut short', '{"hashing": "AAAA'],
  ['lacks a key', JSON.stringify({ hashing: Buffer.alloc(32).toString('base64') })],
  ['has a key that is too short', JSON.stringify({ hashing: 'AAAA', links: Buffer.alloc(32).toString('base64') })],
])('a key file that %s is told plainly and never replaced', (_, text) => {
  const file = join(folder, 'keys.json')
  writeFileSync(file, text)
  chmodSync(file, 0o600)
  expect(() => loadKeys(folder)).toThrow(expect.objectContaining({ code: 'unavailable' }))
  expect(() => loadKeys(folder)).toThrow(/from your backup/)
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('processes that start at once end with one and the same key file', async () => {
  const program = `import { loadKeys } from ${JSON.stringify(new URL('./keys.ts', import.meta.url).href)}
    process.stdout.write(loadKeys(${JSON.stringify(join(folder, 'data'))}).fingerprint)`
  const starts = Array.from({ length: 4 }, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    await once(child, 'close')
    return said
  })
  const fingerprints = new Set(await Promise.all(starts))
  expect([...fingerprints]).toEqual([loadKeys(join(folder, 'data')).fingerprint])
  expect(readdirSync(join(folder, 'data'))).toEqual(['keys.json'])
})

test('a change of the links secret changes nothing else: passwords, hashes and the fingerprint stay, old links are read', () => {
  const before = loadKeys(folder)
  const token = linkSigner(before.links).sign(link)
  const middle = rotateLinks(folder)
  const after = rotateLinks(folder)
  expect(after.links.equals(before.links)).toBe(false)
  expect(after.earlierLinks).toEqual([middle.links, before.links])
  expect(after.hashing).toEqual(before.hashing)
  expect(after.fingerprint).toBe(before.fingerprint)
  expect(loginPassword(after, 'outreach')).toBe(loginPassword(before, 'outreach'))
  expect(sealsOf(after).publicKey).toBe(sealsOf(before).publicKey)
  expect(linkSigner(after.links, after.earlierLinks).read(token)).toEqual(link)
  expect(loadKeys(folder)).toEqual(after)
  expect(readdirSync(folder)).toEqual(['keys.json'])
  expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
})

test('a key file with a damaged earlier secret is refused like any damaged one', () => {
  const file = join(folder, 'keys.json')
  rotateLinks(folder)
  const read = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...read, previous: ['AAAA'] }))
  expect(() => loadKeys(folder)).toThrow(/damaged/)
})

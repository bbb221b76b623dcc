// What anybody on the same machine can see of us: the list of processes with their arguments. Linux shows it in /proc.
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from '../cli/commands.ts'
import { openContext } from '../context.ts'
import { loadKeys, loginPassword } from './keys.ts'

function processList(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        return [] // it has ended meanwhile
      }
    })
}

test.runIf(existsSync('/proc/self/cmdline'))(
  'no password and no key stands in the list of processes, from the first start to the end',
  async () => {
    const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'gentle-list-')))
    const keys = loadKeys(dataDir)
    const secrets = [
      ...(['admin', 'owner', 'circulation', 'outreach', 'backup'] as const).map((login) => loginPassword(keys, login)),
      ...Object.values(JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8'))).filter(
        (value) => typeof value === 'string' && value.length > 20,
      ),
    ] as string[]
    expect(secrets.length).toBeGreaterThan(5)
    const ours = new Set<string>()
    const shown = new Set<string>()
    const look = () => {
      for (const line of processList()) {
        if (line.includes(dataDir)) ours.add(line)
        for (const secret of secrets) if (line.includes(secret)) shown.add(line)
      }
    }
    const watching = setInterval(look, 5)
    try {
      const context = await openContext({ dataDir, databaseUrl: null } as never)
      look()
      await context.close()
    } finally {
      clearInterval(watching)
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
    }
    expect([...ours].filter((line) => /initdb/.test(line)).length).toBeGreaterThan(0)
    expect([...shown]).toEqual([])
  },
)

test('no command takes a password or a key as an option: they come from settings and from the key file', () => {
  const asked = commands.flatMap(({ name, options }) =>
    Object.keys(options)
      .filter((option) => /password|secret|token|smtp|database/.test(option))
      .map((option) => `${name} --${option}`),
  )
  expect(asked).toEqual([])
})

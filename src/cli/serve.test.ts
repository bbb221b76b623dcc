import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { packageRoot } from '../lib/package-root.ts'

const folder = mkdtempSync(join(tmpdir(), 'gentle-serve-'))
const running: ChildProcess[] = []
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function start(...words: string[]): { child: ChildProcess; said: () => string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [join(packageRoot, 'bin', 'gentle.js'), ...words, '--data', folder], {
    env: { ...process.env, GENTLE_MODE: '', GENTLE_SMTP_URL: '', DATABASE_URL: '' },
  })
  running.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream!.on('data', (piece) => {
      said += piece
    })
  return { child, said: () => said, ended: new Promise((resolve) => child.on('exit', resolve)) }
}

const openPort = async (): Promise<{ server: Server; port: number }> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as { port: number }).port }
}

test('a taken port ends in one sentence that says what helps, and before anything is touched', async () => {
  const { server, port } = await openPort()
  const { said, ended } = start('serve', '--no-demo', '--port', String(port))
  expect(await ended).toBe(1)
  expect(said()).toMatch(new RegExp(`^Port ${port} is taken by another program.*--port ${port + 1}\\.\\n$`))
  server.close()
})

test('it listens before the database is open, says where, and stops in good order', async () => {
  const { server, port } = await openPort()
  await new Promise((resolve) => server.close(resolve))
  const { child, said, ended } = start('serve', '--no-demo', '--port', String(port))
  const titles = new Set<string>()
  await expect
    .poll(
      async () => {
        const home = await fetch(`http://localhost:${port}/`).then(
          (r) => r.text(),
          () => '',
        )
        titles.add(/<h1>(.*)<\/h1>/.exec(home)?.[1] ?? '')
        return said().includes('Ctrl-C stops') && titles.has('Gentle Reader is running')
      },
      { timeout: 25_000, interval: 50 },
    )
    .toBe(true)
  expect(titles).toContain('Getting ready')
  expect(said()).toContain(`Page      http://localhost:${port}`)
  expect(said()).toContain(folder)
  const asked = performance.now()
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(performance.now() - asked).toBeLessThan(5_000)
  expect(said()).toContain('Stopped.')
})

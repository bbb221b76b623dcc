import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { type Embedded, openEmbedded } from './embedded.ts'
import { findPrograms } from './embedded-binaries.ts'
import { isAlive, withLock } from './embedded-lock.ts'
import { asProblem, explainRefusal } from './embedded-problems.ts'

const asRoot = process.getuid?.() === 0
const adminPassword = 'a quiet word'
const opened: Embedded[] = []

afterEach(async () => {
  for (const embedded of opened.splice(0)) await embedded.leave({ force: true })
})

async function emptyFolder(name = 'data'): Promise<string> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), 'gentle-embedded-')))
  onTestFinished(() => rm(parent, { recursive: true, force: true, maxRetries: 5 }))
  return join(parent, name)
}

async function open(dataDir: string, more: Partial<Parameters<typeof openEmbedded>[0]> = {}): Promise<Embedded> {
  const embedded = await openEmbedded({ dataDir, adminPassword, ...more })
  opened.push(embedded)
  return embedded
}

async function ask<T>(embedded: Embedded, query: string): Promise<T> {
  const client = new Client({ ...embedded.admin, database: 'postgres', application_name: 'gentle test' })
  await client.connect()
  try {
    const { rows } = await client.query<{ answer: T }>(query)
    return rows[0]?.answer as T
  } finally {
    await client.end()
  }
}

const serverNumber = async (cluster: string): Promise<number> =>
  Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0])

/** Another program that opens the folder, says what it found, and leaves when its standard input ends. */
function anotherProgram(dataDir: string): { child: ChildProcess; found: Promise<{ startedHere: boolean }> } {
  const script = `
    const { openEmbedded } = await import(${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)})
    const embedded = await openEmbedded(${JSON.stringify({ dataDir, adminPassword })})
    console.log(JSON.stringify({ startedHere: embedded.startedHere }))
    process.stdin.resume().once('end', () => embedded.leave())`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const lines = createInterface({ input: child.stdout! })
  const found = once(lines, 'line').then(([line]) => JSON.parse(line))
  return { child, found }
}

async function finish(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.stdin!.end()
  await gone
}

test('the first start makes a database that needs its password, and later starts find what was written', async () => {
  const dataDir = await emptyFolder()
  const said: string[] = []
  const first = await open(dataDir, { say: (line) => said.push(line) })
  expect(first.startedHere).toBe(true)
  expect(said.join()).toContain('Preparing the database')
  expect(
    await ask(
      first,
      `select concat_ws(' ', datlocprovider, pg_encoding_to_char(encoding), datlocale) as answer
                      from pg_database where datname = 'postgres'`,
    ),
  ).toBe('b UTF8 C.UTF-8')
  expect(await ask(first, `select current_setting('fsync') || current_setting('listen_addresses') as answer`)).toBe(
    'on',
  )
  await ask(first, 'create table kept (answer int)')
  await ask(first, 'insert into kept values (7)')
  const intruder = new Client({ ...first.admin, password: 'a guess', database: 'postgres' })
  await expect(intruder.connect()).rejects.toMatchObject({ code: '28P01' })
  const pid = await serverNumber(join(dataDir, 'postgres'))
  await first.leave()
  expect(isAlive(pid)).toBe(false)

  const second = await open(dataDir)
  expect(second.startedHere).toBe(true)
  expect(await ask(second, 'select answer from kept')).toBe(7)
  await second.leave()
  // Nothing is left of the preparation, least of all the password.
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log', 'postgres.socket'])
  expect((await stat(join(dataDir, 'postgres.log'))).mode & 0o077).toBe(0)
  expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain(adminPassword)
})

test('a second program joins the running server, and whoever leaves last stops it', async () => {
  const dataDir = await emptyFolder()
  const first = await open(dataDir)
  const pid = await serverNumber(join(dataDir, 'postgres'))
  const { child, found } = anotherProgram(dataDir)
  expect(await found).toEqual({ startedHere: false })
  await first.leave()
  expect(isAlive(pid)).toBe(true)
  await finish(child)
  expect(isAlive(pid)).toBe(false)
})

test('a program that is killed leaves the server to the next, who need not start one', async () => {
  const dataDir = await emptyFolder()
  const { child, found } = anotherProgram(dataDir)
  expect(await found).toEqual({ startedHere: true })
  child.kill('SIGKILL')
  await once(child, 'exit')
  const pid = await serverNumber(join(dataDir, 'postgres'))
  const next = await open(dataDir)
  expect(next.startedHere).toBe(false)
  expect(await serverNumber(join(dataDir, 'postgres'))).toBe(pid)
  await next.leave()
  expect(isAlive(pid)).toBe(false)
})

test('three programs at once on an empty folder end on one server that exactly one of them started', async () => {
  const dataDir = await emptyFolder()
  const programs = [anotherProgram(dataDir), anotherProgram(dataDir), anotherProgram(dataDir)]
  const found = await Promise.all(programs.map((program) => program.found))
  expect(found.filter(({ startedHere }) => startedHere)).toHaveLength(1)
  const pid = await serverNumber(join(dataDir, 'postgres'))
  // All leave at once, too: somebody has to be the last.
  await Promise.all(programs.map(({ child }) => finish(child)))
  expect(isAlive(pid)).toBe(false)
})

test('nobody stops the server while another program is on its way in', async () => {
  const dataDir = await emptyFolder()
  const embedded = await open(dataDir)
  const pid = await serverNumber(join(dataDir, 'postgres'))
  const wayIn = Promise.withResolvers<void>()
  const comingIn = withLock(dataDir, () => wayIn.promise)
  const leaving = embedded.leave()
  await sleep(400)
  expect(isAlive(pid)).toBe(true)
  wayIn.resolve()
  await Promise.all([comingIn, leaving])
  expect(isAlive(pid)).toBe(false)
})

test('joining while the last one leaves never ends on a server that is going away', async () => {
  const dataDir = await emptyFolder()
  let here = await open(dataDir)
  for (let round = 0; round < 8; round++) {
    const [next] = await Promise.all([sleep(round * 3).then(() => open(dataDir)), here.leave()])
    expect(await ask(next, 'select 1 as answer')).toBe(1)
    here = next
  }
})

test('a server that was killed comes back with everything that was committed', async () => {
  const dataDir = await emptyFolder()
  const first = await open(dataDir)
  await ask(first, 'create table kept as select g as answer from generate_series(1, 20000) g')
  process.kill(await serverNumber(join(dataDir, 'postgres')), 'SIGKILL')
  const second = await open(dataDir)
  expect(second.startedHere).toBe(true)
  expect(await ask(second, 'select count(*)::int as answer from kept')).toBe(20000)
})

test('a server that dies under a program that stays is started again', async () => {
  const dataDir = await emptyFolder()
  const staying = await open(dataDir)
  const pid = await serverNumber(join(dataDir, 'postgres'))
  process.kill(pid, 'SIGKILL')
  await expect
    .poll(() => ask(staying, 'select 1 as answer').catch(() => 'gone'), { timeout: 20_000, interval: 200 })
    .toBe(1)
  expect(await serverNumber(join(dataDir, 'postgres'))).not.toBe(pid)
  await staying.leave()
  await expect(ask(staying, 'select 1 as answer')).rejects.toThrow()
})

test('a process number that another program has by now does not keep the database from starting', async () => {
  const dataDir = await emptyFolder()
  await (await open(dataDir)).leave()
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' })
  onTestFinished(() => {
    stranger.kill()
  })
  const folder = join(dataDir, 'postgres')
  const socket = join(dataDir, 'postgres.socket')
  await writeFile(join(folder, 'postmaster.pid'), `${stranger.pid}\n${folder}\n1\n5432\n${socket}\n\n  1 1\nready   \n`)
  await writeFile(join(socket, '.s.PGSQL.5432.lock'), `${stranger.pid}\n${folder}\n1\n5432\n${socket}\n`)
  expect((await open(dataDir)).startedHere).toBe(true)
  expect(stranger.exitCode).toBeNull()
})

test('leaving does not stop the server under another connection of ours, unless it is forced', async () => {
  const dataDir = await emptyFolder()
  const embedded = await open(dataDir)
  const pid = await serverNumber(join(dataDir, 'postgres'))
  const other = new Client({ ...embedded.admin, database: 'postgres', application_name: 'gentle work' })
  other.on('error', () => undefined)
  await other.connect()
  await embedded.leave()
  expect((await other.query('select 1 as answer')).rows).toEqual([{ answer: 1 }])
  expect(isAlive(pid)).toBe(true)
  await embedded.leave({ force: true })
  expect(isAlive(pid)).toBe(false)
})

test('leaving without a working connection still sees who else is there', async () => {
  const dataDir = await emptyFolder()
  const embedded = await open(dataDir)
  const other = new Client({ ...embedded.admin, database: 'postgres', application_name: 'gentle work' })
  other.on('error', () => undefined)
  await other.connect()
  await other.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gentle presence'`)
  await embedded.leave()
  expect((await other.query('select 1 as answer')).rows).toEqual([{ answer: 1 }])
  await other.end()
})

test('a preparation that was killed half-way is swept away and done again', async () => {
  const dataDir = await emptyFolder()
  await mkdir(join(dataDir, 'postgres.new-1-aa', 'base'), { recursive: true })
  await writeFile(join(dataDir, 'postgres.new-1-aa.password'), 'half a word')
  const program = anotherProgram(dataDir)
  program.found.catch(() => undefined)
  while (!(await readdir(dataDir)).some((name) => /^postgres\.new-(?!1-aa)/.test(name))) await sleep(5)
  program.child.kill('SIGKILL')
  const embedded = await open(dataDir)
  expect(await ask(embedded, 'select 1 as answer')).toBe(1)
  await embedded.leave()
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log', 'postgres.socket'])
})

test('a long path, with commas, quotes and spaces in it, has its socket elsewhere, where a second program finds it', async () => {
  const dataDir = await emptyFolder(`Ana's "town", library ${'and its branches '.repeat(6)}`)
  const embedded = await open(dataDir)
  expect(Buffer.byteLength(join(embedded.admin.host, '.s.PGSQL.5432'))).toBeLessThanOrEqual(100)
  expect(embedded.admin.host.startsWith(dataDir)).toBe(false)
  onTestFinished(() => rm(embedded.admin.host, { recursive: true, force: true }))
  expect((await stat(embedded.admin.host)).mode & 0o777).toBe(0o700)
  const { child, found } = anotherProgram(dataDir)
  expect(await found).toEqual({ startedHere: false })
  await finish(child)
  await embedded.leave()
  await chmod(embedded.admin.host, 0o777)
  await expect(open(dataDir)).rejects.toThrow(/does not trust/)
})

test('a short path with a comma and a quote in it keeps its socket inside', async () => {
  const dataDir = await emptyFolder('a, "b"')
  const embedded = await open(dataDir)
  expect(embedded.admin.host).toBe(join(dataDir, 'postgres.socket'))
  expect(await ask(embedded, 'select 1 as answer')).toBe(1)
})

test('a cluster of another major version is left alone, and the way over is named', async () => {
  const dataDir = await emptyFolder()
  await mkdir(join(dataDir, 'postgres'), { recursive: true })
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '16\n')
  await expect(open(dataDir)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/PostgreSQL 16.*gentle backup.*gentle restore/s),
  })
})

test.skipIf(!asRoot)('a database that belongs to another account is not opened, and the owner is named', async () => {
  const dataDir = await emptyFolder()
  await mkdir(join(dataDir, 'postgres'), { recursive: true })
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18\n')
  await chown(join(dataDir, 'postgres'), 1234, 1234)
  await expect(open(dataDir)).rejects.toThrow(/another account \(number 1234.*chown -R 0/)
})

test('a folder that holds something else is neither used nor emptied', async () => {
  const dataDir = await emptyFolder()
  await mkdir(join(dataDir, 'postgres'), { recursive: true })
  await writeFile(join(dataDir, 'postgres', 'letters.txt'), 'ours')
  await expect(open(dataDir)).rejects.toMatchObject({ message: expect.stringContaining('no database') })
  expect(await readFile(join(dataDir, 'postgres', 'letters.txt'), 'utf8')).toBe('ours')
  expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.new'))).toEqual([])
})

test('a wrong password and a damaged cluster are told apart, each with what to do', async () => {
  const dataDir = await emptyFolder()
  const embedded = await open(dataDir)
  await expect(open(dataDir, { adminPassword: 'another' })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('does not accept'),
  })
  await embedded.leave()
  await rm(join(dataDir, 'postgres', 'global', 'pg_control'))
  await expect(open(dataDir)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/did not start.*last words:.*pg_control/s),
  })
})

test('a full disk, a closed folder and a missing platform are explained in plain words', async () => {
  const full = explainRefusal('/data', 'FATAL:  could not write file "x": No space left on device')
  expect(full.message).toMatch(/^The disk that holds \/data is full.*Free some space.*last words/s)
  expect(asProblem('/data', new Error("EACCES: permission denied, mkdir '/data'")).message).toMatch(
    /may not use.*chown/,
  )
  await expect(findPrograms('plan9', 'mips')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('DATABASE_URL'),
  })
})

test('the lock of a program that died is taken over by exactly one at a time', async () => {
  const dataDir = await emptyFolder()
  await mkdir(dataDir)
  // Our own number, in a lock that we do not hold: what a container finds after a restart.
  await writeFile(join(dataDir, 'postgres.lock'), `${process.pid} 12345`)
  let inside = 0
  const turns = Array.from({ length: 10 }, () =>
    withLock(dataDir, async () => {
      expect(++inside).toBe(1)
      await sleep(2)
      inside--
    }),
  )
  await Promise.all(turns)
  expect(await readdir(dataDir)).toEqual([])
})

test.skipIf(!asRoot)('for root the server runs in a namespace of its own, and its files stay root’s', async () => {
  const dataDir = await emptyFolder()
  const embedded = await open(dataDir, { asRoot: 'namespace' })
  expect((await stat(join(dataDir, 'postgres', 'PG_VERSION'))).uid).toBe(0)
  const pid = await serverNumber(join(dataDir, 'postgres'))
  await embedded.leave()
  expect(isAlive(pid)).toBe(false)
  // Made this way, opened this way, whatever is asked for.
  await expect(open(dataDir, { asRoot: 'nobody' })).rejects.toThrow(/Linux namespace/)
})

test.skipIf(!asRoot)(
  'where namespaces are forbidden root’s server runs as nobody, in a folder that the data folder names',
  async () => {
    const dataDir = await emptyFolder()
    const nobodyHome = await emptyFolder('home')
    await chmod(join(nobodyHome, '..'), 0o755)
    const first = await open(dataDir, { asRoot: 'nobody', nobodyHome })
    const cluster = (await readFile(join(dataDir, 'postgres.where'), 'utf8')).trim()
    expect((await stat(join(cluster, 'PG_VERSION'))).uid).toBe(65534)
    const pid = await serverNumber(cluster)
    expect(await readFile(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534\s+65534/m)
    await ask(first, 'create table kept as select 7 as answer')
    const joined = await open(dataDir, { nobodyHome })
    expect(joined.startedHere).toBe(false)
    await joined.leave()
    await first.leave()
    expect(isAlive(pid)).toBe(false)
    const again = await open(dataDir, { nobodyHome })
    expect(await ask(again, 'select answer from kept')).toBe(7)
    await again.leave()
    await rm(cluster, { recursive: true })
    await expect(open(dataDir, { nobodyHome })).rejects.toThrow(/is gone/)
  },
)

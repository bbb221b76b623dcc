// The program from outside: bin/gentle.js as a child process on a data folder of its own, as a library runs it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WORDING } from '../../test/make.ts'
import { type Context, openContext } from '../context.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import { packageRoot } from '../lib/package-root.ts'

const BIN = join(packageRoot, 'bin', 'gentle.js')
const folder = mkdtempSync(join(tmpdir(), 'gentle-program-'))
const dataDir = join(folder, 'data')
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(GENTLE_|DATABASE_URL|PORT)/.test(name)),
)

interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

function gentle(args: string[], more: { node?: string; env?: Record<string, string> } = {}): Promise<Ran> {
  const child = spawn(more.node ?? process.execPath, [BIN, '--data', dataDir, ...args], {
    env: { ...environment, ...more.env },
  })
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (bytes) => {
    ran.stdout += bytes
  })
  child.stderr.on('data', (bytes) => {
    ran.stderr += bytes
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...ran, code }))
  })
}

const file = (name: string, lines: string[]): string => {
  const path = join(folder, name)
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
  return path
}

const monthsAgo = (n: number): string => {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n, 15)).toISOString().slice(0, 10)
}

const addMaple = [
  'library', 'add', 'maple', '--name', 'Maple Falls Library', '--timezone', 'America/New_York', '--postal-address',
  '12 Main Street, Maple Falls, OH 43991', '--phone', '740-555-0100', '--email', 'hello@library.example.org', '--signed-by', 'Ana',
] // biome-ignore format: reads like a command line

const rosterHeader = 'patron_id,given_name,family_name,email,expires_on,last_used_on,status'
const rosa = `1,Rosa,Delgado,rosa@example.org,,${monthsAgo(4)},active`
const karl = `2,Karl,Brandt,karl@example.net,2020-01-31,${monthsAgo(5)},active`
const meiLin = `3,Mei Lin,Chen,meilin@example.com,,${monthsAgo(1)},active`
const choiceHeader = 'patron_id,purpose,channel,decision,method,wording,decided_at'
const yesOf = (id: string) => `${id},reengagement,email,grant,sign-up form,"${WORDING}",2025-05-03T16:00:00Z`

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('without a database', () => {
  test('no words, "help" and --help show every command, and never start a database', async () => {
    const [bare, help, flag] = await Promise.all([gentle([]), gentle(['help']), gentle(['--help'])])
    expect(bare.stdout).toContain('roster import')
    expect(help).toEqual(bare)
    expect(flag).toEqual(bare)
    expect(bare.code).toBe(0)
    expect(existsSync(dataDir)).toBe(false)
  })

  test('a group shows its commands, and a command its options and an example', async () => {
    const group = await gentle(['consent'])
    expect(group.stdout).toContain('consent history')
    expect(group.stdout).not.toContain('roster import')
    const one = await gentle(['roster', 'import', '--help'])
    expect(one.stdout).toMatch(/gentle roster import FILE --library KEY \[--format NAME\]/)
    expect(one.stdout).toContain('gentle roster import patrons.csv --library maple')
    expect((await gentle(['help', 'roster', 'import'])).stdout).toBe(one.stdout)
  })

  test('with --json an error is one JSON object, and the line for a person stays', async () => {
    const ran = await gentle(['lapsed', '--min-months', '-1', '--json'])
    const { error } = JSON.parse(ran.stdout)
    expect(error).toEqual({ code: 'bad-input', message: '--min-months is "-1"; it must be a whole number, such as 3.' })
    expect(ran.stderr).toBe(`${error.message}\n`)
  })

  test('a wrong setting of the environment is named', async () => {
    const ran = await gentle(['lapsed'], { env: { GENTLE_PORT: 'eighty' } })
    expect(ran.stderr).toBe('GENTLE_PORT is "eighty"; a port is a number from 1 to 65535, such as 8080.\n')
    expect(ran.code).toBe(1)
  })

  test('a data folder that is a file is no fault of ours', async () => {
    const path = file('not-a-folder', ['x'])
    const ran = await gentle(['lapsed', '--data', path])
    expect(ran.stderr).toBe('--data is given twice.\n')
    const one = spawnSync(process.execPath, [BIN, 'lapsed', '--data', path], { env: environment, encoding: 'utf8' })
    expect(one.stderr).toMatch(/cannot be used as the data folder needs it/)
    expect(one.status).toBe(1)
  })
})

describe('with a library', () => {
  let context: Context
  let library: number

  beforeAll(async () => {
    const first = await gentle(['migrate', '--json'])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(first.stdout).migrated[0]).toBe('0001-house.sql')
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false) // who comes last turns off the light
    // From here on the commands join a server that this process keeps.
    context = await openContext({ dataDir, databaseUrl: null } as never)
    const added = await gentle([...addMaple, '--json'])
    expect(JSON.parse(added.stdout)).toMatchObject({ key: 'maple', signedBy: 'Ana', language: 'en' })
    library = (await sql<{ n: number }>`select library_no as n from house.library`.execute(context.logins.circulation))
      .rows[0]!.n
  })
  afterAll(() => context?.close())

  const audit = () =>
    inLibrary(context.logins, 'circulation', library, (scope) =>
      rowsOf(
        scope,
        sql<{
          who: string
          did: string
          about: object
        }>`select who, did, about from desk.audit where library_no = ${library} order by audit_no`,
      ),
    )

  test('a second library of the same key is refused, and the list names the first', async () => {
    expect((await gentle(addMaple)).stderr).toBe(
      'There is already a library "maple". Choose another key, or use the one that is there.\n',
    )
    expect((await gentle(['library', 'list'])).stdout).toBe(
      'maple  Maple Falls Library  America/New_York  signed by Ana\n',
    )
    const oak = await gentle(['lapsed', '--library', 'oak'])
    expect(oak).toEqual({ code: 1, stdout: '', stderr: 'There is no library "oak" here. There is: maple.\n' })
  })

  test('a library changes its phone and its hours, which leaves an audit entry; its key cannot change', async () => {
    const before = (await audit()).length
    const change = ['library', 'set', 'maple', '--phone', '740-555-0123', '--send-from', '10', '--by', 'Ana Ruiz']
    const changed = await gentle(change)
    expect(changed.stdout).toBe(
      'Maple Falls Library is changed:\n  phone              740-555-0123 (was 740-555-0100)\n  sends from (hour)  10 (was 9)\n',
    )
    expect((await audit()).slice(before)).toEqual([
      {
        who: 'Ana Ruiz',
        did: 'changed the library',
        about: { before: '{"phone":"740-555-0100","quietUntilHour":9}' },
      },
    ])
    expect((await gentle(change)).stdout).toBe('Maple Falls Library was like that already; nothing is changed.\n')
    expect((await audit()).length).toBe(before + 1)
    const refused = await gentle(['library', 'set', 'maple', '--key', 'oak'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    const back = await gentle(['library', 'set', 'maple', '--phone', '740-555-0100', '--send-from', '9', '--json'])
    expect(JSON.parse(back.stdout)).toMatchObject({ key: 'maple', phone: '740-555-0100', quietUntilHour: 9 })
  })

  test('a patron file comes in, and again changes nothing', async () => {
    const path = file('patrons.csv', [rosterHeader, rosa, karl, meiLin, '4,No,Date,no@example.org,,yesterday,active'])
    const first = await gentle(['roster', 'import', path, '--library', 'maple', '--json'])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const said = JSON.parse(first.stdout)
    expect(Object.keys(said)).toEqual([
      'runId',
      'rows',
      'added',
      'changed',
      'unchanged',
      'missing',
      'quarantined',
      'refused',
    ])
    expect(said).toMatchObject({ rows: 4, added: 3, refused: null })
    expect(said.quarantined).toEqual([
      { line: 5, reason: 'its last_used_on is no date of the calendar in the format expected' },
    ])
    const again = await gentle(['roster', 'import', path, '--library', 'maple'])
    expect(again.stdout).toContain('  3  as before\n')
    expect(again.stdout).toContain(
      '1 line set aside; what we had of these patrons stays as it was:\n  line 5: its last_used_on',
    )
  })

  test('a refused patron file ends with exit code 2 and says why on both streams', async () => {
    const path = file('titles.csv', [`${rosterHeader},title`, `${rosa},Dune`])
    const ran = await gentle(['roster', 'import', path, '--library', 'maple', '--json'])
    const { refused } = JSON.parse(ran.stdout)
    expect(refused.reason).toBe('circulation-columns')
    expect(ran.code).toBe(2)
    expect(ran.stderr).toBe(`Refused (circulation-columns): ${refused.detail}\n`)
    const absent = await gentle([
      'consent',
      'import',
      join(folder, 'absent.csv'),
      '--library',
      'maple',
      '--attested-by',
      'Ana',
    ])
    expect(absent.code).toBe(2)
    expect(absent.stderr).toMatch(/^The file .*absent\.csv could not be opened: there is no such file\.\n$/)
  })

  test('nobody may be written to before anybody agreed; after it, those who did', async () => {
    const args = [
      'lapsed',
      '--library',
      'maple',
      '--min-months',
      '3',
      '--max-months',
      '6',
      '--purpose',
      'reengagement',
      '--channel',
      'email',
      '--json',
    ]
    const before = JSON.parse((await gentle(args)).stdout)
    expect(before).toMatchObject({ chosen: 2, sendable: 0, withheld: 2 })
    expect(before.reasons.NEVER_SAID_YES.people).toBe(2)

    const choices = file('choices.csv', [
      choiceHeader,
      yesOf('1'),
      yesOf('2'),
      yesOf('77'),
      '3,reengagement,email,deny,desk,,2025-05-03',
    ])
    const take = () =>
      gentle(['consent', 'import', choices, '--library', 'maple', '--attested-by', 'Ana Ruiz', '--json'])
    const taken = await take()
    expect(taken.code).toBe(0)
    expect(JSON.parse(taken.stdout)).toEqual({
      rows: 4,
      recorded: 2,
      known: 0,
      refused: [
        { line: 4, reason: 'there is no patron 77 in the roster' },
        { line: 5, reason: 'it has no wording: the exact words the person saw' },
      ],
    })
    expect(JSON.parse((await take()).stdout)).toMatchObject({ recorded: 0, known: 2 })

    await gentle(['roster', 'import', join(folder, 'patrons.csv'), '--library', 'maple'])
    const after = JSON.parse((await gentle(args)).stdout)
    expect(after).toMatchObject({ chosen: 2, sendable: 1, withheld: 1 })
    expect(Object.keys(after.reasons)).toEqual(['CARD_EXPIRED'])
    const text = (await gentle(['lapsed'])).stdout
    expect(text).toMatch(/^Maple Falls Library: cards last used from /)
    expect(text).toContain('  1  have an expired card; what the note offers would not work for them\n')
  })

  test('a file of which every row is refused ends with exit code 2', async () => {
    const path = file('bad-choices.csv', [choiceHeader, '1,reengagement,email,grant,desk,,2025-05-03'])
    const ran = await gentle(['consent', 'import', path, '--library', 'maple', '--attested-by', 'Ana'])
    expect(ran.code).toBe(2)
    expect(ran.stderr).toBe(
      'Nothing was recorded: every row was refused; the first is line 2: it has no wording: the exact words the person saw.\n',
    )
  })

  test('"why" and "consent history" explain, and each look is written down', async () => {
    const before = (await audit()).length
    const [yes, no] = [await gentle(['why', '1', '--json']), await gentle(['why', '2'])]
    expect(JSON.parse(yes.stdout)).toMatchObject({ allowed: true })
    expect(JSON.parse(yes.stdout).rules[0]).toEqual({
      code: 'NEVER_SAID_YES',
      passed: true,
      because: 'has said yes to this',
      facts: { agreed: true },
    })
    expect(no.stdout).toContain('Is left alone, because of one rule.')
    expect(no.stdout).toMatch(/CARD_EXPIRED {2}is among those who have an expired card.*\n.*expires on: 2020-01-31/)
    const history = await gentle(['consent', 'history', '1'])
    expect(history.stdout).toContain('May 3, 2025, 12:00 PM: said yes to a note now and then, by email\n')
    expect(history.stdout).toContain(`the words they saw: “${WORDING}”`)
    const looks = (await audit()).slice(before)
    expect(looks.map((look) => look.did)).toEqual(['asked why', 'asked why', 'looked at consent history'])
    expect(JSON.stringify(looks)).not.toMatch(/Rosa|rosa@/)
    expect(looks[2]!.about).toEqual({ patronNo: expect.stringMatching(/^\d+$/) })
  })

  test('a person unknown to the patron files is told as such, without an audit entry', async () => {
    const before = (await audit()).length
    const ran = await gentle(['why', '999'])
    expect(ran.stderr).toBe(
      'There is no patron "999" in the patron files of Maple Falls Library. It has to be the patron_id of the file, not the card number.\n',
    )
    expect((await audit()).length).toBe(before)
  })

  test('"consent set" records one choice with its evidence', async () => {
    const set = (more: string[]) =>
      gentle([
        'consent',
        'set',
        '3',
        '--library',
        'maple',
        '--purpose',
        'events',
        '--channel',
        'email',
        '--decision',
        'deny',
        '--method',
        'at the desk',
        '--wording',
        'Events by email?',
        '--by',
        'Ana',
        ...more,
      ])
    expect((await set(['--decided-at', '2025-02-30'])).stderr).toBe(
      '--decided-at is "2025-02-30"; write it like 2025-05-03 or 2025-05-03T16:00.\n',
    )
    expect((await set(['--decided-at', '2999-01-01'])).stderr).toBe(
      '--decided-at is "2999-01-01", which lies in the future.\n',
    )
    expect((await set(['--decided-at', '2025-05-03T16:00'])).stdout).toBe(
      'Recorded: patron 3 said no to events, by email.\n',
    )
    const { choices } = JSON.parse((await gentle(['consent', 'history', '3', '--json'])).stdout)
    expect(choices).toEqual([
      {
        entry: 3,
        purpose: 'events',
        channel: 'email',
        decision: 'deny',
        until: null,
        method: 'at the desk',
        kinds: [],
        wording: 'Events by email?',
        decidedAt: '2025-05-03T20:00:00.000Z',
        recordedAt: expect.any(String),
        attestedBy: 'Ana',
        evidence: null,
      },
    ])
  })

  test('two commands at once on one data folder do not disturb each other', async () => {
    const path = join(folder, 'patrons.csv')
    const both = await Promise.all([
      gentle(['roster', 'import', path, '--library', 'maple', '--json']),
      gentle(['roster', 'import', path, '--library', 'maple', '--json']),
      gentle(['ledger', 'verify', '--json']),
      gentle(['lapsed', '--json']),
    ])
    // An import beside another is either told so or finds nothing left to do.
    for (const ran of both.slice(0, 2))
      if (ran.code === 1) expect(ran.stderr).toMatch(/^Another import for Maple Falls Library is running\./)
      else expect(JSON.parse(ran.stdout)).toMatchObject({ added: 0, changed: 0, unchanged: 3 })
    expect(both.slice(0, 2).some((ran) => ran.code === 0)).toBe(true)
    expect(both.slice(2).map((ran) => ran.code)).toEqual([0, 0])
  })

  test('a whole ledger and a true standing pass; a standing that was changed behind our back does not', async () => {
    const proof = JSON.parse((await gentle(['ledger', 'verify', '--library', 'maple', '--json'])).stdout)
    expect(proof).toEqual({
      entries: 3,
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
      ok: true,
      firstBadEntry: null,
      signed: true,
    })
    expect((await gentle(['standing', 'check'])).stdout).toBe(
      'Maple Falls Library: 3 patrons compared; all agree with the ledger.\n',
    )
    const change = (bits: number) =>
      inLibrary(context.logins, 'circulation', library, (scope) =>
        sql`update outreach.standing s set agreed_post = ${bits} from roster.patron p where p.library_no = ${library} and s.library_no = p.library_no and s.patron_no = p.patron_no and p.patron_id = '3'`.execute(
          scope.tx,
        ),
      )
    await change(4)
    const wrong = await gentle(['standing', 'check', '--json'])
    expect(wrong.code).toBe(1)
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      patrons: 3,
      differing: 1,
      examples: [{ column: 'agreed_post', kept: '4', derived: '0' }],
    })
    expect(wrong.stderr).toMatch(/^Maple Falls Library: 1 of 3 patrons differ from the ledger\./)
    await change(0)
  })

  test('the head leaves the house, and a later check holds the ledger against it', async () => {
    const out = join(folder, 'head.json')
    expect((await gentle(['ledger', 'head', '--out', out])).stdout).toMatch(/^The head of 3 entries of Maple Falls/)
    expect(JSON.parse((await gentle(['ledger', 'verify', '--head', out, '--json'])).stdout)).toMatchObject({
      ok: true,
      sinceHead: true,
    })
    writeFileSync(out, readFileSync(out, 'utf8').replace('"entries": 3', '"entries": 2'))
    const changed = await gentle(['ledger', 'verify', '--head', out])
    expect(changed).toMatchObject({ code: 1, stdout: '' })
    expect(changed.stderr).toMatch(/changed since. It proves nothing/)
  })

  test('a person is shown all that is held about them, and is forgotten only when it is meant', async () => {
    const shown = await gentle(['patron', 'show', '1', '--json'])
    expect(JSON.parse(shown.stdout)).toMatchObject({ identity: { givenName: 'Rosa' }, choices: [{ said: WORDING }] })
    expect((await gentle(['patron', 'show', '1'])).stdout).toMatch(/Name and addresses\n +given name +Rosa/)
    const erase = ['patron', 'erase', '3', '--library', 'maple', '--by', 'Ana Ruiz']
    expect(await gentle(erase)).toMatchObject({ code: 1, stderr: expect.stringContaining('add --yes') })
    expect((await gentle([...erase, '--yes'])).stdout).toMatch(/^Erased\./)
    expect((await gentle([...erase, '--yes'])).stderr).toMatch(/^There is no patron "3"/)
  })

  test('a reader who closes the pipe early is no failure', () => {
    const ran = spawnSync('sh', ['-c', `"${process.execPath}" "${BIN}" --data "${dataDir}" why 1 | head -1`], {
      env: environment,
      encoding: 'utf8',
    })
    expect(ran.stderr).toBe('')
    expect(ran.stdout).toBe('Maple Falls Library, patron 1: a note now and then, by email\n')
  })

  const otherNode = ['/usr/bin/node', '/usr/local/bin/node', '/opt/node/bin/node'].find(
    (path) => existsSync(path) && !spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.startsWith('v24.'),
  )
  test.skipIf(otherNode === undefined)('another Node hands over to the pinned one, exit code and all', async () => {
    expect(await gentle(['why', '999'], { node: otherNode })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no patron "999"/),
    })
    expect((await gentle(['library', 'list'], { node: otherNode })).stdout).toMatch(/^maple /)
  })

  test('a yes without the words or the channel is refused, and a no to everything needs neither', async () => {
    const path = file('heidi.csv', [rosterHeader, `9,Heidi,Klein,heidi@example.net,,${monthsAgo(1)},active`])
    await gentle(['roster', 'import', path, '--library', 'maple', '--delta'])
    const says = ['consent', 'set', '9', '--library', 'maple', '--by', 'Ana', '--method', 'by phone', '--decision']
    const yes = [...says, 'grant', '--purpose', 'events', '--channel']
    const [wordless, everyWay] = await Promise.all([
      gentle([...yes, 'email']),
      gentle([...yes, 'all', '--wording', 'x']),
    ])
    expect(wordless.stderr).toContain('A yes needs --wording')
    expect(everyWay.stderr).toContain('A yes names its channel')
    expect((await gentle([...says, 'deny', '--purpose', 'all', '--channel', 'all'])).stdout).toBe(
      'Recorded: patron 9 said no to everything we ask consent for, in any way.\n',
    )
  })
})

describe('mail that comes in', () => {
  const pipe = (input: string, env: Record<string, string> = {}) =>
    spawnSync(process.execPath, [BIN, '--data', dataDir, 'mail', 'in'], {
      env: { ...environment, ...env },
      input,
      encoding: 'utf8',
    })

  test('is dealt with (0) whatever it is, and kept by the mail server (75) while the database is away', () => {
    const stranger = pipe(`Subject: Hello\r\n\r\n${'x'.repeat(1_000_000)}\r\n`)
    expect([stranger.status, stranger.stdout]).toEqual([0, 'No unsubscribe mail of ours; nothing was done.\n'])
    const away = pipe('Subject: Hello\r\n\r\n', { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' })
    expect(away.status).toBe(75)
  })
})

test('tasks: nothing waits, and a task that is none is refused by name', async () => {
  expect((await gentle(['tasks', 'list', '--library', 'maple'])).stdout).toContain('nothing waits')
  const ran = await gentle(['tasks', 'close', '7', '--library', 'maple', '--outcome', 'no', '--by', 'Ana'])
  expect([ran.code, ran.stderr.includes('has no task 7')]).toEqual([1, true])
})

// The mail door met by senders that others wrote: swaks, Postfix's smtp-source, and a whole Postfix as the relay before it.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type pg from 'pg'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addMailSource } from '../src/messages/arrivals/mail-sources.ts'
import type { Library } from '../src/patrons/library.ts'
import { openTestDoor } from './arriving.ts'
import { openHouse } from './house.ts'
import { make, NOW } from './make.ts'
import { POSTFIX, startPostfix } from './postfix.ts'

const run = promisify(execFile)
const SWAKS = '/usr/bin/swaks'
const SOURCE = '/usr/sbin/smtp-source'
const there = [SWAKS, SOURCE, POSTFIX].every(existsSync)
if (!there && process.env.CI === 'true') throw new Error('swaks and postfix are not installed: .ci/run installs them.')
if (!there) console.warn('swaks and postfix are not installed here: their tests are left out.')

const house = openHouse()
let root: pg.Client
let maple: Library
let door: Awaited<ReturnType<typeof openTestDoor>>
const rosa = '6145550123@sms.example.org'
const source = (value: string) =>
  addMailSource(house.database.logins, maple, { kind: 'host', value, by: 'Ana', now: NOW })

beforeAll(async () => {
  root = await house.connectAsSuperuser()
})
beforeEach(async () => {
  await root.query('truncate house.mail_source, house.mail_waiting, mail.arrival, desk.audit')
  maple = await make.library(house)
  door = await openTestDoor(house)
})
afterEach(() => door.stop())

describe.skipIf(!there)('by programs of others', () => {
  test('swaks is a stranger until its host is known, and then its mail is a text', async () => {
    const words = ['--server', '127.0.0.1', '--port', String(door.port), '--to', rosa]
    const text = ['--from', 'ils@library.example.org', '--body', 'Your hold is ready.']
    await expect(run(SWAKS, [...words, ...text])).rejects.toMatchObject({
      stdout: expect.stringContaining('550 This sender is not known'),
    })
    await source('127.0.0.1')
    expect((await run(SWAKS, [...words, ...text])).stdout).toContain('250 It is stored.')
    await door.handOn()
    expect(door.noted).toMatchObject([{ library: maple.key, to: rosa, from: 'ils@library.example.org' }])
  })

  test('smtp-source sends fifty mails over ten connections, and fifty are stored', async () => {
    await source('127.0.0.1')
    await run(SOURCE, ['-m', '50', '-s', '10', '-f', 'ils@library.example.org', '-t', rosa, `127.0.0.1:${door.port}`])
    const { rows } = await root.query('select count(*)::int + sum(repeats)::int as n from mail.arrival')
    expect(rows).toEqual([{ n: 50 }])
  })

  test.skipIf(process.getuid?.() !== 0)(
    'Postfix before it keeps a mail while the store is broken, and brings it then',
    async () => {
      await source('127.0.0.1')
      let broken = true
      let refused = 0
      await door.stop()
      door = await openTestDoor(house, {
        isBroken: () => {
          if (broken) refused++
          return broken
        },
      })
      const postfix = startPostfix(door.port)
      try {
        const words = [
          '--server',
          '127.0.0.1',
          '--port',
          String(postfix.port),
          '--to',
          rosa,
          '--from',
          'ils@library.example.org',
        ]
        await expect
          .poll(
            () =>
              run(SWAKS, [...words, '--body', 'Your hold is ready.']).then(
                () => true,
                () => false,
              ),
            { timeout: 10_000 },
          )
          .toBe(true)
        await expect.poll(() => refused, { timeout: 10_000 }).toBeGreaterThan(0)
        broken = false
        await expect
          .poll(
            async () => {
              return (await root.query('select state from mail.arrival')).rows
            },
            { timeout: 60_000, interval: 500 },
          )
          .toEqual([{ state: 'waiting' }])
        await door.handOn()
        expect(door.noted.map((one) => one.mail.text.trim())).toEqual(['Your hold is ready.'])
      } finally {
        postfix.stop()
      }
    },
    90_000,
  )
})

// The mail door is killed (kill -9) around the moment at which a mail is stored. Its sender has not heard "250" and sends it
// again to the next process: it is stored once, and becomes one text.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, inject, test } from 'vitest'
import { DOMAIN, openTestDoor } from '../../../test/arriving.ts'
import type { DoorChild } from '../../../test/door-child.ts'
import { openHouse } from '../../../test/house.ts'
import { make, NOW } from '../../../test/make.ts'
import { callMailServer, hangUpAll, sendRaw } from '../../../test/smtp-talk.ts'
import { makeLine, textsOf } from '../../../test/texts.ts'
import { addMailSource } from './mail-sources.ts'
import { textGateway } from './text-gateway.ts'

const house = openHouse()
const children = new Set<ReturnType<typeof spawn>>()
afterEach(() => {
  hangUpAll()
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

async function doorThat(dies: DoorChild['dies']) {
  const { host, port, database } = house.database.server
  const given = {
    server: { host, port, database },
    keysDir: inject('server').keysDir,
    domain: DOMAIN,
    now: NOW.toISOString(),
    dies,
  }
  const program = fileURLToPath(new URL('../../../test/door-child.ts', import.meta.url))
  const child = spawn(process.execPath, [program, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  const ended = once(child, 'exit')
  const [said] = await Promise.race([once(child.stdout, 'data'), ended])
  return { port: Number(said), ended }
}

async function libraryWithGateway() {
  const root = await house.connectAsSuperuser()
  await root.query('delete from house.mail_source')
  const library = await make.library(house)
  await makeLine(house, [library])
  await addMailSource(house.database.logins, library, { kind: 'host', value: '127.0.0.1', by: 'Ana', now: NOW })
  const stored = async () =>
    (await root.query('select state, repeats from mail.arrival where library_no = $1', [library.libraryNo])).rows
  return { root, library, stored }
}

const TO = '6145550101@sms.example.org'
const raw = (id: string) =>
  `From: ils@library.example.org\r\nTo: ${TO}\r\nMessage-ID: <${id}@library.example.org>\r\n\r\n1 item ready.\r\n`

test.each([
  ['before', 0],
  ['after', 1],
] as const)('killed %s it was stored: no "250", sent again, one mail and one text', async (dies, repeats) => {
  const { library, stored } = await libraryWithGateway()
  const first = await doorThat(dies)
  expect(await sendRaw(first.port, { to: [TO], raw: raw(dies) })).not.toContain('250')
  expect(await first.ended).toEqual([null, 'SIGKILL'])

  const second = await doorThat('never')
  expect(await sendRaw(second.port, { to: [TO], raw: raw(dies) })).toMatch(/^250 /)
  expect(await stored()).toEqual([{ state: 'waiting', repeats }])
  const worker = await openTestDoor(house, { more: [textGateway] })
  await worker.handOn()
  await worker.stop()
  expect((await textsOf(house, library)).map(({ kind }) => kind)).toEqual(['first', 'notice'])
})

test('killed in the middle of storing it: nothing is there, and sent again it is one', async () => {
  const { root, stored } = await libraryWithGateway()
  await root.query(
    `create function pg_temp.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$`,
  )
  await root.query('create trigger slow after insert on mail.arrival for each row execute function pg_temp.slow()')
  const first = await doorThat('never')
  const [child] = children
  const talk = await callMailServer(first.port)
  for (const words of ['EHLO tests.example.org', 'MAIL FROM:<ils@library.example.org>', `RCPT TO:<${TO}>`, 'DATA'])
    await talk.say(`${words}\r\n`)
  const answer = talk.say(`${raw('middle')}\r\n.\r\n`)
  setTimeout(() => child!.kill('SIGKILL'), 300)
  expect(await answer).toBe('')
  await root.query('drop trigger slow on mail.arrival')
  const second = await doorThat('never')
  expect(await sendRaw(second.port, { to: [TO], raw: raw('middle') })).toMatch(/^250 /)
  expect(await stored()).toEqual([{ state: 'waiting', repeats: 0 }])
})

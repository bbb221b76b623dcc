// A library system that knew a carrier's gateway writes to ours by SMTP, and its notices go out as texts.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestDoor } from '../../../test/arriving.ts'
import { openHouse } from '../../../test/house.ts'
import { make, NOW } from '../../../test/make.ts'
import { sendRaw } from '../../../test/smtp-talk.ts'
import { makeLine } from '../../../test/texts.ts'
import { addMailAddress } from './mail-addresses.ts'
import { addMailSource } from './mail-sources.ts'
import { textGateway } from './text-gateway.ts'

const house = openHouse()
let door: Awaited<ReturnType<typeof openTestDoor>>
beforeEach(async () => {
  door = await openTestDoor(house, { more: [textGateway] })
})
afterEach(() => door.stop())

/** A library whose library system sends from this machine. */
async function libraryWithGateway() {
  const root = await house.connectAsSuperuser()
  await root.query('delete from house.mail_source')
  const library = await make.library(house)
  await makeLine(house, [library])
  await addMailSource(house.database.logins, library, { kind: 'host', value: '127.0.0.1', by: 'Ana', now: NOW })
  let mails = 0
  const bring = async (
    body: string,
    { subject = '', head = [] as string[], to = '6145550101@sms.example.org' } = {},
  ) => {
    const lines = ['From: ils@library.example.org', `To: ${to}`, `Subject: ${subject}`, ...head]
    const raw = [...lines, `Message-ID: <${++mails}.${library.key}@library.example.org>`, '', `${body}\r\n`].join(
      '\r\n',
    )
    const said = await sendRaw(door.port, { to: [to], raw })
    await door.handOn()
    return said
  }
  const waiting = async () =>
    (
      await root.query<{ kind: string; body: string }>(
        `select phone, kind, body from mail.text where library_no = $1 order by text_no`,
        [library.libraryNo],
      )
    ).rows
  return { library, bring, waiting, root }
}

test('a notice goes to the phone in its address, after the first text that says who writes', async () => {
  const { bring, waiting } = await libraryWithGateway()
  expect(await bring('2 items ready at Main.')).toMatch(/^250 /)
  expect(await waiting()).toMatchObject([
    { kind: 'first', phone: '+16145550101' },
    { kind: 'notice', phone: '+16145550101', body: '2 items ready at Main.' },
  ])
})

test('what stands before the delimiter is left out, and a notice without words has them in its subject', async () => {
  const { bring, waiting } = await libraryWithGateway()
  await bring('Dear patron, do not answer. || 1 item is due tomorrow.')
  await bring('', { subject: 'We are closed on Thursday.' })
  expect((await waiting()).filter(({ kind }) => kind === 'notice').map(({ body }) => body)).toEqual([
    '1 item is due tomorrow.',
    'We are closed on Thursday.',
  ])
})

test('bulk mail of the library system is a notice; an answer written by a program never is', async () => {
  const { bring, waiting } = await libraryWithGateway()
  await bring('1 item ready.', { head: ['Precedence: bulk'] })
  await bring('I am away.', { head: ['Auto-Submitted: auto-replied'] })
  expect((await waiting()).map(({ body }) => body).join()).not.toContain('away')
  expect((await waiting()).at(-1)).toMatchObject({ body: '1 item ready.' })
})

test('a long notice is cut at a word to three parts', async () => {
  const { bring, waiting } = await libraryWithGateway()
  await bring('Come and see us. '.repeat(60))
  const { body } = (await waiting()).at(-1)!
  expect(body.length).toBeLessThanOrEqual(459)
  expect(body).toMatch(/\b(?:Come|and|see|us)\.{3}$/)
})

test('to a number of the Caribbean, which looks like one at home and costs many times as much, no text leaves', async () => {
  const { bring, waiting, root } = await libraryWithGateway()
  expect(await bring('1 item ready.', { to: '8765550101@sms.example.org' })).toMatch(/^250 /)
  expect(await waiting()).toEqual([])
  const { rows } = await root.query('select said from mail.arrival order by arrival_no desc limit 1')
  expect(rows[0].said).toContain('its address names a number abroad; its sender is told')
})

test('of a library without a number the mail is kept for a person to look at', async () => {
  const { library, bring, waiting, root } = await libraryWithGateway()
  await root.query('delete from house.line_library where library_no = $1', [library.libraryNo])
  expect(await bring('1 item ready.')).toMatch(/^250 /)
  expect(await waiting()).toEqual([])
  const { rows } = await root.query('select state, said from mail.arrival where library_no = $1', [library.libraryNo])
  expect(rows).toMatchObject([{ state: 'kept', said: expect.stringContaining('no number to text from') }])
})

test('of two numbers none is guessed: the mail is kept until each has a domain of its own', async () => {
  const { library, bring, waiting, root } = await libraryWithGateway()
  const second = await makeLine(house, [library])
  await bring('1 item ready.')
  expect(await waiting()).toEqual([])
  const { rows } = await root.query('select said from mail.arrival where library_no = $1', [library.libraryNo])
  expect(rows[0].said).toContain('does not say from which number')

  const added = { address: 'two.example.org', capability: 'text gateway', line: second, by: 'Ana', now: NOW }
  await addMailAddress(house.database.logins, library, added)
  expect(await bring('1 item ready.', { to: '6145550101@two.example.org' })).toMatch(/^250 /)
  const texts = await root.query(`select line_no from mail.text where library_no = $1 and kind = 'notice'`, [
    library.libraryNo,
  ])
  expect(texts.rows).toEqual([{ line_no: second.lineNo }])
})

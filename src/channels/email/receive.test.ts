import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { localhostCertificate, localhostKey } from '../../../test/mail-servers.ts'
import { callMailServer, hangUpAll, sendRaw } from '../../../test/smtp-talk.ts'
import { type ArrivingMail, type MailDoor, type MailDoorOptions, openMailDoor, type Verdict } from './receive.ts'

const doors: MailDoor[] = []
afterEach(async () => {
  hangUpAll()
  await Promise.all(doors.splice(0).map((door) => door.stop()))
})

const welcome: Verdict = { kind: 'welcome' }
/** Takes mail for anybody at sms.example.org and keeps it in a list. */
async function open(options: Partial<MailDoorOptions> = {}) {
  const kept: ArrivingMail[] = []
  const door = await openMailDoor({
    host: '127.0.0.1',
    port: 0,
    name: 'sms.example.org',
    certificate: { key: localhostKey, cert: localhostCertificate },
    signIn: async (name, password) => name === 'maple-ils' && password === 'correct horse',
    welcomes: async (address) =>
      address.endsWith('@sms.example.org')
        ? welcome
        : { kind: 'refused', permanent: true, said: 'Nobody has this address here.' },
    keep: async (mail) => {
      kept.push(mail)
      return welcome
    },
    ...options,
  })
  doors.push(door)
  return { door, port: door.port, kept }
}

const to = ['6145550123@sms.example.org']
const raw = 'Subject: Hold\r\n\r\nYour hold is ready.\r\n.. two dots'
const sha = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

test('a mail is stored before 250 is said', async () => {
  let stored = () => {}
  const storing = new Promise<void>((resolve) => (stored = resolve))
  const { port } = await open({ keep: () => storing.then(() => welcome) })
  let said = ''
  const sending = sendRaw(port, { to, raw }).then((answer) => {
    said = answer
  })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(said).toBe('')
  stored()
  await sending
  expect(said).toMatch(/^250 /)
})

test('what is kept is what was sent, with who sent it', async () => {
  const { port, kept } = await open()
  expect(await sendRaw(port, { from: 'ILS@Library.example.org', to, raw })).toMatch(/^250 /)
  expect(kept).toHaveLength(1)
  expect(kept[0]).toMatchObject({ from: 'ILS@Library.example.org', to, peer: '127.0.0.1', authenticatedAs: null })
  expect(kept[0]).toMatchObject({ greeting: 'tests.example.org', secure: false })
  expect(kept[0]!.raw.toString()).toBe('Subject: Hold\r\n\r\nYour hold is ready.\r\n. two dots\r\n')
})

test.each<[string, MailDoorOptions['keep']]>([
  [
    'a full disk',
    async () => {
      throw new Error('could not extend file: No space left on device')
    },
  ],
  ['a name server that does not answer', async () => ({ kind: 'refused', permanent: false, said: 'Try again later.' })],
])('%s is "try again later", and the next mail on the same line is taken', async (_what, keep) => {
  let broken = true
  const said: string[] = []
  const { port } = await open({
    keep: (mail) => (broken ? keep(mail) : Promise.resolve(welcome)),
    say: (l) => said.push(l),
  })
  expect(await sendRaw(port, { to, raw })).toMatch(/^451 /)
  broken = false
  expect(await sendRaw(port, { to, raw })).toMatch(/^250 /)
})

test('what the database says of itself is told to the log and not to the world', async () => {
  const said: string[] = []
  const { port } = await open({
    keep: () => Promise.reject(new Error('relation mail.arrival of gentle_circulation')),
    say: (line) => said.push(line),
  })
  expect(await sendRaw(port, { to, raw })).not.toContain('gentle_circulation')
  expect(said.join()).toContain('gentle_circulation')
})

test('it relays for nobody: other addresses are refused while their server is still there to say so', async () => {
  const { port, kept } = await open()
  for (const stranger of [
    'rosa@example.com',
    '"6145550123@sms.example.org"@example.com',
    '@sms.example.org:rosa@example.com',
    '6145550123%example.com@mail.example.net',
  ])
    expect([stranger, await sendRaw(port, { to: [stranger], raw })]).toEqual([stranger, expect.stringMatching(/^503 /)])
  const line = await callMailServer(port)
  await line.say('EHLO x.example.org\r\nMAIL FROM:<>\r\n', 2)
  expect(await line.say('RCPT TO:<rosa@example.com>\r\n')).toBe('550 Nobody has this address here.')
  expect(kept).toEqual([])
})

describe('nothing is smuggled in', () => {
  const inner =
    'MAIL FROM:<evil@example.com>\r\nRCPT TO:<6145550199@sms.example.org>\r\nDATA\r\nSubject: Evil\r\n\r\nEvil'
  test.each([
    ['\\n.\\n', '\n.\n'],
    ['\\n.\\r\\n', '\n.\r\n'],
    ['\\r.\\r', '\r.\r'],
    ['\\r.\\r\\n', '\r.\r\n'],
    ['\\r\\n.\\r', '\r\n.\r'],
    ['\\r\\n.\\n', '\r\n.\n'],
    ['\\r\\n\\0.\\r\\n', '\r\n\0.\r\n'],
    ['\\r\\r\\n.\\r\\r\\n', '\r\r\n.\r\r\n'],
  ])('%s ends no mail, and a mail that has it is refused', async (_how, end) => {
    const { port, kept } = await open()
    expect(await sendRaw(port, { to, raw: `Subject: Hold\r\n\r\nReady.${end}${inner}` })).toMatch(/^550 /)
    expect(kept).toEqual([])
  })

  test('a dot alone on its line, stuffed as it must be, is text, however the bytes are cut', async () => {
    const { port, kept } = await open()
    const text = Buffer.from('Subject: Dots\r\n\r\n..\r\n..MAIL\r\n...\r\n\r\n.\r\n')
    for (let cut = 17; cut < text.length; cut++) {
      const line = await callMailServer(port)
      for (const words of ['EHLO x.example.org', 'MAIL FROM:<ils@library.example.org>', `RCPT TO:<${to}>`, 'DATA'])
        await line.say(`${words}\r\n`)
      await line.say(text.subarray(0, cut), 0)
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(await line.say(text.subarray(cut))).toMatch(/^250 /)
      line.hangUp()
    }
    expect(new Set(kept.map((mail) => mail.raw.toString()))).toEqual(
      new Set(['Subject: Dots\r\n\r\n.\r\n.MAIL\r\n..\r\n\r\n']),
    )
  })

  test('a mail that is sent without waiting for 354 becomes no commands when it is not wanted', async () => {
    const { port, kept } = await open()
    const line = await callMailServer(port)
    await line.say('EHLO x.example.org\r\n')
    await line.say(
      `MAIL FROM:<a@example.com>\r\nRCPT TO:<nobody@example.com>\r\nDATA\r\nSubject: Hello\r\n\r\n${inner}\r\n.\r\nQUIT\r\n`,
      8,
    )
    await line.ended
    expect(line.heard()).toContain('421')
    expect(kept).toEqual([])
  })

  test('a second mail on the same line is a mail of its own, with its own envelope', async () => {
    const { port, kept } = await open()
    const line = await callMailServer(port)
    await line.say('EHLO x.example.org\r\n')
    for (const from of ['a@example.com', 'b@example.com']) {
      await line.say(`MAIL FROM:<${from}>\r\n`)
      await line.say(`RCPT TO:<${to}>\r\n`)
      await line.say('DATA\r\n')
      expect(await line.say(`Subject: ${from}\r\n\r\nHi\r\n.\r\n`)).toMatch(/^250 /)
    }
    expect(kept.map((mail) => mail.from)).toEqual(['a@example.com', 'b@example.com'])
  })

  test.each([
    ['MAIL FROM:<a@example.com\nRCPT TO:<6145550199@sms.example.org>>'],
    ['MAIL FROM:<a\r@example.com>'],
    ['MAIL FROM:<a\0@example.com>'],
  ])('no control character comes in by the envelope: %j', async (words) => {
    const { port } = await open()
    const line = await callMailServer(port)
    await line.say('EHLO x.example.org\r\n')
    expect(await line.say(`${words}\r\n`)).toMatch(/^5/)
  })

  test('what stood on the line before STARTTLS is forgotten', async () => {
    const { port, kept } = await open()
    const socket = connect(port, '127.0.0.1')
    const once = () => new Promise<string>((resolve) => socket.once('data', (piece) => resolve(String(piece))))
    await once()
    socket.write('EHLO x.example.org\r\n')
    expect(await once()).toContain('STARTTLS')
    // Said in the open behind STARTTLS: an injected command, if it were heard inside.
    socket.write(`STARTTLS\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<${to}>\r\n`)
    expect(await once()).toMatch(/^220 /)
    const tls = connectTls({ socket, servername: 'localhost', rejectUnauthorized: false })
    await new Promise((resolve) => tls.once('secureConnect', resolve))
    tls.write('EHLO y.example.org\r\nDATA\r\n')
    let said = ''
    tls.on('data', (piece) => {
      said += piece
    })
    await expect.poll(() => said).toMatch(/503 /)
    expect(kept).toEqual([])
    tls.destroy()
  })
})

describe('too much of anything', () => {
  test('a mail larger than the limit is refused, and none of it is held', async () => {
    const { port, kept } = await open({ sizeBytes: 20_000 })
    expect(await sendRaw(port, { to, raw: `Subject: x\r\n\r\n${'0123456789\r\n'.repeat(5_000)}` })).toMatch(/^552 /)
    const line = await callMailServer(port)
    expect(await line.say('EHLO x.example.org\r\n')).toContain('SIZE 20000')
    expect(await line.say('MAIL FROM:<a@example.com> SIZE=20001\r\n')).toMatch(/^552 /)
    expect(kept).toEqual([])
  })

  test.each([
    ['an endless line', `Subject: x\r\n\r\n${'x'.repeat(20_000)}`],
    ['an endless head', `${'X-More: and more of this and that\r\n'.repeat(5_000)}\r\nHi`],
    ['a mail that goes in circles', `${'Received: from a by b; now\r\n'.repeat(31)}Subject: x\r\n\r\nHi`],
    ['a zero byte', 'Subject: x\r\n\r\nHi\0'],
  ])('%s is refused', async (_what, content) => {
    const { port } = await open()
    expect(await sendRaw(port, { to, raw: content })).toMatch(/^550 /)
  })

  test('a mail has at most so many addresses; the rest is for another mail', async () => {
    const { port } = await open({ addressesOfOneMail: 2 })
    const line = await callMailServer(port)
    await line.say('EHLO x.example.org\r\n')
    await line.say('MAIL FROM:<a@example.com>\r\n')
    const answers = []
    for (const n of [1, 2, 3]) answers.push((await line.say(`RCPT TO:<614555010${n}@sms.example.org>\r\n`)).slice(0, 3))
    expect(answers).toEqual(['250', '250', '452'])
  })

  test('one host has so many connections and no more, and an ended one makes room', async () => {
    const { port } = await open({ limits: { connectionsOfOne: 2 } })
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => callMailServer(port)))
    const greetings = [first!, second!, third!].map((line) => line.heard().slice(0, 3))
    expect(greetings.sort()).toEqual(['220', '220', '421'])
    for (const line of [first!, second!, third!]) line.hangUp()
    await expect.poll(async () => (await callMailServer(port)).heard().slice(0, 3)).toBe('220')
  })

  test('a stranger has so many mails a minute; a host that is known has more', async () => {
    const stranger = await open({ limits: { mailsOfStranger: 2 } })
    const answers = []
    for (let n = 0; n < 3; n++) answers.push((await sendRaw(stranger.port, { to, raw })).slice(0, 3))
    expect(answers).toEqual(['250', '250', '503'])
    const known = await open({
      limits: { mailsOfStranger: 2 },
      welcomes: async () => ({ kind: 'welcome', known: true }),
    })
    for (let n = 0; n < 5; n++) expect(await sendRaw(known.port, { to, raw })).toMatch(/^250 /)
  })

  test('who guesses at addresses is shown the door', async () => {
    const { port } = await open({ limits: { guesses: 3 } })
    const line = await callMailServer(port)
    await line.say('EHLO x.example.org\r\n')
    await line.say('MAIL FROM:<a@example.com>\r\n')
    const answers = []
    for (const n of [1, 2, 3]) answers.push((await line.say(`RCPT TO:<guess${n}@example.org>\r\n`)).slice(0, 3))
    expect(answers).toEqual(['550', '550', '421'])
    await line.ended
  })

  test('fifty mails at once are fifty mails', async () => {
    const { port, kept } = await open({ limits: { connectionsOfOne: 50 } })
    const mails = Array.from({ length: 50 }, (_, n) => `Subject: ${n}\r\n\r\n${`line ${n}\r\n`.repeat(n * 40)}`)
    const answers = await Promise.all(mails.map((one) => sendRaw(port, { to, raw: one })))
    expect(answers.filter((answer) => !answer.startsWith('250'))).toEqual([])
    expect(new Set(kept.map((mail) => sha(mail.raw)))).toEqual(new Set(mails.map((one) => sha(`${one}\r\n`))))
  })
})

describe('signing in', () => {
  const signIn = async (port: number, name: string, password: string) => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    const until = async (n: number) =>
      expect.poll(() => said.split('\r\n').filter((line) => /^\d{3} /.test(line)).length).toBeGreaterThanOrEqual(n)
    socket.on('data', (piece) => {
      said += piece
    })
    await until(1)
    socket.write('EHLO x.example.org\r\n')
    await until(2)
    socket.write('STARTTLS\r\n')
    await until(3)
    socket.removeAllListeners('data')
    const tls = connectTls({ socket, rejectUnauthorized: false })
    tls.on('data', (piece) => {
      said += piece
    })
    await new Promise((resolve) => tls.once('secureConnect', resolve))
    tls.write('EHLO x.example.org\r\n')
    await until(4)
    tls.write(`AUTH PLAIN ${Buffer.from(`\0${name}\0${password}`).toString('base64')}\r\n`)
    await until(5)
    return {
      tls,
      answer: () =>
        said
          .split('\r\n')
          .filter((line) => /^\d{3} /.test(line))
          .at(-1)!,
      until,
    }
  }

  test('under encryption a name and password are asked of what was given', async () => {
    const { port, kept } = await open()
    const good = await signIn(port, 'maple-ils', 'correct horse')
    expect(good.answer()).toMatch(/^235 /)
    good.tls.write('MAIL FROM:<a@example.com>\r\n')
    await good.until(6)
    good.tls.write(`RCPT TO:<${to}>\r\n`)
    await good.until(7)
    good.tls.write('DATA\r\n')
    await good.until(8)
    good.tls.write('Subject: Hi\r\n\r\nHi\r\n.\r\n')
    await good.until(9)
    expect(kept[0]).toMatchObject({ authenticatedAs: 'maple-ils', secure: true })
    good.tls.destroy()
    const bad = await signIn(port, 'maple-ils', 'wrong')
    expect(bad.answer()).toMatch(/^535 /)
    bad.tls.destroy()
  })

  test('in the open nobody can sign in, and without a certificate it is not offered', async () => {
    const { port } = await open()
    const line = await callMailServer(port)
    expect(await line.say('EHLO x.example.org\r\n')).toContain('STARTTLS')
    expect(await line.say('AUTH PLAIN AGEAYg==\r\n')).toMatch(/^5/)
    const bare = await callMailServer((await open({ certificate: null })).port)
    expect(await bare.say('EHLO x.example.org\r\n')).not.toMatch(/STARTTLS|AUTH/)
    expect(await bare.say('AUTH PLAIN AGEAYg==\r\n')).toMatch(/^5/)
  })
})

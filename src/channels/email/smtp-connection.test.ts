import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { scriptedMailServer } from '../../../test/mail-servers.ts'
import { always, noteTo } from './provider-contract.ts'
import { type SmtpOptions, smtpProvider } from './smtp.ts'

const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

type Script = Parameters<typeof scriptedMailServer>[0]

async function start(script: Script, options: Partial<SmtpOptions> = {}) {
  const server = await scriptedMailServer(script)
  const provider = smtpProvider({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    startTls: 'when-offered',
    width: 1,
    localName: 'library.example.org',
    timeouts: { connectMs: 300, replyMs: 300, afterDotMs: 300 },
    ...options,
  })
  cleanUp.push(
    () => server.stop(),
    () => provider.close(),
  )
  const send = (fresh: () => boolean = always, mail = noteTo('rosa@example.net')) => provider.handOver(mail, fresh)
  return { server, provider, send }
}

const oneByOne = '250 hello'
const silence = () => {}
const hangUp = (socket: { destroy(): void }) => socket.destroy()

const steps = ['MAIL', 'RCPT', 'DATA', 'dot'] as const
for (const step of steps) {
  for (const [how, EHLO] of [
    ['in one write', undefined],
    ['one by one', oneByOne],
  ] as const) {
    test(`"not now" at ${step}, said ${how}, is a refusal for now, and the next mail goes`, async () => {
      let refusals = 1
      const { server, send } = await start({
        EHLO: EHLO ?? '250-hello\r\n250 PIPELINING',
        [step]: () => (refusals-- > 0 ? '451 4.3.0 later' : step === 'DATA' ? '354 go' : '250 ok'),
      })
      const first = await send()
      expect(first).toMatchObject({ kind: 'refused', permanent: false, code: '4.3.0', said: '451 4.3.0 later' })
      expect(await send()).toMatchObject({ kind: 'accepted' })
      expect(server.connections()).toBe(1)
    })
  }

  test(`"never" at ${step} is for good, but for the sender, whose refusal is ours to mend`, async () => {
    const { send } = await start({ [step]: '550 5.5.9 no' })
    expect(await send()).toMatchObject(
      step === 'MAIL'
        ? { kind: 'refused', permanent: false, code: 'sender-refused 5.5.9' }
        : { kind: 'refused', permanent: true, code: '5.5.9' },
    )
  })

  test(`421 at ${step} ends the connection and refuses the mail for now`, async () => {
    let isFirst = true
    const { server, send } = await start({
      [step]: () => {
        if (!isFirst) return step === 'DATA' ? '354 go' : '250 ok'
        isFirst = false
        return '421 4.3.2 closing'
      },
    })
    expect(await send()).toMatchObject({ kind: 'refused', permanent: false, code: '4.3.2' })
    expect(await send()).toMatchObject({ kind: 'accepted' })
    expect(server.connections()).toBe(2)
  })

  test(`silence at ${step} and a line that goes dead there: ${step === 'dot' ? 'unknown' : 'nothing was handed over'}`, async () => {
    for (const answer of [silence, hangUp]) {
      const { server, send } = await start({ [step]: answer })
      expect(await send()).toMatchObject(
        step === 'dot'
          ? { kind: 'unknown', why: expect.stringMatching(/\w/) }
          : { kind: 'refused', permanent: false, code: 'connection' },
      )
      expect(server.taken).toHaveLength(step === 'dot' ? 1 : 0)
    }
  })
}

test('refusal, silence, closing and nonsense at the greeting or EHLO fail nobody for good', async () => {
  for (const step of ['greeting', 'EHLO'] as const) {
    for (const answer of ['554 5.7.1 no', '421 busy', 'HTTP/1.1 400 Bad Request', '999 hm', silence, hangUp]) {
      const { send } = await start({ [step]: answer })
      expect(await send()).toMatchObject({
        kind: 'refused',
        permanent: false,
        code: expect.stringMatching(/^(sign-on-refused|connection)/),
      })
    }
  }
})

test('a server that is not there is a refusal for now, with the reason', async () => {
  const { server, provider } = await start({})
  await server.stop()
  cleanUp.shift()
  const outcome = await provider.handOver(noteTo('rosa@example.net'), always)
  expect(outcome).toMatchObject({
    kind: 'refused',
    permanent: false,
    code: 'connection',
    said: expect.stringMatching(/ECONNREFUSED/),
  })
})

test('a line that dies before the last byte could leave is a refusal, for the dot never went', async () => {
  // Far more than the sockets between can hold, to a server that stops reading after the first bytes.
  const mail = { ...noteTo('rosa@example.net'), raw: Buffer.alloc(64 * 1024 * 1024, 'twenty-six letters in all\r\n') }
  for (const content of [
    (socket: { pause(): void }) => socket.pause(),
    (socket: { pause(): void; resetAndDestroy(): void }) => {
      socket.pause()
      setTimeout(() => socket.resetAndDestroy(), 50)
    },
    '552 5.3.4 too big',
  ]) {
    const { server, send } = await start({ content: content as string })
    const outcome = await send(always, mail)
    expect(outcome).toMatchObject({ kind: 'refused', code: typeof content === 'string' ? '5.3.4' : 'connection' })
    expect(server.taken).toHaveLength(0)
  }
})

test('replies that come a byte at a time are understood', async () => {
  const slowly = (text: string) => (socket: { write(text: string): void }) => {
    for (const [i, char] of [...text, '\r', '\n'].entries()) setTimeout(() => socket.write(char), i)
  }
  const { send } = await start({
    greeting: slowly('220-hello\r\n220 there'),
    EHLO: slowly('250-hello\r\n250 8BITMIME'),
    MAIL: slowly('250 ok'),
    dot: slowly('250-2.0.0 Ok:\r\n250 2.0.0 queued as AB12'),
  })
  expect(await send()).toMatchObject({ kind: 'accepted', providerId: 'AB12' })
})

test('Mei Lin stops while the server makes us wait: not a byte of her mail is written, and the line is closed', async () => {
  for (const EHLO of [oneByOne, '250-hello\r\n250 PIPELINING']) {
    let written = 0
    let hasStopped = false
    const { server, send } = await start({
      EHLO,
      DATA: (socket) => {
        hasStopped = true
        socket.on('data', (chunk) => {
          written += chunk.length
        })
        return '354 go'
      },
    })
    expect(await send(() => !hasStopped)).toEqual({ kind: 'stale' })
    await pause(20)
    expect(written).toBe(0)
    expect(server.taken).toEqual([])
    expect(server.open.size).toBe(0)
  }
})

test('a connection that the server closed in the meantime is replaced without failing the mail', async () => {
  const { server, send } = await start({})
  expect(await send()).toMatchObject({ kind: 'accepted' })
  for (const socket of server.open) socket.end('421 4.4.2 idle too long\r\n')
  await pause(20)
  expect(await send()).toMatchObject({ kind: 'accepted' })
  expect(server.connections()).toBe(2)
})

test('a connection closed at the very moment it is used again is replaced, too', async () => {
  let mails = 0
  const { server, send } = await start({
    MAIL: (socket) => (++mails === 2 ? socket.destroy() : '250 ok'),
  })
  expect(await send()).toMatchObject({ kind: 'accepted' })
  expect(await send()).toMatchObject({ kind: 'accepted' })
  expect(server.taken).toHaveLength(2)
  expect(server.connections()).toBe(2)
})

test('an idle connection is closed politely after a while, and a busy one after its thousandth mail', async () => {
  const { server, send } = await start({}, { timeouts: { idleMs: 60 } })
  for (let i = 0; i < 1001; i++) expect((await send()).kind).toBe('accepted')
  expect(server.connections()).toBe(2)
  await pause(200)
  expect(server.open.size).toBe(0)
  expect(server.heard.filter((line) => line === 'QUIT')).toHaveLength(2)
})

test('a server that takes DATA although it refused the only address gets a lone dot, never the mail', async () => {
  const { server, send } = await start({ RCPT: '550 5.1.1 no such mailbox' })
  expect(await send()).toMatchObject({ kind: 'refused', permanent: true, code: '5.1.1' })
  expect(server.taken).toEqual([''])
  expect(server.heard.slice(1)).toEqual([
    'MAIL FROM:<bounce-1@library.example.org>',
    'RCPT TO:<rosa@example.net>',
    'DATA',
  ])
  await send()
  expect(server.heard).toContain('RSET')
})

test('words slipped in before encryption starts end the connection', async () => {
  for (const slipped of ['250 hello\r\n', '250-hel']) {
    const { server, send } = await start({
      EHLO: '250-hello\r\n250-STARTTLS\r\n250 PIPELINING',
      STARTTLS: (socket) => void socket.write(`220 ready\r\n${slipped}`),
    })
    expect(await send()).toMatchObject({ kind: 'refused', permanent: false })
    expect(server.heard.some((line) => line.startsWith('MAIL'))).toBe(false)
  }
})

test('line ends that could hide a second mail are not sent', async () => {
  const { server, send } = await start({})
  for (const text of ['a\n.\r\nMAIL FROM:<x@example.org>', 'a\r.\r\nb', 'a\n.\nb', 'a\r\n.\rb']) {
    const outcome = await send(always, { ...noteTo('rosa@example.net'), raw: Buffer.from(`Subject: x\r\n\r\n${text}`) })
    // The last one is harmless once its dot is doubled.
    if (text === 'a\r\n.\rb') expect(outcome.kind).toBe('accepted')
    else expect(outcome).toMatchObject({ kind: 'refused', permanent: true, code: '5.6.0' })
  }
  expect(server.taken).toEqual(['Subject: x\r\n\r\na\r\n..\rb\r\n'])
})

test('a sender that could carry a command of its own is refused, and nobody fails for good', async () => {
  const { server, send } = await start({})
  const mail = { ...noteTo('rosa@example.net'), envelopeFrom: 'a@example.org>\r\nRCPT TO:<b@example.net' }
  expect(await send(always, mail)).toMatchObject({ kind: 'refused', permanent: false, code: 'sender-refused 5.1.7' })
  expect(server.heard).toEqual(['EHLO library.example.org'])
})

test('no more connections are open at once than the settings allow, and all mails go', async () => {
  let most = 0
  const { server, provider } = await start(
    {
      dot: (socket) => {
        most = Math.max(most, server.open.size)
        setTimeout(() => socket.write('250 ok\r\n'), 5)
      },
    },
    { width: 3 },
  )
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, () => provider.handOver(noteTo('rosa@example.net'), always)),
  )
  expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true)
  expect(server.taken).toHaveLength(30)
  expect(most).toBe(3)
})

import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { countingSink, localhostCertificate, properMailServer } from '../../../test/mail-servers.ts'
import { always, carriesMail, noteTo } from './provider-contract.ts'
import { type SmtpOptions, smtpProvider } from './smtp.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo()
})

const refusal = (said: string, responseCode: number) => Object.assign(new Error(said), { responseCode })

/** A server that keeps what arrives, with the contract's two known addresses. */
async function keepingServer(options: SMTPServerOptions) {
  const kept = new Map<string, Buffer[]>()
  const server = await properMailServer({
    authOptional: true,
    onRcptTo({ address }, _session, done) {
      if (address === 'bounces@example.org') return done(refusal('5.1.1 No such mailbox', 550))
      if (address === 'busy@example.org') return done(refusal('4.2.1 Busy', 450))
      done()
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks)
        const id = /^message-id: <(.*)>/im.exec(raw.toString('latin1'))?.[1] ?? ''
        kept.set(id, [...(kept.get(id) ?? []), raw])
        done()
      })
    },
    ...options,
  })
  return { ...server, kept }
}

const local: Omit<SmtpOptions, 'port'> = {
  host: 'localhost',
  secure: false,
  startTls: 'required',
  tlsAuthorities: localhostCertificate,
  width: 5,
  localName: 'library.example.org',
}

const ways: Record<string, [SMTPServerOptions, Partial<SmtpOptions>]> = {
  'SMTP in the clear': [{ hideSTARTTLS: true }, { startTls: 'never' }],
  'SMTP one command at a time': [{ hideSTARTTLS: true, hidePIPELINING: true }, { startTls: 'never' }],
  'SMTP with STARTTLS': [{}, {}],
  'SMTP under TLS': [{ secure: true }, { secure: true }],
}
for (const [name, [serverOptions, options]] of Object.entries(ways)) {
  carriesMail(name, async () => {
    const server = await keepingServer(serverOptions)
    const provider = smtpProvider({ ...local, ...options, port: server.port })
    return {
      provider,
      arrived: async (messageId) => server.kept.get(messageId) ?? [],
      async stop() {
        await provider.close()
        await server.stop()
      },
    }
  })
}

async function tryOne(serverOptions: SMTPServerOptions, options: Partial<SmtpOptions>) {
  const server = await keepingServer(serverOptions)
  const provider = smtpProvider({ ...local, ...options, port: server.port })
  const outcome = await provider.handOver(noteTo('rosa@example.net'), always)
  await provider.close()
  await server.stop()
  return outcome
}

for (const method of ['PLAIN', 'LOGIN']) {
  test(`signs in with ${method}, and a wrong password fails nobody for good`, async () => {
    const guarded: SMTPServerOptions = {
      authOptional: false,
      authMethods: [method],
      onAuth(given, _session, done) {
        if (given.username === 'ana' && given.password === 'pässword') return done(null, { user: 'ana' })
        done(refusal('5.7.8 Wrong name or password', 535))
      },
    }
    const right = { login: { name: 'ana', password: 'pässword' } }
    expect(await tryOne(guarded, right)).toMatchObject({ kind: 'accepted' })
    expect(await tryOne(guarded, { login: { name: 'ana', password: 'other' } })).toMatchObject({
      kind: 'refused',
      permanent: false,
      code: expect.stringMatching(/^sign-on-refused 5/),
    })
    expect(await tryOne(guarded, {})).toMatchObject({
      kind: 'refused',
      permanent: false,
      code: expect.stringMatching(/^sender-refused 5/),
    })
  })
}

test('a certificate that nobody vouches for is not trusted, unless the settings say so', async () => {
  for (const secure of [false, true]) {
    const own = { secure, tlsAuthorities: undefined }
    expect(await tryOne({ secure }, own)).toMatchObject({
      kind: 'refused',
      permanent: false,
      said: expect.stringMatching(/self-signed/),
    })
    expect(await tryOne({ secure }, { ...own, tlsVerify: false })).toMatchObject({ kind: 'accepted' })
  }
})

test('a certificate for another name is not trusted', async () => {
  const outcome = await tryOne({}, { host: '127.0.0.1' })
  expect(outcome).toMatchObject({ kind: 'refused', permanent: false, code: 'tls-failed' })
})

test('where encryption is required and not offered, nothing is sent and no password is told', async () => {
  const login = { name: 'ana', password: 'pw' }
  let wasTold = false
  const hiding: SMTPServerOptions = {
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth(_given, _session, done) {
      wasTold = true
      done(null, { user: 'ana' })
    },
  }
  for (const options of [{}, { login }, { login, startTls: 'when-offered' as const }]) {
    expect(await tryOne(hiding, options)).toMatchObject({ kind: 'refused', permanent: false, code: 'tls-not-offered' })
  }
  expect(wasTold).toBe(false)
  expect(await tryOne(hiding, { startTls: 'when-offered' })).toMatchObject({ kind: 'accepted' })
})

test('three thousand mails to the counting sink are in its log exactly once, whatever it refuses or drops', async () => {
  const log = join(tmpdir(), `sink-${process.pid}.log`)
  const sink = await countingSink(
    '--log',
    log,
    '--refuse-every',
    '97',
    '--drop-every',
    '151',
    '--drop-mid-every',
    '113',
  )
  cleanUp.push(() => rm(log, { force: true }))
  const provider = smtpProvider({ ...local, host: '127.0.0.1', port: sink.port, startTls: 'never', width: 10 })
  const mails = Array.from({ length: 3000 }, (_, i) => noteTo(`reader-${i}@example.net`))
  const outcomes = await Promise.all(mails.map((mail) => provider.handOver(mail, always)))
  await provider.close()
  const totals = await sink.stop()
  const logged = (await readFile(log, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0]!)
  expect(new Set(logged).size).toBe(logged.length)
  const inLog = new Set(logged)
  const of = (kind: string) => mails.filter((_, i) => outcomes[i]!.kind === kind)
  expect(of('accepted').every(({ messageId }) => inLog.has(messageId))).toBe(true)
  expect(of('refused').some(({ messageId }) => inLog.has(messageId))).toBe(false)
  // Dropped after its dot: whether it was taken cannot be known from here, so it is never called refused.
  expect(of('unknown')).toHaveLength(totals.dropped! + totals.droppedMid!)
  expect(of('accepted').length + totals.dropped!).toBe(totals.messages)
  expect(of('refused').length).toBe(totals.refused)
  expect(totals.most).toBeLessThanOrEqual(10)
})

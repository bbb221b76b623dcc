import { generateKeyPairSync } from 'node:crypto'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { expect, test } from 'vitest'
import { type LookUp, verifySender } from './verify-sender.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const key = (publicKey.export({ type: 'spki', format: 'der' }) as Buffer).subarray(-32).toString('base64')
const now = new Date('2026-11-22T15:00:00Z')

/** A name server of this test's own: nothing leaves the machine. */
const names: Record<string, string> = {
  's1._domainkey.library.example.org': `v=DKIM1; k=ed25519; p=${key}`,
  's1._domainkey.example.com': `v=DKIM1; k=ed25519; p=${key}`,
  't1._domainkey.library.example.org': `v=DKIM1; t=y; k=ed25519; p=${key}`,
}
const lookUp: LookUp = async (name) => {
  if (name in names) return [[names[name]!]]
  throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
}
const verify = (raw: Buffer, ask = lookUp) => verifySender(raw, { lookUp: ask, now })

const mailFrom = (from: string, body = 'Renewed, thank you.') =>
  Buffer.from(
    `From: ${from}\r\nTo: answer@sms.example.org\r\nSubject: Re: text\r\nDate: Sun, 22 Nov 2026 15:00:00 +0000\r\nMessage-ID: <1@library.example.org>\r\n\r\n${body}\r\n`,
  )
async function signed(raw: Buffer, signingDomain = 'library.example.org', more: object = {}) {
  const { signatures } = await dkimSign(raw, {
    canonicalization: 'relaxed/relaxed',
    signTime: now,
    signatureData: [{ signingDomain, selector: 's1', privateKey: pem, algorithm: 'ed25519-sha256', ...more }],
  } as never)
  return Buffer.concat([Buffer.from(signatures), raw])
}

test('a mail signed by the domain it is from is verified', async () => {
  expect(await verify(await signed(mailFrom('Ana <Ana@library.example.org>')))).toEqual({
    kind: 'verified',
    address: 'ana@library.example.org',
    domain: 'library.example.org',
  })
})

test('the domain above may sign for the one below', async () => {
  expect(await verify(await signed(mailFrom('ana@desk.library.example.org')))).toMatchObject({ kind: 'verified' })
})

test.each<[string, () => Promise<Buffer>]>([
  ['no signature', async () => mailFrom('ana@library.example.org')],
  ['a signature of somebody else’s domain', () => signed(mailFrom('ana@library.example.org'), 'example.com')],
  [
    'a text that was changed on the way',
    async () =>
      Buffer.from((await signed(mailFrom('ana@library.example.org'))).toString().replace('Renewed', 'Refused')),
  ],
  [
    'a From that was changed on the way',
    async () =>
      Buffer.from((await signed(mailFrom('ana@library.example.org'))).toString().replace('From: ana', 'From: eva')),
  ],
  [
    'a second From',
    async () =>
      Buffer.concat([Buffer.from('From: eva@example.com\r\n'), await signed(mailFrom('ana@library.example.org'))]),
  ],
  ['two people in From', () => signed(mailFrom('ana@library.example.org, eva@example.com'))],
  [
    'words added below a signature that covers only the beginning',
    async () => {
      const raw = await signed(mailFrom('ana@library.example.org'), 'library.example.org', { maxBodyLength: 5 })
      return Buffer.concat([raw, Buffer.from('And more.\r\n')])
    },
  ],
  [
    'a key that its domain only tries out',
    () => signed(mailFrom('ana@library.example.org'), 'library.example.org', { selector: 't1' }),
  ],
  ['a mail with nothing in it', async () => Buffer.from('')],
])('%s proves nothing', async (_what, compose) => {
  expect(await verify(await compose())).toMatchObject({ kind: 'not-verified' })
})

test('while the name server is silent nothing is said either way', async () => {
  const silent: LookUp = async () => {
    throw Object.assign(new Error('timed out'), { code: 'ETIMEOUT' })
  }
  expect(await verify(await signed(mailFrom('ana@library.example.org')), silent)).toMatchObject({ kind: 'cannot-tell' })
})

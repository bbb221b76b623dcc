// Settings that go together, and the sentence for those that do not.
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('without any setting everything is local, in development, and on the embedded database', () => {
  expect(readConfig({}, {})).toEqual({
    dataDir: resolve('data'),
    databaseUrl: null,
    smtpUrl: null,
    mailFrom: null,
    unsubscribeAddress: null,
    mailDoor: null,
    publicUrl: 'http://localhost:8080',
    replyDomain: 'sms.demo.test',
    host: '127.0.0.1',
    port: 8080,
    mode: 'development',
  })
})

test('the domain of the demo stands in no mail that leaves the machine', () => {
  const mail = { GENTLE_SMTP_URL: 'smtp://127.0.0.1', GENTLE_MAIL_FROM: 'hello@library.example.org' }
  expect(readConfig({}, mail).replyDomain).toBeNull()
  expect(
    readConfig({}, { ...mail, GENTLE_MAIL_PORT: '2525', GENTLE_MAIL_DOMAIN: 'sms.library.example.org' }).replyDomain,
  ).toBe('sms.library.example.org')
})

test('the command line wins over the environment, our own names over general ones, and a blank counts as not set', () => {
  const environment = { PORT: '3000', GENTLE_PORT: '4000', GENTLE_DATA: '/srv/a', GENTLE_HOST: ' ' }
  expect(readConfig({}, environment)).toMatchObject({ port: 4000, dataDir: '/srv/a', host: '127.0.0.1' })
  expect(readConfig({ port: 5000, dataDir: '/srv/b' }, environment)).toMatchObject({
    port: 5000,
    dataDir: '/srv/b',
    publicUrl: 'http://localhost:5000',
  })
  expect(readConfig({}, { PORT: '3000' }).port).toBe(3000)
})

test('production keeps its address without a slash at the end', () => {
  const environment = {
    GENTLE_MODE: 'production',
    GENTLE_HOST: '0.0.0.0',
    GENTLE_PUBLIC_URL: 'https://letters.example.org/',
  }
  expect(readConfig({}, environment)).toMatchObject({ mode: 'production', publicUrl: 'https://letters.example.org' })
})

const mail = { GENTLE_SMTP_URL: 'smtp://ana:s3cret@mail.example.org', GENTLE_MAIL_FROM: 'hello@library.example.org' }

test.each([
  [{ PORT: '99999' }, /^PORT is "99999"; a port is a number from 1 to 65535/],
  [{ GENTLE_PUBLIC_URL: 'letters.example.org' }, /^GENTLE_PUBLIC_URL is "letters.example.org"; it is the address/],
  [{ DATABASE_URL: 'mysql://ana:s3cret@db' }, /^DATABASE_URL is not an address of the form/],
  [
    { ...mail, GENTLE_SMTP_URL: 'mail.example.org:s3cret' },
    /^GENTLE_SMTP_URL cannot be used\. A mail server is written/,
  ],
  [{ GENTLE_SMTP_URL: mail.GENTLE_SMTP_URL }, /^GENTLE_SMTP_URL is set and GENTLE_MAIL_FROM is not/],
  [
    { ...mail, GENTLE_MAIL_FROM: 'Ana <ana@example.org>' },
    /^GENTLE_MAIL_FROM is "Ana <ana@example.org>"; it is one email address/,
  ],
  [{ GENTLE_UNSUBSCRIBE_ADDRESS: 'a@example.org?body=x' }, /^GENTLE_UNSUBSCRIBE_ADDRESS is .*one email address/],
  [{ GENTLE_MODE: 'prod' }, /^GENTLE_MODE is "prod"; it is either production or development\.$/],
  [{ GENTLE_HOST: '0.0.0.0' }, /^These settings open Gentle Reader to other machines, and GENTLE_MODE is not set/],
  [{ GENTLE_PUBLIC_URL: 'https://letters.example.org' }, /^These settings open Gentle Reader to other machines/],
  [{ GENTLE_MODE: 'production' }, /^GENTLE_PUBLIC_URL is not set\. In production/],
  [{ GENTLE_MODE: 'production', GENTLE_PUBLIC_URL: 'http://a.example.org' }, /must begin with https:\/\/\.$/],
])('%j is refused by name, and no password is repeated', (environment, sentence) => {
  expect(() => readConfig({}, environment)).toThrow(sentence)
  expect(() => readConfig({}, environment)).not.toThrow(/s3cret/)
})

describe('the mail door', () => {
  const given = { GENTLE_MAIL_PORT: '25', GENTLE_MAIL_DOMAIN: 'SMS.example.org' }
  test('is shut unless a port is set, and then it is open to this machine alone', () => {
    expect(readConfig({}, { GENTLE_MAIL_DOMAIN: 'sms.example.org' }).mailDoor).toBeNull()
    expect(readConfig({}, given).mailDoor).toEqual({
      ...{ host: '127.0.0.1', port: 25, domain: 'sms.example.org', certificate: null },
    })
  })

  test.each([
    [{ GENTLE_MAIL_PORT: '0' }, 'GENTLE_MAIL_PORT'],
    [{ GENTLE_MAIL_DOMAIN: '' }, 'GENTLE_MAIL_DOMAIN'],
    [{ GENTLE_MAIL_DOMAIN: 'a b' }, 'GENTLE_MAIL_DOMAIN'],
    [{ GENTLE_MAIL_CERT: 'a.pem' }, 'GENTLE_MAIL_KEY'],
  ])('%j is told in a sentence', (wrong, names) => {
    expect(() => readConfig({}, { ...given, ...wrong })).toThrow(names)
  })
})

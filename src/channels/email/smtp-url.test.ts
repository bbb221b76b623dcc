import { expect, test } from 'vitest'
import { Problem } from '../../lib/errors.ts'
import { parseSmtpUrl } from './smtp-url.ts'

test('one line names a mail server whole', () => {
  expect(
    parseSmtpUrl('smtp://ana%40example.org:p%3Aw%25@mail.example.org:2525?starttls=required&width=20'),
  ).toMatchObject({
    host: 'mail.example.org',
    port: 2525,
    secure: false,
    startTls: 'required',
    login: { name: 'ana@example.org', password: 'p:w%' },
    width: 20,
    tlsVerify: true,
  })
})

test('what is left out is the safe choice: a password only goes out encrypted', () => {
  expect(parseSmtpUrl('smtp://ana:pw@mail.example.org')).toMatchObject({
    port: 587,
    startTls: 'required',
    tlsVerify: true,
  })
  expect(parseSmtpUrl('smtps://ana:pw@mail.example.org')).toMatchObject({ port: 465, secure: true })
  expect(parseSmtpUrl('smtp://[::1]')).toMatchObject({
    host: '::1',
    port: 25,
    startTls: 'when-offered',
    login: undefined,
  })
  expect(parseSmtpUrl('smtp://localhost?verify=no&starttls=never')).toMatchObject({
    tlsVerify: false,
    startTls: 'never',
  })
})

test('a mistake is told in words, without the password', () => {
  for (const text of [
    '',
    'mail.example.org',
    'http://mail.example.org',
    'smtp://',
    'smtp://a:secret@h/path',
    'smtp://a:secret@h?startls=never',
    'smtp://a:secret@h?starttls=yes',
    'smtp://a:secret@h?width=0',
    'smtp://a:secret@h?width=x',
    'smtp://a:secret@h?verify=maybe',
    'smtp://a:secret%@h',
    'smtp://a:secret@h?local-name=a%20b',
  ]) {
    let said: unknown
    try {
      parseSmtpUrl(text)
    } catch (error) {
      said = error
    }
    expect(said, text).toBeInstanceOf(Problem)
    expect(String(said)).not.toContain('secret')
  }
})

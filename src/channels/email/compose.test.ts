import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { Problem } from '../../lib/errors.ts'
import { composeMail, type MailToCompose } from './compose.ts'
import { cleanName } from './mime-words.ts'

const note: MailToCompose = {
  from: { name: 'Ana, Maple Falls Library', address: 'ana@library.example.org' },
  to: { name: 'Rosa', address: 'rosa@example.net' },
  subject: 'Three things your card can do',
  text: 'Hello Rosa,\n\nSee you here or online.\n',
  html: '<p>Hello Rosa,</p>\n<p>See you here or online.</p>\n',
  messageId: 'note-1@library.example.org',
  date: new Date('2026-03-05T09:30:00Z'),
  language: 'en',
  listUnsubscribe: { url: 'https://library.example.org/leave/abc', mailto: 'leave+abc@library.example.org' },
}
const raw = (change: Partial<MailToCompose>) => composeMail({ ...note, ...change }).toString('latin1')
const parse = (mail: MailToCompose) => PostalMime.parse(composeMail(mail))
const headOf = (mail: string) => mail.slice(0, mail.indexOf('\r\n\r\n'))
const lineEnds = (text: string) => text.replace(/\r\n|\r/g, '\n')

// Hard cases come up often: characters of four bytes, dots, "From ", blanks before line ends, encoded-word look-alikes.
const shred = fc.oneof(
  fc.constantFrom(
    '.',
    '\n.',
    '\r\n..',
    'From ',
    '\nFrom ',
    ' ',
    '  \n',
    '\t',
    '\t\n',
    '=',
    '=?utf-8?Q?a?=',
    '--',
    '\r',
  ),
  fc.constantFrom('ñ', '¿', '日本語', 'Привет', 'مرحبا', '👩‍👧', '𝒳', 'é', '\u0000', '\u0007', 'x'.repeat(90)),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.lorem({ maxCount: 12 }),
)
const anyText = fc.array(shred, { maxLength: 40 }).map((parts) => `a${parts.join('')}`)
const anyLine = anyText.map((text) => text.replace(/[\r\n\0]/g, '·'))

test('a mail carries both texts, its names, its stop button and what keeps robots from answering', () => {
  expect(raw({})).toMatchInlineSnapshot(`
    "Date: Thu, 05 Mar 2026 09:30:00 +0000
    From: "Ana, Maple Falls Library" <ana@library.example.org>
    To: Rosa <rosa@example.net>
    Subject: Three things your card can do
    Message-ID: <note-1@library.example.org>
    List-Unsubscribe: <https://library.example.org/leave/abc>,
     <mailto:leave+abc@library.example.org>
    List-Unsubscribe-Post: List-Unsubscribe=One-Click
    Auto-Submitted: auto-generated
    X-Auto-Response-Suppress: All
    Content-Language: en
    MIME-Version: 1.0
    Content-Type: multipart/alternative;
     boundary="=_note-1_library.example.org"

    --=_note-1_library.example.org
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    Hello Rosa,

    See you here or online.

    --=_note-1_library.example.org
    Content-Type: text/html; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    <p>Hello Rosa,</p>
    <p>See you here or online.</p>

    --=_note-1_library.example.org--
    "
  `)
})

test('any text and HTML come back as they were put in', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, async (text, html) => {
      const back = await parse({ ...note, text, html })
      // The parser ends every part with a line end of its own.
      expect(back.text).toBe(`${lineEnds(text)}\n`)
      expect(back.html).toBe(`${lineEnds(html)}\n`)
    }),
    { numRuns: 300 },
  )
})

test('any subject and names come back as they were put in', async () => {
  await fc.assert(
    fc.asyncProperty(anyLine, anyLine, anyLine, async (subject, fromName, toName) => {
      const back = await parse({
        ...note,
        subject,
        from: { name: fromName, address: 'ana@library.example.org' },
        to: { name: toName, address: 'rosa@example.net' },
      })
      expect(back.subject).toBe(subject)
      expect(back.from).toEqual({ name: cleanName(fromName), address: 'ana@library.example.org' })
      expect(back.to).toEqual([{ name: cleanName(toName), address: 'rosa@example.net' }])
    }),
    { numRuns: 300 },
  )
})

test('whatever is put in, a mail is ASCII in CRLF lines of at most 76, none starting with a dot or "From "', () => {
  fc.assert(
    fc.property(anyText, anyLine, anyLine, (text, subject, name) => {
      const mail = raw({ text, html: text, subject, to: { name, address: 'rosa@example.net' } })
      expect(mail).toMatch(/^(?:[\t\x20-\x7e]{0,76}\r\n)+$/)
      expect(mail).not.toMatch(/^(?:\.|From )/m)
      expect(mail).not.toMatch(/[ \t]\r\n/)
      expect(mail.split(/^--=_/m).length).toBe(4)
    }),
    { numRuns: 300 },
  )
})

test('every encoded word in a header decodes to whole characters by itself', () => {
  fc.assert(
    fc.property(anyLine, (subject) => {
      const strict = new TextDecoder('utf-8', { fatal: true })
      for (const [, kind, said] of headOf(raw({ subject })).matchAll(/=\?utf-8\?([QB])\?([^?]*)\?=/g)) {
        const bytes =
          kind === 'B'
            ? Buffer.from(said!, 'base64')
            : Buffer.from(
                said!.replace(/_/g, ' ').replace(/=(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
                'latin1',
              )
        expect(() => strict.decode(bytes)).not.toThrow()
      }
    }),
  )
})

test('Spanish stays legible in the raw subject, and a long plain one folds between words', () => {
  expect(headOf(raw({ subject: '¿Nos vemos, Begoña?' }))).toContain(
    'Subject: =?utf-8?Q?=C2=BFNos_vemos=2C_Bego=C3=B1a=3F?=',
  )
  const long = 'A rather long but entirely plain subject which cannot stay upon one line of the header'
  expect(headOf(raw({ subject: long })).replace(/\r\n /g, ' ')).toContain(`Subject: ${long}\r\n`)
})

test('a long line of prose breaks after a blank', () => {
  const text =
    'Three things your library card can do, all of them free: bring home books, films and music, or just sit.'
  expect(raw({ text })).toMatch(/bring home books, =\r\nfilms/)
})

test('a line break cannot be smuggled into any header', () => {
  const attacks: Partial<MailToCompose>[] = ['\r\n', '\n', '\r', '\0'].flatMap((evil) => [
    { subject: `Hi${evil}Bcc: all@example.com` },
    { to: { address: `rosa@example.net${evil}Bcc:all@example.com` } },
    { from: { name: 'Ana', address: `ana@example.org${evil}` } },
    { replyTo: { address: `ana@example.org${evil}X: y` } },
    { messageId: `a${evil}b@example.org` },
    { language: `en${evil}X: y` },
    { listUnsubscribe: { url: `https://example.org/${evil}X: y` } },
    { listUnsubscribe: { url: 'https://example.org/', mailto: `leave@example.org?subject=a${evil}X: y` } },
    { headers: { 'X-Campaign': `a${evil}Bcc: all@example.com` } },
    { headers: { [`X-A${evil}B`]: 'a' } },
  ])
  for (const attack of attacks) expect(() => raw(attack), JSON.stringify(attack)).toThrow(Problem)
})

test('a line break in a name from the patron file is taken out, and the mail still goes', async () => {
  const back = await parse({ ...note, to: { name: 'Rosa\r\nBcc: all@example.com', address: 'rosa@example.net' } })
  expect(back.to).toEqual([{ name: 'Rosa Bcc: all@example.com', address: 'rosa@example.net' }])
  expect(back.bcc).toBeUndefined()
})

test('headers that are ours, that add readers or that mark mail as bulk cannot be set from outside', () => {
  for (const field of [
    'Subject',
    'cc',
    'Bcc',
    'Precedence',
    'X-Mailer',
    'Content-Type',
    'List-Unsubscribe-Post',
    'a b',
    '',
  ]) {
    expect(() => raw({ headers: { [field]: 'x' } }), field).toThrow(Problem)
  }
  expect(raw({ headers: { 'In-Reply-To': '<a@example.org>' } })).toContain('\r\nIn-Reply-To: <a@example.org>\r\n')
})

test('an address in another script is refused, because many mail servers would', () => {
  for (const address of [
    'rósa@example.net',
    'rosa@exämple.net',
    'rosa',
    'ro sa@example.net',
    '<rosa@example.net>',
    '@example.net',
  ]) {
    expect(() => raw({ to: { address } }), address).toThrow(Problem)
  }
})

test('a date that is none is refused', () => {
  expect(() => raw({ date: new Date('no date') })).toThrow(Problem)
})

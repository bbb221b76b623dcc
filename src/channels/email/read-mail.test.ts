import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Automatic, isNoticeLike } from './is-automatic.ts'
import { type ReadMail, readMail } from './read-mail.ts'

const read = async (lines: string[] | Buffer, envelopeFrom = 'ana@library.example.org'): Promise<ReadMail> => {
  const reading = await readMail(Buffer.isBuffer(lines) ? lines : Buffer.from(lines.join('\r\n')), { envelopeFrom })
  if (reading.kind !== 'read') throw new Error(reading.why)
  return reading.mail
}

test('who wrote what, to whom, in which thread', async () => {
  const mail = await read([
    'From: =?utf-8?Q?Ana_Ru=C3=ADz?= <Ana@library.example.org>',
    'To: Maple <answer+1@sms.example.org>, group: a@example.com;',
    'Subject: =?utf-8?Q?Re:_=C2=BFest=C3=A1=3F?=',
    'Message-ID: <2@library.example.org>',
    'In-Reply-To: <1@sms.example.org>',
    'References: <0@sms.example.org>',
    ' <1@sms.example.org>',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'S=ED, hasta el viernes.',
  ])
  expect(mail).toEqual({
    from: { name: 'Ana Ruíz', address: 'Ana@library.example.org' },
    to: ['answer+1@sms.example.org', 'a@example.com'],
    subject: 'Re: ¿está?',
    text: 'Sí, hasta el viernes.\n',
    messageId: '2@library.example.org',
    inReplyTo: '1@sms.example.org',
    references: ['0@sms.example.org', '1@sms.example.org'],
    automatic: null,
    deliveryStatus: null,
    attachments: 0,
  })
})

test('of a mail that has HTML alone the words are read, and not what it quotes', async () => {
  const mail = await read([
    'From: ana@library.example.org',
    'Content-Type: text/html',
    '',
    '<style>p { color: red }</style><p>S&iacute;, ma&ntilde;ana we do &amp; will.<br>Ana</p><blockquote type=cite>Is it<blockquote>there</blockquote>?</blockquote><p>Bye &#x1F600;</p>',
  ])
  expect(mail.text).toBe('Sí, mañana we do & will.\nAna\n\nBye 😀')
})

test('a mail inside the mail is not read', async () => {
  const mail = await read([
    'From: ana@library.example.org',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'See below.',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'Subject: Secret',
    '',
    'a secret',
    '--b--',
  ])
  expect(mail.text.trim()).toBe('See below.')
  expect(mail.attachments).toBe(1)
})

test('a subject can begin no line of another mail', async () => {
  const mail = await read(['Subject: =?utf-8?Q?Hello=0D=0ABcc:_rosa@example.com=00?=', '', ''])
  expect(mail.subject).toBe('Hello Bcc: rosa@example.com')
})

test.each<[string, string[]]>([
  ['nobody', ['Subject: x']],
  ['two people', ['From: a@example.com, b@example.com']],
  ['one person and, a line further, another', ['From: a@example.com', 'From: b@example.com']],
  ['no address', ['From: Ana']],
])('a mail from %s is from nobody in particular', async (_who, head) => {
  expect((await read([...head, '', 'x'])).from).toBeNull()
})

describe('what a program wrote', () => {
  test.each<[Automatic, string[], string?]>([
    ['null return path', [], ''],
    ['delivery report', ['Content-Type: multipart/report; report-type=delivery-status; boundary=b'], ''],
    ['our own', ['X-Gentle-Reader: text']],
    ['automatic reply', ['Auto-Submitted: auto-replied (vacation)']],
    ['automatic reply', ['auto-submitted: Auto-Replied']],
    ['automatic reply', ['X-Auto-Response-Suppress: All']],
    ['automatic reply', ['X-Autoreply: yes']],
    ['automatic reply', ['Precedence: auto_reply']],
    ['mailing list', ['List-Id: <staff.example.org>']],
    ['mailing list', ['Precedence: list']],
    ['bulk', ['Precedence: bulk']],
    ['bulk', ['Precedence: junk']],
    ['written by a program', ['Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: All']],
  ])('%s: %j', async (kind, head, from) => {
    expect((await read([...head, 'Subject: x', '', 'Hi'], from)).automatic).toBe(kind)
  })

  test.each([
    [['Auto-Submitted: no']],
    [['X-Auto-Response-Suppress: None']],
    [['Subject: Auto-Submitted: auto-replied']],
  ])('a person: %j', async (head) => {
    expect((await read([...head, '', 'Hi'])).automatic).toBeNull()
  })

  test('a notice of the library system may become a text; an answering machine may not', () => {
    expect(isNoticeLike('written by a program')).toBe(true)
    expect(isNoticeLike('bulk')).toBe(true)
    for (const kind of ['null return path', 'automatic reply', 'our own', 'mailing list', 'delivery report'] as const)
      expect(isNoticeLike(kind)).toBe(false)
  })
})

describe('mail that nobody could have meant', () => {
  const nested = (depth: number) =>
    Buffer.from(
      Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join(
        '',
      ),
    )
  test('parts nested in each other a hundred times are said to be unreadable', async () => {
    expect(await readMail(nested(100), { envelopeFrom: 'a@example.com' })).toMatchObject({ kind: 'unreadable' })
  })

  test('so are a hundred thousand parts, without being taken apart first', async () => {
    const began = performance.now()
    const raw = Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}`)
    expect(await readMail(raw, { envelopeFrom: 'a@example.com' })).toMatchObject({ kind: 'unreadable' })
    expect(performance.now() - began).toBeLessThan(500)
  })

  test('an HTML that opens a quarter of a million tags is read in good time', async () => {
    const began = performance.now()
    await readMail(Buffer.from(`Content-Type: text/html\r\n\r\n${'<blockquote><!--<p<'.repeat(250_000)}`), {
      envelopeFrom: 'a@example.com',
    })
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  test('whatever bytes come, there is an answer', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'Content-Type: multipart/mixed; boundary=b\r\n',
        '\r\n',
        '\r\n--b\r\n',
        '--b--',
        'From: ',
        '<a@b>',
        '=?utf-8?',
        '\0',
        ': ',
      ),
      fc.string({ unit: 'binary', maxLength: 30 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const reading = await readMail(Buffer.from(pieces.join('')), { envelopeFrom: '' })
        if (reading.kind === 'read') expect(JSON.stringify(reading.mail)).not.toContain('\\u0000')
      }),
    )
  })
})

import fc from 'fast-check'
import { Liquid } from 'liquidjs'
import { expect, test } from 'vitest'
import { type Letter, loadLetters } from './letter.ts'
import { bodyAsHtml, escapeHtml } from './mail-frame.ts'
import { nameToGreet } from './name-to-greet.ts'
import { dateInWords, type LibraryVoice, prepareMail, type Reader } from './render.ts'

const letters = await loadLetters(new URL('../../letters', import.meta.url).pathname)
const soup = letters.find(({ key }) => key === 'autumn-soup-weather')!
const doors = letters.find(({ key }) => key === 'any-three-doors')!

const mapleFalls: LibraryVoice = {
  name: 'Maple Falls Library',
  postalAddress: '12 Main Street\nMaple Falls, OH 43000',
  phone: '(614) 555-0142',
  email: 'hello@maplefalls.example.org',
  url: 'https://www.maplefalls.example.org/',
  signedBy: 'Ana',
}
const rosa: Reader = {
  givenName: 'Rosa',
  preferredName: '',
  language: 'en',
  addressShared: false,
  agreedOn: '2025-05-03',
  links: {
    less: 'https://maplefalls.example.org/l/abc?a=1&b=2',
    unsubscribe: 'https://maplefalls.example.org/u/abc',
    why: 'https://maplefalls.example.org/w/abc',
    keep: 'https://maplefalls.example.org/k/abc',
  },
}

test('Rosa’s mail reads from greeting to address as it was agreed', () => {
  const { subject, text, language } = prepareMail(soup, mapleFalls, 'en')(rosa)
  expect(language).toBe('en')
  expect(subject).toBe('For soup weather')
  expect(text.startsWith('Hello Rosa,\n\nSome days are made for soup')).toBe(true)
  expect(
    text.endsWith(`Enjoy the soup,
Ana
Maple Falls Library

On May 3, 2025 you asked us for a note now and then.
Fewer notes, or other choices: https://maplefalls.example.org/l/abc?a=1&b=2
No more notes: https://maplefalls.example.org/u/abc
Why did I get this? https://maplefalls.example.org/w/abc

Maple Falls Library
12 Main Street
Maple Falls, OH 43000
(614) 555-0142
`),
  ).toBe(true)
})

test('a reader of Spanish gets the greeting, the date and the footer in Spanish', () => {
  const mail = prepareMail(soup, mapleFalls, 'en')({ ...rosa, language: 'es-MX' })
  expect(mail.language).toBe('es')
  expect(mail.text).toContain('Hola, Rosa:\n\nHay días hechos para una sopa')
  expect(mail.text).toContain('El 3 de mayo de 2025 nos pediste una nota de vez en cuando.')
  expect(mail.html).toContain('<html lang="es" dir="ltr">')
  expect(mail.html).toContain('>No recibir más notas</a>')
})

test.each(['', 'fr', 'vi-VN', 'constructor', '__proto__'])(
  'a reader of "%s" gets the library’s own language',
  (language) => {
    expect(prepareMail(soup, mapleFalls, 'es')({ ...rosa, language }).language).toBe('es')
  },
)

test('a letter that lacks the fallback language is refused before anybody is written to', () => {
  const english: Letter = { ...soup, wordings: { en: soup.wordings.en! } }
  expect(() => prepareMail(english, mapleFalls, 'es')).toThrow(/not written in es/)
  expect(prepareMail(english, mapleFalls, 'en')({ ...rosa, language: 'es' }).language).toBe('en')
})

test('a letter that names a web address which the library lacks is refused', () => {
  const letter: Letter = { ...soup, wordings: { en: { subject: 'A', body: 'See {{ library_url }}' } } }
  expect(() => prepareMail(letter, { ...mapleFalls, url: null }, 'en')).toThrow(/library_url/)
  const { html } = prepareMail(letter, mapleFalls, 'en')(rosa)
  expect(html).toContain('<a href="https://www.maplefalls.example.org/">maplefalls.example.org</a>')
  expect(prepareMail(letter, { ...mapleFalls, url: 'javascript:alert(1)' }, 'en')(rosa).html).not.toContain(
    'href="javascript',
  )
})

test('where nobody is named to sign, the staff sign together in the reader’s language', () => {
  const render = prepareMail(soup, { ...mapleFalls, signedBy: null }, 'en')
  expect(render(rosa).text).toContain('\nYour librarians\n')
  expect(render({ ...rosa, language: 'es' }).text).toContain('\nEl equipo de tu biblioteca\n')
})

test('where the address is shared nobody is named, in text or HTML', () => {
  const mail = prepareMail(soup, mapleFalls, 'en')({ ...rosa, addressShared: true, preferredName: 'Rosie' })
  expect(mail.text.startsWith('Hello,\n\n')).toBe(true)
  expect(mail.html).toContain('<p>Hello,</p>')
  expect(mail.text + mail.html).not.toMatch(/Rosa|Rosie/)
})

test.each([
  // preferred, given, greeted as
  ['', 'Rosa', 'Rosa'],
  ['Rosie', 'Rosa', 'Rosie'],
  ['  ', 'Rosa', 'Rosa'],
  ['-', 'Rosa', 'Rosa'],
  ['', 'ROSA', 'Rosa'],
  ['', 'MARÍA DE LOS ÁNGELES', 'María de los Ángeles'],
  ['', 'MARY-ANN', 'Mary-Ann'],
  ['', "D'ANGELO", "D'Angelo"],
  ['', "SHA'NIYA", "Sha'niya"],
  ['', 'TJ', 'TJ'],
  ['', 'AL', 'Al'],
  ['', 'YİĞİT', 'Yiğit'],
  ['', 'İPEK', 'İpek'],
  ['', 'bell', 'bell'],
  ['', 'McKenzie', 'McKenzie'],
  ['', 'J.R.', 'J.R.'],
  ['', 'Ma. Luisa', 'Ma. Luisa'],
  ['', 'ОЛЬГА', 'ОЛЬГА'],
  ['', 'Nguyễn Thị', 'Nguyễn Thị'],
  ['', '伟', '伟'],
  ['', 'فاطمة', 'فاطمة'],
  ['', 'Ro\u0007sa\r\nBcc: x', null],
  ['', 'Ro\nsa', 'Ro sa'],
  ['', '\u202eRosa', 'Rosa'],
  ['', 'R', null],
  ['', 'R.', null],
  ['', '', null],
  ['', '...', null],
  ['', '<script>', null],
  ['', 'http://evil.test', null],
  ['', 'evil.test', null],
  ['', 'www.evil', null],
  ['', 'Click t.co', null],
  ['', 'rosa@example.org', null],
  ['', '{{ library_phone }}', null],
  ['', '555-0142', null],
  ['', 'UNKNOWN', null],
  ['', 'You have won a big prize', null],
  ['', 'a'.repeat(41), null],
  // A name that somebody has put aside is not dug out because the chosen one cannot be shown.
  ['http://evil.test', 'Rosa', null],
  ['Q', 'Rosa', null],
] as const)('preferred "%s", given "%s": greeted as %s', (preferred, given, greeted) => {
  expect(nameToGreet(preferred, given)).toBe(greeted)
})

test('no name, however made, brings markup, a link, a second line or a template into a mail', () => {
  const render = prepareMail(soup, mapleFalls, 'en')
  const plain = render({ ...rosa, addressShared: true })
  const signs = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '&',
    '/',
    ':',
    '.',
    '@',
    '\n',
    '\r',
    '{{',
    '}}',
    'evil',
    'test',
    'A',
    ' ',
    '$&',
  )
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(signs).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(name, name, (givenName, preferredName) => {
      const mail = render({ ...rosa, givenName, preferredName })
      expect(mail.text.split('\n')).toHaveLength(plain.text.split('\n').length)
      const tags = (html: string) => html.replace(/[^<>"]/g, '')
      expect(tags(mail.html)).toBe(tags(plain.html))
      const greeting = mail.text.slice(0, mail.text.indexOf('\n'))
      expect(greeting).toMatch(/^Hello( [^\n<>@:/{}]+)?,$/)
      expect(greeting).not.toMatch(/\p{L}{2}\.\p{L}|[\u202a-\u202e]/u)
    }),
    { numRuns: 1000 },
  )
})

test('text and HTML are what LiquidJS would have made of the same wording and values', () => {
  const liquid = new Liquid({ ownPropertyOnly: true, strictVariables: true })
  const field = fc.constantFrom('greeting', 'signed_by', 'library_name', 'library_phone')
  const word = fc.constantFrom('soup & bread', '<b>', '"quoted"', 'tea', '- item', '\n', '\n\n', '$&')
  const body = fc
    .array(
      fc.oneof(
        word,
        field.map((name) => `{{ ${name} }}`),
      ),
      { minLength: 1 },
    )
    .map((parts) => parts.join(' '))
  const words = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '')
  fc.assert(
    fc.property(body, words, words, (written, signedBy, libraryName) => {
      const letter: Letter = { ...soup, wordings: { en: { subject: 'A {{ library_name }}', body: written } } }
      const mail = prepareMail(letter, { ...mapleFalls, name: libraryName, signedBy }, 'en')(rosa)
      const values = {
        greeting: 'Hello Rosa,',
        signed_by: signedBy.trim(),
        library_name: libraryName.trim(),
        library_phone: mapleFalls.phone,
      }
      const escaped = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, escapeHtml(value)]))
      expect(mail.text.startsWith(`${liquid.parseAndRenderSync(written, values)}\n\nOn May 3`)).toBe(true)
      expect(mail.html).toContain(`\n${liquid.parseAndRenderSync(bodyAsHtml(written), escaped)}\n</td>`)
      expect(mail.subject).toBe(`A ${values.library_name}`)
    }),
    { numRuns: 300 },
  )
})

test('paragraphs, broken lines and lists become HTML, and a writer’s signs stay signs', () => {
  expect(bodyAsHtml('Soup & bread\n\nThree things:\n- one <b>\n- two\n\nAna\nLibrary')).toBe(
    '<p>Soup &amp; bread</p>\n<p>Three things:</p>\n<ul>\n<li>one &lt;b&gt;</li>\n<li>two</li>\n</ul>\n<p>Ana<br>\nLibrary</p>',
  )
})

test('each letter’s HTML is small, whole, and fetches or counts nothing', () => {
  for (const letter of letters) {
    for (const language of ['en', 'es']) {
      const { html } = prepareMail(letter, mapleFalls, 'en')({ ...rosa, language })
      expect(Buffer.byteLength(html)).toBeLessThan(6 * 1024)
      expect(html).toContain(`<html lang="${language}" dir="ltr">`)
      expect(html).not.toMatch(/<img|<script|src=|url\(|@import|<link|undefined|\{\{/i)
      const { keep, ...always } = rosa.links
      const links = letter.key === 'still-welcome' ? [keep, ...Object.values(always)] : Object.values(always)
      for (const link of links) expect(html).toContain(`href="${escapeHtml(link)}"`)
      const opened = [...html.matchAll(/<(p|ul|li|a|table|tr|td|body|head|html|title|style)\b/g)].length
      expect([...html.matchAll(/<\/(p|ul|li|a|table|tr|td|body|head|html|title|style)>/g)]).toHaveLength(opened)
    }
  }
})

test('every text colour stands out from its ground by 4.5 to 1 or more, by day and by night', () => {
  const { html } = prepareMail(doors, mapleFalls, 'en')(rosa)
  const [day = '', night = ''] = html.split('@media')
  const colour = (css: string, rule: RegExp) => rule.exec(css)?.[1] ?? 'missing'
  for (const css of [day, night]) {
    const ground = colour(css, /\.sheet\{[^}]*background:(#\w+)/)
    const inks = [/\.sheet\{(?:[^}]*;)?color:(#\w+)/, /\.foot\{(?:[^}]*;)?color:(#\w+)/, /\na\{color:(#\w+)/].map(
      (rule) => colour(css, rule),
    )
    for (const ink of inks) expect(contrast(ground, ink)).toBeGreaterThanOrEqual(4.5)
  }
})

function contrast(one: string, other: string): number {
  const luminance = (hex: string) => {
    const full = hex.length === 4 ? hex.replace(/\w/g, '$&$&') : hex
    const [r = 0, g = 0, b = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

test.each([
  ['en', '2025-05-03', 'May 3, 2025'],
  ['es', '2025-05-03', '3 de mayo de 2025'],
  ['en', '2024-12-31T23:00:00Z', 'December 31, 2024'],
  ['es', '2026-01-01', '1 de enero de 2026'],
] as const)('in %s %s is written %s', (language, iso, words) => {
  expect(dateInWords(language, iso)).toBe(words)
})

test.each(['', '2025-13-01', '05/03/2025', '2025-05-3', '2025-05-031'])('"%s" is not taken for a date', (iso) => {
  expect(() => dateInWords('en', iso)).toThrow(/is not a date/)
})

test('a mail costs less than 40 millionths of a second', () => {
  const render = prepareMail(soup, mapleFalls, 'en')
  const readers = Array.from({ length: 2000 }, (_, at) => ({
    ...rosa,
    givenName: at % 2 ? 'ROSA' : 'Mei Lin',
    language: at % 3 ? 'en' : 'es',
  }))
  const rounds = Array.from({ length: 9 }, () => {
    const start = performance.now()
    // Encoded, because that is when joined strings are truly written out.
    for (const reader of readers) Buffer.from(render(reader).html)
    return ((performance.now() - start) * 1000) / readers.length
  })
  expect(rounds.sort((a, b) => a - b)[2]).toBeLessThan(40)
})

// The words of a mail that has no plain text, without what it quotes. No parser of HTML: what comes out is shown and sent as
// text, so that a tag that was read wrongly costs a line break and nothing more.

const entities: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', iquest: '¿', iexcl: '¡', hellip: '…' },
  ...{ rsquo: '’', lsquo: '‘', rdquo: '”', ldquo: '“', ndash: '–', mdash: '—', szlig: 'ß' },
}
/** "eacute" is an e and an accent. */
const accents = { acute: '\u0301', grave: '\u0300', circ: '\u0302', tilde: '\u0303', uml: '\u0308', cedil: '\u0327' }
// Bounded, as is the one below: of 60,000 tags that never end, each would be looked for to the end of the mail.
const BREAKS = /<(?:br|hr|\/?(?:p|div|tr|li|ul|ol|table|h[1-6]|section|article|header|footer))\b[^>]{0,500}>/gi

export function textOfHtml(html: string): string {
  const body = dropQuotes(
    html.replace(/<!--[\s\S]*?(?:-->|$)/g, '').replace(/<(style|script|head|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ''),
  )
  return body
    .replace(/[\r\n\t ]+/g, ' ')
    .replace(BREAKS, '\n')
    .replace(/<[^>]*(?:>|$)/g, '')
    .replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,8});/gi, (whole, name: string) => characterOf(name) ?? whole)
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function characterOf(name: string): string | undefined {
  const accented = /^([a-z])([a-z]+)$/i.exec(name)
  const accent = accents[accented?.[2] as keyof typeof accents]
  if (accent !== undefined) return (accented![1] + accent).normalize('NFC')
  if (!name.startsWith('#')) return entities[name.toLowerCase()]
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
  return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : ' '
}

/** Without <blockquote>s, which may stand in each other; one that never ends reaches to the end. */
function dropQuotes(html: string): string {
  let kept = ''
  let depth = 0
  let from = 0
  for (const match of html.matchAll(/<(\/?)blockquote\b(?:[^>]{0,500}>)?/gi)) {
    if (depth === 0) kept += html.slice(from, match.index)
    depth = Math.max(0, depth + (match[1] === '/' ? -1 : 1))
    from = match.index + match[0].length
    if (depth === 0) kept += '\n'
  }
  return depth === 0 ? kept + html.slice(from) : kept
}

// Which language a reader's page is in: what they chose on the page, else the language the message was in, else what
// their browser asks for, else the library's.
import type { FastifyRequest } from 'fastify'
import { knownLanguage, type Language } from '../words/languages.ts'

export function chooseLanguage(
  request: FastifyRequest,
  hints: { message?: string | null; library?: string },
): Language {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang
  return (
    (typeof asked === 'string' ? knownLanguage(asked) : null) ??
    knownLanguage(hints.message ?? '') ??
    fromBrowser(request.headers['accept-language']) ??
    knownLanguage(hints.library ?? '') ??
    'en'
  )
}

/** "fr, es;q=0.8, en;q=0.9" → en. */
function fromBrowser(header: string | undefined): Language | null {
  const wishes = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((wish) => {
      const [tag = '', ...more] = wish.split(';')
      const q = more.map((part) => /^\s*q=([\d.]+)/.exec(part)?.[1]).find((found) => found !== undefined)
      return { language: knownLanguage(tag), q: q === undefined ? 1 : Number(q) }
    })
    .filter((wish) => wish.language !== null && wish.q > 0)
    .sort((a, b) => b.q - a.q)
  return wishes[0]?.language ?? null
}

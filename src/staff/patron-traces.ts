// Keeps a register free of patrons: text that holds an e-mail address, a phone, the number of a card or of a patron, or
// the name of somebody we know, is refused with a sentence, before it lies somewhere for good.
import { sql } from 'kysely'
import { rowOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'

const MOST = 500

const looksLike: readonly [RegExp, string][] = [
  [/@/, 'an email address'],
  [/(?<!\d)(?:\+?1[\s.-]?)?(?:\(\d{3}\)|\d{3})[\s.-]?\d{3}[\s.-]?\d{4}(?!\d)/, 'a phone number'],
  [/\d(?:[\s-]?\d){7,}/, 'the number of a card'],
]

/** Days are digits, too, and belong into a register. */
const DAYS = /\b(?:\d{4}-\d\d-\d\d|\d{1,2}\/\d{1,2}\/\d{2,4})\b/g

/** `texts`: by what a person calls them. Throws Problem 'bad-input' that says what was found, and does not repeat it. */
export async function refusePatronTraces(scope: Scope<'circulation'>, texts: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    if (text.trim() === '') throw new Problem('bad-input', `Say ${name}; the register is worth nothing without it.`)
    if (text.length > MOST || /\p{Cc}/u.test(text))
      throw new Problem('bad-input', `Write ${name} in one line of at most ${MOST} characters.`)
    const what =
      looksLike.find(([pattern]) => pattern.test(text.replace(DAYS, ' ')))?.[1] ?? (await knownTrace(scope, text))
    if (what !== undefined)
      throw new Problem(
        'bad-input',
        `There seems to be ${what} in ${name}. This register never says about whom somebody asked: write it without. A case number can stand with its letters, like 26-CV-104.`,
      )
  }
}

async function knownTrace(scope: Scope<'circulation'>, text: string): Promise<string | undefined> {
  const words = [...new Set(text.split(/[\s,;:()"“”'#]+/).map((word) => word.replace(/[.!?]+$/, '')))].filter(
    (w) => w !== '',
  )
  const row = await rowOf(
    scope,
    sql<{ id: boolean; name: boolean }>`
    select exists (select from roster.patron where library_no = ${scope.library} and patron_id = any(${words}::text[])) as id,
           exists (select from roster.identity where library_no = ${scope.library} and given_name <> '' and family_name <> ''
                     and strpos(lower(${text}), lower(given_name || ' ' || family_name)) > 0) as name`,
  )
  return row?.id ? 'the number of a patron' : row?.name ? 'the name of a patron' : undefined
}

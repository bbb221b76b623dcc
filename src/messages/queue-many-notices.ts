// Some tens of notices are asked for at once, in as few statements as one of them takes: a library system hands over
// thousands in an hour, and other texts of the library wait meanwhile. Each is asked for as queueNotice asks for one.
import { type RawBuilder, sql } from 'kysely'
import { measureText } from '../channels/sms/parts.ts'
import { rowsOf, type Scope } from '../db/scope.ts'
import type { Answering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import type { Language } from '../words/languages.ts'
import { announceText } from './due-texts.ts'
import { languagesOfPatrons } from './language-of-patron.ts'
import type { Line } from './lines.ts'
import { firstText, type Notice } from './queue-text.ts'

/** Returns the text of each by its `once`; what had been asked for before is not among them. All have one `now`. */
export async function queueManyNotices(
  scope: Scope<'circulation'>,
  library: Library,
  { line, answering }: { line: Line; answering: Answering },
  notices: readonly (Notice & { once: string })[],
): Promise<ReadonlyMap<string, string>> {
  const now = notices[0]?.now
  if (now === undefined) return new Map()
  const hash = scope.seals.hashFor(library.key)
  const hashes = notices.map(({ phone }) => hash('phone', phone).toString('hex'))
  const patrons = notices.map(({ patronNo }) => patronNo ?? null)
  const common = { line, now, hashes, patrons, notices }
  const own = await languagesOfPatrons(scope, patrons)
  const languages = notices.map(({ patronNo, language }) => own.get(patronNo ?? '') ?? language)
  await insertTexts(scope, {
    ...common,
    kind: 'first',
    languages,
    bodies: languages.map((language) => firstText(library, answering, language)),
    once: hashes.map((hex) => `first ${line.lineNo} ${hex}`),
    askedBy: notices.map(() => 'rule: the first text says who writes'),
    where: sql`where not exists (select from mail.text t where t.library_no = ${scope.library} and t.phone_hash = decode(a.hash, 'hex')
      and t.direction = 'out' and t.kind <> 'code')`,
  })
  const queued = await insertTexts(scope, {
    ...common,
    kind: 'notice',
    languages: notices.map(({ language }) => language),
    bodies: notices.map(({ body }) => body),
    once: notices.map(({ once }) => once),
    askedBy: notices.map(({ askedBy }) => askedBy),
    where: sql``,
  })
  if (queued.size > 0) await announceText(scope, line.lineNo, now)
  return queued
}

async function insertTexts(
  scope: Scope<'circulation'>,
  texts: {
    line: Line
    kind: 'first' | 'notice'
    now: Date
    hashes: readonly string[]
    patrons: readonly (string | null)[]
    notices: readonly Notice[]
    languages: readonly Language[]
    bodies: readonly string[]
    once: readonly string[]
    askedBy: readonly string[]
    where: RawBuilder<unknown>
  },
): Promise<Map<string, string>> {
  const { line, kind, now, hashes, patrons, notices, languages, bodies, once, askedBy, where } = texts
  const rows = await rowsOf(
    scope,
    sql<{ once: string; textNo: string }>`
    insert into mail.text (library_no, line_no, direction, kind, patron_no, phone, phone_hash, body, language, parts, state, at, due_at, quiet, asked_by, once)
    select ${scope.library}, ${line.lineNo}, 'out', ${kind}, a.patron, a.phone, decode(a.hash, 'hex'), a.body, a.language, a.parts, 'waiting', ${now}, ${now}, true,
           a.asked_by, a.once
    from unnest(${patrons}::bigint[], ${notices.map(({ phone }) => phone)}::text[], ${hashes}::text[], ${bodies}::text[],
                ${languages}::text[], ${bodies.map((body) => measureText(body).parts)}::smallint[], ${askedBy}::text[],
                ${once}::text[]) with ordinality a (patron, phone, hash, body, language, parts, asked_by, once, o)
    ${where} order by a.o
    on conflict (library_no, once) where once is not null do nothing
    returning once, text_no as "textNo"`,
  )
  return new Map(rows.map((row) => [row.once, row.textNo]))
}

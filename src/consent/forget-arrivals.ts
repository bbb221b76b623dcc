// What stands in words that nobody has dealt with yet: mail at the mail door and requests of providers. They know no patron
// number, so whoever is erased is looked for in them by the telephone numbers and addresses that they name.
import { sql } from 'kysely'
import { readMail } from '../channels/email/read-mail.ts'
import { rowsOf, type Scope } from '../db/scope.ts'
import { normaliseEmail, normalisePhone } from '../lib/addresses.ts'
import type { KeyedHash } from '../lib/keyed-hash.ts'

export interface Named {
  hash: KeyedHash
  emailHash: Buffer | null
  phoneHash: Buffer | null
}

const AT_ONCE = 200
export const FORGOTTEN_HERE = 'the person it was about asked to be forgotten'

/** Mail that names them is done, and does not become a text any more; of a request only that it came stays. */
export async function forgetArrivals(scope: Scope<'circulation'>, named: Named, now: Date): Promise<void> {
  await inPages<{ no: string; raw: Buffer; from: string; to: string }>(
    (after) => sql`
    select arrival_no as no, raw, envelope_from as "from", envelope_to as "to" from mail.arrival
    where library_no = ${scope.library} and state <> 'done' and arrival_no > ${after}::bigint order by arrival_no limit ${AT_ONCE}`,
    scope,
    async (arrival) => {
      if (!(await namesIn(arrival, named))) return
      await sql`
        update mail.arrival set state = 'done', settled_at = ${now}, said = ${FORGOTTEN_HERE}, raw = null, envelope_from = null,
          envelope_to = null, authenticated_as = null, verified_address = null
        where library_no = ${scope.library} and arrival_no = ${arrival.no}::bigint and state <> 'done'`.execute(
        scope.tx,
      )
    },
  )
  await inPages<{ no: string; body: Buffer; brought: unknown }>(
    (after) => sql`
    select hook_no as no, body, brought from mail.hook
    where library_no = ${scope.library} and length(body) > 0 and hook_no > ${after}::bigint order by hook_no limit ${AT_ONCE}`,
    scope,
    async ({ no, body, brought }) => {
      const words = `${unescaped(body.toString('utf8'))} ${JSON.stringify(brought ?? '')}`
      if (!isNamed(words, named)) return
      await sql`
        update mail.hook set body = '', brought = null, settled_at = coalesce(settled_at, ${now}),
          settled_by = coalesce(settled_by, 'rule'), settled_why = coalesce(settled_why, ${FORGOTTEN_HERE})
        where library_no = ${scope.library} and hook_no = ${no}::bigint`.execute(scope.tx)
    },
  )
}

async function inPages<Row extends { no: string }>(
  page: (after: string) => ReturnType<typeof sql>,
  scope: Scope<'circulation'>,
  each: (row: Row) => Promise<void>,
): Promise<void> {
  for (let after = '0'; ; ) {
    const rows = await rowsOf(scope, page(after) as ReturnType<typeof sql<Row>>)
    for (const row of rows) await each(row)
    if (rows.length < AT_ONCE) return
    after = rows.at(-1)!.no
  }
}

async function namesIn({ raw, from, to }: { raw: Buffer; from: string; to: string }, named: Named): Promise<boolean> {
  const reading = await readMail(raw, { envelopeFrom: from })
  const { subject, text, from: writer } = reading.kind === 'read' ? reading.mail : { subject: '', text: '', from: null }
  const read = [from, to, writer?.address ?? '', subject, text].join('\n')
  // As it is, too: what cannot be read, and a mail inside the mail, whose lines are broken with "=" in the middle of a number.
  return isNamed(`${read}\n${raw.toString('latin1').replace(/=\r?\n/g, '')}`, named)
}

const NUMBER = /\+?\d[\d ().-]{5,18}\d/g
const BEFORE_AT = /[^\s<>"',;:()[\]@]{1,64}$/
const AFTER_AT = /^[^\s<>"',;:()[\]@]{0,254}[a-z\d]/i

/** From each @ to both sides, because a mail may be one word of a million letters. */
function* addressesIn(words: string): Generator<string> {
  for (let at = words.indexOf('@'); at !== -1; at = words.indexOf('@', at + 1)) {
    const local = BEFORE_AT.exec(words.slice(Math.max(0, at - 64), at))
    const domain = AFTER_AT.exec(words.slice(at + 1, at + 256))
    if (local !== null && domain !== null) yield `${local[0]}@${domain[0]}`
  }
}

function isNamed(words: string, { hash, emailHash, phoneHash }: Named): boolean {
  const is = (kind: 'email' | 'phone', value: string | null, wanted: Buffer | null) =>
    value !== null && wanted !== null && hash(kind, value).equals(wanted)
  return (
    [...words.matchAll(NUMBER)].some(([number]) => is('phone', normalisePhone(number), phoneHash)) ||
    addressesIn(words).some((address) => is('email', normaliseEmail(address), emailHash))
  )
}

/** A form's or an address's own way of writing "+1614…". */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

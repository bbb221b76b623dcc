// Asks Telnyx what came in and what became of what left, for hooks that never reached us. Its list of detail records has
// no words in it, so each text that came in is asked for by its id; it keeps them for ten days.
import type { Caller } from '../../lib/egress.ts'
import { Problem } from '../../lib/errors.ts'
import { instant, listAt, wordAt } from './hook-words.ts'
import { readText, telnyxReport } from './telnyx-hook.ts'
import type { TextIn, TextReport } from './text-provider.ts'

const PER_PAGE = 50
const MOST_PAGES = 2_000

export async function listTelnyx(
  telnyx: { apiKey: string; base: string },
  egress: Caller,
  since: Date,
): Promise<(TextIn | TextReport)[]> {
  const found: (TextIn | TextReport)[] = []
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = new URLSearchParams({
      'filter[record_type]': 'messaging',
      // Its filter counts in days.
      'filter[created_at][gte]': since.toISOString().slice(0, 10),
      sort: 'created_at',
      'page[number]': String(page),
      'page[size]': String(PER_PAGE),
    })
    const records = listAt(await ask(telnyx, egress, `/v2/detail_records?${query}`), 'data')
    for (const record of records) {
      const providerId = wordAt(record, 'uuid') || wordAt(record, 'id')
      if (wordAt(record, 'direction') !== 'inbound') found.push(readRecord(record, providerId))
      else if ((instant(wordAt(record, 'created_at')) ?? since) >= since)
        found.push(readText((await ask(telnyx, egress, `/v2/messages/${encodeURIComponent(providerId)}`))?.data))
    }
    if (records.length < PER_PAGE) break
  }
  return found
}

function readRecord(record: unknown, providerId: string): TextReport {
  const [first] = listAt(record, 'errors')
  return telnyxReport({
    providerId,
    reference: wordAt(record, 'tags').split(',')[0] || wordAt(record, 'tags', 0) || null,
    status: wordAt(record, 'status').toLowerCase(),
    code: typeof first === 'string' ? first : wordAt(first, 'code'),
    said: wordAt(first, 'title'),
    at: instant(wordAt(record, 'updated_at')),
  })
}

async function ask({ apiKey, base }: { apiKey: string; base: string }, egress: Caller, path: string) {
  const answer = await egress.call({
    method: 'GET',
    url: base + path,
    headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json' },
    mostBytes: 4 * 1024 * 1024,
  })
  if (answer.kind === 'answered' && answer.status === 200)
    return JSON.parse(answer.body.toString()) as { data?: unknown }
  const why = answer.kind === 'answered' ? String(answer.status) : answer.kind === 'failed' ? answer.why : 'held'
  throw new Problem('unavailable', `Telnyx did not tell what came in: ${why}. It will be asked again.`)
}

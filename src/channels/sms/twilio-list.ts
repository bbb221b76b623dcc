// Asks Twilio what came in and what became of what left, for hooks that never reached us. Twilio filters by when a
// message was sent, so a report that came late is found by asking far enough back. Which keyword Twilio answered by
// itself it does not say here.
import type { Caller } from '../../lib/egress.ts'
import { Problem } from '../../lib/errors.ts'
import { instant, listAt, wordAt } from './hook-words.ts'
import type { TextIn, TextReport } from './text-provider.ts'
import { report } from './twilio-hook.ts'

export interface TwilioAccount {
  account: string
  token: string
  /** https://api.twilio.com */
  base: string
}

export const twilioAuthorization = ({ account, token }: TwilioAccount): string =>
  `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`

/** A page is the answer to one call; the next one's address stands in it. */
const PER_PAGE = 100
const MOST_PAGES = 1_000

export async function listTwilio(twilio: TwilioAccount, egress: Caller, since: Date): Promise<(TextIn | TextReport)[]> {
  const from = encodeURIComponent(since.toISOString().replace(/\.\d+/, ''))
  const found: (TextIn | TextReport)[] = []
  let next = `/2010-04-01/Accounts/${twilio.account}/Messages.json?DateSent%3E=${from}&PageSize=${PER_PAGE}`
  for (let pages = 0; next !== '' && pages < MOST_PAGES; pages++) {
    const page = await ask(twilio, egress, next)
    for (const message of listAt(page, 'messages')) found.push(await readListed(twilio, egress, message))
    next = wordAt(page, 'next_page_uri')
  }
  return found
}

async function readListed(twilio: TwilioAccount, egress: Caller, message: unknown): Promise<TextIn | TextReport> {
  const word = (name: string) => wordAt(message, name)
  const providerId = word('sid')
  if (word('direction') === 'inbound') {
    const hasMedia = Number(word('num_media')) > 0
    const media = hasMedia ? await mediaOf(twilio, egress, wordAt(message, 'subresource_uris', 'media')) : []
    const [from, to, body] = [word('from'), word('to'), word('body')]
    return {
      kind: 'text',
      providerId,
      from,
      to,
      body,
      media,
      answeredItself: null,
      sentAt: instant(word('date_created')),
    }
  }
  const [status, code, said] = [word('status'), word('error_code'), word('error_message')]
  return report({ providerId, reference: null, status, code, said, at: instant(word('date_updated')) })
}

async function mediaOf(twilio: TwilioAccount, egress: Caller, uri: string): Promise<TextIn['media']> {
  const list = await ask(twilio, egress, uri)
  return listAt(list, 'media_list').map((one) => ({
    url: twilio.base + wordAt(one, 'uri').replace(/\.json$/, ''),
    type: wordAt(one, 'content_type'),
  }))
}

async function ask(twilio: TwilioAccount, egress: Caller, path: string): Promise<unknown> {
  if (!path.startsWith('/')) throw new Problem('unavailable', 'Twilio named a next page that is not its own.')
  const answer = await egress.call({
    method: 'GET',
    url: twilio.base + path,
    headers: { authorization: twilioAuthorization(twilio), accept: 'application/json' },
    mostBytes: 4 * 1024 * 1024,
  })
  if (answer.kind === 'answered' && answer.status === 200) return JSON.parse(answer.body.toString())
  const why = answer.kind === 'answered' ? String(answer.status) : answer.kind === 'failed' ? answer.why : 'held'
  throw new Problem('unavailable', `Twilio did not tell what came in: ${why}. It will be asked again.`)
}

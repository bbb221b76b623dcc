// Texts by way of Telnyx: the request that sends one and what its answers mean. The reference rides as a tag, which comes
// back, signed, with every report.
import type { Caller } from '../../lib/egress.ts'
import { faultIn, refusedBy } from './faults.ts'
import { handOverByHttp } from './hand-over-by-http.ts'
import { wordAt } from './hook-words.ts'
import { telnyxFaults } from './telnyx-codes.ts'
import { readTelnyxHook, readTelnyxKey } from './telnyx-hook.ts'
import { listTelnyx } from './telnyx-list.ts'
import type { TextProvider } from './text-provider.ts'

export interface TelnyxOptions {
  apiKey: string
  /** What its hooks are signed with, as its portal shows it. */
  publicKey: string
  egress: Caller
  /** Our door for its hooks, as the world sees it. */
  hookUrl: string
  base?: string
}

export function telnyxProvider(options: TelnyxOptions): TextProvider {
  const { apiKey, egress, base = 'https://api.telnyx.com' } = options
  const key = readTelnyxKey(options.publicKey)
  return {
    name: 'telnyx',
    width: 20,
    ...handOverByHttp(egress, {
      request: ({ reference, from, to, body }) => ({
        method: 'POST',
        url: `${base}/v2/messages`,
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          accept: 'application/json',
        },
        body: JSON.stringify({ from, to, text: body, type: 'SMS', tags: [reference], webhook_url: options.hookUrl }),
      }),
      read({ status, json }) {
        const id = wordAt(json, 'data', 'id')
        if (status === 200 && wordAt(json, 'data', 'record_type') === 'message' && id !== '')
          return { kind: 'accepted', providerId: id, said: wordAt(json, 'data', 'to', 0, 'status') || 'accepted' }
        const code = wordAt(json, 'errors', 0, 'code')
        if (code === '' || status < 400 || (status >= 500 && status !== 503)) return null
        return refusedBy(telnyxFaults, code, wordAt(json, 'errors', 0, 'detail') || wordAt(json, 'errors', 0, 'title'))
      },
    }),
    faultOf: (code) => faultIn(telnyxFaults, code),
    readHook: (request) => readTelnyxHook(key, request),
    hookAnswer: { type: 'text/plain', body: '' },
    fetchSince: (since) => listTelnyx({ apiKey, base }, egress, since),
  }
}

// Texts by way of a Kannel gateway, which speaks SMPP with carriers. Name, password and words go in headers and body of a
// POST, so that its access log has none of them. It gives no id for a text, so the reference is the id, and it rides in the
// address for reports.
import type { Caller } from '../../lib/egress.ts'
import { Problem } from '../../lib/errors.ts'
import { faultIn, refusedBy } from './faults.ts'
import { handOverByHttp } from './hand-over-by-http.ts'
import { codeOfRefusal, kannelFaults } from './kannel-codes.ts'
import { readKannelHook } from './kannel-hook.ts'
import { measureText } from './parts.ts'
import type { TextProvider } from './text-provider.ts'

export interface KannelOptions {
  /** Its smsbox: http://127.0.0.1:13013 */
  url: string
  /** Of its group `sendsms-user`. */
  name: string
  password: string
  /** What its hooks show us: letters, digits, `-` and `_`, 20 or more. */
  secret: string
  egress: Caller
  /** Our door for its hooks, as Kannel sees it. */
  hookUrl: string
}

/** All bits: to the phone or not, queued, to the carrier or not. */
const EVERY_REPORT = '31'

/** Throws Problem 'bad-input'. */
export function kannelProvider(options: KannelOptions): TextProvider {
  const { url, name, password, secret, egress, hookUrl } = options
  // In the address for reports Kannel fills in whatever stands behind a percent sign, so there must be none in it.
  if (!/^[\w-]{20,}$/.test(secret))
    throw new Problem('bad-input', 'The secret for Kannel is 20 or more letters, digits, “-” and “_”.')
  return {
    name: 'kannel',
    width: 20,
    ...handOverByHttp(egress, {
      request: ({ reference, from, to, body }) => ({
        method: 'POST',
        url: `${url}/cgi-bin/sendsms`,
        headers: {
          'content-type': 'text/plain; charset=UTF-8',
          'x-kannel-username': name,
          'x-kannel-password': password,
          'x-kannel-from': from,
          'x-kannel-to': to,
          'x-kannel-coding': measureText(body).encoding === 'GSM-7' ? '0' : '2',
          'x-kannel-dlr-mask': EVERY_REPORT,
          'x-kannel-dlr-url': `${hookUrl}?secret=${secret}&reference=${escaped(reference)}&state=%d&at=%T&said=%A`,
        },
        body,
      }),
      read({ status, text }, { reference }) {
        // "3: Queued for later delivery": the carrier's line is down, and Kannel keeps the text.
        if (status === 202 && /^[03]: /.test(text)) return { kind: 'accepted', providerId: reference, said: text }
        const code = codeOfRefusal(status, text)
        return code === 'denied' ? refusedBy(kannelFaults, code, text) : null
      },
    }),
    faultOf: (code) => faultIn(kannelFaults, code),
    readHook: (request) => readKannelHook(secret, request),
    // Whatever stood in the answer would go to the phone as a text.
    hookAnswer: { type: 'text/plain', body: '' },
    fetchSince: null,
  }
}

const escaped = (reference: string): string => encodeURIComponent(reference).replaceAll('%', '%%')

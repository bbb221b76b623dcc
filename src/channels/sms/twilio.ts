// Texts by way of Twilio: the request that sends one and what its answers mean. The reference rides in the address for
// reports, so that a report can settle a text whose hand-over was never answered.
import type { Caller } from '../../lib/egress.ts'
import { faultIn, refusedBy } from './faults.ts'
import { handOverByHttp } from './hand-over-by-http.ts'
import { wordAt } from './hook-words.ts'
import type { TextProvider } from './text-provider.ts'
import { twilioFaults } from './twilio-codes.ts'
import { readTwilioHook } from './twilio-hook.ts'
import { listTwilio, twilioAuthorization } from './twilio-list.ts'

export interface TwilioOptions {
  account: string
  token: string
  egress: Caller
  /** Our door for its hooks, as the world sees it. */
  hookUrl: string
  base?: string
}

export function twilioProvider(options: TwilioOptions): TextProvider {
  const twilio = { ...options, base: options.base ?? 'https://api.twilio.com' }
  return {
    name: 'twilio',
    width: 20,
    ...handOverByHttp(options.egress, {
      request: ({ reference, from, to, body }) => ({
        method: 'POST',
        url: `${twilio.base}/2010-04-01/Accounts/${twilio.account}/Messages.json`,
        headers: {
          authorization: twilioAuthorization(twilio),
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: new URLSearchParams({
          To: to,
          ...(from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from }),
          Body: body,
          StatusCallback: `${options.hookUrl}?reference=${encodeURIComponent(reference)}`,
          SmartEncoded: 'false', // the author saw the characters and their price, and chose
        }).toString(),
      }),
      read({ status, json }) {
        const sid = wordAt(json, 'sid')
        if (status === 201 && sid !== '')
          return { kind: 'accepted', providerId: sid, said: wordAt(json, 'status') || 'accepted' }
        const code = wordAt(json, 'code')
        const isTheirs = (status >= 400 && status < 500) || status === 503
        return code !== '' && isTheirs ? refusedBy(twilioFaults, code, wordAt(json, 'message')) : null
      },
    }),
    faultOf: (code) => faultIn(twilioFaults, code),
    pictureHeaders(url): Record<string, string> {
      return url.startsWith(`${twilio.base}/`) ? { authorization: twilioAuthorization(twilio) } : {}
    },
    readHook: (request) => readTwilioHook(options.token, request),
    hookAnswer: { type: 'text/xml', body: '<Response/>' },
    fetchSince: (since) => listTwilio(twilio, options.egress, since),
  }
}

// What Kannel calls us with: an address that we or its configuration gave it, with its words in the query. A secret in
// that address is the only proof there is, so it is long, compared in constant time, and has to come over a line that
// nobody else reads: the same machine, or https.
import { faultIn, isLasting } from './faults.ts'
import { instant, isSame, storable } from './hook-words.ts'
import { codeOfReport, kannelFaults } from './kannel-codes.ts'
import type { HookRead, HookRequest, TextReport } from './text-provider.ts'

export function readKannelHook(secret: string, request: HookRequest): HookRead {
  const words = bytesOfQuery(request.url)
  const word = (name: string) => storable(words.get(name)?.toString() ?? '')
  if (!words.has('secret')) return { kind: 'forged', why: 'no secret' }
  if (!isSame(words.get('secret')!, secret)) return { kind: 'forged', why: 'wrong secret' }
  const at = /^\d{9,10}$/.test(word('at')) ? new Date(Number(word('at')) * 1000) : instant('')
  if (words.has('state'))
    return readReport({ reference: word('reference'), state: word('state'), said: word('said'), at })
  const [providerId, from, to] = [word('id'), word('from'), word('to')]
  if (providerId === '' || from === '' || to === '') return { kind: 'unreadable', why: 'neither a text nor a report' }
  const body = storable(decoded(words.get('body') ?? Buffer.alloc(0), word('charset')))
  const text = { kind: 'text', providerId, from, to, body, media: [], answeredItself: null, sentAt: at } as const
  return { kind: 'read', brings: [text] }
}

/** The bits of `dlr-mask`, of which each report carries one. */
const states: Readonly<Record<string, TextReport['state']>> = {
  1: 'delivered',
  2: 'failed',
  4: 'accepted',
  8: 'accepted',
  16: 'failed', // the carrier did not take it
}

function readReport(report: { reference: string; state: string; said: string; at: Date | null }): HookRead {
  const { reference, said, at } = report
  const state = states[report.state]
  if (state === undefined || reference === '')
    return { kind: 'unreadable', why: `a report of the kind “${report.state}”` }
  const code = state === 'failed' ? codeOfReport(said) : ''
  const fault = state === 'failed' ? faultIn(kannelFaults, code) : null
  const permanent = fault !== null && isLasting(fault)
  return {
    kind: 'read',
    brings: [{ kind: 'report', providerId: reference, reference, state, fault, permanent, code, said, at }],
  }
}

/** As bytes: Kannel hands the words of a text on in whatever alphabet they came. */
function bytesOfQuery(url: string): Map<string, Buffer> {
  const query = url.slice(url.indexOf('?') + 1)
  const pairs = query.split('&').map((pair): [string, Buffer] => {
    const cut = pair.indexOf('=')
    return cut < 0 ? [pair, Buffer.alloc(0)] : [pair.slice(0, cut), bytesOf(pair.slice(cut + 1))]
  })
  return new Map(pairs)
}

const bytesOf = (text: string): Buffer =>
  Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replaceAll('+', ' ')
      .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )

/** What has no name that we know is read as bytes of Latin-1: nothing of it is lost. */
function decoded(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset || 'utf-8', { ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

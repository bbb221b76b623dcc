// One text handed over by one HTTP request, the same for every provider that is called so. Its care is the instant at
// which the request leaves: before it everything is refused or stale, after it only the provider's answer says what
// happened, and an answer that nobody understands leaves it unknown, because a text is never sent twice on a guess.
import type { Caller, EgressCall } from '../../lib/egress.ts'
import { sayError } from '../../lib/errors.ts'
import type { HandOver } from '../channel.ts'
import { NOT_A_NUMBER, refusedBy } from './faults.ts'
import type { OutgoingText, TextProvider } from './text-provider.ts'

export interface HttpAnswer {
  status: number
  /** The answer as text, and as JSON where it is that (otherwise null). */
  text: string
  json: unknown
}

export interface TextByHttp {
  request(text: OutgoingText): EgressCall
  /** Null where the answer means nothing to this provider's file. */
  read(answer: HttpAnswer, text: OutgoingText): HandOver | null
}

/** `handOver` and `close` of a provider; closing waits for what is under way. */
export function handOverByHttp(
  egress: Caller,
  { request, read }: TextByHttp,
): Pick<TextProvider, 'handOver' | 'close'> {
  const underWay = new Set<Promise<HandOver>>()
  let closing = false

  async function handOver(...[text, stillFresh, begin]: Parameters<TextProvider['handOver']>): Promise<HandOver> {
    if (closing) return refusedBy({}, 'closing', 'The line to the provider is being closed.')
    if (!/^\+?\d{3,15}$/.test(text.to)) return refusedBy({}, NOT_A_NUMBER, 'That is not a telephone number.')
    if (!stillFresh()) return { kind: 'stale' }
    const answer = await egress.call({
      ...request(text),
      beforeLeaving: async () => (begin ? await begin() : true) && stillFresh(),
    })
    if (answer.kind === 'held') return { kind: 'stale' }
    if (answer.kind === 'failed') {
      return answer.mayHaveLeft ? { kind: 'unknown', why: answer.why } : refusedBy({}, 'connection', answer.why)
    }
    const said = answer.body.toString()
    return read({ status: answer.status, text: said, json: parsed(said) }, text) ?? notUnderstood(answer.status, said)
  }

  return {
    handOver(...handing) {
      const one = handOver(...handing).catch((error): HandOver => ({ kind: 'unknown', why: sayError(error) }))
      underWay.add(one)
      return one.finally(() => underWay.delete(one))
    },
    async close() {
      closing = true
      await Promise.all(underWay)
    },
  }
}

/** Whatever stands between us and a provider answers 5xx for it when it got none, and then the text may be out. */
function notUnderstood(status: number, said: string): HandOver {
  const why = `${status} ${said}`.slice(0, 500)
  const refused = (status >= 300 && status < 500) || status === 503
  return refused ? refusedBy({}, `http-${status}`, why) : { kind: 'unknown', why }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

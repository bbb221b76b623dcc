// What a mail server's "no" means: whether trying again helps, and whose fault it is. The codes are data, because the
// costly mistakes are all here: suppressing somebody for our own misconfiguration, or writing to a dead address again.
import type { HandOver } from '../channel.ts'

/** `code` 0: the line went dead before a reply came; `said` tells why. */
export interface Reply {
  code: number
  /** The enhanced status code (RFC 3463), or ''. */
  enhanced: string
  said: string
  lines: string[]
}

export type Refused = Extract<HandOver, { kind: 'refused' }>

/** `sign-on` covers greeting, EHLO, STARTTLS and AUTH. */
export type Stage = 'sign-on' | 'sender' | 'address' | 'data' | 'content'

/**
 * dead: the address itself is no good and is not written to again. permanent: this mail will not be taken, the address
 * is not to blame. temporary: later may do. ours: the library's set-up is refused, so nobody's mail may fail for it.
 */
type Verdict = 'dead' | 'permanent' | 'temporary' | 'ours'

const codes: Record<string, Verdict> = {
  '5.1.1': 'dead', // no such mailbox
  '5.1.2': 'dead', // no such mail domain
  '5.1.3': 'dead', // not an address by its syntax
  '5.1.6': 'dead', // moved, and nothing is forwarded
  '5.1.10': 'dead', // the domain says that it takes no mail at all (RFC 7505)
  '5.2.1': 'dead', // mailbox closed
  '556': 'dead', // the same as 5.1.10 from a server without enhanced codes (RFC 7504)
  '5.2.2': 'temporary', // mailbox full: people do empty them
  '552': 'temporary', // the same, and too many addresses in older servers (RFC 5321 §4.5.3.1.10)
  '5.1.7': 'ours', // the sender's address
  '5.1.8': 'ours', // the sender's domain
  '5.7.8': 'ours', // sign-in wrong, missing or too weak
  '5.7.9': 'ours',
  '5.7.11': 'ours',
  '5.7.14': 'ours',
  '5.7.20': 'ours', // DKIM, SPF, reverse DNS or DMARC of the sender's domain (RFC 7372)
  '5.7.21': 'ours',
  '5.7.22': 'ours',
  '5.7.23': 'ours',
  '5.7.24': 'ours',
  '5.7.25': 'ours',
  '5.7.26': 'ours',
  '5.7.27': 'ours',
  '530': 'ours', // sign in first, encrypt first
  '534': 'ours',
  '535': 'ours',
  '538': 'ours',
}

// Postfix holds its verdict on the client and the sender back until it has heard RCPT, and then uses 5.7.1 for them as
// for a policy of the reader's own server; only the words tell them apart. Asked only where the code says nothing:
// 5.1.1 comes with "unknown in relay … table".
const oursInWords =
  /relay(?:ing)? (?:access )?(?:denied|prohibited|not)|(?:not|unable|denied)[a-z ]{0,20} relay|sender address rejected|client host rejected|authentication required|starttls/i

/** True when no further mail to this address makes sense. Also for the codes in bounce reports. */
export const isDeadAddress = (code: string): boolean => codes[code] === 'dead'

/** The refusal in a reply that is not a yes, at the stage where it was said. */
export function refusalIn(stage: Stage, reply: Reply): Refused {
  const { said } = reply
  if (reply.code === 0) return refusedWith('connection', said)
  const code = reply.enhanced || String(reply.code)
  const isLasting = reply.code >= 500
  if (stage === 'sign-on') return refusedWith(`sign-on-refused ${code}`, said)
  if (!isLasting) return refusedWith(code, said)
  const verdict =
    codes[reply.code] === 'ours' ? 'ours' : (codes[code] ?? (oursInWords.test(said) ? 'ours' : 'permanent'))
  // A server that will not have the sender says nothing about the person written to, whatever code it uses.
  if (stage === 'sender' || verdict === 'ours') return refusedWith(`sender-refused ${code}`, said)
  return { kind: 'refused', permanent: verdict !== 'temporary', code, said }
}

/** A temporary refusal. */
export const refusedWith = (code: string, said: string): Refused => ({ kind: 'refused', permanent: false, code, said })

// Servers say up to 512 bytes a line (RFC 5321 §4.5.3.1.5); well-known ones say more.
const longestLine = 2048
const mostLines = 100

/** Takes bytes as they arrive, in any pieces, and returns the whole replies in them; null once it is not SMTP. */
export function replyReader(): (chunk: Buffer) => Reply[] | null {
  let rest = ''
  let lines: string[] = []
  let code = ''
  return (chunk) => {
    const replies: Reply[] = []
    rest += chunk.toString('latin1')
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, rest[end - 1] === '\r' ? end - 1 : end)
      rest = rest.slice(end + 1)
      const parts = /^([2-5]\d\d)([ -]?)(.*)$/s.exec(line)
      if (!parts || end > longestLine || lines.length >= mostLines || (code !== '' && parts[1] !== code)) return null
      if (parts[2] === '' && parts[3] !== '') return null
      code = parts[1]!
      lines.push(parts[3]!)
      if (parts[2] === '-') continue
      replies.push(replyFrom(code, lines))
      lines = []
      code = ''
    }
    return rest.length > longestLine ? null : replies
  }
}

function replyFrom(code: string, lines: string[]): Reply {
  const enhanced = /^([245])\.\d{1,3}\.\d{1,3}(?= |$)/.exec(lines[0]!)?.[0] ?? ''
  const own = enhanced !== '' && enhanced[0] === code[0] ? enhanced : ''
  // The enhanced code stands on every line of a long reply; once is enough to read.
  const words = lines.map((line, i) => (i > 0 && own !== '' && line.startsWith(own) ? line.slice(own.length) : line))
  const said = Buffer.from(`${code} ${words.map((line) => line.trim()).join(' ')}`.slice(0, 500), 'latin1')
  return {
    code: Number(code),
    enhanced: own,
    said: said
      .toString('utf8')
      .replace(/\p{Cc}+/gu, ' ')
      .trim(),
    lines,
  }
}

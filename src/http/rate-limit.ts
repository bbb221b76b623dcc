// How often one address, or the holder of one token, may knock at the public doors. Roomy by address: a mail provider
// presses unsubscribe for thousands of people from a few machines, and behind a proxy everybody is one address. Narrow
// by token, because each act of one person leaves an entry in the ledger for good.
import { isIPv6 } from 'node:net'
import { monotonicMs } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'

export interface Bucket {
  holds: number
  refillsPerSecond: number
}

export interface Limits {
  address: Bucket
  token: Bucket
  /** Forms of people who say yes: from one address, into one library, and those with a card number into one library. */
  form: Bucket
  library: Bucket
  card: Bucket
  /** Mails to all the tags of one mailbox together. */
  mailbox: Bucket
  /** Of a library's own program: a desk is quick, and a loop gone wild is quicker. */
  key: Bucket
}

export const usualLimits: Limits = {
  address: { holds: 500, refillsPerSecond: 100 },
  token: { holds: 30, refillsPerSecond: 0.5 },
  form: { holds: 60, refillsPerSecond: 0.5 },
  library: { holds: 1_200, refillsPerSecond: 50 },
  card: { holds: 100, refillsPerSecond: 0.5 },
  mailbox: { holds: 3, refillsPerSecond: 3 / 86_400 },
  key: { holds: 300, refillsPerSecond: 20 },
}

/** Beyond this many, those not seen for longest are forgotten. */
const MOST = 20_000

/** Throws Problem 'too-many' when the bucket of `key` is empty. */
export function openLimiter({ holds, refillsPerSecond }: Bucket, now = monotonicMs): (key: string) => void {
  const levels = new Map<string, { level: number; at: number }>()
  return (key) => {
    const at = now()
    const before = levels.get(key)
    const level = before ? Math.min(holds, before.level + ((at - before.at) / 1000) * refillsPerSecond) : holds
    levels.delete(key) // set again below: a map keeps the order of insertion, so the oldest come first
    levels.set(key, { level: Math.max(0, level - 1), at })
    if (levels.size > MOST) levels.delete(levels.keys().next().value!)
    if (level < 1) throw new Problem('too-many', 'That was a lot at once. Wait a minute, then try again.')
  }
}

/** One household's line has a whole /64 of IPv6 addresses. */
export const addressKey = (ip: string): string =>
  isIPv6(ip) && !ip.startsWith('::ffff:') ? writtenOut(ip).slice(0, 4).join(':') : ip

/** "2001:db8::1" → its eight groups. */
function writtenOut(ip: string): string[] {
  const [before = [], after] = ip.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const groups = [...before, ...Array<string>(8 - before.length - (after?.length ?? 0)).fill('0'), ...(after ?? [])]
  return groups.map((group) => Number.parseInt(group, 16).toString(16))
}

/**
 * rosa+1@… and rosa+2@… are one mailbox, and the database counts how often each was written to. Without a tag that count
 * is enough.
 */
export function knockMailbox(
  { byMailbox }: { byMailbox: (key: string) => void },
  library: Library,
  email: string,
): void {
  const mailbox = email
    .trim()
    .toLowerCase()
    .replace(/\+[^@]*@/, '@')
  if (mailbox !== email.trim().toLowerCase()) byMailbox(`${library.key} ${mailbox}`)
}

// Whether the address in From is whose it says: a From line can be written by anybody, so only a DKIM signature counts that
// covers the whole mail and was made by that address's own domain (or one above it, as DMARC aligns them). SPF does not
// count: it says which servers may send, and these send for many houses.
import { Resolver } from 'node:dns/promises'
import { sayError } from '../../lib/errors.ts'

/** Looks up records; throws what node:dns throws. */
export type LookUp = (name: string, type: string) => Promise<string[] | string[][]>

export type SenderCheck =
  | { kind: 'verified'; address: string; domain: string }
  | { kind: 'not-verified'; address: string | null; why: string }
  /** The name server did not answer: asked again later it may be verified. */
  | { kind: 'cannot-tell'; why: string }

const MOST_SIGNATURES = 10

export async function verifySender(raw: Buffer, { lookUp, now }: { lookUp: LookUp; now: Date }): Promise<SenderCheck> {
  // Loaded when it is first needed: most commands never are.
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js')
  const signatures = raw.toString('latin1', 0, Math.max(0, raw.indexOf('\r\n\r\n'))).match(/^dkim-signature:/gim)
  if ((signatures?.length ?? 0) > MOST_SIGNATURES) return notVerified(null, 'It is signed too many times.')
  const seen = await dkimVerify(raw, { resolver: lookUp, curTime: now, rejectRsaSha1: true })
  const address = seen.fromFields === 1 && seen.headerFrom.length === 1 ? seen.headerFrom[0]!.toLowerCase() : null
  if (address === null) return notVerified(null, 'It is not from exactly one address.')
  const domain = address.slice(address.lastIndexOf('@') + 1)
  for (const { status } of seen.results)
    if (status.result === 'pass' && status.aligned && !status.underSized && !status.testing)
      return { kind: 'verified', address, domain }
  const unsure = seen.results.find(({ status }) => status.result === 'temperror')
  if (unsure) return { kind: 'cannot-tell', why: `The key of ${unsure.signingDomain} could not be looked up.` }
  const bad = seen.results.map(({ signingDomain, status }) => `${signingDomain}: ${status.comment || status.result}`)
  return notVerified(
    address,
    bad.length === 0 || seen.results.every(({ status }) => status.result === 'none')
      ? `It carries no signature (DKIM) of ${domain}.`
      : `No signature (DKIM) of ${domain} holds: ${bad.join('; ')}.`,
  )
}

const notVerified = (address: string | null, why: string): SenderCheck => ({ kind: 'not-verified', address, why })

/** The name servers of this machine, asked for no longer than a sending server waits. */
export function systemLookUp(timeoutMs = 4_000): LookUp {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 })
  return async (name, type) => {
    try {
      return (await resolver.resolve(name, type)) as string[] | string[][]
    } catch (error) {
      throw Object.assign(new Error(sayError(error)), { code: (error as NodeJS.ErrnoException).code })
    }
  }
}

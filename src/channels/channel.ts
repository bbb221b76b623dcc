// The shapes of going out, the same for every channel and provider. A provider file holds its request, its reply and
// its table of codes; it never sees the database, and nothing here knows what a campaign is.

/** What became of one hand-over. `unknown`: the line went dead after the last byte; never tried again for outreach. */
export type HandOver =
  | { kind: 'accepted'; providerId: string; said: string }
  | { kind: 'refused'; permanent: boolean; code: string; said: string }
  | { kind: 'unknown'; why: string }
  | { kind: 'stale' } // `stillFresh` said no just before the hand-over: nothing left, take it again

/** One composed e-mail. `raw` has CRLF line ends and no dot-stuffing; `to` and `envelopeFrom` are bare addresses. */
export interface OutgoingMail {
  messageId: string
  envelopeFrom: string
  to: string
  raw: Buffer
}

export interface EmailProvider {
  readonly name: string
  /** How many hand-overs may be under way at once (sockets). */
  readonly width: number
  /**
   * Never throws. At the last moment before the mail itself leaves, `begin` is told, where there is one (promise 3: it
   * notes that from here on the mail may be out), and then `stillFresh` is asked (promise 2). Either may say no.
   */
  handOver(mail: OutgoingMail, stillFresh: () => boolean, begin?: () => Promise<boolean>): Promise<HandOver>
  close(): Promise<void>
}

// The shapes of texts: one going out, and what a provider's hook brings in. A provider file holds its request, its reply,
// its table of codes and its signature check, and nothing about libraries, patrons or the database.
import type { HandOver } from '../channel.ts'

/** `from` and `to` are E.164 or a short code; `reference` is ours, and comes back with the provider's reports where it can. */
export interface OutgoingText {
  reference: string
  from: string
  to: string
  body: string
}

/** What a provider's word about a text that left means for the number it went to. */
export type TextFault =
  | 'wrong number' // not in use, or no number at all: permanent
  | 'landline' // permanent
  | 'opted out' // the provider blocks it after a STOP of its own: permanent
  | 'unreachable' // switched off, out of reach: temporary
  | 'blocked' // by the carrier: permanent for this text, says nothing about the number
  | 'filtered' // taken for spam: permanent for this text, says nothing about the number
  | 'unregistered' // our sender is not registered: nothing leaves until it is
  | 'unknown' // a code we do not know counts as temporary

export interface TextIn {
  kind: 'text'
  providerId: string
  from: string
  to: string
  /** May be empty: a picture alone. */
  body: string
  media: readonly { url: string; type: string }[]
  /** What the provider did by itself about a keyword, where it does that. */
  answeredItself: 'stop' | 'help' | 'start' | null
  /** As the provider says; null when it does not. */
  sentAt: Date | null
}

export interface TextReport {
  kind: 'report'
  providerId: string
  /** Ours, where the provider gives it back. */
  reference: string | null
  state: 'accepted' | 'delivered' | 'failed'
  fault: TextFault | null
  permanent: boolean
  code: string
  said: string
  at: Date | null
}

/** One request of a provider, as it came: the raw bytes are what is signed. `url` is the public one from the settings. */
export interface HookRequest {
  method: string
  url: string
  headers: Readonly<Record<string, string | undefined>>
  body: Buffer
  now: Date
}

export type HookRead =
  | { kind: 'forged'; why: string } // no or a wrong signature, or too old: answered 403, nothing stored
  | { kind: 'unreadable'; why: string } // truly the provider's, but not understood: kept and shown
  | { kind: 'read'; brings: readonly (TextIn | TextReport)[] }

export interface TextProvider {
  readonly name: string
  /** How many hand-overs may be under way at once. */
  readonly width: number
  /** Never throws. `begin` and `stillFresh` as for an e-mail provider: asked at the last moment, either may say no. */
  handOver(text: OutgoingText, stillFresh: () => boolean, begin?: () => Promise<boolean>): Promise<HandOver>
  /** What the code of a refused hand-over means for the number. A report says it by itself. */
  faultOf?(code: string): TextFault
  /** What a picture of a text has to be asked for with; nothing to anybody else's address. */
  pictureHeaders?(url: string): Readonly<Record<string, string>>
  /** A picture that the provider has at hand, so that it is asked for over no network; null when it has none there. */
  pictureHere?(url: string): Buffer | null
  readHook(request: HookRequest): HookRead
  /** What the provider wants to hear once everything is stored. */
  readonly hookAnswer: { type: string; body: string }
  /** What came in and what became of what left since then, asked of the provider; null where it cannot be asked. */
  readonly fetchSince: ((since: Date) => Promise<readonly (TextIn | TextReport)[]>) | null
  close(): Promise<void>
}

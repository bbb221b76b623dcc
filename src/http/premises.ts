// What the pages work with, and how far the program has come in opening it: the server listens before the database
// is there, so that a first start shows a page and not a refused connection.
import type { Journal } from '../db/journal.ts'
import type { Keys } from '../db/keys.ts'
import type { Logins } from '../db/scope.ts'
import type { Clock } from '../lib/clock.ts'
import type { FormSeal } from '../lib/form-seal.ts'
import type { LinkSigner } from '../lib/signed-links.ts'
import type { TextCarriers } from '../worker/text-carriers.ts'

export interface Premises {
  logins: Logins
  keys: Keys
  journal: Journal
  links: LinkSigner
  forms: FormSeal
  clock: Clock
  /** The folder of mails that stayed here. */
  mailroom: string
  textCarriers: TextCarriers
  /** The domain whose mail comes to our own door; null = staff cannot answer texts by mail here. */
  replyDomain: string | null
}

export type Readiness =
  | { kind: 'opening'; doing: string }
  /** `doing`: what is still being prepared, as a sentence; null when all is there. */
  | { kind: 'open'; premises: Premises; doing: string | null }

export interface Site {
  readiness: () => Readiness
  mode: 'production' | 'development'
  /** Where readers reach this installation, without a slash at the end. */
  publicUrl: string
  host: string
}

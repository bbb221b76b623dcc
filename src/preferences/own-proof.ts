// What a right code, and a right card number after it, have opened: a seal that stands in the page's own forms for a quarter
// of an hour, so that nothing is remembered on either side. A mailbox may be read by a partner or an employer, so a code
// alone opens only what went to that mailbox; the rest of a cardholder opens with the number on the card.
import { timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { inLibrary, rowOf } from '../db/scope.ts'
import { cardKey } from '../lib/card-key.ts'
import type { MessageLink } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import { aboutLink, type CodeDoor, codeOfLink } from './fresh-code.ts'
import { personOf } from './link-person.ts'

const PROOF_MINUTES = 15

/** 'mailbox': choices, and what was sent there. 'all': whatever is kept, to see, to take along, to have erased. */
export type Opens = 'mailbox' | 'all'

export interface OwnProof {
  opens: Opens
  /** The seal, for a hidden field. */
  seal: string
}

/** For this very link's person and address. */
function sealed({ forms }: CodeDoor, library: Library, link: MessageLink, opens: Opens, now: Date): OwnProof {
  const until = new Date(now.getTime() + PROOF_MINUTES * 60_000)
  return { opens, seal: forms.seal('own page', [aboutLink(library, link), opens], until) }
}

/** After a right code. Somebody without a card has no more to show than the mailbox. Null when they have left it since. */
export async function proofOfCode(
  door: CodeDoor,
  library: Library,
  link: MessageLink,
  now: Date,
): Promise<OwnProof | null> {
  const person = await inLibrary(door.logins, 'circulation', library.libraryNo, (scope) => personOf(scope, link))
  return person && sealed(door, library, link, person.hasCard ? 'mailbox' : 'all', now)
}

/** As it came back in a form; null when it is not ours, its time is over, or its person has left the address. */
export async function readProof(
  { logins, forms }: CodeDoor,
  library: Library,
  link: MessageLink,
  seal: string,
  now: Date,
): Promise<OwnProof | null> {
  const [about, opens] = forms.open('own page', seal, now) ?? []
  if (about !== aboutLink(library, link) || (opens !== 'mailbox' && opens !== 'all')) return null
  const person = await inLibrary(logins, 'circulation', library.libraryNo, (scope) => personOf(scope, link))
  return person && { opens, seal }
}

export type CardChecked = { kind: 'right'; proof: OwnProof } | { kind: 'wrong' } | { kind: 'over' }

/** Five tries a code, counted before the number is looked at; the answer is the same where no number is known. */
export async function checkCard(
  door: CodeDoor,
  library: Library,
  link: MessageLink,
  typed: { card: string; now: Date },
): Promise<CardChecked> {
  const hash = door.logins.seals.hashFor(library.key)
  const key = cardKey((kind, value) => hash(kind, value).toString('hex'), typed.card.trim())
  return inLibrary(door.logins, 'circulation', library.libraryNo, async (scope) => {
    const kept = await rowOf(
      scope,
      sql<{ left: number }>`
      update outreach.fresh_code set card_tries_left = card_tries_left - 1
      where ${codeOfLink(scope, link)} and card_tries_left > 0 returning card_tries_left as left`,
    )
    const person = await personOf(scope, link)
    if (kept === null || person === null) return { kind: 'over' }
    if (person.cardKey !== null && isSame(key, person.cardKey))
      return { kind: 'right', proof: sealed(door, library, link, 'all', typed.now) }
    return { kind: kept.left === 0 ? 'over' : 'wrong' }
  })
}

/** Both are numbers of 52 bits. */
const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(one.padStart(20)), Buffer.from(other.padStart(20)))

// Whose mail it is when its address leaves that open, and whether its sender may write to it at all. What a program signed in
// as counts first, then the host it comes from, then a From address that its domain has signed; a From that nobody signed
// counts only among the libraries of a host that is known anyway.
import type { LibraryNo } from '../../db/scope.ts'
import type { KnownBy } from './mail-sources.ts'

export type Whose = { kind: 'library'; libraryNo: LibraryNo } | { kind: 'nobody'; said: string } | { kind: 'open' }

const NOT_KNOWN =
  'This sender is not known here. Sign in, send from a host that is known, or sign the mail (DKIM) as an address that is.'
const OTHERS = 'This sender is known here, and not for this address.'
const UNCLEAR =
  'Several libraries send from there, and it is not clear which this is: its From address must be on the list of exactly one.'

/** Before the mail itself: 'open' when only its content can tell. */
export function whoseByCaller(fixed: LibraryNo | null, { login, host, signing }: KnownBy): Whose {
  const trusted = login.length > 0 ? login : host
  const libraries = within(fixed, trusted)
  if (libraries.length === 1) return { kind: 'library', libraryNo: libraries[0]! }
  if (libraries.length > 1) return { kind: 'open' }
  // Who has signed in has said who they are; who comes from a host may still prove to be somebody else.
  if (login.length > 0) return { kind: 'nobody', said: OTHERS }
  if (within(fixed, signing).length > 0) return { kind: 'open' }
  return { kind: 'nobody', said: trusted.length > 0 ? OTHERS : NOT_KNOWN }
}

/** With it. `named`: on whose list From stands; `proven`: the same, when its domain has signed the mail. */
export function whoseByContent(
  fixed: LibraryNo | null,
  known: KnownBy,
  { named, proven }: { named: readonly LibraryNo[]; proven: readonly LibraryNo[] },
): Whose {
  const before = whoseByCaller(fixed, known)
  if (before.kind !== 'open') return before
  const trusted = within(fixed, known.login.length > 0 ? known.login : known.host)
  const libraries = trusted.length > 1 ? trusted.filter((one) => named.includes(one)) : within(fixed, proven)
  if (libraries.length === 1) return { kind: 'library', libraryNo: libraries[0]! }
  return { kind: 'nobody', said: trusted.length > 1 || libraries.length > 1 ? UNCLEAR : NOT_KNOWN }
}

const within = (fixed: LibraryNo | null, libraries: readonly LibraryNo[]): LibraryNo[] =>
  libraries.filter((one) => fixed === null || one === fixed)

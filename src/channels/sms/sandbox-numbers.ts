// Which numbers fail in which way in the sandbox, by their last seven digits, in tests and in the demo alike. All are in
// the range that is nobody's (555-0100 to 555-0199).
import type { FaultTable } from './faults.ts'

export const sandboxFaults: FaultTable = {
  landline: 'landline',
  'not-in-use': 'wrong number',
  'out-of-reach': 'unreachable',
  'stopped-here': 'opted out',
}

export interface SandboxWay {
  /** Refused at once, with this code. */
  refused?: string
  /** Taken, and then reported as failed with this code. */
  failed?: string
  slow?: true
  /** The line goes dead after the request; the text arrives all the same. */
  dies?: true
  /** What this phone writes comes twice, under another id; reports come twice, too. */
  twice?: true
  /** Delivered before it was accepted. */
  outOfOrder?: true
  /** No hook of it reaches us; only asking helps. */
  lost?: true
  /** The provider answers its STOP, HELP and START, and blocks what is sent after the STOP. */
  answersItself?: true
}

const ways: Readonly<Record<string, SandboxWay & { says: string }>> = {
  '5550150': { failed: 'landline', says: 'a landline' },
  '5550151': { refused: 'not-in-use', says: 'a number that is not in use' },
  '5550152': { refused: 'out-of-reach', says: 'switched off' },
  '5550153': { slow: true, says: 'slow' },
  '5550154': { twice: true, says: 'everything twice' },
  '5550155': { outOfOrder: true, says: 'reports out of order' },
  '5550156': { refused: 'code-of-next-year', says: 'a code that nobody knows' },
  '5550157': { dies: true, says: 'the line dies' },
  '5550158': { lost: true, says: 'its hooks are lost' },
  '5550159': { answersItself: true, says: 'the provider answers STOP by itself' },
}

export const wayOf = (number: string): SandboxWay => ways[number.replace(/\D/g, '').slice(-7)] ?? {}

/** For the page with the phone: `555-0150` and what it does. */
export const sandboxNumbers: readonly { number: string; says: string }[] = Object.entries(ways).map(
  ([digits, { says }]) => ({ number: `${digits.slice(0, 3)}-${digits.slice(3)}`, says }),
)

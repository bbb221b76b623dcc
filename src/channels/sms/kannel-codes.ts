// What Kannel and the carriers behind it say, and what it means for the number: sentences of its own refusals, SMPP's
// command states (3.4 §5.1.3) and message states (Appendix B). What a carrier's `err:` means is known to that carrier.
import type { FaultTable } from './faults.ts'

export const kannelFaults: FaultTable = {
  denied: 'blocked', // by a white list or black list of its own
  '0x0000000b': 'wrong number', // invalid destination address
  '0x00000048': 'wrong number', // its type of number is invalid
  '0x00000014': 'unreachable', // the carrier's queue is full
  UNDELIV: 'unreachable',
  EXPIRED: 'unreachable',
  REJECTD: 'blocked',
}

/** The code in a refusal of `sendsms`, which comes as a sentence. */
export function codeOfRefusal(status: number, sentence: string): string {
  if (/denied by white- and\/or black-lists/i.test(sentence)) return 'denied'
  return `http-${status}`
}

/** The code in what a carrier said (`%A`): `NACK/0x0000000b/…` or `… stat:UNDELIV err:001 …`. */
export const codeOfReport = (said: string): string =>
  /0x[0-9a-f]{8}/i.exec(said)?.[0].toLowerCase() ?? /\bstat:(\w+)/.exec(said)?.[1]?.toUpperCase() ?? ''

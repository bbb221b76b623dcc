// Telnyx's codes, of refusals and of reports alike, and what each means for the number.
import type { FaultTable } from './faults.ts'

export const telnyxFaults: FaultTable = {
  10002: 'wrong number',
  40012: 'wrong number',
  40310: 'wrong number', // what was given as the number is none
  40001: 'landline', // or a mobile number that nothing can be routed to
  40300: 'opted out', // it blocks whoever wrote STOP, by itself
  40005: 'unreachable', // expired on its way
  40006: 'unreachable', // the other carrier does not answer
  40008: 'unreachable', // not taken, without a reason
  40014: 'unreachable', // expired in a queue
  40009: 'blocked', // these words are not taken
  40003: 'filtered',
  40015: 'filtered',
  40010: 'unregistered', // 10DLC number without a campaign
}

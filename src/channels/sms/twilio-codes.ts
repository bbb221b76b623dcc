// Twilio's codes, of refusals and of reports alike, and what each means for the number.
import type { FaultTable } from './faults.ts'

export const twilioFaults: FaultTable = {
  21211: 'wrong number', // not a telephone number
  21214: 'wrong number', // cannot be reached at all
  21217: 'wrong number', // does not look like one
  21614: 'wrong number', // not a mobile number
  30005: 'wrong number', // unknown, or no longer in use
  30006: 'landline', // or a carrier that takes no texts
  21610: 'opted out',
  30001: 'unreachable', // their queue overflowed
  30003: 'unreachable', // switched off or out of reach
  30008: 'unreachable', // no reason given
  30004: 'blocked',
  21617: 'blocked', // longer than they take: it will be so next time
  30007: 'filtered',
  30032: 'unregistered', // toll-free number not verified
  30034: 'unregistered', // 10DLC number without a campaign
}

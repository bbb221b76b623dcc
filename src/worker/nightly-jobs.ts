// What is done each night: the sweep of what is over by the retention schedule, and the head of the ledger sent away.
import { sweepLibrary } from '../consent/sweep.ts'
import type { Logins } from '../db/scope.ts'
import { type Egress, openEgress } from '../lib/egress.ts'
import type { NightlyJob } from './nightly.ts'
import { sendHeads } from './send-heads.ts'

/** `mailroom`: the folder of this machine's. */
export const sweepJob = (logins: Logins, mailroom: string): NightlyJob => ({
  name: 'sweep',
  async run(library, night) {
    const done = await sweepLibrary(logins, library, { ...night, mailroom })
    const removed = done.filter((one) => one.removed > 0).map((one) => `${one.kind} ${one.removed}`)
    const held = done.filter((one) => one.held).map((one) => one.kind)
    return [
      removed.length === 0 ? 'nothing was over' : `removed: ${removed.join(', ')}`,
      ...(held.length === 0 ? [] : [`held: ${held.join(', ')}`]),
    ].join('; ')
  },
})

export const headJob = (logins: Logins, egress: Egress = openEgress()): NightlyJob => ({
  name: 'ledger head',
  async run(library, { now }) {
    const { sent, failed } = await sendHeads({ logins, egress }, library, { now })
    if (failed.length > 0)
      throw new Error(failed.map(({ destinationNo, said }) => `place ${destinationNo}: ${said}`).join('; '))
    return sent === 0 ? 'no place was chosen' : `sent to ${sent}`
  },
})

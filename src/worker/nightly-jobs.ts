// What is done each night: the sweep of what is over by the retention schedule.
import { sweepLibrary } from '../consent/sweep.ts'
import type { Logins } from '../db/scope.ts'
import type { NightlyJob } from './nightly.ts'

export const sweepJob = (logins: Logins): NightlyJob => ({
  name: 'sweep',
  async run(library, night) {
    const done = await sweepLibrary(logins, library, night)
    const removed = done.filter((one) => one.removed > 0).map((one) => `${one.kind} ${one.removed}`)
    const held = done.filter((one) => one.held).map((one) => one.kind)
    return [
      removed.length === 0 ? 'nothing was over' : `removed: ${removed.join(', ')}`,
      ...(held.length === 0 ? [] : [`held: ${held.join(', ')}`]),
    ].join('; ')
  },
})

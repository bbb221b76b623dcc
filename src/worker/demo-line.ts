// The demo's numbers for texts: lines of the sandbox, whose phones are in this process, so that no text leaves the machine;
// and this machine as a sender to it, so that a notice can be mailed in as a library system would.
import { randomBytes } from 'node:crypto'
import type { Logins } from '../db/scope.ts'
import { addMailSource, listMailSources } from '../messages/arrivals/mail-sources.ts'
import { addLine, allLinesOf } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'

const THIS_MACHINE = '127.0.0.1/32'

/** In the range that is nobody's, and no phones of the town. Outreach and notices never share one. */
const NUMBERS = [
  { number: '+17405550160', forOutreach: false },
  { number: '+17405550161', forOutreach: true },
]

export async function addDemoLine(logins: Logins, library: Library, now: Date): Promise<void> {
  if (!(await listMailSources(logins, library)).some(({ value }) => value === THIS_MACHINE))
    await addMailSource(logins, library, { kind: 'host', value: THIS_MACHINE, by: 'the demo', now })
  const there = await allLinesOf(logins, library.libraryNo)
  for (const { number, forOutreach } of NUMBERS)
    if (!there.some((line) => line.forOutreach === forOutreach))
      await addLine(logins, {
        host: library.libraryNo,
        word: 'MAPLE',
        number,
        provider: 'sandbox',
        settings: {},
        secrets: { secret: randomBytes(24).toString('hex') },
        answersItself: false,
        forOutreach,
        partsPerSecond: 10,
        partsPerDay: null,
      })
}

// The demo's number for texts: a line of the sandbox, whose phones are in this process, so that no text leaves the machine.
import { randomBytes } from 'node:crypto'
import type { Logins } from '../db/scope.ts'
import { addLine, linesOf } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'

/** In the range that is nobody's, and no phone of the town. */
const NUMBER = '+17405550160'

export async function addDemoLine(logins: Logins, library: Library): Promise<void> {
  if ((await linesOf(logins, library.libraryNo)).length > 0) return
  await addLine(logins, {
    host: library.libraryNo,
    word: 'MAPLE',
    number: NUMBER,
    provider: 'sandbox',
    settings: {},
    secrets: { secret: randomBytes(24).toString('hex') },
    answersItself: false,
    partsPerSecond: 10,
    partsPerDay: null,
  })
}

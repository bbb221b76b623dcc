// A phone says STOP and START in many orders while the last backup grows old; what it said last holds after a restore.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { suppressionsOf } from '../../test/text-traces.ts'
import { makeLine, texts } from '../../test/texts.ts'
import type { Library } from '../patrons/library.ts'
import { replayStarts } from './replay-starts.ts'
import { replayStops } from './replay-stops.ts'

const house = openHouse()
const ROSA = '+16145550101'
const KARL = '+16145550102'
const minutes = (n: number) => new Date(NOW.getTime() + n * 60_000)

async function aLibrary() {
  const library = await make.library(house)
  const line = await makeLine(house, [library])
  const say = (word: string, n: number, phone = ROSA) => texts(house, line, phone, word, { now: minutes(n) })
  return { library, say }
}

/** Back to a copy in which nothing had been said. */
async function restore(library: Library, backupOf = NOW) {
  const root = await house.connectAsSuperuser()
  await root.query('delete from outreach.suppression where library_no = $1 and since > $2', [
    library.libraryNo,
    backupOf,
  ])
  await root.query('update outreach.suppression set lifted_at = null where library_no = $1 and lifted_at > $2', [
    library.libraryNo,
    backupOf,
  ])
  return replay(backupOf)
}

async function replay(backupOf = NOW) {
  const { logins } = house.database
  await replayStops(logins, house.journal, { backupOf, now: minutes(600) })
  return replayStarts(logins, house.journal, { backupOf })
}

/** What is stopped to these phones: nothing (0), all but notices (-2), everything (-1). A set: which stands first means nothing. */
const inForce = async (library: Library) =>
  (await suppressionsOf(house, library))
    .filter((one) => one.liftedAt === null)
    .map((one) => one.purposes)
    .sort()

test('a START after the backup holds, also of a stop that the backup knew', async () => {
  const { library, say } = await aLibrary()
  await say('STOP', 1)
  await say('STOP', 2, KARL)
  await say('START', 10)
  expect(await restore(library, minutes(5))).toMatchObject({ replayed: 1, unreadable: 0 })
  expect(await inForce(library)).toEqual(['-1']) // Karl's
  expect(await replay(minutes(5))).toMatchObject({ replayed: 0 })
})

test('stop, start, stop: the last word holds', async () => {
  const { library, say } = await aLibrary()
  for (const [i, word] of ['STOP', 'START', 'STOP'].entries()) await say(word, i + 1)
  await restore(library)
  expect(await inForce(library)).toEqual(['-1'])
})

test('NOTICES after the backup leaves notices, and a START after it everything', async () => {
  const { library, say } = await aLibrary()
  await say('STOP', 1)
  await say('NOTICES', 2)
  await restore(library)
  expect(await inForce(library)).toEqual(['-2'])
  await say('START', 3)
  await restore(library)
  expect(await inForce(library)).toEqual([])
})

test('a stop said between the restore and its replay is not undone by what came before', async () => {
  const { library, say } = await aLibrary()
  await say('STOP', 1)
  await say('START', 2)
  await restore(library)
  await say('STOP', 60)
  await replay()
  expect(await inForce(library)).toEqual(['-1'])
})

test('in whichever order words came, and wherever the backup was made, a restored copy obeys them as the first did', async () => {
  const words = fc.array(fc.constantFrom('STOP', 'START', 'NOTICES', 'ALTO'), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(words, fc.nat(6), async (said, backupAfter) => {
      const { library, say } = await aLibrary()
      for (const [i, word] of said.entries()) await say(word, i + 1)
      const before = await inForce(library)
      await restore(library, minutes(backupAfter + 0.5))
      expect(await inForce(library)).toEqual(before)
      await replay(minutes(backupAfter + 0.5))
      expect(await inForce(library)).toEqual(before)
    }),
    // What stopped twice stands in two rows, which a restore writes in an order of its own.
    { numRuns: 15, examples: [[['STOP', 'NOTICES', 'STOP'], 0]] },
  )
})

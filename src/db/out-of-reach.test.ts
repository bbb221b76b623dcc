import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { isOutOfReach } from './out-of-reach.ts'
import { inLibrary, rowOf } from './scope.ts'

const house = openHouse()

/** What a transaction hears whose connection is cut `when`. */
async function cut(when: 'within a statement' | 'between two'): Promise<unknown> {
  const { libraryNo } = await make.library(house)
  const root = await house.connectAsSuperuser()
  return inLibrary(house.database.logins, 'circulation', libraryNo, async (scope) => {
    const mine = await rowOf(scope, sql<{ pid: number }>`select pg_backend_pid() as pid`)
    const cutting = sleep(when === 'between two' ? 0 : 100).then(() =>
      root.query('select pg_terminate_backend($1)', [mine!.pid]),
    )
    if (when === 'between two') {
      await cutting
      await sleep(200)
    }
    await sql`select pg_sleep(5)`.execute(scope.tx)
  }).catch((error: unknown) => error)
}

test.each(['within a statement', 'between two'] as const)(
  'a connection that breaks %s is no fault of what was being stored: it is brought again',
  async (when) => {
    const error = await cut(when)
    expect(error).toBeInstanceOf(Error)
    expect(isOutOfReach(error)).toBe(true)
  },
)

test('what the database refuses is refused for good', async () => {
  const { libraryNo } = await make.library(house)
  const refused = inLibrary(house.database.logins, 'circulation', libraryNo, (scope) =>
    sql`select 1 / 0`.execute(scope.tx),
  )
  expect(isOutOfReach(await refused.catch((error: unknown) => error))).toBe(false)
})

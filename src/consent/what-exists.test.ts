import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { inLibrary } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { addHold } from './hold.ts'
import { patronKinds } from './retention.ts'
import { whatExists } from './what-exists.ts'

const house = openHouse()
let maple: Library
beforeAll(async () => {
  maple = await make.library(house)
  await make.patrons(house, maple, [
    { id: 'rosa', email: 'rosa@example.org', consents: ['events/email'] },
    { id: 'karl', given: 'Karl', email: 'karl@example.net' },
  ])
})

const existing = async (id: string) => {
  const patron = await make.number(house, maple, id)
  return inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) => whatExists(scope, patron))
}
const counts = async (id: string) => Object.fromEntries((await existing(id)).map((one) => [one.kind, one.records]))

test('Rosa, who agreed, has a name and a choice; Karl, who did not, has facts and nothing else', async () => {
  expect(await counts('rosa')).toMatchObject({ facts: 1, identity: 1, choices: 1, messages: 0, 'do-not-write': 0 })
  expect(await counts('karl')).toMatchObject({ facts: 1, identity: 0, choices: 0, messages: 0, 'do-not-write': 0 })
})

test('each class says until when and who can read it, and whether a hold keeps it', async () => {
  await addHold(house.database.logins, maple, { kind: 'messages', because: 'a letter', by: 'J. Park', now: NOW })
  const rosa = await existing('rosa')
  expect(rosa.map((one) => one.kind)).toEqual(patronKinds)
  expect(rosa.find((one) => one.kind === 'messages')).toMatchObject({ ends: 'schedule', days: 400, held: true })
  expect(rosa.find((one) => one.kind === 'identity')).toMatchObject({ ends: 'last-yes', days: null, held: false })
  expect(rosa.every((one) => one.readers.length > 0)).toBe(true)
})

import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { loadKeys } from './keys.ts'
import { ensureLogins } from './logins.ts'

const house = openHouse()

test('logins are made sure of from two databases of one server at the same time', async () => {
  const { admin, keysDir } = inject('server')
  const keys = loadKeys(keysDir)
  const ours = house.database.server.database
  const clients = ['postgres', ours, ours].map((database) => new pg.Client({ ...admin, database }))
  await Promise.all(clients.map((client) => client.connect()))
  try {
    for (let i = 0; i < 25; i++)
      await expect(Promise.all(clients.map((client) => ensureLogins(client, keys, ours)))).resolves.toBeDefined()
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
})

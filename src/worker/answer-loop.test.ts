import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { mailroomProvider, readFromMailroom } from '../channels/email/mailroom.ts'
import { inLibrary } from '../db/scope.ts'
import { queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { startAnswerLoop } from './answer-loop.ts'

const house = openHouse()

const queue = (library: Library) =>
  inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    queueAnswer(scope, library, {
      kind: 'sign-up',
      to: 'rosa@example.org',
      addressHash: Buffer.alloc(16, 1),
      language: 'es',
      subject: 'Tu código',
      parts: [{ code: '123 456' }],
      now: new Date(),
    }),
  )

test('whoever waits for a code has it within a second, at night too; while the installation is paused nothing leaves', async () => {
  const { logins } = house.database
  const maple = await make.library(house, { key: 'maple' })
  await sql`update house.library set quiet_until_hour = 3, quiet_from_hour = 4`.execute(logins.circulation)
  const folder = join(house.folder, 'mailroom')
  const provider = mailroomProvider(folder)
  const loop = startAnswerLoop({
    post: { logins, mailFrom: 'hello@example.org', now: () => new Date() },
    providerFor: () => provider,
  })
  try {
    const no = await queue(maple)
    await expect.poll(() => readFromMailroom(folder, `maple.answer-${no}`), { timeout: 1_000 }).not.toBeNull()
    await sql`update house.installation set paused_because = 'restored'`.execute(logins.circulation)
    await new Promise((resolve) => setTimeout(resolve, 400))
    const held = await queue(maple)
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(await readFromMailroom(folder, `maple.answer-${held}`)).toBeNull()
    await sql`update house.installation set paused_because = null`.execute(logins.circulation)
    await expect.poll(() => readFromMailroom(folder, `maple.answer-${held}`), { timeout: 2_000 }).not.toBeNull()
  } finally {
    await loop.stop()
  }
})

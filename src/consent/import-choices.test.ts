// Choices made elsewhere, brought in by a file: what counts, what is refused, and that nothing is recorded twice.
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { importChoices } from './import-choices.ts'

const house = openHouse()
let library: Library
const HEADER = 'patron_id,purpose,channel,decision,method,wording,decided_at'

beforeAll(async () => {
  library = await make.library(house)
  await make.roster(house, library, [{ id: '1' }, { id: '2', email: 'karl@example.net' }, { id: '3' }])
})

/** The file arrives in chunks of `size` bytes. */
const source = (text: string, size = 1 << 16) => ({
  async *read() {
    const bytes = Buffer.from(text, 'latin1') // so that a test can write bytes that are no UTF-8
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  },
})

const take = (rows: string[], size?: number) =>
  importChoices(house.database.logins, library, source([HEADER, ...rows].map((r) => `${r}\n`).join(''), size), {
    attestedBy: 'Ana Ruiz',
    now: NOW,
  })

const entries = () =>
  inLibrary(
    house.database.logins,
    'circulation',
    library.libraryNo,
    async (scope) =>
      (
        await rowsOf(
          scope,
          sql<{ n: number }>`select count(*)::int as n from outreach.ledger where library_no = ${library.libraryNo}`,
        )
      )[0]!.n,
  )

test('each row without its evidence is refused with its line and reason, and the others are recorded', async () => {
  const good = '1,reengagement,email,grant,form,"Yes, a note",2025-05-03'
  const result = await take(
    [
      good,
      '9,reengagement,email,grant,form,Yes,2025-05-03',
      ',reengagement,email,grant,form,Yes,2025-05-03',
      '1,reengagement,email,grant,form,,2025-05-03',
      '1,reengagement,email,deny,form,,2025-05-03',
      '1,reengagement,email,grant,form,Yes,',
      '1,reengagement,email,grant,form,Yes,03/05/2025',
      '1,reengagement,email,grant,form,Yes,2999-01-01',
      '1,reengagement,email,maybe,form,Yes,2025-05-03',
      '1,notice,email,deny,form,No,2025-05-03',
      '1,gossip,email,grant,form,Yes,2025-05-03',
      '1,events,pigeon,grant,form,Yes,2025-05-03',
      '1,all,email,grant,form,Yes,2025-05-03',
      '1,events,email,grant,,Yes,2025-05-03',
      '1,events,email,grant,form,Yes',
      '1,events,email,grant,form,"Yes" indeed,2025-05-03',
      good,
    ],
    7,
  )
  expect(result).toEqual({
    rows: 17,
    recorded: 1,
    known: 1,
    refused: [
      [3, 'there is no patron 9 in the roster'],
      [4, 'it has no patron_id'],
      [5, 'it has no wording: the exact words the person saw'],
      [6, 'it has no wording: the exact words the person saw'],
      [7, 'it has no decided_at'],
      [8, 'its decided_at is no date such as 2025-05-03 or 2025-05-03T16:00:00Z'],
      [9, 'its decided_at lies in the future'],
      [10, 'its decision is neither grant nor deny'],
      [11, 'its purpose notice does not rest on consent: there is nothing to agree to or refuse'],
      [12, 'its purpose is none of reengagement, new-titles, events, fundraising'],
      [13, 'its channel is none of email, sms, post'],
      [14, 'nobody agrees to everything at once: a yes names its purpose and its channel'],
      [15, 'it has no method: how was the choice made?'],
      [16, 'it has 6 fields where the header has 7'],
      [17, 'it has a quote in the middle of a field'],
    ].map(([line, reason]) => ({ line, reason })),
  })
})

test('the same file again records nothing, a longer one only what is new, whatever the hour it is brought', async () => {
  const rows = [
    '2,events,email,grant,form,Yes,2025-05-03T10:00:00Z',
    '2,events,email,deny,form,No,2026-11-22',
    '2,all,all,deny,desk,No more,2024-01-01',
  ]
  expect(await take(rows)).toMatchObject({ recorded: 3, known: 0 })
  const before = await entries()
  expect(await take(rows)).toMatchObject({ recorded: 0, known: 3 })
  expect(await entries()).toBe(before)
  expect(await take([...rows, '3,events,email,grant,form,Yes,2025-05-03'])).toMatchObject({ recorded: 1, known: 3 })
  expect(await take(['2,events,email,grant,form,Other words,2025-05-03T10:00:00Z'])).toMatchObject({ recorded: 1 })
})

test('a file that breaks off in the middle is refused before anything of it is recorded', async () => {
  const before = await entries()
  const good = '3,new-titles,email,grant,form,Yes,2025-05-03'
  await expect(take([good, '3,new-titles,sms,grant,form,"Yes,2025-05-03'])).rejects.toThrow(
    'A quote opened in the record on line 3 is never closed: the file was cut short, or that line has a stray quote. Nothing was recorded.',
  )
  await expect(take([good, '3,new-titles,sms,grant,form,S\xed,2025-05-03'])).rejects.toThrow(
    'Line 3 is not valid UTF-8. If the file has another encoding, name it: --encoding iso-8859-1, for example. Nothing was recorded.',
  )
  expect(await entries()).toBe(before)
})

test('a file without the columns of evidence is refused with their names', async () => {
  const bring = (text: string) =>
    importChoices(house.database.logins, library, source(text), { attestedBy: 'Ana Ruiz', now: NOW })
  await expect(bring('patron_id,purpose,channel,decision,method\n1,events,email,grant,form\n')).rejects.toThrow(
    /^The file has no column wording, decided_at\./,
  )
  await expect(bring('')).rejects.toThrow(/^The file has no column patron_id/)
  await expect(bring(`${HEADER}\n`)).resolves.toEqual({ rows: 0, recorded: 0, known: 0, refused: [] })
})

test('a child’s own yes is refused with a reason; a guardian’s is an entry of its own, and a child’s no counts', async () => {
  await make.roster(house, library, [{ id: '1' }, { id: '2' }, { id: '3' }, { id: 'lena', born: '2012-06-01' }])
  const result = await take([
    'lena,events,email,grant,paper form,Yes,2026-05-03',
    'lena,events,email,grant,guardian: paper form,Yes,2026-05-03',
    'lena,new-titles,email,deny,paper form,No,2026-05-03',
  ])
  expect(result).toMatchObject({ recorded: 2, known: 0 })
  expect(result.refused).toEqual([
    {
      line: 2,
      reason:
        'by the patron file this was a minor, and a child is not asked for a yes; if a guardian said it, let the method begin with "guardian: "',
    },
  ])
})

test('two imports at once: the second is told to wait', async () => {
  const rows = Array.from({ length: 3 }, (_, i) => `${i + 1},events,post,grant,form,Yes,2025-06-0${i + 1}`)
  const both = await Promise.allSettled([take(rows), take(rows)])
  expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  const told = both.find((one) => one.status === 'rejected')
  expect(told?.reason.message).toMatch(/^Another consent import for Maple Falls Library is running\./)
})

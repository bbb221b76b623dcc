// Signs the heads of the ledgers that were there before heads were signed: once, in the transaction of the migration that
// brings signatures. From then on a head without one has been forged, and only the ledger signs (src/consent/ledger.ts).
import type pg from 'pg'
import type { Complete } from './migrate.ts'
import { headSaid, type Seals } from './seals.ts'

const MIGRATION = '0006-sealed-ledger.sql'

export const signHeads =
  (seals: Seals): Complete =>
  async (owner, name) => {
    if (name !== MIGRATION) return
    const libraries = await owner.query<{ no: number }>('select library_no as no from house.library')
    for (const { no } of libraries.rows) await signHead(owner, seals, no)
    await owner.query(`select set_config('gentle.library', '', true)`)
  }

async function signHead(owner: pg.Client, seals: Seals, library: number): Promise<void> {
  await owner.query(`select set_config('gentle.library', $1, true)`, [String(library)])
  const { rows } = await owner.query<{ entries: string; head: Buffer }>(
    'select entries, head from outreach.ledger_head where library_no = $1 for update',
    [library],
  )
  for (const { entries, head } of rows)
    await owner.query('update outreach.ledger_head set signature = $2 where library_no = $1', [
      library,
      seals.sign(headSaid(library, entries, head)),
    ])
}

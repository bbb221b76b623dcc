// Mailings by text whose number ends: by which other number they go on, or, where it was the last one, that they are
// cancelled, because their notes would wait for ever.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowsOf } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { allLinesOf, type Line } from '../messages/lines.ts'
import { type Library, libraryByNo } from '../patrons/library.ts'
import { stepCampaign } from './campaign.ts'

export interface Stranded {
  library: Library
  key: string
  name: string
  /** Notes that have not begun to leave. */
  waiting: number
  /** The number that they leave by from then on; null when there is none. */
  goesOnBy: string | null
}

/** Of every library that shares the line. One whose notes are being handed over counts: they may come back and wait. */
export async function strandedWithout(logins: Logins, line: Line): Promise<Stranded[]> {
  if (!line.forOutreach) return []
  const found: Stranded[] = []
  for (const { libraryNo } of line.libraries) {
    const library = (await libraryByNo(logins, libraryNo))!
    const others = (await allLinesOf(logins, libraryNo)).filter((one) => one.forOutreach && one.lineNo !== line.lineNo)
    const mailings = await inLibrary(logins, 'outreach', libraryNo, (scope) =>
      rowsOf(
        scope,
        sql<{ key: string; name: string; waiting: number }>`
        select c.key, c.name, count(*) filter (where m.state = 'waiting')::int as waiting
        from outreach.campaign c
        join mail.message m on m.library_no = c.library_no and m.campaign_no = c.campaign_no and m.state in ('waiting', 'handing')
        where c.library_no = ${scope.library} and c.channel = 'sms' and c.state in ('launched', 'paused')
        group by c.campaign_no, c.key, c.name order by c.campaign_no`,
      ),
    )
    found.push(...mailings.map((one) => ({ ...one, library, goesOnBy: others[0]?.number ?? null })))
  }
  return found
}

/** Cancelled as by a person, so that what comes back later does not wait either. One that somebody else has ended meanwhile, or that finished, is done. */
export async function cancelStranded(
  logins: Logins,
  mailings: readonly Stranded[],
  { by, now }: { by: string; now: Date },
): Promise<void> {
  for (const { library, key } of mailings)
    try {
      await stepCampaign(logins, library, key, 'cancel', by, now)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error
    }
}

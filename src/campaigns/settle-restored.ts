// After a restore: outreach that the backup shows as waiting or on its way may have left since it was made, so sending
// it could write to people twice. What was due by the restore is parked as `unknown` and counts as sent for everybody's
// frequency budget and the sender's day. Mailings with more to send are put on hold, because the backup does not know
// whether somebody started, paused or cancelled them meanwhile: who knows that lets them go on.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowsOf, type Scope } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import type { Library } from '../patrons/library.ts'

/** On the events of parked messages. */
const CODE = 'restored'

export interface SettledRestore {
  parked: number
  /** Mailings put on hold, by name. */
  held: string[]
}

/** `at`: of the restore; nothing has been taken since. Doing it again is no harm while the pause stands. */
export async function settleRestored(
  logins: Logins,
  library: Library,
  restore: { backupOf: Date; at: Date },
): Promise<SettledRestore> {
  return inLibrary(logins, 'outreach', library.libraryNo, async (scope) => {
    const parked = await parkUncertain(scope, restore)
    for (const { sender, messages } of parked)
      await drawOnDay(scope, sender, messages, dateIn(library.timezone, restore.at))
    const held = await rowsOf(
      scope,
      sql<{ name: string }>`
      update outreach.campaign c set state = 'paused'
      where library_no = ${scope.library} and state = 'launched' and launched_at <= ${restore.at}
        and exists (select from mail.message m where m.library_no = c.library_no and m.campaign_no = c.campaign_no and m.state = 'waiting')
      returning name`,
    )
    return { parked: parked.reduce((sum, p) => sum + p.messages, 0), held: held.map((campaign) => campaign.name) }
  })
}

/**
 * One statement, so that no message is parked without its event and its mark on the budget. What was on its way had
 * drawn on the budget when it was taken (touched_by). One of a household is touched by one message at most: the mark
 * is the restore, the latest moment at which it may have left.
 */
async function parkUncertain(
  scope: Scope<'outreach'>,
  restore: { backupOf: Date; at: Date },
): Promise<{ sender: string; messages: number }[]> {
  return rowsOf(
    scope,
    sql<{ sender: string; messages: number }>`
    with parked as (
      update mail.message set state = 'unknown'
      where library_no = ${scope.library} and (state = 'handing' or (state = 'waiting' and due_at <= ${restore.at}))
      returning message_no, patron_no, purpose, basis, sender
    ), told as (
      insert into mail.event (library_no, message_no, basis, kind, code, said)
      select ${scope.library}, message_no, basis, 'unknown', ${CODE},
             ${`restored from a backup of ${restore.backupOf.toISOString()}, in which this had not left yet; it may have left since`}
      from parked
    ), touched as (
      update outreach.standing s
      set touched_by = p.message_no, unasked_before_at = s.unasked_at, unasked_at = ${restore.at},
          prompted_at = case when p.purpose = 'reengagement' then ${restore.at}::timestamptz else s.prompted_at end,
          prompts_unanswered = s.prompts_unanswered + case when p.purpose = 'reengagement' then 1 else 0 end
      from parked p join outreach.standing h on h.library_no = ${scope.library} and h.patron_no = p.patron_no
      where s.library_no = ${scope.library} and s.household = h.household and (s.agreed_email <> 0 or s.agreed_sms <> 0)
        and s.touched_by is distinct from p.message_no
    )
    select sender, count(*)::int as messages from parked group by sender`,
  )
}

async function drawOnDay(scope: Scope<'outreach'>, sender: string, messages: number, today: string): Promise<void> {
  await sql`
    update house.sender set sent_today = ${messages} + case when day = ${today} then sent_today else 0 end, day = ${today}
    where library_no = ${scope.library} and sender = ${sender}`.execute(scope.tx)
}

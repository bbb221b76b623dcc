// What a campaign's messages are made of, as sending needs it: purpose, channel, whom it is for and what it says. Read
// afresh for every take, so that a pause, a cancellation or a corrected rule holds from the next take on.
import { sql } from 'kysely'
import type { Channel, Purpose } from '../consent/purposes.ts'
import { type Duty, rowOf, type Scope } from '../db/scope.ts'
import { readSegment, type SegmentRule } from '../segments/rule.ts'
import { type Letter, readLetter } from './letter.ts'

export interface Mailing {
  campaignNo: string
  purpose: Purpose
  channel: Channel
  segment: SegmentRule
  letter: Letter
  state: 'draft' | 'approved' | 'launched' | 'paused' | 'cancelled'
  fromHour: number
  untilHour: number
}

/** A letter in the form in which a campaign keeps it. */
export const letterToKeep = ({ wordings, ...letter }: Letter): object => ({ ...letter, ...wordings })

export async function findMailing(scope: Scope<Duty>, campaignNo: string): Promise<Mailing | null> {
  const row = await rowOf(
    scope,
    sql<Omit<Mailing, 'segment' | 'letter'> & { segment: unknown; letter: unknown }>`
    select campaign_no as "campaignNo", purpose, channel, segment, letter, state, from_hour as "fromHour", until_hour as "untilHour"
    from outreach.campaign where library_no = ${scope.library} and campaign_no = ${campaignNo}::bigint`,
  )
  return (
    row && { ...row, segment: readSegment(row.segment), letter: readLetter(row.letter, 'The letter of this campaign') }
  )
}

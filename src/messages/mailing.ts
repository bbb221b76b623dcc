// What a campaign's messages are made of, as sending needs it: purpose, channel, whom it is for and what it says. Read
// afresh for every take, so that a pause, a cancellation or a corrected rule holds from the next take on.
import { sql } from 'kysely'
import type { Channel, Purpose } from '../consent/purposes.ts'
import { type Duty, rowOf, type Scope } from '../db/scope.ts'
import { readSegment, type SegmentRule } from '../segments/rule.ts'
import { languages } from '../words/languages.ts'
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
  /** Of a text: how many parts it may have, and whether a longer one is cut at words. */
  mostParts: number
  cutLong: boolean
}

/** A letter in the form in which a campaign keeps it. */
export const letterToKeep = ({ wordings, texts, ...letter }: Letter): object => ({
  ...letter,
  ...Object.fromEntries(
    languages.flatMap((language) => {
      const [wording, text] = [wordings[language], texts[language]]
      return wording || text ? [[language, { ...wording, ...(text && { text }) }]] : []
    }),
  ),
})

export async function findMailing(scope: Scope<Duty>, campaignNo: string): Promise<Mailing | null> {
  const row = await rowOf(
    scope,
    sql<Omit<Mailing, 'segment' | 'letter'> & { segment: unknown; letter: unknown }>`
    select campaign_no as "campaignNo", purpose, channel, segment, letter, state, from_hour as "fromHour", until_hour as "untilHour",
           most_parts as "mostParts", cut_long as "cutLong"
    from outreach.campaign where library_no = ${scope.library} and campaign_no = ${campaignNo}::bigint`,
  )
  return (
    row && { ...row, segment: readSegment(row.segment), letter: readLetter(row.letter, 'The letter of this campaign') }
  )
}

// The rules asked of many people at once: every answer as a bit of one number, because a number is cheap to group and sort by
// where a list of codes is not. It is never kept: what is kept are codes.
import { type RawBuilder, sql } from 'kysely'
import type { Asked } from './gate-question.ts'
import { CIRCUMSTANCES, type Circumstance, HOUSEHOLD, NO_LONGER_CHOSEN, RULES } from './rules.ts'

const everyReason = [...RULES, HOUSEHOLD, NO_LONGER_CHOSEN]

export const reasonText = (code: string): string =>
  everyReason.find((rule) => rule.code === code)?.says ?? 'for a reason that this release does not know'

/** The bit of a reason in the numbers below. */
export const bitOf = (code: string): RawBuilder<string> =>
  sql`${sql.lit(2 ** everyReason.findIndex((reason) => reason.code === code))}::bigint`

/** All rules asked of a row: a bit for each that withholds, 0 where it may be written to. */
export const withholding = (asked: Asked): RawBuilder<string> => {
  const bits = (only?: Circumstance) =>
    sql.join(
      RULES.filter((rule) => rule.only === only).map(
        (rule) => sql`case when ${rule.withholds(asked)} then ${bitOf(rule.code)} else 0 end`,
      ),
      sql` | `,
    )
  const rest = Object.entries(CIRCUMSTANCES) as [Circumstance, RawBuilder<boolean>][]
  return sql`(${bits()} | ${sql.join(
    rest.map(([only, holds]) => sql`case when ${holds} then ${bits(only)} else 0 end`),
    sql` | `,
  )})`
}

/** Codes of such a number, as text[]; empty for 0. */
export const codesOf = (reasons: RawBuilder<unknown>): RawBuilder<string[]> =>
  sql`array(select code from unnest(array[${sql.join(everyReason.map(({ code }) => sql.lit(code)))}]) with ordinality listed (code, place)
            where (${reasons} >> (place - 1)::integer) & 1 = 1 order by place)`

/** Codes of such a number, once it has left the database. */
export const codesIn = (reasons: bigint): string[] =>
  everyReason.flatMap(({ code }, place) => ((reasons >> BigInt(place)) & 1n ? [code] : []))

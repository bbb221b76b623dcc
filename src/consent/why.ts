// The plain answer to "why did I get this?" and "why not?": every rule of the gate asked about one patron, with what it
// saw. Reads the same list as sending does, so the answer is the decision and not a story about it.
import { type RawBuilder, sql } from 'kysely'
import { rowOf, type Scope } from '../db/scope.ts'
import { ask, type Question, suppressionOfRow } from './gate-question.ts'
import type { PatronNo } from './ledger.ts'
import { HOUSEHOLD, NO_LONGER_CHOSEN, RULES, type Rule } from './rules.ts'

export interface RuleAnswer {
  code: string
  passed: boolean
  because: string
  facts: Record<string, unknown>
}

export interface Why {
  allowed: boolean
  rules: RuleAnswer[]
}

type Facts = Record<string, unknown>

/** `chooses`: the segment's condition on standing s, when the question is about a campaign. Null when there is no such patron. */
export async function whyPatron(
  scope: Scope<'circulation'>,
  question: Question,
  patron: PatronNo,
  chooses?: RawBuilder<boolean>,
): Promise<Why | null> {
  const asked = ask(question)
  const row = await rowOf(
    scope,
    sql<Facts>`
    select ${sql.join(RULES.map((rule) => sql`${rule.withholds(asked)} as ${sql.ref(rule.code)}`))},
           ${chooses ? sql`not ${chooses}` : sql`null`} as "NO_LONGER_CHOSEN",
           to_char(make_date(s.last_use / 12, s.last_use % 12 + 1, 1), 'YYYY-MM') as last_use, s.branch, s.category, s.status, s.missing, s.minor_until, s.expires_on, s.email_given, s.email_usable, s.phone_hash is not null as phone_usable, s.identity_known,
           s.paused_until, s.own_pace_days, s.prompted_at, s.prompts_unanswered, s.unasked_at, s.unasked_before_at,
           ${asked.agreedOn} as agreed_on, ${asked.agreed} & ${asked.bit} <> 0 as agreed, ${asked.refused} & ${asked.bit} <> 0 as refused,
           coalesce(x.stopped, false) as stopped, coalesce(x.bounced, false) as bounced, coalesce(x.complained, false) as complained,
           coalesce(x.by_staff, false) as by_staff, coalesce(x.life_event, false) as life_event,
           (select count(*)::int from outreach.standing o where o.library_no = s.library_no and o.household = s.household
              and o.patron_no <> s.patron_no and (o.agreed_email <> 0 or o.agreed_sms <> 0)) as others_of_household
    from outreach.standing s
    left join lateral ${suppressionOfRow(asked)} x on true
    where s.library_no = ${scope.library} and s.patron_no = ${patron}::bigint`,
  )
  if (row === null) return null
  const rules = RULES.map((rule) => answer(rule, row[rule.code] === true, row))
  if (row.NO_LONGER_CHOSEN !== null)
    rules.unshift(
      answer({ ...NO_LONGER_CHOSEN, facts: ['last_use', 'branch', 'category'] }, row.NO_LONGER_CHOSEN === true, row),
    )
  rules.push({
    code: HOUSEHOLD.code,
    passed: true,
    because: householdSentence(Number(row.others_of_household)),
    facts: { othersWhoAgreed: row.others_of_household },
  })
  return { allowed: rules.every((rule) => rule.passed), rules }
}

function answer(
  rule: Pick<Rule, 'code' | 'says' | 'passes' | 'passesRefusal'> & { facts: readonly string[] },
  withheld: boolean,
  row: Facts,
): RuleAnswer {
  return {
    code: rule.code,
    passed: !withheld,
    because: withheld
      ? `is among those who ${rule.says}`
      : ((row.refused === true ? rule.passesRefusal : undefined) ?? rule.passes),
    facts: Object.fromEntries(rule.facts.map((fact) => [fact, row[fact]])),
  }
}

const householdSentence = (others: number): string =>
  others === 0
    ? 'shares the address with nobody else who agreed'
    : `shares an address or phone with ${others} who agreed too; a mailing writes to one of them`

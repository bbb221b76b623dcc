// Where a library's policy departs from the strict default, and how that is recorded: to loosen an item takes a reason
// and a name, to tighten it a name. What the gate and the import ask stands in the library's own row, written in the
// same transaction, so that they never act on another policy than the one that is shown.
import { sql } from 'kysely'
import { inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import {
  isAsStrict,
  POLICY,
  type PolicyKey,
  type PolicyValue,
  policyKeys,
  type Setting,
  whatIsWrongWith,
} from './policy.ts'
import { KEPT, type ScheduledKind } from './retention.ts'

interface Change {
  item: PolicyKey
  value: PolicyValue
  because: string | null
  by: string
  at: Date
}

export interface InForce {
  item: PolicyKey
  /** Null of an item that cannot be changed, and of "no such limit". */
  value: PolicyValue
  /** The last change, while it departs from the strict default. */
  change: Change | null
}

/** Every item as it holds for the library of the scope. */
export async function readPolicy(scope: Scope<'circulation'>): Promise<InForce[]> {
  const changes = await rowsOf(
    scope,
    sql<Change>`
    select distinct on (item) item, value, because, by_name as by, at from outreach.policy_change
    where library_no = ${scope.library} order by item, change_no desc`,
  )
  const last = new Map(changes.map((change) => [change.item, change]))
  return policyKeys.map((item) => {
    const change = last.get(item)
    return change && change.value !== null
      ? { item, value: change.value, change }
      : { item, value: POLICY[item].setting?.strict ?? null, change: null }
  })
}

export async function settingOf(scope: Scope<'circulation'>, item: PolicyKey): Promise<PolicyValue> {
  const change = await rowOf(
    scope,
    sql<{ value: PolicyValue }>`
    select value from outreach.policy_change where library_no = ${scope.library} and item = ${item}
    order by change_no desc limit 1`,
  )
  return change?.value ?? POLICY[item].setting?.strict ?? null
}

/** For how many days a class of record is kept. */
export const daysKept = async (scope: Scope<'circulation'>, kind: ScheduledKind): Promise<number> => {
  const days = await settingOf(scope, `keep-${kind}`)
  return typeof days === 'number' ? days : KEPT[kind].end.days
}

export interface PolicyStep {
  item: string
  /** Null = back to the strict default; only to tighten. */
  to: PolicyValue
  because: string | null
  by: string
  now: Date
}

/** Throws Problem 'not-found', 'not-allowed' (it is not for a library to change) or 'bad-input'. */
export async function changePolicy(
  logins: Logins,
  library: Library,
  direction: 'loosen' | 'tighten',
  step: PolicyStep,
): Promise<InForce> {
  const item = policyKeys.find((key) => key === step.item)
  if (item === undefined)
    throw new Problem('not-found', `There is no item "${step.item}". There is: ${policyKeys.join(', ')}.`)
  const { setting } = POLICY[item]
  if (setting === null)
    throw new Problem('not-allowed', `"${item}" is not for a library to change. ${POLICY[item].says}`)
  if (step.by.trim() === '') throw new Problem('bad-input', 'A change of policy needs the name of who decided it.')
  return inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    await sql`select pg_advisory_xact_lock(hashtext('gentle policy'), ${library.libraryNo})`.execute(scope.tx)
    refuseStep(item, setting, direction, step, await settingOf(scope, item))
    const because = step.because?.trim() || null
    await sql`insert into outreach.policy_change (library_no, item, value, because, by_name, at)
              values (${scope.library}, ${item}, ${step.to === null ? null : JSON.stringify(step.to)}::jsonb, ${because}, ${step.by.trim()}, ${step.now})`.execute(
      scope.tx,
    )
    await writeToLibrary(scope, item, step.to, because)
    return (await readPolicy(scope)).find((one) => one.item === item)!
  })
}

function refuseStep(
  item: PolicyKey,
  setting: Setting,
  direction: 'loosen' | 'tighten',
  { to, because }: PolicyStep,
  before: PolicyValue,
): void {
  const wrong = to === null ? null : whatIsWrongWith(setting, to)
  if (wrong !== null) throw new Problem('bad-input', `"${item}" ${wrong}.`)
  if (direction === 'loosen' && (because ?? '').trim() === '')
    throw new Problem('bad-input', `To loosen "${item}" takes a reason: --because.`)
  // Back to the default is stricter than whatever a library loosened, and looser than what it tightened.
  const value = to ?? setting.strict
  if (direction === 'tighten' && !isAsStrict(setting, value, before))
    throw new Problem(
      'bad-input',
      `That would loosen "${item}" and not tighten it. Say "gentle policy loosen", with a reason.`,
    )
  if (direction === 'loosen' && isAsStrict(setting, value, before))
    throw new Problem(
      'bad-input',
      `That would not loosen "${item}": it is as strict as before. Say "gentle policy tighten".`,
    )
}

async function writeToLibrary(
  scope: Scope<'circulation'>,
  item: PolicyKey,
  value: PolicyValue,
  because: string | null,
): Promise<void> {
  if (item === 'consent-months')
    await sql`update house.library set consent_months = ${value}::smallint where library_no = ${scope.library}`.execute(
      scope.tx,
    )
  if (item === 'identity-of-all')
    await sql`update house.library set identity_of_all_because = ${value === true ? because : null} where library_no = ${scope.library}`.execute(
      scope.tx,
    )
}

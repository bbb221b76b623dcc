// Tasks: what readers tell us that only a person on the staff can settle. A task stays on the list until a named person
// has closed it; the reader's own words are forgotten then.
import { type RawBuilder, sql } from 'kysely'
import { liftLifeEvents, suppressForGood } from '../consent/life-suppression.ts'
import { inLibrary, type Logins, rowOf, rowsOf, type Scope } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import { patronIds } from '../patrons/find-patron.ts'
import type { Library } from '../patrons/library.ts'
import { writeAudit } from './audit.ts'

export const LIFE_EVENTS = ['moved', 'not-me', 'died'] as const
export type LifeEvent = (typeof LIFE_EVENTS)[number]
export type TaskKind = LifeEvent | 'address'

/** Days in which staff should have looked: a death soonest, because somebody grieves. */
const DUE_DAYS: Record<TaskKind, number> = { died: 2, 'not-me': 3, moved: 7, address: 7 }

const isLifeEvent = (kind: TaskKind): kind is LifeEvent => (LIFE_EVENTS as readonly string[]).includes(kind)

export interface NewTask {
  kind: TaskKind
  patron: string
  addressHash: Buffer | null
  said: string | null
  now: Date
}

/** In the caller's transaction. False when the same news waits already; newer words then take the place of older ones. */
export async function openTask(scope: Scope<'circulation'>, library: Library, task: NewTask): Promise<boolean> {
  const { kind, patron, addressHash, said, now } = task
  const due = dateIn(library.timezone, new Date(now.getTime() + DUE_DAYS[kind] * 24 * 3_600_000))
  const row = await rowOf(
    scope,
    sql<{ added: boolean }>`
    insert into desk.task as t (library_no, kind, patron_no, address_hash, said, opened_at, due)
    values (${scope.library}, ${kind}, ${patron}::bigint, ${addressHash}, ${said}, ${now}, ${due})
    on conflict (library_no, patron_no, kind) where state = 'open' do update set said = coalesce(excluded.said, t.said)
    returning (t.xmax = 0) as added`, // a row that was there before has been locked by this very statement
  )
  return row!.added
}

export interface Task {
  taskNo: string
  kind: TaskKind
  patronNo: string
  /** Null when the library system knows this person no more, or never did. */
  patronId: string | null
  said: string | null
  state: 'open' | 'closed'
  openedAt: Date
  /** ISO date. */
  due: string
  closedBy: string | null
  outcome: Outcome | null
}

export type Outcome = 'yes' | 'no'

/** Open ones, the most urgent first; or the last hundred of all. Each look is written down. */
export const listTasks = (logins: Logins, library: Library, look: { who: string; all: boolean }): Promise<Task[]> =>
  inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const tasks = await select(
      scope,
      look.all ? sql`order by task_no desc limit 100` : sql`and state = 'open' order by due, task_no limit 500`,
    )
    const ids = await patronIds(scope, [...new Set(tasks.map((task) => task.patronNo))])
    if (tasks.length > 0)
      await writeAudit(scope, { who: look.who, did: 'looked at tasks', about: { tasks: tasks.length } })
    return tasks.map((task) => ({ ...task, patronId: ids.get(task.patronNo) ?? null }))
  })

const select = (scope: Scope<'circulation'>, which: RawBuilder<unknown>) =>
  rowsOf(
    scope,
    sql<Omit<Task, 'patronId'> & { addressHash: Buffer | null }>`
    select task_no as "taskNo", kind, patron_no as "patronNo", address_hash as "addressHash", said, state, opened_at as "openedAt",
           to_char(due, 'YYYY-MM-DD') as due, closed_by as "closedBy", outcome
    from desk.task where library_no = ${scope.library} ${which}`,
  )

/**
 * Yes: it is as the reader said, and what paused becomes final. No: it is not, and what paused goes on. Throws Problem
 * 'not-found', or 'conflict' when somebody closed it before.
 */
export const closeTask = (
  logins: Logins,
  library: Library,
  close: { taskNo: string; outcome: Outcome; by: string; now: Date },
): Promise<TaskKind> =>
  inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
    const { taskNo, outcome, by, now } = close
    const [task] = await select(scope, sql`and task_no = ${taskNo}::bigint for update`)
    if (!task)
      throw new Problem('not-found', `${library.name} has no task ${taskNo}. "gentle tasks list" shows what waits.`)
    if (task.state === 'closed')
      throw new Problem('conflict', `Task ${taskNo} was closed before, by ${task.closedBy}. Nothing was changed.`)
    await sql`
      update desk.task set state = 'closed', said = null, closed_at = ${now}, closed_by = ${by}, outcome = ${outcome}
      where library_no = ${scope.library} and task_no = ${taskNo}::bigint`.execute(scope.tx)
    await writeAudit(scope, {
      who: by,
      did: 'closed a task',
      about: { taskNo, kind: task.kind, outcome, patronNo: task.patronNo },
    })
    if (!isLifeEvent(task.kind)) return task.kind
    const about = { patron: task.patronNo, addressHash: task.addressHash, now }
    if (outcome === 'yes') await suppressForGood(scope, { ...about, noticesToo: task.kind !== 'moved' })
    const others = await rowOf(
      scope,
      sql`select from desk.task where library_no = ${scope.library} and state = 'open' and kind = any(${[...LIFE_EVENTS]}::text[])
            and (patron_no = ${task.patronNo}::bigint or address_hash = ${task.addressHash}) limit 1`,
    )
    if (others === null) await liftLifeEvents(scope, about)
    return task.kind
  })

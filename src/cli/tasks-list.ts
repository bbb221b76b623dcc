// `gentle tasks list`: what readers told us that only a person on the staff can settle, the most urgent first. Looking
// leaves an audit entry, because it shows who is meant.
import { dateIn } from '../lib/clock.ts'
import { listTasks, type Task, type TaskKind } from '../staff/tasks.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { counted, sayInstant } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

const told: Record<TaskKind, string> = {
  moved: 'a reader told us that this person has moved away',
  'not-me': 'a reader told us that this address is not this person’s',
  died: 'a reader told us that this person has died',
  address: 'this person told us of a new address',
}

const toDo: Record<TaskKind, string> = {
  moved: 'We are quiet to this address until you have looked. Yes keeps it so, no lets us write again.',
  'not-me':
    'We are quiet to this address until you have looked. Mend it in the library system. Yes keeps us away from it for good, no lets us write again.',
  died: 'We are quiet until you have looked. Yes keeps it so for good, no lets us write again. Write to nobody to ask.',
  address:
    'Change it in the library system if it is right; the next patron file brings it here. Yes when it is done, no when it was not to be done.',
}

export const tasksList = command({
  name: 'tasks list',
  summary: 'Show what readers told us and a person has to settle.',
  about: ['Each look is written down: who looked and when.'],
  takes: [],
  options: { ...whichLibrary, all: { kind: 'flag', says: 'the last hundred, closed ones, too' } },
  examples: ['gentle tasks list --library maple', 'gentle tasks list --library maple --all'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const tasks = await listTasks(context.logins, library, { who: accountName(), all: options.all })
    const today = dateIn(library.timezone, context.clock.now())
    const open = tasks.filter((task) => task.state === 'open').length
    return {
      json: { tasks: tasks.map(({ taskNo, ...task }) => ({ task: Number(taskNo), ...task, addressHash: undefined })) },
      text:
        tasks.length === 0
          ? [`${library.name}: nothing waits.`]
          : [
              `${library.name}: ${counted(open, 'task')} to settle`,
              ...tasks.flatMap((task) => ['', ...sayTask(task, library.timezone, today)]),
              ...(open > 0 ? ['', 'Next: gentle tasks close NUMBER --outcome yes|no --by "Your name"'] : []),
            ],
    }
  },
})

function sayTask(task: Task, timezone: string, today: string): string[] {
  const whose =
    task.patronId === null
      ? `the person with number ${task.patronNo}, who is in no patron file`
      : `patron ${task.patronId}`
  const lines = [`Task ${task.taskNo}, ${whose}: ${told[task.kind]} (${sayInstant(task.openedAt, timezone)})`]
  if (task.state === 'closed') return [...lines, `  closed by ${task.closedBy}: ${task.outcome}`]
  if (task.said !== null) lines.push(`  they wrote: “${task.said.replace(/\s+/g, ' ')}”`)
  return [
    ...lines,
    `  ${toDo[task.kind]}`,
    `  to be settled by ${task.due}${task.due < today ? ', which is over' : ''}`,
  ]
}

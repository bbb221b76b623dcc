// `gentle tasks close`: a named person says how it is, and what a reader's word only paused becomes final or goes on.
import { Problem } from '../lib/errors.ts'
import { closeTask, type Outcome, type TaskKind } from '../staff/tasks.ts'
import { command } from './command.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

const done: Record<TaskKind, Record<Outcome, string>> = {
  moved: {
    yes: 'We write nothing more to this address; notices that the library system asks for still go.',
    no: 'We may write again.',
  },
  'not-me': { yes: 'Nothing at all goes to this address any more.', no: 'We may write again.' },
  died: { yes: 'Nothing at all goes to this person any more.', no: 'We may write again.' },
  address: { yes: 'What they wrote is forgotten here.', no: 'What they wrote is forgotten here.' },
}

export const tasksClose = command({
  name: 'tasks close',
  summary: 'Settle a task: it is as the reader said, or it is not.',
  about: [
    'Yes makes final what the reader’s word paused. No lets it go on. What the reader wrote is forgotten either way.',
  ],
  takes: [{ name: 'TASK', says: 'its number in the list' }],
  options: {
    ...whichLibrary,
    outcome: { kind: 'text', value: 'WORD', says: 'is it so?', choices: ['yes', 'no'], required: true },
    by: { kind: 'text', value: 'NAME', says: 'who stands for it', required: true },
  },
  examples: ['gentle tasks close 12 --library maple --outcome yes --by "Ana Ruiz"'],
  async run(context, { given, options }) {
    if (!/^\d{1,18}$/.test(given.TASK))
      throw new Problem('bad-input', `"${given.TASK}" is no task. Give the number that "gentle tasks list" shows.`)
    if (options.by.trim() === '') throw new Problem('bad-input', '--by is blank; a person has to stand for it.')
    const library = await chooseLibrary(context.logins, options.library)
    const { outcome, by } = options
    const kind = await closeTask(context.logins, library, { taskNo: given.TASK, outcome, by, now: context.clock.now() })
    return {
      json: { task: Number(given.TASK), kind, outcome, closedBy: by },
      text: [`Task ${given.TASK} is closed: ${outcome}. ${done[kind][outcome]}`],
    }
  },
})

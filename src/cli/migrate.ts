// `gentle migrate`: brings the database up to this release. Every command does so when it opens the database; this one
// does nothing else, for those who install in steps.
import { command } from './command.ts'
import { counted } from './lay-out.ts'

export const migrateCommand = command({
  name: 'migrate',
  summary: 'Prepare the database, or bring it up to this release.',
  about: ['Safe to run again. Every other command does the same by itself before it begins.'],
  takes: [],
  options: {},
  examples: ['gentle migrate --data /srv/gentle'],
  async run(context) {
    const { migrated } = context
    return {
      json: { migrated },
      text:
        migrated.length === 0
          ? ['The database is up to date.']
          : [
              `The database is up to date: ${counted(migrated.length, 'step')} done now.`,
              ...migrated.map((m) => `  ${m}`),
            ],
    }
  },
})

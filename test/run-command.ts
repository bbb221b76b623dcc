// A command run in this process on a test file's own database, parsed as the program parses it.
import type { Command, Outcome } from '../src/cli/command.ts'
import { parseCommandLine } from '../src/cli/parse.ts'
import { noProgress } from '../src/cli/progress.ts'
import type { Context } from '../src/context.ts'
import { fixedClock } from '../src/lib/clock.ts'
import type { House } from './house.ts'
import { NOW } from './make.ts'
import { premisesOf } from './site.ts'

export async function runCommand(house: House, command: Command, line: string[]): Promise<Outcome> {
  const parsed = parseCommandLine([...command.name.split(' '), ...line], [command])
  if (parsed.kind !== 'run' || !('run' in parsed.command)) throw new Error('it did not parse')
  const context = {
    ...premisesOf(house),
    config: { publicUrl: 'https://letters.example.org', dataDir: house.folder },
    database: house.database,
    clock: fixedClock(NOW),
  } as unknown as Context
  const terminal = { progress: noProgress, stopping: new AbortController().signal, say: () => {} }
  return parsed.command.run(context, parsed.args, terminal)
}

// `gentle demo`: the demo library by command, for a data folder that was started without it.
import { prepareDemo } from '../worker/prepare-demo.ts'
import { command } from './command.ts'

export const demo = command({
  name: 'demo',
  summary: 'Make the demo library: an invented town of 20,000 cardholders.',
  about: [
    'Its people and their answers are invented, and its mail never leaves the mailroom. Run again, it changes nothing.',
  ],
  takes: [],
  options: {},
  examples: ['gentle demo'],
  async run(context, _args, terminal) {
    const { library, made } = await prepareDemo(context.database, {
      dataDir: context.config.dataDir,
      now: context.clock.now(),
      onStep: (doing, done, total) => terminal.progress.show(doing, done, total),
    })
    return {
      json: { library: library.key, made },
      text: [
        made ? `${library.name} is here, under the key ${library.key}.` : `${library.name} was here already.`,
        'Look at it with "gentle serve".',
      ],
    }
  },
})

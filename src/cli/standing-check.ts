// `gentle standing check`: derives afresh from the ledger what may be sent to whom, and compares it with what is kept.
import { checkStanding } from '../consent/standing.ts'
import { command } from './command.ts'
import { count, counted } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

export const standingCheck = command({
  name: 'standing check',
  summary: 'Compare what may be sent to whom with what the ledger says. Changes nothing.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle standing check --library maple'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const json = await checkStanding(context.logins, library.libraryNo)
    if (json.differing === 0)
      return {
        json,
        text: [`${library.name}: ${counted(json.patrons, 'patron')} compared; all agree with the ledger.`],
      }
    return {
      json,
      text: json.examples.map((e) => `  number ${e.patron}: ${e.column} is ${e.kept}, the ledger says ${e.derived}`),
      exitCode: 1,
      problem: `${library.name}: ${count(json.differing)} of ${counted(json.patrons, 'patron')} differ from the ledger. Do not send before this is understood; the ledger is right.`,
    }
  },
})

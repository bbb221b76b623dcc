// `gentle ledger verify`: walks the chain of consent entries and says whether anything was changed behind our back.
import { verifyLedger } from '../consent/ledger.ts'
import { inLibrary } from '../db/scope.ts'
import { command } from './command.ts'
import { counted } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

export const ledgerVerify = command({
  name: 'ledger verify',
  summary: 'Check that no entry of the consent ledger was changed or taken out.',
  about: [
    'Each entry is sealed with the one before it. Write the seal of the last entry down elsewhere: a ledger that was rewritten as a whole ends in another one.',
  ],
  takes: [],
  options: whichLibrary,
  examples: ['gentle ledger verify --library maple'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    // One snapshot: choices that come in meanwhile are neither seen nor missed.
    const proof = await inLibrary(context.logins, 'circulation', library.libraryNo, verifyLedger, { snapshot: true })
    const { entries, head, ok, firstBadEntry } = proof
    const json = { entries, head, ok, firstBadEntry }
    if (!ok)
      return {
        json,
        text: [],
        exitCode: 1,
        problem: `The ledger of ${library.name} does not hold together: entry ${firstBadEntry} was changed, added or taken out. Stop sending, keep a copy of the database, and compare it with a backup.`,
      }
    return {
      json,
      text: [`The ledger of ${library.name} is whole: ${counted(entries, 'entry', 'entries')}, seal ${head}`],
    }
  },
})

// `gentle ledger verify`: walks the chain of consent entries and says whether anything was changed behind our back, since
// the beginning or since a head that was kept elsewhere.
import { readHead } from '../consent/ledger-head.ts'
import { type LedgerProof, verifyLedger } from '../consent/verify-ledger.ts'
import { inLibrary } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { command } from './command.ts'
import { counted } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { readFile } from './read-file.ts'

export const ledgerVerify = command({
  name: 'ledger verify',
  summary: 'Check that no entry of the consent ledger was changed or taken out.',
  about: [
    'Each entry is sealed with the one before it, and the last seal is signed with a key that lies outside the database. A ledger that was cut short shows only beside a head that was kept elsewhere: see "gentle ledger head".',
  ],
  takes: [],
  options: {
    ...whichLibrary,
    head: {
      kind: 'text',
      value: 'FILE',
      says: 'a head that left the house earlier: nothing before it may have changed',
    },
  },
  examples: ['gentle ledger verify --library maple', 'gentle ledger verify --library maple --head maple-head.json'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const text = options.head === undefined ? null : readFile(options.head)
    // One snapshot: choices that come in meanwhile are neither seen nor missed.
    const { proof, exported } = await inLibrary(
      context.logins,
      'circulation',
      library.libraryNo,
      async (scope) => {
        const exported = text === null ? undefined : readHead(scope, library, text)
        return { proof: await verifyLedger(scope, exported), exported }
      },
      { snapshot: true },
    )
    const { entries, head, ok, firstBadEntry, signed, sinceHead } = proof
    const json = { entries, head, ok, firstBadEntry, signed, ...(exported ? { sinceHead } : {}) }
    if (!ok) return { json, text: [], exitCode: 1, problem: sayBad(library, proof, exported?.entries ?? 0) }
    return {
      json,
      text: [
        `The ledger of ${library.name} is whole: ${counted(entries, 'entry', 'entries')}, seal ${head}`,
        ...(exported
          ? [`It begins with all ${counted(exported.entries, 'entry', 'entries')} that the head of ${exported.at} saw.`]
          : []),
      ],
    }
  },
})

function sayBad(library: Library, proof: LedgerProof, entriesThen: number): string {
  const what =
    proof.firstBadEntry !== null
      ? `entry ${proof.firstBadEntry} was changed, added or taken out`
      : !proof.signed
        ? 'its last seal is not signed with the key of this installation, so entries were changed and the chain made anew'
        : `it no longer begins with the ${counted(entriesThen, 'entry', 'entries')} that this head saw, or an erasure was taken out of the register`
  return `The ledger of ${library.name} does not hold together: ${what}. Stop sending, keep a copy of the database, and compare it with a backup.`
}

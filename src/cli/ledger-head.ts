// `gentle ledger head`: the head of the ledger, signed, to be kept where nobody at this machine can change it.
import { chmodSync, writeFileSync } from 'node:fs'
import { exportHead } from '../consent/ledger-head.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem, sayError } from '../lib/errors.ts'
import { command } from './command.ts'
import { counted } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

export const ledgerHead = command({
  name: 'ledger head',
  summary: 'Write the signed head of the consent ledger, to keep elsewhere.',
  about: [
    'With it "gentle ledger verify --head FILE" proves later that nothing before it was changed or cut off. It holds the register of erasures, too: random numbers and keyed hashes. It names nobody.',
  ],
  takes: [],
  options: {
    ...whichLibrary,
    out: { kind: 'text', value: 'FILE', says: 'write it there instead of printing it' },
  },
  examples: ['gentle ledger head --library maple --out maple-head.json'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const head = await inLibrary(
      context.logins,
      'circulation',
      library.libraryNo,
      (scope) => exportHead(scope, library, context.clock.now()),
      { snapshot: true },
    )
    const text = JSON.stringify(head, null, 2)
    if (options.out === undefined) return { json: head, text: [text] }
    try {
      writeFileSync(options.out, `${text}\n`, { mode: 0o600 })
      chmodSync(options.out, 0o600) // a file that was there keeps its mode otherwise
    } catch (cause) {
      throw new Problem('bad-input', `${options.out} cannot be written (${sayError(cause)}).`, { cause })
    }
    return {
      json: head,
      text: [
        `The head of ${counted(head.entries, 'entry', 'entries')} of ${library.name} stands in ${options.out}. Keep it away from this machine.`,
      ],
    }
  },
})

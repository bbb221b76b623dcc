// Looking at one person: whoever they are named by, the look and its entry in the audit are one transaction. Where an
// address is several people's, staff get a list to choose by, and that was a look at each of them.
import { inLibrary, type Logins, type Scope } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { findPeople, type Named, type Person } from '../patrons/find-patron.ts'
import type { Library } from '../patrons/library.ts'
import { type AuditEntry, writeAudit } from './audit.ts'

export interface Look {
  named: Named
  who: string
  /** As the audit says it. */
  did: string
  about?: AuditEntry['about']
  /** One snapshot for all that is read. */
  snapshot?: boolean
}

/** Throws Problem 'not-found', 'bad-input' or, with what to choose by, 'conflict'. */
export async function lookAtPatron<Seen>(
  logins: Logins,
  library: Library,
  { named, who, did, about = {}, snapshot = false }: Look,
  read: (scope: Scope<'circulation'>, person: Person) => Promise<Seen>,
): Promise<Seen> {
  const looked = await inLibrary(
    logins,
    'circulation',
    library.libraryNo,
    async (scope) => {
      const people = await findPeople(scope, library, named)
      const [only] = people.length === 1 ? people : []
      for (const { patronNo } of people)
        await writeAudit(scope, {
          who,
          did: only ? did : 'found by an address',
          about: { patronNo, ...(only ? about : {}) },
        })
      return only ? { kind: 'one' as const, seen: await read(scope, only) } : { kind: 'several' as const, people }
    },
    { snapshot },
  )
  if (looked.kind === 'one') return looked.seen
  throw new Problem('conflict', sayPeople(looked.people))
}

/** What the library system tells staff anyway, and no name: who asks may be meaning only one of them. */
function sayPeople(people: readonly Person[]): string {
  const each = people.map(({ patronNo, patronId }) => patronId ?? `--number ${patronNo} (without a card)`)
  return `${people.length} people share this address. Look them up in the library system and say which one: ${each.join(', ')}.`
}

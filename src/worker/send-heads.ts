// Sends the signed head of a library's ledger to each place that the library chose: by mail, into a folder, to a
// webhook. Once a day; what failed goes again an hour later, and what has arrived does not.
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ExportedHead, exportHead } from '../consent/ledger-head.ts'
import { inLibrary, type Logins } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import type { Egress } from '../lib/egress.ts'
import { sayError } from '../lib/errors.ts'
import { queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { type HeadDestination, listDestinations, noteSent } from '../staff/head-destination.ts'

export interface HeadsSent {
  sent: number
  failed: { destinationNo: number; said: string }[]
}

/** `again`: also to places that had today's already. */
export async function sendHeads(
  { logins, egress }: { logins: Logins; egress: Egress },
  library: Library,
  { now, again = false }: { now: Date; again?: boolean },
): Promise<HeadsSent> {
  const today = dateIn(library.timezone, now)
  const open = (await listDestinations(logins, library)).filter(
    (one) => one.endedAt === null && (again || !one.lastSentAt || dateIn(library.timezone, one.lastSentAt) !== today),
  )
  const done: HeadsSent = { sent: 0, failed: [] }
  if (open.length === 0) return done
  const head = await inLibrary(logins, 'circulation', library.libraryNo, (scope) => exportHead(scope, library, now), {
    snapshot: true,
  })
  for (const to of open) {
    let said = 'sent'
    let at: Date | null = now
    try {
      if (to.kind === 'email') await mailHead(logins, library, to, head, now)
      else if (to.kind === 'file') await keepHead(library, to, head, today)
      else await postHead(egress, to, head)
      done.sent++
    } catch (error) {
      said = sayError(error)
      at = null
      done.failed.push({ destinationNo: to.destinationNo, said })
    }
    await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      noteSent(scope, { destinationNo: to.destinationNo, at, said }),
    )
  }
  return done
}

const mailHead = (
  logins: Logins,
  library: Library,
  { target, addedBy }: HeadDestination,
  head: ExportedHead,
  now: Date,
) =>
  inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
    queueAnswer(scope, library, {
      kind: 'ledger head',
      to: target,
      addressHash: scope.seals.hashFor(library.key)('email', target.toLowerCase()),
      now,
      language: 'en',
      subject: `The consent ledger of ${library.name}: ${head.entries} entries`,
      parts: [
        `This is the signed head of the consent ledger of ${library.name}. Keep this mail. With it can be proved later that no entry before it was changed or cut off. It names nobody.`,
        JSON.stringify(head),
        'To check it, save the line above as a file and run: gentle ledger verify --head FILE',
      ],
      because: `It comes once a day because ${addedBy} chose this address for it. The library can end it: gentle head end.`,
    }),
  )

/** A file a day, so that yesterday's stays; whole or not at all. It holds the register of erasures: only this account reads it. */
async function keepHead(library: Library, { target }: HeadDestination, head: ExportedHead, day: string): Promise<void> {
  // The folder is not made: where a disk is missing, one in its place would be no other disk.
  const file = join(target, `${library.key}-${day}.json`)
  const draft = `${file}.${process.pid}.new`
  await writeFile(draft, `${JSON.stringify(head, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, file)
}

async function postHead(egress: Egress, { target }: HeadDestination, head: ExportedHead): Promise<void> {
  const status = await egress.post(target, JSON.stringify(head))
  if (status < 200 || status > 299) throw new Error(`it answered with status ${status}`)
}

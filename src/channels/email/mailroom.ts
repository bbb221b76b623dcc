// The mailroom: where mail goes while no mail server is set up. Each mail becomes one .eml file in a folder, to be
// looked at as its reader would see it; known addresses fail in known ways, so that failures can be seen and tested.
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sayError } from '../../lib/errors.ts'
import type { EmailProvider, HandOver, OutgoingMail } from '../channel.ts'
import { isMessageId } from './compose.ts'
import { refusedWith } from './smtp-replies.ts'

const timesBusy = 2

/** `bounces…@` has no mailbox behind it; `busy…@` says so twice for each mail and then takes it. */
export function mailroomProvider(folder: string): EmailProvider {
  const busyFor = new Map<string, number>()
  let serial = 0
  let isMade = false

  async function keep(
    mail: OutgoingMail,
    stillFresh: () => boolean,
    begin: () => Promise<boolean> = async () => true,
  ): Promise<HandOver> {
    const file = fileOf(folder, mail.messageId)
    if (file === null) {
      return { kind: 'refused', permanent: true, code: '5.6.0', said: 'The Message-ID cannot be used as a file name.' }
    }
    const known = knownFailure(mail)
    if (known) return known
    if (!stillFresh()) return { kind: 'stale' }
    // Names, addresses and working links: for the account that runs this, whatever the folder above allows.
    if (!isMade) await mkdir(folder, { recursive: true, mode: 0o700 })
    isMade = true
    const draft = join(folder, `.draft-${process.pid}-${++serial}`)
    try {
      await writeFile(draft, mail.raw, { mode: 0o600 })
      if (!(await begin()) || !stillFresh()) return { kind: 'stale' }
      const isFirst = await appear(draft, file)
      const said = isFirst ? 'kept in the mailroom' : 'this mail was in the mailroom already'
      return { kind: 'accepted', providerId: mail.messageId, said }
    } finally {
      await rm(draft, { force: true })
    }
  }

  function knownFailure(mail: OutgoingMail): HandOver | null {
    if (!/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(mail.to) || /[<>]/.test(mail.to)) {
      return { kind: 'refused', permanent: true, code: '5.1.3', said: 'That is not an email address.' }
    }
    if (/^bounces/i.test(mail.to)) {
      return { kind: 'refused', permanent: true, code: '5.1.1', said: '550 5.1.1 No such mailbox here' }
    }
    if (!/^busy/i.test(mail.to)) return null
    const before = busyFor.get(mail.messageId) ?? 0
    busyFor.set(mail.messageId, before + 1)
    return before < timesBusy ? refusedWith('4.2.1', '450 4.2.1 This mailbox is busy, try again later') : null
  }

  return {
    name: 'mailroom',
    width: 8,
    handOver: (...handing) =>
      keep(...handing).catch((error) => {
        isMade = false // somebody may have removed the folder
        return refusedWith('mailroom', sayError(error))
      }),
    close: async () => {},
  }
}

/** The mail as it left, or null when there is none. Takes a Message-ID or its local part. */
export async function readFromMailroom(folder: string, messageId: string): Promise<Buffer | null> {
  const file = fileOf(folder, messageId)
  if (file === null) return null
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** Ours are letters, digits, dots, underscores and hyphens, so no name can climb out of the folder. */
function fileOf(folder: string, messageId: string): string | null {
  const local = messageId.split('@', 1)[0]!
  return isMessageId(`${local}@localhost`) ? join(folder, `${local}.eml`) : null
}

/** Whole or not at all, and never over a mail that is there: a link fails where a rename would replace. */
async function appear(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    // Some file systems (exFAT, network shares) have no links.
    if (code !== 'EPERM' && code !== 'ENOSYS' && code !== 'ENOTSUP') throw error
    await rename(draft, file)
    return true
  }
}

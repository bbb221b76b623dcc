// A life event: a reader tells us that somebody moved, died, or that the address never was theirs. Outreach is silent from
// this breath on; a person on the staff decides the rest, and is told that something waits, never about whom.
import { pauseForLifeEvent } from '../consent/life-suppression.ts'
import { CHANNELS, CONSENT_MASK } from '../consent/purposes.ts'
import type { Journal } from '../db/journal.ts'
import { inLibrary, type Logins, type Scope } from '../db/scope.ts'
import { queueAnswer } from '../messages/answers.ts'
import type { Library } from '../patrons/library.ts'
import { knownLanguage, wordsOf } from '../words/languages.ts'
import { type LifeEvent, type NewTask, openTask } from './tasks.ts'

export interface TaskDoor {
  logins: Logins
  journal: Journal
}

export interface ToldEvent {
  event: LifeEvent
  patron: string
  addressHash: Buffer
  now: Date
}

/** Said again it changes nothing and tells nobody a second time. */
export async function reportLifeEvent(door: TaskDoor, library: Library, told: ToldEvent): Promise<void> {
  const { event, ...whose } = told
  journalSilence(door.journal, library, told)
  await inLibrary(door.logins, 'circulation', library.libraryNo, async (scope) => {
    // Who died is gone from every address; who moved, or was never here, only from this one.
    await pauseForLifeEvent(scope, { ...whose, everywhere: event === 'died' })
    await openAndTell(scope, library, { ...whose, kind: event, said: null })
  })
}

/** After a restore it is replayed as a stop: the task may be lost, the silence is not. */
function journalSilence(journal: Journal, library: Library, { event, patron, addressHash, now }: ToldEvent): void {
  const stop = { at: now.toISOString(), library: library.key, patron, purposes: CONSENT_MASK }
  const channels = event === 'died' ? CHANNELS : (['email'] as const)
  journal.write(
    channels.map((channel) => ({
      ...stop,
      channel,
      addressHash: channel === 'email' ? addressHash.toString('hex') : null,
    })),
  )
}

/** A new address, passed on to staff: only the library system may change what it knows. */
export async function reportAddress(
  door: TaskDoor,
  library: Library,
  told: { patron: string; addressHash: Buffer; said: string; now: Date },
): Promise<void> {
  await inLibrary(door.logins, 'circulation', library.libraryNo, (scope) =>
    openAndTell(scope, library, { ...told, kind: 'address' }),
  )
}

async function openAndTell(scope: Scope<'circulation'>, library: Library, task: NewTask): Promise<void> {
  if (!(await openTask(scope, library, task))) return
  const language = knownLanguage(library.language) ?? 'en'
  const words = wordsOf[language].preferences.taskMail
  await queueAnswer(scope, library, {
    kind: 'task-waits',
    to: library.email,
    addressHash: scope.seals.hashFor(library.key)('email', library.email.toLowerCase()),
    toStaff: true,
    language,
    subject: words.subject,
    parts: [...words.parts, `gentle tasks list --library ${library.key}`],
    now: task.now,
  })
}

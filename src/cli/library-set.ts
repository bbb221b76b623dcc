// `gentle library set`: a library that moved, has a new phone, or is signed for by somebody else. The key never changes.
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { changeLibrary, findLibrary, type LibraryChange } from '../patrons/library.ts'
import { writeAudit } from '../staff/audit.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { columns } from './lay-out.ts'

const says: Record<keyof LibraryChange, string> = {
  name: 'name',
  timezone: 'time zone',
  postalAddress: 'postal address',
  phone: 'phone',
  email: 'email for answers',
  url: 'website',
  signedBy: 'signed by',
  language: 'language',
  quietUntilHour: 'sends from (hour)',
  quietFromHour: 'sends until (hour)',
}

export const librarySet = command({
  name: 'library set',
  summary: 'Change a library’s details or its sending hours.',
  about: [
    'Only what is given changes. It holds from the next message on, also for mailings that were launched before. The key never changes, because links that readers keep hold it.',
  ],
  takes: [{ name: 'KEY', says: 'the library' }],
  options: {
    name: { kind: 'text', value: 'NAME', says: 'its name, as readers know it' },
    timezone: { kind: 'text', value: 'ZONE', says: 'its time zone, such as America/New_York' },
    'postal-address': { kind: 'text', value: 'ADDRESS', says: 'its postal address in one line' },
    phone: { kind: 'text', value: 'PHONE', says: 'the phone of its desk' },
    email: { kind: 'text', value: 'ADDRESS', says: 'where readers’ answers go' },
    'signed-by': {
      kind: 'text',
      value: 'NAME',
      says: 'the first name of somebody on the staff, who signs the messages',
    },
    'signed-by-all': { kind: 'flag', says: 'name nobody: messages are signed “Your librarians”' },
    url: { kind: 'text', value: 'URL', says: 'its website' },
    language: { kind: 'text', value: 'TAG', says: 'the language of readers whose own is not known' },
    'send-from': { kind: 'number', value: 'HOUR', says: 'the hour of the day from which messages leave, 8 or later' },
    'send-until': { kind: 'number', value: 'HOUR', says: 'the hour from which no more leave, 21 or earlier' },
    by: { kind: 'text', value: 'NAME', says: 'who says so; your account’s name if not given' },
  },
  examples: [
    'gentle library set maple --phone 740-555-0123 --signed-by Ruth',
    'gentle library set maple --send-from 10 --send-until 18',
  ],
  async run(context, { given, options }) {
    const library = await findLibrary(context.logins, given.KEY)
    const asked = givenOf({
      name: options.name,
      timezone: options.timezone,
      postalAddress: options['postal-address'],
      phone: options.phone,
      email: options.email,
      url: options.url,
      signedBy: options['signed-by-all'] ? null : options['signed-by'],
      language: options.language,
      quietUntilHour: options['send-from'],
      quietFromHour: options['send-until'],
    })
    if (Object.keys(asked).length === 0)
      throw new Problem(
        'bad-input',
        'Say what to change, such as --phone PHONE. "gentle library set --help" lists it all.',
      )
    if (options['signed-by-all'] && options['signed-by'] !== undefined)
      throw new Problem('bad-input', '--signed-by names somebody and --signed-by-all names nobody: give one of them.')
    const who = options.by ?? accountName()
    const before = await inLibrary(context.logins, 'circulation', library.libraryNo, async (scope) => {
      const was = await changeLibrary(scope, library, asked)
      if (Object.keys(was).length > 0)
        await writeAudit(scope, { who, did: 'changed the library', about: { before: JSON.stringify(was) } })
      return was
    })
    const after = await findLibrary(context.logins, given.KEY)
    const changed = Object.keys(before) as (keyof LibraryChange)[]
    return {
      json: {
        key: after.key,
        ...Object.fromEntries(Object.keys(says).map((f) => [f, after[f as keyof LibraryChange]])),
        before,
      },
      text:
        changed.length === 0
          ? [`${after.name} was like that already; nothing is changed.`]
          : [
              `${after.name} is changed:`,
              ...columns(
                changed.map((f) => [`  ${says[f]}`, `${sayValue(after[f])} (was ${sayValue(before[f])})`] as const),
              ),
            ],
    }
  },
})

/** Null is a value of its own: nobody. */
const givenOf = (asked: { [F in keyof LibraryChange]: LibraryChange[F] | undefined }): LibraryChange =>
  Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))

const sayValue = (value: string | number | null | undefined): string => (value == null ? 'nobody' : String(value))

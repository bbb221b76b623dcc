// `gentle head …`: where the signed head of the consent ledger goes each day.
import { openEgress } from '../lib/egress.ts'
import { Problem } from '../lib/errors.ts'
import { addDestination, endDestination, listDestinations } from '../staff/head-destination.ts'
import { sendHeads } from '../worker/send-heads.ts'
import { command } from './command.ts'
import { readNumber } from './key.ts'
import { counted, sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'

export const headAdd = command({
  name: 'head add',
  summary: 'Send the head of the consent ledger somewhere each day.',
  about: [
    'Choose a place that nobody at this machine can change: an auditor’s mailbox, another disk, another service.',
  ],
  takes: [],
  options: {
    ...intoLibrary,
    email: { kind: 'text', value: 'ADDRESS', says: 'an email address' },
    folder: { kind: 'text', value: 'PATH', says: 'a folder, in which each day gets a file' },
    webhook: { kind: 'text', value: 'URL', says: 'an https address that takes it as JSON' },
    by: { kind: 'text', value: 'NAME', says: 'who chose it', required: true },
  },
  examples: ['gentle head add --library maple --email auditor@example.org --by "J. Park, director"'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const [chosen, ...more] = (
      [
        ['email', options.email],
        ['file', options.folder],
        ['webhook', options.webhook],
      ] as const
    ).flatMap(([kind, target]) => (target === undefined ? [] : [{ kind, target }]))
    if (chosen === undefined || more.length > 0)
      throw new Problem('bad-input', 'Name one place: --email, --folder or --webhook.')
    const added = await addDestination(context.logins, library, {
      ...chosen,
      by: options.by,
      now: context.clock.now(),
    })
    return {
      json: { destination: added },
      text: [
        `The head of the ledger of ${library.name} goes to ${added.target} each night. "gentle head send" sends it now.`,
      ],
    }
  },
})

export const headList = command({
  name: 'head list',
  summary: 'Show where the head of the ledger goes, and when it last did.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle head list --library maple'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const destinations = await listDestinations(context.logins, library)
    return {
      json: { destinations },
      text:
        destinations.length === 0
          ? [`The head of the ledger of ${library.name} goes nowhere yet: "gentle head add".`]
          : destinations.map((one) => {
              const last = one.lastSentAt ? `last ${sayInstant(one.lastSentAt, library.timezone)}` : 'not sent yet'
              const trouble = one.lastSaid !== null && one.lastSaid !== 'sent' ? `; then: ${one.lastSaid}` : ''
              return `  ${one.destinationNo}  ${one.target}: ${one.endedAt ? 'ended' : last}${trouble}`
            }),
    }
  },
})

export const headEnd = command({
  name: 'head end',
  summary: 'Send the head of the ledger there no more.',
  takes: [{ name: 'NUMBER', says: 'the number of the place, as "gentle head list" shows it' }],
  options: intoLibrary,
  examples: ['gentle head end 1 --library maple'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const destinationNo = readNumber(given.NUMBER)
    await endDestination(context.logins, library, { destinationNo, now: context.clock.now() })
    return { json: { destinationNo, ended: true }, text: [`Place ${destinationNo} of ${library.name} has ended.`] }
  },
})

export const headSend = command({
  name: 'head send',
  summary: 'Send the head of the ledger now, to every place that was chosen.',
  takes: [],
  options: intoLibrary,
  examples: ['gentle head send --library maple'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const door = { logins: context.logins, egress: openEgress() }
    const { sent, failed } = await sendHeads(door, library, { now: context.clock.now(), again: true })
    return {
      json: { sent, failed },
      text: [
        `${library.name}: sent to ${counted(sent, 'place')}. Mail leaves while "gentle serve" or "gentle work" runs.`,
      ],
      ...(failed.length === 0
        ? {}
        : { exitCode: 1, problem: failed.map((one) => `Place ${one.destinationNo}: ${one.said}`).join(' ') }),
    }
  },
})

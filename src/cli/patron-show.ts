// `gentle patron show`: everything that is held about one person, for the person who asks for it. Looking leaves an audit
// entry.
import { exportPatron, type PatronRecord } from '../consent/export-patron.ts'
import { KEPT } from '../consent/retention.ts'
import { lookAtPatron } from '../staff/look-at-patron.ts'
import { accountName } from './account-name.ts'
import { sayChannel, sayPurpose } from './choice-options.ts'
import { command } from './command.ts'
import { saidWords, sayOnlyKinds } from './consent-history.ts'
import { columns, sayInstant } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { namedOtherwise, onePerson, personNamed } from './person-options.ts'
import { sayEnd } from './retention.ts'

export const patronShow = command({
  name: 'patron show',
  summary: 'Show everything that is held about one person, and how long it is kept.',
  about: ['Each look is written down: who looked, when, and at whom.'],
  takes: onePerson,
  options: { ...namedOtherwise, ...whichLibrary },
  examples: ['gentle patron show 10234 --library maple', 'gentle patron show --email lena@example.com --library maple'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const look = { named: personNamed(given, options), who: accountName(), did: 'looked at all of a patron' }
    const record = await lookAtPatron(context.logins, library, look, (scope, { patronNo }) =>
      exportPatron(scope, library, patronNo, context.clock.now()),
    )
    return { json: record, text: sayRecord(record, library.timezone) }
  },
})

function sayRecord(record: PatronRecord, timezone: string): string[] {
  const at = (instant: Date) => sayInstant(instant, timezone)
  const { identity, facts, choices, wishes, messages, answers, leftAlone, tasks, doNotWrite, kept } = record
  return [
    `What ${record.library.name} holds about this person in Gentle Reader on ${at(record.takenAt)} (times in ${timezone})`,
    ...part('Name and addresses', identity === null ? [] : sayFields(identity, at), 'None are kept.'),
    ...part(
      facts?.patronId === null ? 'What is known without a card' : 'What the patron file says',
      facts === null ? [] : sayFields(facts, at),
      'Nothing.',
    ),
    ...part(
      'What they chose, oldest first',
      choices.flatMap((c) => [
        `${at(c.decidedAt)}: ${saidWords[c.decision]} ${sayPurpose(c.purpose)}, ${sayChannel(c.channel)} (${c.method}; ${c.attestedBy})`,
        ...sayOnlyKinds(c),
        ...(c.said === null ? [] : [`  “${c.said}”`]),
        ...(c.evidence === null ? [] : sayFields(c.evidence, at).map((line) => `  ${line}`)),
      ]),
      'Nothing so far.',
    ),
    ...part(
      'What they wished, oldest first',
      wishes.map(({ about, paceDays, language, saidAt }) => {
        const pace = paceDays === null ? 'the library’s own pace' : `at most one message in ${paceDays} days`
        return `${at(saidAt)}: ${about === 'pace' ? pace : `language ${language ?? 'of the patron file'}`}`
      }),
      'Nothing so far.',
    ),
    ...part(
      'Messages of the last 12 months',
      messages.flatMap((m) => [
        `${at(m.dueAt)}: ${m.mailing ?? sayPurpose(m.purpose)}, ${sayChannel(m.channel)}, ${m.state}`,
        ...(m.restsOn ? [`  because they said yes on ${at(m.restsOn.decidedAt)}`] : []),
        ...m.withheldBecause.map((reason) => `  held back: is among those who ${reason.says}`),
      ]),
      'None.',
    ),
    ...part(
      'Answers to what somebody did at this address, of the last 12 months',
      answers.map((answer) => `${at(answer.queuedAt)}: ${answer.kind}, ${answer.state}`),
      'None.',
    ),
    ...part(
      'Mailings that left them alone, to compare',
      leftAlone.map((one) => `${one.at ? `${at(one.at)}: ` : ''}${one.mailing}`),
      'None.',
    ),
    ...part(
      'What staff have or had to settle',
      tasks.map(
        (task) =>
          `${at(task.openedAt)}: ${task.kind}, ${task.closedAt ? `closed on ${at(task.closedAt)}` : `due ${task.due}`}${task.said === null ? '' : `; they wrote: “${task.said.replace(/\s+/g, ' ')}”`}`,
      ),
      'Nothing.',
    ),
    ...part(
      'Do-not-write list',
      doNotWrite.map(
        (x) =>
          `${sayChannel(x.channel)}: ${x.reason} on ${at(x.since)}${x.liftedAt ? `, lifted on ${at(x.liftedAt)}` : ''}`,
      ),
      'Not on it.',
    ),
    ...part(
      'Kept until',
      columns(kept.map((one) => [KEPT[one.kind].says, sayEnd(one.kind, one.days)] as const)),
      'Nothing is kept.',
    ),
  ]
}

const part = (title: string, lines: readonly string[], none: string): string[] => [
  '',
  title,
  ...(lines.length > 0 ? lines : [none]).map((line) => `  ${line}`),
]

const sayFields = (fields: object, at: (instant: Date) => string): string[] =>
  columns(
    Object.entries(fields)
      .filter(([, value]) => value !== null && value !== '')
      .map(([name, value]) => [sayName(name), value instanceof Date ? at(value) : String(value)] as const),
  )

/** "givenName" → "given name". */
const sayName = (name: string): string => name.replace(/[A-Z0-9]+/g, (part) => ` ${part.toLowerCase()}`)

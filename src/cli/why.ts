// `gentle why`: may we write to this person, and which rule says what. Asking leaves an audit entry.
import { type WhyInCampaign, whyInCampaign } from '../campaigns/why-in-campaign.ts'
import { reasonText } from '../consent/reasons.ts'
import { type Why, whyPatron } from '../consent/why.ts'
import { Problem } from '../lib/errors.ts'
import { lookAtPatron } from '../staff/look-at-patron.ts'
import { accountName } from './account-name.ts'
import { askedFor, sayChannel, sayPurpose } from './choice-options.ts'
import { command } from './command.ts'
import { columns } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { namedOtherwise, onePerson, personNamed, sayPerson } from './person-options.ts'

export const why = command({
  name: 'why',
  summary: 'Explain whether we may write to one person today, rule by rule.',
  about: ['The rules are the ones that sending itself asks. Each look is written down: who asked, when, about whom.'],
  takes: onePerson,
  options: {
    ...namedOtherwise,
    ...whichLibrary,
    ...askedFor,
    campaign: { kind: 'text', value: 'CAMPAIGN', says: 'ask about this mailing: its key or number' },
  },
  examples: ['gentle why 10234 --library maple', 'gentle why 10234 --library maple --campaign autumn'],
  async run(context, { given, options }) {
    const { purpose, channel } = options
    const library = await chooseLibrary(context.logins, options.library)
    const question = { library, purpose, channel, now: context.clock.now() }
    const named = personNamed(given, options)
    const look = { named, who: accountName(), did: 'asked why', about: { purpose, channel } }
    const { answer, who } = await lookAtPatron<{ answer: Why | WhyInCampaign | null; who: string }>(
      context.logins,
      library,
      look,
      async (scope, person) => ({
        answer:
          options.campaign === undefined
            ? await whyPatron(scope, question, person.patronNo)
            : await whyInCampaign(scope, library, options.campaign, person.patronNo, question.now),
        who: sayPerson(person),
      }),
    )
    if (answer === null)
      throw new Problem(
        'unavailable',
        `There are no facts about ${who}: they were erased, or an import was broken off. Run it again then.`,
      )
    const { allowed, rules } = answer
    if ('campaign' in answer)
      return {
        json: answer,
        text: [
          `${library.name}, ${who}: "${answer.campaign.name}"`,
          '',
          ...sayInCampaign(answer),
          '',
          'By the rules of today:',
          ...sayAnswer(answer),
        ],
      }
    return {
      json: { allowed, rules },
      text: [`${library.name}, ${who}: ${sayPurpose(purpose)}, ${sayChannel(channel)}`, '', ...sayAnswer(answer)],
    }
  },
})

const happened: Record<string, string> = {
  waiting: 'A message waits for its turn.',
  handing: 'A message is being handed over right now.',
  accepted: 'A message left.',
  delivered: 'A message arrived.',
  bounced: 'A message came back: the address does not exist.',
  failed: 'A message could not be sent.',
  withheld: 'No message left: a rule held it back.',
  unknown: 'We can’t tell whether the message left; it is not sent again.',
  cancelled: 'The mailing was cancelled before the message left.',
}

function sayInCampaign({ message, inComparisonGroup, campaign }: WhyInCampaign): string[] {
  if (campaign.state === 'draft' || campaign.state === 'approved')
    return ['It has not been launched yet; nobody has been chosen.']
  if (inComparisonGroup) return ['Was left alone: drawn at random into the comparison group.']
  if (message === null)
    return ['No message was made: at launch this person did not belong to the group, or had not agreed.']
  return [
    happened[message.state] ?? '',
    ...message.reasons.map((code) => `  ${code}: is among those who ${reasonText(code)}`),
    ...message.events.map(
      (event) =>
        `  ${event.at.toISOString().slice(0, 16).replace('T', ' ')} UTC  ${event.kind}${event.said ? `: ${event.said}` : ''}`,
    ),
  ]
}

function sayAnswer({ allowed, rules }: Why): string[] {
  const holding = rules.filter((rule) => !rule.passed)
  const row = (rule: Why['rules'][number]) => [`  ${rule.code}`, rule.because] as const
  if (allowed) return ['May be written to. Every rule lets this person pass:', '', ...columns(rules.map(row))]
  return [
    `Is left alone, because of ${holding.length === 1 ? 'one rule' : `${holding.length} rules`}. This person`,
    '',
    ...columns(holding.map((rule) => [`  ${rule.code}`, `${rule.because}${sayFacts(rule.facts)}`])),
    '',
    'The other rules let them pass:',
    '',
    ...columns(rules.filter((rule) => rule.passed).map(row)),
  ]
}

function sayFacts(facts: Record<string, unknown>): string {
  const told = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined)
  if (told.length === 0) return ''
  const say = (value: unknown) =>
    value === true ? 'yes' : value === false ? 'no' : value instanceof Date ? value.toISOString().slice(0, 10) : value
  return ` (${told.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${say(value)}`).join('; ')})`
}

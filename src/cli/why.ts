// `gentle why`: may we write to this person, and which rule says what. Asking leaves an audit entry.
import { type WhyInCampaign, whyInCampaign } from '../campaigns/why-in-campaign.ts'
import { reasonText } from '../consent/rules.ts'
import { type Why, whyPatron } from '../consent/why.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { findPatron } from '../patrons/find-patron.ts'
import { writeAudit } from '../staff/audit.ts'
import { accountName } from './account-name.ts'
import { askedFor, sayChannel, sayPurpose } from './choice-options.ts'
import { command } from './command.ts'
import { columns } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'

export const why = command({
  name: 'why',
  summary: 'Explain whether we may write to one person today, rule by rule.',
  about: ['The rules are the ones that sending itself asks. Each look is written down: who asked, when, about whom.'],
  takes: [{ name: 'PATRON_ID', says: 'the patron_id of the patron file' }],
  options: {
    ...whichLibrary,
    ...askedFor,
    campaign: { kind: 'text', value: 'CAMPAIGN', says: 'ask about this mailing: its key or number' },
  },
  examples: ['gentle why 10234 --library maple', 'gentle why 10234 --library maple --campaign autumn'],
  async run(context, { given, options }) {
    const { purpose, channel } = options
    const library = await chooseLibrary(context.logins, options.library)
    const question = { library, purpose, channel, now: context.clock.now() }
    const answer: Why | WhyInCampaign | null = await inLibrary<'circulation', Why | WhyInCampaign | null>(
      context.logins,
      'circulation',
      library.libraryNo,
      async (scope) => {
        const patron = await findPatron(scope, library, given.PATRON_ID)
        await writeAudit(scope, { who: accountName(), did: 'asked why', about: { patronNo: patron, purpose, channel } })
        return options.campaign === undefined
          ? whyPatron(scope, question, patron)
          : whyInCampaign(scope, library, options.campaign, patron, question.now)
      },
    )
    if (answer === null)
      throw new Problem(
        'unavailable',
        `Patron "${given.PATRON_ID}" is in the roster and has no standing yet: an import was broken off. Run it again.`,
      )
    const { allowed, rules } = answer
    if ('campaign' in answer)
      return {
        json: answer,
        text: [
          `${library.name}, patron ${given.PATRON_ID}: "${answer.campaign.name}"`,
          '',
          ...sayInCampaign(answer),
          '',
          'By the rules of today:',
          ...sayAnswer(answer),
        ],
      }
    return {
      json: { allowed, rules },
      text: [
        `${library.name}, patron ${given.PATRON_ID}: ${sayPurpose(purpose)}, ${sayChannel(channel)}`,
        '',
        ...sayAnswer(answer),
      ],
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

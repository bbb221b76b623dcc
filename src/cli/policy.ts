// `gentle policy …`: the strict default for the law, and where this library departs from it, for whom and why.
import { changePolicy, type InForce, readPolicy } from '../consent/change-policy.ts'
import { POLICY, type PolicyKey, type PolicyValue, type Setting, SOURCES } from '../consent/policy.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { command } from './command.ts'
import { sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'

export const policyShow = command({
  name: 'policy show',
  summary: 'Show the strict default for the law, and where this library departs from it.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle policy show --library maple'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const inForce = await inLibrary(context.logins, 'circulation', library.libraryNo, readPolicy)
    return {
      json: {
        policy: inForce.map(({ item, value, change }) => ({
          item,
          says: POLICY[item].says,
          sources: POLICY[item].sources.map((source) => SOURCES[source]),
          canChange: POLICY[item].setting !== null,
          strict: POLICY[item].setting?.strict ?? null,
          value,
          because: change?.because ?? null,
          by: change?.by ?? null,
          at: change?.at ?? null,
        })),
      },
      text: inForce.flatMap((one) => [...sayItem(one, library.timezone), '']),
    }
  },
})

function sayItem({ item, value, change }: InForce, timezone: string): string[] {
  const { says, sources, setting } = POLICY[item]
  return [
    `${item}: ${setting === null ? 'fixed' : sayValue(setting, value)}`,
    `  ${says}`,
    ...(change && setting
      ? [
          `  here since ${sayInstant(change.at, timezone)}, decided by ${change.by}${change.because === null ? '' : `: ${change.because}`} (the strict default: ${sayValue(setting, setting.strict)})`,
        ]
      : []),
    `  from: ${sources.map((source) => SOURCES[source]).join('; ')}`,
  ]
}

const sayValue = (setting: Setting, value: PolicyValue): string =>
  setting.kind === 'yes-no' ? (value === true ? 'yes' : 'no') : value === null ? 'no limit' : `${value} ${setting.unit}`

const item = { name: 'ITEM', says: 'as "gentle policy show" names it' } as const

export const policyLoosen = command({
  name: 'policy loosen',
  summary: 'Depart from the strict default, within its limits, with a reason and a name.',
  takes: [item],
  options: {
    ...intoLibrary,
    to: { kind: 'text', value: 'VALUE', says: 'yes, no, or a number', required: true },
    because: { kind: 'text', value: 'TEXT', says: 'the reason; it stays on record', required: true },
    by: { kind: 'text', value: 'NAME', says: 'who decided it', required: true },
  },
  examples: [
    'gentle policy loosen keep-messages --library maple --to 730 --because "state retention schedule, series 12" --by "J. Park, director"',
  ],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const { because, by } = options
    const step = { item: given.ITEM, to: readValue(options.to), because, by, now: context.clock.now() }
    return sayChange(await changePolicy(context.logins, library, 'loosen', step), library.name)
  },
})

export const policyTighten = command({
  name: 'policy tighten',
  summary: 'Go back to the strict default, or be stricter than it.',
  takes: [item],
  options: {
    ...intoLibrary,
    to: { kind: 'text', value: 'VALUE', says: 'yes, no, or a number; the strict default, if not given' },
    because: { kind: 'text', value: 'TEXT', says: 'the reason, if there is one to keep' },
    by: { kind: 'text', value: 'NAME', says: 'who decided it', required: true },
  },
  examples: ['gentle policy tighten consent-months --library maple --to 24 --by "J. Park, director"'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const to = options.to === undefined ? null : readValue(options.to)
    const step = { item: given.ITEM, to, because: options.because ?? null, by: options.by, now: context.clock.now() }
    return sayChange(await changePolicy(context.logins, library, 'tighten', step), library.name)
  },
})

function readValue(text: string): PolicyValue {
  if (text === 'yes' || text === 'no') return text === 'yes'
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new Problem('bad-input', `--to is "${text}"; it is yes, no, or a whole number.`)
}

function sayChange({ item, value, change }: InForce, library: string) {
  const setting = POLICY[item as PolicyKey].setting!
  return {
    json: { item, value, because: change?.because ?? null, by: change?.by ?? null },
    text: [`${library}: ${item} is ${sayValue(setting, value)} from now on.`],
  }
}

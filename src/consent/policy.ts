// The one strict default for the law, as a list: what each item decides, where it comes from, and how far a library may
// loosen it. An item without a setting cannot be changed at all. Not legal advice: docs/counsel.md is the checklist.
import { KEPT, type ScheduledKind, scheduledKinds } from './retention.ts'

/** Laws and rules by name; what each asks stands in docs/counsel.md, in our own words. */
export const SOURCES = {
  ala: 'ALA guidance on patron data',
  states:
    'State laws on library records: Ohio RC 149.432, Florida 257.261, New York CPLR 4509, California GC 7927.105, Texas GC 552.124, Illinois 75 ILCS 70',
  'public-records': 'Rulings on sign-up lists as public records: Ohio 2024, New York 2016',
  'can-spam': 'CAN-SPAM Act',
  tcpa: 'TCPA, 47 CFR 64.1200(a)(10)–(12)',
  ctia: 'CTIA principles and carrier rules',
  'bulk-senders': 'Gmail and Yahoo rules for bulk senders, RFC 8058',
  casl: 'CASL (Canada)',
  'uk-eu': 'UK and EU data protection',
  practice: 'Practice of public libraries',
} as const
type Source = keyof typeof SOURCES

export type PolicyValue = number | boolean | null

/** A number, or yes and no. `strict` is the default; null stands for "no such limit". */
export type Setting =
  | { kind: 'yes-no'; strict: boolean }
  | { kind: 'number'; unit: 'days' | 'months'; strict: number | null; least: number; most: number }

export interface PolicyItem {
  says: string
  sources: readonly Source[]
  setting: Setting | null
}

const rules = {
  bases: {
    says: 'Outreach rests on the person’s own yes. Only notices and news about the card rest on the use of the card; fundraising never does. No silence is a yes.',
    sources: ['ala', 'states', 'tcpa', 'casl', 'uk-eu'],
    setting: null,
  },
  minors: {
    says: 'The minimum age is 18, for every purpose and channel: outreach never writes to anybody younger, by the birth date of the patron file. A guardian’s yes is recorded as an entry of its own and changes nothing in this. Who has no birth date there, or no card, counts as grown up.',
    sources: ['practice', 'ala'],
    setting: null,
  },
  stop: {
    says: 'A stop holds at once, by whatever way it is said, and only the person’s own later yes undoes it. By email, notices go on. By text it ends every text, and its one confirmation asks whether notices shall go on; silence means no.',
    sources: ['can-spam', 'tcpa', 'bulk-senders'],
    setting: null,
  },
  keywords: {
    says: 'Words that stop texts are understood in English, Spanish and French, whatever language a library writes in.',
    sources: ['tcpa', 'ctia', 'casl'],
    setting: null,
  },
  wording: {
    says: 'A yes names one purpose and one way, and its words say who writes, about what, how often at most and how to leave. They are kept as they were shown.',
    sources: ['casl', 'uk-eu', 'tcpa'],
    setting: null,
  },
  'postal-address': {
    says: 'The library’s name and postal address stand in every message, and the headers are true.',
    sources: ['can-spam'],
    setting: null,
  },
  'consent-months': {
    says: 'After how many months a yes no longer counts, unless the person said it again. None, if not set: a yes holds until it is taken back.',
    sources: ['practice'],
    setting: { kind: 'number', unit: 'months', strict: null, least: 6, most: 120 },
  },
  'identity-of-all': {
    says: 'Whether names and addresses are kept of people who agreed to nothing.',
    sources: ['states', 'ala'],
    setting: { kind: 'yes-no', strict: false },
  },
  'public-records': {
    says: 'Where the list of those who signed up may be a public record, the sign-up page says so.',
    sources: ['public-records'],
    setting: null,
  },
  'pass-on': {
    says: 'Whether staff may tell a patron that somebody asked the library to pass something on. The asker learns nothing either way.',
    sources: ['states'],
    setting: { kind: 'yes-no', strict: false },
  },
} as const satisfies Record<string, PolicyItem>

export type PolicyKey = keyof typeof rules | `keep-${ScheduledKind}`

const keeping = Object.fromEntries(
  scheduledKinds.map((kind) => {
    const { says, end } = KEPT[kind]
    const { days, least, most, age } = end
    const item: PolicyItem = {
      says: `For how many days is kept: ${says}. Counted from ${age}.`,
      sources: ['states', 'ala'],
      setting: { kind: 'number', unit: 'days', strict: days, least, most },
    }
    return [`keep-${kind}`, item]
  }),
) as Record<`keep-${ScheduledKind}`, PolicyItem>

export const POLICY: Readonly<Record<PolicyKey, PolicyItem>> = { ...rules, ...keeping }
export const policyKeys = Object.keys(POLICY) as PolicyKey[]

/** Whether this is no looser than that: fewer days, an end where there was none, the strict yes or no. */
export function isAsStrict(setting: Setting, value: PolicyValue, than: PolicyValue): boolean {
  if (setting.kind === 'yes-no') return value === than || value === setting.strict
  return (value ?? Number.POSITIVE_INFINITY) <= (than ?? Number.POSITIVE_INFINITY)
}

/** What is wrong with a value for this item, as the end of a sentence; null when nothing is. */
export function whatIsWrongWith(setting: Setting, value: PolicyValue): string | null {
  if (setting.kind === 'yes-no') return typeof value === 'boolean' ? null : 'is either yes or no'
  const { least, most, unit } = setting
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
    ? null
    : `is a whole number of ${unit} from ${least} to ${most}`
}

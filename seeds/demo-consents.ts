// What the people of a generated roster answered when they were asked: about a third agreed to a note now and then,
// some said no, most were never asked or never answered. Each answer carries the wording shown, the way and the time,
// as the ledger wants it. Minors answer nothing; for Lily Park her mother did.
import { ageOn, type DayNo, dayNo, isoDate } from './calendar.ts'
import { type Wording, wordings } from './demo-library.ts'
import { type KnownPerson, knownPeople } from './known-people.ts'
import { odds, type Random, seededRandom } from './random.ts'
import type { GeneratedPatron } from './roster-columns.ts'

export interface DemoConsent {
  patron_id: string
  purpose: Wording['purpose']
  channel: Wording['channel']
  decision: 'grant' | 'deny'
  method: 'sign-up form' | 'renewal desk' | 'paper form'
  /** The id of the wording shown; see `wordings`. */
  wording: string
  decided_at: string
}

// Of adults who can be reached so; six in ten of a roster are adults with an e-mail, so a third of everybody agrees.
const agreed = [
  ['reengagement', 'email', 0.555],
  ['new-titles', 'email', 0.13],
  ['events', 'email', 0.1],
  ['reengagement', 'sms', 0.05],
  ['events', 'sms', 0.03],
  ['reengagement', 'post', 0.04],
] as const
const SAID_NO = 0.045
const AGREED_THEN_NO = 0.007
const THREE_YEARS = 1095

const methods = ['sign-up form', 'renewal desk', 'paper form'] as const
const methodOdds = odds([62, 26, 12])

interface Answer {
  purpose: Wording['purpose']
  channel: Wording['channel']
  decision: DemoConsent['decision']
  method: DemoConsent['method']
  day: DayNo
}

export function* demoConsents(options: {
  seed: number
  today: string
  rows: Iterable<GeneratedPatron>
}): Generator<DemoConsent> {
  const random = seededRandom(options.seed ^ 0x5eed)
  const today = dayNo(options.today)
  for (const row of options.rows) {
    const answers = knownAnswers[row.patron_id]?.(today) ?? drawAnswers(random, today, row)
    for (const answer of answers.sort((a, b) => a.day - b.day)) yield record(random, row, answer)
  }
}

const knownIds: ReadonlySet<string> = new Set(Object.values(knownPeople).map((person) => person.patronId))

function drawAnswers(random: Random, today: DayNo, row: GeneratedPatron): Answer[] {
  if (knownIds.has(row.patron_id)) return []
  if (row.guardian_id !== '' || (row.birth_date !== '' && ageOn(today, dayNo(row.birth_date)) < 18)) return []
  // Nobody was asked before joining, and today's answers are not in yet.
  const from = Math.max(dayNo(row.registered_on), today - THREE_YEARS)
  const until = today - 1
  if (from > until) return []

  const answer = (purpose: Wording['purpose'], channel: Wording['channel'], decision: DemoConsent['decision']) => ({
    purpose,
    channel,
    decision,
    method: methods[random.choose(methodOdds)]!,
    day: random.between(from, until),
  })
  const reach = { email: row.email !== '', sms: row.phone !== '', post: row.address_line1 !== '' }
  if (random.chance(SAID_NO)) return [answer('reengagement', 'email', 'deny')]
  const answers = agreed
    .filter(([, channel, share]) => reach[channel] && random.chance(share))
    .map(([purpose, channel]) => answer(purpose, channel, 'grant'))
  const first = answers[0]
  if (first?.channel === 'email' && first.day < until && random.chance(AGREED_THEN_NO)) {
    answers.push({ ...answer(first.purpose, 'email', 'deny'), day: random.between(first.day + 1, until) })
  }
  return answers
}

function record(random: Random, row: GeneratedPatron, answer: Answer): DemoConsent {
  const language = row.language === 'es' ? 'es' : 'en'
  const wording = wordings.find(
    (shown) => shown.purpose === answer.purpose && shown.channel === answer.channel && shown.language === language,
  )!
  // Between 14:00 and 21:59 in UTC, so in Ohio's daytime on the same date.
  const two = (n: number) => String(n).padStart(2, '0')
  const time = `${two(random.between(14, 21))}:${two(random.below(60))}:${two(random.below(60))}`
  return {
    patron_id: row.patron_id,
    purpose: answer.purpose,
    channel: answer.channel,
    decision: answer.decision,
    method: answer.method,
    wording: wording.id,
    decided_at: `${isoDate(answer.day)}T${time}.000Z`,
  }
}

const told =
  (
    decision: DemoConsent['decision'],
    method: DemoConsent['method'],
    daysAgo: number,
    purpose = 'reengagement' as const,
  ) =>
  (today: DayNo): Answer[] => [{ purpose, channel: 'email', decision, method, day: today - daysAgo }]

const answersOf: Partial<Record<KnownPerson, (today: DayNo) => Answer[]>> = {
  rosa: told('grant', 'sign-up form', 567),
  mateo: told('grant', 'sign-up form', 210),
  karl: told('grant', 'renewal desk', 700),
  meiLin: told('grant', 'sign-up form', 340),
  amara: told('grant', 'sign-up form', 95),
  tomas: told('grant', 'sign-up form', 402),
  walter: told('grant', 'paper form', 730),
  grace: told('grant', 'sign-up form', 310),
  lily: told('grant', 'paper form', 310),
  dmitri: told('grant', 'renewal desk', 180),
  sam: told('deny', 'sign-up form', 260),
}
const knownAnswers: Record<string, (today: DayNo) => Answer[]> = Object.fromEntries(
  Object.entries(answersOf).map(([who, answers]) => [knownPeople[who as KnownPerson].patronId, answers]),
)

// Gives the people of one household what the roster holds of them: names, a home, mailboxes and phones (shared as
// families share them), card, guardian, status. Shares that the sample cannot tell are the constants below, chosen to
// look like a US town's file; they are assumptions, not findings.
import { type DayNo, dayNo, isoDate } from './calendar.ts'
import type { Facts } from './draw-facts.ts'
import { isMinor } from './form-households.ts'
import { drawHouseholdName, drawPersonName } from './names.ts'
import { drawEmail, drawHome, type Home, phoneDigits, typePhone, writeHomeAnotherWay } from './places.ts'
import type { Random } from './random.ts'
import type { GeneratedPatron } from './roster-columns.ts'

/** What has been given out so far: the next person, home, mailbox and phone are numbered on from here. */
export interface Town {
  today: DayNo
  branches: readonly string[]
  people: number
  homes: number
  mailboxes: number
  phones: number
}

const FIRST_ID = 1001 // those below are the known people's
const OWN_SURNAME = 0.25
const SAME_MAILBOX = { minor: 0.75, adult: 0.25 }
const SAME_PHONE = { minor: 0.85, adult: 0.35 }
const PHONE_GIVEN = 0.86 // of those who do not ask to be phoned; of those who do, all
const HOME_MISSING = 0.015
const HOME_ANOTHER_WAY = 0.06
const BIRTH_DATE_MISSING = 0.08 // adults only: a minor without one would look grown up
const BARRED = 0.025
const DECEASED = 0.005
const CLOSED = 0.01
const NEVER_EXPIRES = 0.07

/** Chance that a card has run out, by months since last use: renewals happen when a card is used. */
const expiredChance = (months: number | null): number =>
  months === null ? 0.06 : months <= 2 ? 0.008 : months <= 6 ? 0.03 : months <= 12 ? 0.04 : months <= 24 ? 0.07 : 0.12

export function settleHousehold(random: Random, town: Town, household: readonly Facts[]): GeneratedPatron[] {
  const shared = drawHouseholdName(random)
  const home = drawHome(random, town.homes++, household[0]!.branch)
  const guardianId = String(FIRST_ID + town.people)
  let mailbox = ''
  let phone = ''

  const lines = household.map((facts, place) => {
    const minor = isMinor(facts)
    const name = drawPersonName(random, shared, place > 0 && !minor && random.chance(OWN_SURNAME))
    let email = ''
    if (facts.emailGiven) {
      const same = random.chance(minor ? SAME_MAILBOX.minor : SAME_MAILBOX.adult)
      email = same && mailbox !== '' ? mailbox : drawEmail(random, town.mailboxes++, name.plain)
      if (mailbox === '') mailbox = email
    }
    let digits = ''
    if (facts.notice === 'phone' || random.chance(PHONE_GIVEN)) {
      const same = random.chance(minor ? SAME_PHONE.minor : SAME_PHONE.adult)
      digits = same && phone !== '' ? phone : phoneDigits(town.phones++)
      if (phone === '') phone = digits
    }
    const written = place > 0 && random.chance(HOME_ANOTHER_WAY) ? writeHomeAnotherWay(random, home) : home
    const { line1, line2, postalCode } = random.chance(HOME_MISSING) ? noHome : written
    const id = FIRST_ID + town.people++
    return {
      patron_id: String(id),
      barcode: `29137${String(id * 7).padStart(9, '0')}`,
      given_name: name.given,
      family_name: name.family,
      preferred_name: name.preferred,
      email,
      phone: digits === '' ? '' : typePhone(random, digits),
      address_line1: line1,
      address_line2: line2,
      city: line1 === '' ? '' : 'Maple Falls',
      region: line1 === '' ? '' : 'OH',
      postal_code: postalCode,
      country: line1 === '' ? '' : 'US',
      language: name.language,
      branch: town.branches[facts.branch % town.branches.length]!,
      category: facts.category,
      birth_date: !minor && random.chance(BIRTH_DATE_MISSING) ? '' : isoDate(facts.birth),
      guardian_id: minor ? guardianId : '',
      registered_on: isoDate(facts.registered),
      expires_on: drawExpiry(random, town.today, facts.monthsSinceUse),
      last_used_on: facts.lastUsed === null ? '' : isoDate(facts.lastUsed),
      status: drawStatus(random),
    }
  })
  // Files are in no family order: now and then a child's line comes before its guardian's.
  return lines.length > 1 && random.chance(0.2) ? lines.reverse() : lines
}

const noHome: Home = { line1: '', line2: '', postalCode: '' }

function drawStatus(random: Random): string {
  const at = random.next()
  if (at < DECEASED) return 'deceased'
  if (at < DECEASED + BARRED) return 'barred'
  return at < DECEASED + BARRED + CLOSED ? 'closed' : 'active'
}

const never = dayNo('2099-12-31')

function drawExpiry(random: Random, today: DayNo, monthsSinceUse: number | null): string {
  if (random.chance(expiredChance(monthsSinceUse))) return isoDate(today - random.between(1, 900))
  return isoDate(random.chance(NEVER_EXPIRES) ? never : today + random.between(0, 1095))
}

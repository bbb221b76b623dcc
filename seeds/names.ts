// What people are called in the roster, in the many ways that a desk over the years has typed it: several scripts,
// upper-case surnames, apostrophes, commas and quotes, one name in two spellings.
import { adoptedNames, everydayNames, type Heritage, heritages } from './name-lists.ts'
import { odds, type Random } from './random.ts'

/** What the members of a household have in common: where its names come from, in which script, which surname. */
export interface HouseholdName {
  heritage: Heritage
  native: boolean
  family: string
}

export interface PersonName {
  given: string
  family: string
  preferred: string
  language: string
  /** For an e-mail address: plain lower-case letters, or empty when the script has none. */
  plain: string
}

const heritageOdds = odds(heritages.map((heritage) => heritage.share))
const languages = new Map(
  heritages.map(({ languages }) => [
    languages,
    { codes: Object.keys(languages), odds: odds(Object.values(languages)) },
  ]),
)

export function drawHouseholdName(random: Random): HouseholdName {
  const heritage = heritages[random.choose(heritageOdds)]!
  const native = heritage.native !== undefined && random.chance(heritage.native.share)
  return { heritage, native, family: drawFamily(random, heritage, native) }
}

/** `ownSurname`: a partner or flatmate who did not take the household's. */
export function drawPersonName(random: Random, household: HouseholdName, ownSurname: boolean): PersonName {
  const { heritage, native } = household
  const given = random.pick(native ? heritage.native!.given : heritage.given)
  const family = ownSurname ? drawFamily(random, heritage, native) : household.family
  const spoken = languages.get(heritage.languages)!
  const name: PersonName = {
    given,
    family,
    preferred: drawPreferred(random, given, heritage),
    language: spoken.codes[random.choose(spoken.odds)]!,
    plain: plain(family),
  }
  asTyped(random, name)
  return name
}

function drawFamily(random: Random, heritage: Heritage, native: boolean): string {
  if (native) return random.pick(heritage.native!.family)
  const family = random.pick(heritage.family)
  return random.chance(heritage.doubleSurnameShare ?? 0) ? `${family} ${random.pick(heritage.family)}` : family
}

function drawPreferred(random: Random, given: string, heritage: Heritage): string {
  const everyday = everydayNames[given]
  if (everyday !== undefined) return random.chance(0.35) ? everyday : ''
  if (heritage.native !== undefined) return random.chance(0.18) ? random.pick(adoptedNames) : ''
  const short = given.split(/[ -]/)[0]!
  return short !== given && random.chance(0.3) ? short : ''
}

/** The habits of many hands at the desk, each seen in real exports. */
function asTyped(random: Random, name: PersonName): void {
  const habit = random.next()
  if (habit < 0.09) name.family = name.family.toUpperCase()
  else if (habit < 0.115) {
    name.family = name.family.toUpperCase()
    name.given = name.given.toUpperCase()
  } else if (habit < 0.125) {
    // Typed on a Mac: letter and accent as two characters.
    name.family = name.family.normalize('NFD')
    name.given = name.given.normalize('NFD')
  } else if (habit < 0.128) name.family = `${name.family}, Jr.`
  else if (habit < 0.13) name.family = `${name.family}, III`
  else if (habit < 0.133) name.given = `${name.given} "${random.pick(adoptedNames)}"`
  else if (habit < 0.135) name.given = `${name.given} (${random.pick(adoptedNames)})`
}

const plainNames = new Map<string, string>()

function plain(family: string): string {
  let letters = plainNames.get(family)
  if (letters === undefined) {
    letters = family
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll('đ', 'd')
      .replaceAll('ø', 'o')
      .replaceAll('ß', 'ss')
      .replace(/[^a-z]/g, '')
    plainNames.set(family, letters)
  }
  return letters
}

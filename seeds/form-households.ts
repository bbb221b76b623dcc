// Who lives with whom: a batch of drawn people is grouped into households without changing anybody, so that families
// appear and the distribution stays as it was drawn. The first of a household is its guardian.
import type { Facts } from './draw-facts.ts'
import { odds, type Random } from './random.ts'

const childrenOdds = odds([50, 36, 14]) // one, two, three with a card
const MAX_HOUSEHOLD = 5

export const isMinor = (person: Facts): boolean => person.age < 18

/** False when a batch, usually a very small one, has too few grown-ups for its children. */
export function canFormHouseholds(people: readonly Facts[]): boolean {
  const minors = people.filter(isMinor).length
  return minors * 2 <= people.length - minors
}

export function formHouseholds(random: Random, people: Facts[]): Facts[][] {
  const minors = people.filter(isMinor)
  const adults = people.filter((person) => !isMinor(person))
  const households: Facts[][] = []
  while (minors.length > 0) {
    const children = minors.splice(0, 1 + random.choose(childrenOdds))
    const oldest = Math.max(...children.map((child) => child.age))
    const guardian = takeOlder(adults, oldest)
    const household = [guardian]
    if (random.chance(0.45)) household.push(...takePartner(adults, guardian))
    household.push(...children)
    households.push(household)
  }
  while (adults.length > 0) {
    const first = adults.shift()!
    const household = [first]
    if (random.chance(0.22)) household.push(...takePartner(adults, first))
    // A grown child still at home, a parent, a flatmate.
    if (random.chance(0.06) && household.length < MAX_HOUSEHOLD) household.push(...adults.splice(0, 1))
    households.push(household)
  }
  return random.shuffle(households)
}

/** Somebody who could be the parent; failing that a grandparent; failing that any adult of the batch. */
function takeOlder(adults: Facts[], childAge: number): Facts {
  let place = adults.findIndex(({ age }) => age >= childAge + 19 && age <= childAge + 42)
  if (place < 0) place = adults.findIndex(({ age }) => age >= childAge + 25)
  return adults.splice(Math.max(place, 0), 1)[0]!
}

function takePartner(adults: Facts[], somebody: Facts): Facts[] {
  const place = adults.findIndex(({ age }) => Math.abs(age - somebody.age) <= 8)
  return place < 0 ? [] : adults.splice(place, 1)
}

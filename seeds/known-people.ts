// The people whose stories run through the demo and the tests. They are in every generated roster, at the same ids, so
// that a story can be looked up: what became of each, and why. Their 740 phones and their Main Street doors are
// given to nobody else.
import { type DayNo, isoDate, monthStart } from './calendar.ts'
import type { GeneratedPatron } from './roster-columns.ts'

/** "Quiet" below: last used 3 to 6 months before the roster's day. */
export const knownPeople = {
  rosa: { patronId: '101', name: 'Rosa Delgado', story: 'shares an e-mail with her son; both quiet, both agreed' },
  mateo: {
    patronId: '102',
    name: 'Mateo Delgado',
    story: "Rosa's grown son, at her e-mail; one of them is written to",
  },
  karl: { patronId: '103', name: 'Karl Brandt', story: 'quiet and agreed, but his card expired' },
  meiLin: { patronId: '104', name: 'Mei Lin Chen', story: 'quiet and agreed; says stop at the worst moment' },
  amara: { patronId: '105', name: 'Amara Okafor', story: 'agreed, and used the library yesterday' },
  tomas: { patronId: '106', name: 'Tomás García Ruiz', story: 'reads Spanish; last here four months ago; agreed' },
  walter: { patronId: '107', name: 'Walter Haines', story: 'agreed two years ago; quiet; has died since' },
  grace: { patronId: '108', name: 'Grace Park', story: "Lily's mother and guardian; here last week; agreed" },
  lily: { patronId: '109', name: 'Lily Park', story: 'nine years old; quiet; her mother signed for her, on paper' },
  dmitri: { patronId: '110', name: 'Dmitri Sokolov', story: 'quiet and agreed; his address bounces' },
  priya: { patronId: '111', name: 'Priya Natarajan', story: 'quiet; never answered when she was asked' },
  sam: { patronId: '112', name: "Sam O'Neill", story: 'quiet; said no' },
} as const

export type KnownPerson = keyof typeof knownPeople

export function knownLines(today: DayNo): GeneratedPatron[] {
  /** A day in the middle of a month, so that months and days agree on how long ago it was. */
  const monthsAgo = (months: number) => isoDate(monthStart(today, months) + 11)
  const daysAgo = (days: number) => isoDate(today - days)
  const born = (age: number) => isoDate(monthStart(today, 12 * age + 5) + 6)
  const line = (who: KnownPerson, own: Partial<GeneratedPatron>): GeneratedPatron => {
    const { patronId, name } = knownPeople[who]
    const lastSpace = name.lastIndexOf(' ')
    return {
      patron_id: patronId,
      barcode: `29137000000${patronId}`,
      given_name: name.slice(0, lastSpace),
      family_name: name.slice(lastSpace + 1),
      preferred_name: '',
      email: '',
      phone: `740-555-0${patronId}`,
      address_line1: '',
      address_line2: '',
      city: 'Maple Falls',
      region: 'OH',
      postal_code: '43991',
      country: 'US',
      language: 'en',
      branch: 'main',
      category: 'Adult',
      birth_date: '',
      guardian_id: '',
      registered_on: monthsAgo(50),
      expires_on: isoDate(today + 400),
      last_used_on: monthsAgo(4),
      status: 'active',
      ...own,
    }
  }
  const delgados = { address_line1: '201 Main Street', email: 'delgado.family@example.com', phone: '740-555-0101' }
  const parks = { address_line1: '214 Main Street', email: 'grace.park@example.com', phone: '(740) 555-0108' }
  return [
    line('rosa', { ...delgados, birth_date: born(46) }),
    line('mateo', { ...delgados, birth_date: born(19), last_used_on: monthsAgo(5) }),
    line('karl', {
      email: 'karl.brandt@example.net',
      address_line1: '220 Main Street',
      birth_date: born(58),
      expires_on: daysAgo(41),
    }),
    line('meiLin', {
      email: 'meilin.chen@example.com',
      address_line1: '231 Main Street',
      address_line2: 'Apt 2',
      birth_date: born(33),
      last_used_on: monthsAgo(5),
    }),
    line('amara', {
      email: 'amara.okafor@example.org',
      address_line1: '238 Main Street',
      birth_date: born(29),
      last_used_on: daysAgo(1),
    }),
    line('tomas', {
      given_name: 'Tomás',
      family_name: 'García Ruiz',
      email: 'tomas.garcia@example.com',
      address_line1: '243 Main Street',
      birth_date: born(41),
      language: 'es',
    }),
    line('walter', {
      email: 'walter.haines@example.com',
      address_line1: '250 Main Street',
      birth_date: born(81),
      category: 'Senior',
      last_used_on: monthsAgo(5),
      status: 'deceased',
    }),
    line('grace', { ...parks, birth_date: born(38), last_used_on: daysAgo(7) }),
    line('lily', {
      ...parks,
      birth_date: born(9),
      category: 'Juvenile',
      guardian_id: knownPeople.grace.patronId,
      registered_on: monthsAgo(30),
    }),
    line('dmitri', {
      email: 'bounces@example.org',
      address_line1: '257 Main Street',
      birth_date: born(52),
      preferred_name: 'Dima',
    }),
    line('priya', { email: 'priya.natarajan@example.com', address_line1: '262 Main Street', birth_date: born(36) }),
    line('sam', { email: 'sam.oneill@example.net', address_line1: '269 Main Street', birth_date: born(24) }),
  ]
}

// The promise behind the fresh code: whatever somebody does with the link of a message, however often, in whatever order
// and with whatever in the forms, nothing may be sent afterwards that could not be sent before.
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW } from '../../test/make.ts'
import { openSite, premisesOf, tokenFor, traces } from '../../test/site.ts'
import type { Purpose } from '../consent/purposes.ts'
import { checkStanding } from '../consent/standing.ts'
import { whyPatron } from '../consent/why.ts'
import { inLibrary } from '../db/scope.ts'
import type { Library } from '../patrons/library.ts'
import { usualLimits } from './rate-limit.ts'

const house = openHouse()
let site: FastifyInstance
let at = NOW
const PEOPLE = ['rosa', 'mateo'] as const
const PURPOSES = ['reengagement', 'new-titles', 'events'] as const
const email = 'family@example.org'

beforeAll(async () => {
  const premises = { ...premisesOf(house), clock: { now: () => at } }
  site = await openSite(house, {
    readiness: () => ({ kind: 'open', premises, doing: null }),
    limits: {
      ...usualLimits,
      address: { holds: 1e6, refillsPerSecond: 1e6 },
      token: { holds: 1e6, refillsPerSecond: 1e6 },
    },
  })
})
afterAll(() => site.close())

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
const some = fc.subarray(PURPOSES.map((purpose) => `${purpose}/email`))
const choices = fc.record({
  was: some.map((keys) => keys.join(' ')),
  yes: some,
  pace: oneOf('library', '30', '90', '180'),
  pause: oneOf('', '', '2026-12-24', '2027-03-01', '2028-01-01'),
  language: oneOf('en', 'es'),
  resume: oneOf('', 'yes'),
})
type Fields = Record<string, string | string[]>
const act: fc.Arbitrary<[path: string, fields: Fields]> = fc.oneof(
  { weight: 4, arbitrary: choices.map((fields): [string, Fields] => ['/p/TOKEN', fields]) },
  choices.map((fields): [string, Fields] => ['/p/TOKEN/code', fields]),
  fc
    .tuple(choices, oneOf('000000', '', '123456'))
    .map(([fields, code]): [string, Fields] => ['/p/TOKEN/own', { ...fields, code }]),
  choices.map((fields): [string, Fields] => ['/p/TOKEN/own', { ...fields, act: 'choices', proof: 'x.y' }]),
  oneOf('this-kind', 'half-year').map((choice): [string, Fields] => ['/less/TOKEN', { choice }]),
  oneOf(['/p/TOKEN/own/erase', { step: 'now', sure: 'yes' }] as [string, Fields]),
)

/** Of each person and purpose at some instants to come: may it be sent? */
async function allowed(library: Library): Promise<boolean[]> {
  const answers: boolean[] = []
  for (const id of PEOPLE) {
    const patron = await make.number(house, library, id)
    for (const purpose of PURPOSES as readonly Purpose[])
      for (const days of [1, 45, 120, 200, 400]) {
        const now = new Date(at.getTime() + days * 24 * 3_600_000)
        const why = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
          whyPatron(scope, { library, purpose, channel: 'email', now }, patron),
        )
        answers.push(why!.allowed)
      }
  }
  return answers
}

test('property: no sequence of acts through the link of a message lets through what was held back before it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(oneOf(...PEOPLE), act), { minLength: 1, maxLength: 5 }),
      choices,
      async (acts, begin) => {
        at = NOW
        const library = await make.library(house)
        await make.patrons(
          house,
          library,
          PEOPLE.map((id) => ({ id, email, lastUse: monthsAgo(4), consents: ['reengagement/email', 'events/email'] })),
        )
        // Written to a moment ago, so that a pace bites.
        await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
          sql`update outreach.standing set unasked_at = ${NOW} where library_no = ${library.libraryNo}`.execute(
            scope.tx,
          ),
        )
        const tokens = Object.fromEntries(
          await Promise.all(PEOPLE.map(async (id) => [id, await tokenFor(house, library, { id, email })] as const)),
        )
        const post = (path: string, fields: Fields, id: string) =>
          site.inject({
            method: 'POST',
            url: path.replace('TOKEN', tokens[id]!),
            payload: new URLSearchParams(
              Object.entries(fields).flatMap(([k, v]) => [v].flat().map((one): [string, string] => [k, one])),
            ).toString(),
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          })
        await post('/p/TOKEN', begin, 'rosa')
        let before = await allowed(library)
        for (const [id, [path, fields]] of acts) {
          at = new Date(at.getTime() + 60_000)
          await post(path, fields, id)
          const after = await allowed(library)
          for (const [i, may] of after.entries())
            if (may) expect([path, fields, before[i]]).toEqual([path, fields, true])
          before = after
        }
        expect(await checkStanding(house.database.logins, library.libraryNo)).toMatchObject({
          patrons: 2,
          differing: 0,
        })
      },
    ),
    { numRuns: 25 },
  )
}, 120_000)

test('GET acts on no public page, whatever the page', async () => {
  at = NOW
  const library = await make.library(house, { key: 'maple' })
  await make.patrons(house, library, [{ id: 'rosa', email, lastUse: monthsAgo(4), consents: ['events/email'] }])
  const token = await tokenFor(house, library, { id: 'rosa', email })
  const root = await house.connectAsSuperuser()
  const all = async () => {
    const { rows } = await root.query<{ name: string }>(`
      select format('%s.%s', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname in ('house', 'roster', 'outreach', 'mail', 'desk') order by 1`)
    const held: [string, string | null][] = []
    for (const { name } of rows) {
      const row = await root.query(`select md5(string_agg(t::text, '|' order by t::text)) as held from ${name} t`)
      held.push([name, row.rows[0].held])
    }
    return held
  }
  const before = [await all(), await traces(house, library)]
  const pages = site.declaredRoutes.filter((route) => route.access === 'public' && route.method === 'GET')
  expect(pages.length).toBeGreaterThan(5)
  const queries = [
    '',
    '?lang=es',
    '?choice=nothing',
    '?yes=events/email&pace=180',
    '?code=123456&proof=x&email=a@example.org',
  ]
  for (const { url } of pages)
    for (const query of queries) {
      const path = url.replace(':token', token).replace(':library', 'maple').replace(':event', 'died')
      // A sign-up's link is another token; its page is as kind as any.
      for (const method of ['GET', 'HEAD'] as const)
        expect((await site.inject({ method, url: path + query })).statusCode, path).toBeLessThan(500)
    }
  expect([await all(), await traces(house, library)]).toEqual(before)
})

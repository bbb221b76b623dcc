// Whatever happens to people in whatever order, two things hold: the gate never lets through what the latest word of the
// person forbids, and standing is what the ledger says. The oracle knows only who said what, when.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, monthsAgo, NOW, type PatronStory } from '../../test/make.ts'
import { rotateLinks } from '../db/keys.ts'
import { inLibrary } from '../db/scope.ts'
import { keyedHashFor } from '../lib/keyed-hash.ts'
import { linkSigner } from '../lib/signed-links.ts'
import type { Library } from '../patrons/library.ts'
import { erasePatron } from './erase-patron.ts'
import { stopByLink } from './link-choices.ts'
import { PURPOSES } from './purposes.ts'
import { recordChoices } from './record-choice.ts'
import { checkStanding, refreshStale } from './standing.ts'
import { verifyLedger } from './verify-ledger.ts'
import { whyPatron } from './why.ts'

const house = openHouse()
const PURPOSE = ['reengagement', 'events'] as const
type Asked = (typeof PURPOSE)[number]

/** Rosa and her son share a mailbox; Karl has one of his own. */
const PEOPLE: PatronStory[] = [
  { id: 'rosa', email: 'home@example.org', lastUse: monthsAgo(4) },
  { id: 'son', email: 'home@example.org', lastUse: monthsAgo(4) },
  { id: 'karl', email: 'karl@example.org', lastUse: monthsAgo(4) },
]
const who = fc.constantFrom('rosa', 'son', 'karl')
const purpose = fc.constantFrom(...PURPOSE)
/** Hours before now at which a choice was made; what is told late may have been said early. */
const said = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 200 }))

type Act =
  | { do: 'grant' | 'deny'; id: string; purpose: Asked; said: number }
  | { do: 'pause'; id: string; said: number }
  | { do: 'stop by link' | 'erase'; id: string }
  | { do: 'import' | 'rotate' }

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('grant' as const), id: who, purpose, said }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deny' as const), id: who, purpose, said }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), id: who, said }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('stop by link' as const, 'erase' as const), id: who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('import' as const, 'rotate' as const) }) },
)

/** What a person has said, by the time it was said: nothing else may decide whether we write. */
interface Word {
  no: boolean
  pause: boolean
  purpose: Asked | 'all'
  at: number
}

function mayWrite(words: readonly Word[], asked: Asked, now: number): boolean {
  const about = words.filter((w) => !w.pause && ['all', asked].includes(w.purpose))
  const latest = Math.max(...about.map((w) => w.at))
  const spoken = about.filter((w) => w.at === latest)
  if (spoken.length === 0 || spoken.some((w) => w.no)) return false
  const lastYes = Math.max(...words.filter((w) => !w.no && !w.pause).map((w) => w.at))
  return !words.some((w) => w.pause && w.at >= lastYes && w.at + PAUSE > now)
}

const HOUR = 3_600_000
const PAUSE = 1_000 * HOUR

test('property: over random histories the gate never lets through what the latest word of the person forbids, and standing is the replayed ledger', async () => {
  await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 9 }), live), { numRuns: 8 })
}, 120_000)

async function live(acts: Act[]): Promise<void> {
  const { logins, keys } = house.database
  const library = await make.library(house)
  const hash = keyedHashFor(keys.hashing, library.key)
  await make.roster(house, library, PEOPLE)
  const words = new Map<string, Word[]>(PEOPLE.map((p) => [p.id, []]))
  /** Links that left with a mail at some time, with the secrets of that time. */
  let secrets = [keys.links]
  let clock = NOW.getTime()
  for (const one of acts) {
    clock += 60_000
    const now = new Date(clock)
    const number = async (id: string) => make.number(house, library, id)
    switch (one.do) {
      case 'grant':
      case 'deny':
      case 'pause': {
        const at = clock - one.said * HOUR
        const which = one.do === 'pause' ? 'all' : one.purpose
        const until = one.do === 'pause' ? new Date(at + PAUSE) : null
        const choice = make.choice(await number(one.id), `${which}/email`, one.do, new Date(at), {
          until,
          evidence: { name: one.id },
        })
        // An old yes of an address where somebody was erased since is refused, so it was never said.
        const recorded = await recordChoices(logins, library.libraryNo, [choice], now).then(
          () => true,
          (error) => {
            expect(error).toMatchObject({ code: 'conflict' })
            return false
          },
        )
        if (recorded) words.get(one.id)!.push({ no: one.do === 'deny', pause: one.do === 'pause', purpose: which, at })
        break
      }
      case 'stop by link': {
        const email = PEOPLE.find((p) => p.id === one.id)!.email!
        const link = {
          library: library.libraryNo,
          message: '1',
          patron: await number(one.id),
          purpose: PURPOSES.events.bit,
          addressHash: hash('email', email),
        }
        const token = linkSigner(secrets.at(-1)!).sign(link) // an old mail
        const read = linkSigner(secrets[0]!, secrets.slice(1)).read(token)!
        await stopByLink({ logins, journal: house.journal }, library, read, { purpose: 'all', method: 'link', now })
        words.get(one.id)!.push({ no: true, pause: false, purpose: 'all', at: clock })
        break
      }
      case 'erase':
        await erasePatron({ logins, journal: house.journal }, library, { patron: await number(one.id), by: 'Ana', now })
        words.set(one.id, [{ no: true, pause: false, purpose: 'all', at: clock }])
        await make.roster(house, library, PEOPLE, { approvedBy: 'the test' }) // the library system still has the card
        break
      case 'import':
        await make.roster(house, library, PEOPLE, { approvedBy: 'the test' })
        break
      case 'rotate':
        secrets = [rotateLinks(house.folder).links, ...secrets]
    }
  }
  await refreshStale(logins, library.libraryNo)
  await expectHonest(library, words, clock + 60_000)
}

async function expectHonest(library: Library, words: ReadonlyMap<string, Word[]>, at: number): Promise<void> {
  const { logins } = house.database
  const question = { library, channel: 'email', now: new Date(at) } as const
  for (const [id, spoken] of words) {
    const patron = await make.number(house, library, id)
    for (const purpose of PURPOSE) {
      const why = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
        whyPatron(scope, { ...question, purpose }, patron),
      )
      if (why!.allowed) expect([id, purpose, mayWrite(spoken, purpose, at)]).toEqual([id, purpose, true])
    }
  }
  expect(await checkStanding(logins, library.libraryNo)).toMatchObject({ differing: 0, patrons: PEOPLE.length })
  expect(await inLibrary(logins, 'circulation', library.libraryNo, verifyLedger)).toMatchObject({ ok: true })
}

// Random traffic over a line: people write, hooks come twice, late or never, wait to be read, the provider is down, processes
// die between a take and its record, and while they read. Whatever the order: each text is stored once and accounted for, at
// every moment, and nothing leaves twice.
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import {
  brings,
  deskOf,
  makeLine,
  readAllBrought,
  sendAllTexts,
  textDouble,
  textIn,
  textReport,
  textsOf,
} from '../../test/texts.ts'
import type { TextIn } from '../channels/sms/text-provider.ts'
import { readKeyword } from '../consent/text-words.ts'
import { inLibrary } from '../db/scope.ts'
import { settleAbandonedTexts } from '../messages/settle-abandoned-texts.ts'
import { openTakeLogs } from '../messages/take-log.ts'
import { takeTexts } from '../messages/take-texts.ts'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import { answerText } from './answer-text.ts'
import { listConversations } from './read-conversations.ts'
import { openHookStore } from './store-hook.ts'
import { tendConversations } from './tend-conversations.ts'
import { findUnanswered } from './unanswered.ts'

const house = openHouse()
const storeHook = openHookStore()
const START = new Date('2026-11-23T15:00:00Z').getTime()
const WORDS = [
  'STOP',
  'start',
  'HELP',
  'notices',
  'Are you open?',
  'please stop texting me',
  'wrong number',
  'thanks!',
  'who is this',
  '',
  'she died',
  'ALTO',
]

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('write' as const), who: fc.nat(2), words: fc.constantFrom(...WORDS) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), dies: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hook again' as const), which: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send' as const), down: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die while sending' as const), begun: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      which: fc.nat(30),
      state: fc.constantFrom('delivered' as const, 'accepted' as const, 'failed' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('days go by' as const), days: fc.integer({ min: 1, max: 5 }) }) },
)

test('every text that came in is stored once and accounted for, and nothing leaves twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const library = await make.library(house)
      const line = await makeLine(house, [library])
      const place = { library, line, answering: USUAL_ANSWERING }
      const { logins } = house.database
      const scoped = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
        inLibrary(logins, 'circulation', library.libraryNo, work)
      const came: TextIn[] = []
      let down = false
      const phone = textDouble(() =>
        down ? { kind: 'refused', permanent: false, code: 'connection', said: 'down' } : null,
      )
      let clock = START
      const now = () => new Date(clock)
      const hook = (text: TextIn) =>
        storeHook(deskOf(house), line, { brings: [text], raw: Buffer.from('{}'), now: now() })
      for (const one of steps) {
        clock += 20_000
        const soFar = await scoped((scope) => findUnanswered(scope, new Date(0)))
        const accounted = Object.values(soFar.counts).reduce((a, b) => a + b, 0)
        expect(soFar.counts.LOST).toBe(0)
        // What is not read yet is counted, too; a hook that came twice may stand there twice.
        expect(accounted).toBeLessThanOrEqual(came.length)
        expect(accounted + soFar.unread).toBeGreaterThanOrEqual(came.length)
        if (one.do === 'write') {
          const text = textIn(line, `+1614555010${one.who}`, one.words)
          came.push(text)
          await Promise.all([hook(text), hook(text)])
        } else if (one.do === 'read') {
          // Who dies has lent itself the line, and perhaps read a hook that still stands there.
          if (one.dies) {
            const lent = new Date(clock + 10_000)
            await sql`update house.hooks_waiting set lent_until = ${lent} where line_no = ${line.lineNo}`.execute(
              logins.circulation,
            )
            const [first] = came.slice(-2)
            if (first) await brings(house, line, [first], now())
          } else await readAllBrought(house, now())
        } else if (one.do === 'hook again') {
          const again = came[one.which]
          if (again) await hook(again)
        } else if (one.do === 'send') {
          down = one.down
          await sendAllTexts(house, phone, line, now())
        } else if (one.do === 'die while sending') {
          const take = await takeTexts(logins, { ...place, most: 2, now: now() })
          const log = openTakeLogs(house.folder).open(take.takeNo || 'none')
          if (one.begun && take.texts[0]) await log.begin(take.texts[0].textNo)
          await settleAbandonedTexts(logins, library.libraryNo, openTakeLogs(house.folder), {
            takenBefore: new Date(Date.now() + 1_000),
            now: now(),
          })
        } else if (one.do === 'report') {
          const sent = phone.sent[one.which]
          if (sent) await brings(house, line, [textReport(`SM${sent.reference}`, { state: one.state })], now())
        } else if (one.do === 'answer') {
          const waiting = await scoped((scope) => listConversations(scope, { state: 'waiting' }))
          const chosen = waiting[one.which]
          if (chosen)
            await scoped((scope) =>
              answerText(scope, place, {
                conversationNo: chosen.conversationNo,
                body: `Answer at ${clock}`,
                by: 'Ana',
                now: now(),
              }),
            )
        } else {
          clock += one.days * 86_400_000
          await tendConversations(deskOf(house), library, now())
        }
      }
      down = false
      clock += 60_000
      await readAllBrought(house, now())
      await sendAllTexts(house, phone, line, now())

      const kept = await textsOf(house, library)
      expect(kept.filter((t) => t.direction === 'in')).toHaveLength(came.length)
      const proof = await scoped((scope) => findUnanswered(scope, new Date(0)))
      expect(proof.unread).toBe(0)
      expect(proof.counts.LOST).toBe(0)
      expect(Object.values(proof.counts).reduce((a, b) => a + b, 0)).toBe(came.length)
      const references = phone.sent.map(({ reference }) => reference)
      expect(new Set(references).size).toBe(references.length)
      // One confirmation for each time that somebody who had not stopped stops.
      for (const who of [0, 1, 2]) {
        const from = `+1614555010${who}`
        let stopped = false
        let due = 0
        for (const { from: by, body } of came) {
          if (by !== from) continue
          const keyword = readKeyword(body)?.keyword
          if (keyword === 'stop' || body === 'please stop texting me') {
            if (!stopped) due++
            stopped = true
          } else if (keyword === 'start' || keyword === 'notices') stopped = false
        }
        const confirmed = (await textsOf(house, library, from)).filter((t) =>
          /no more texts|tampoco de reservas/.test(t.body ?? ''),
        )
        expect(confirmed).toHaveLength(due)
      }
    }),
    { numRuns: 25 },
  )
}, 120_000)

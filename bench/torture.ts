// Tortures the sending of a campaign, or texts in both directions, and tells whether anybody was lost or written to twice.
// Ends with 1 if so.
//
//   npm run torture [-- --kills 20] [-- --people 20000]
//   npm run torture -- sms [--quick] [--kills 30] [--out 200000] [--in 50000]
import { parseArgs } from 'node:util'
import { openBenchHouse } from './bench-house.ts'
import { torture } from './torture-run.ts'
import { tortureTexts } from './torture-texts.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string' },
    people: { type: 'string', default: '20000' },
    out: { type: 'string' },
    in: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
const began = performance.now()
const say = (line: string) => console.error(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`)
const house = await openBenchHouse({ quick: false, say })
try {
  const { rows, violations } = positionals[0] === 'sms' ? await ofTexts() : await ofCampaign()
  for (const [what, value] of rows) console.log(`${what.padEnd(40)} ${String(value).padStart(10)}`)
  for (const violation of violations) console.log(`VIOLATED: ${violation}.`)
  if (violations.length === 0) console.log('Nobody was lost, nobody was written to twice.')
  process.exitCode = violations.length === 0 ? 0 : 1
} finally {
  await house.close()
}

interface Told {
  rows: [string, string | number][]
  violations: string[]
}

async function ofCampaign(): Promise<Told> {
  const end = await torture(house, { people: Number(values.people), kills: Number(values.kills ?? 20), say })
  return {
    violations: end.violations,
    rows: [
      ['people chosen', end.people],
      ...killsOf(end.killed),
      ...countsOf('outcome', end.states),
      ['mails in the log of the mail server', end.arrived],
      ...unknownOf(end.unknown),
      ['seconds', end.seconds.toFixed(1)],
    ],
  }
}

async function ofTexts(): Promise<Told> {
  const [out, come, kills] = values.quick ? [4_000, 1_000, 6] : [200_000, 50_000, 30]
  const asked = { out: Number(values.out ?? out), in: Number(values.in ?? come), kills: Number(values.kills ?? kills) }
  const end = await tortureTexts(house, { ...asked, say })
  return {
    violations: end.violations,
    rows: [
      ['texts to send', asked.out],
      ['texts that people wrote', asked.in],
      ...killsOf(end.killed),
      ...countsOf('out', end.states),
      ...countsOf('in', end.fates),
      ['texts in the log of the provider', end.arrived],
      ...unknownOf(end.unknown),
      ['seconds', end.seconds.toFixed(1)],
    ],
  }
}

function killsOf(killed: Record<string, number>): Told['rows'] {
  return Object.entries(killed).map(([victim, times]) => [`kill -9, ${victim}`, times])
}
function countsOf(what: string, counts: Record<string, number>): Told['rows'] {
  return Object.entries(counts).map(([state, n]) => [`${what}: ${state}`, n])
}
function unknownOf(unknown: { arrived: number; not: number; most: number }): Told['rows'] {
  return [
    ['unknown that arrived', unknown.arrived],
    ['unknown that did not', unknown.not],
    ['unknown, at most', unknown.most],
  ]
}

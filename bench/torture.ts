// Tortures the sending of a campaign and tells whether anybody was lost or written to twice. Ends with 1 if so.
//
//   npm run torture [-- --kills 20] [-- --people 20000]
import { parseArgs } from 'node:util'
import { openBenchHouse } from './bench-house.ts'
import { torture } from './torture-run.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '20' }, people: { type: 'string', default: '20000' } },
})
const began = performance.now()
const say = (line: string) => console.error(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`)
const house = await openBenchHouse({ quick: false, say })
try {
  const end = await torture(house, { people: Number(values.people), kills: Number(values.kills), say })
  const rows: [string, string | number][] = [
    ['people chosen', end.people],
    ...Object.entries(end.killed).map(([victim, times]): [string, number] => [`kill -9, ${victim}`, times]),
    ...Object.entries(end.states).map(([state, n]): [string, number] => [`outcome: ${state}`, n]),
    ['mails in the log of the mail server', end.arrived],
    ['unknown that arrived', end.unknown.arrived],
    ['unknown that did not', end.unknown.not],
    ['unknown, at most', end.unknown.most],
    ['seconds', end.seconds.toFixed(1)],
  ]
  for (const [what, value] of rows) console.log(`${what.padEnd(40)} ${String(value).padStart(10)}`)
  for (const violation of end.violations) console.log(`VIOLATED: ${violation}.`)
  if (end.violations.length === 0) console.log('Nobody was lost, nobody was written to twice.')
  process.exitCode = end.violations.length === 0 ? 0 : 1
} finally {
  await house.close()
}

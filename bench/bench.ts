// Shows how fast the product is: each figure beside a yardstick that is measured in the same run on the same machine,
// so that the ratios mean something on any. Runs on a database of its own and leaves nothing behind.
//
//   npm run bench [-- --quick] [-- --only import,send] [-- --json FILE]
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type BenchHouse, openBenchHouse } from './bench-house.ts'
import { measureHooks } from './hooks.ts'
import { measureImport } from './import.ts'
import { measureLaunch } from './launch.ts'
import { measureNoisyLibrary } from './noisy-library.ts'
import { measurePreview } from './preview.ts'
import { measureSend } from './send.ts'
import { measureSignUps } from './sign-ups.ts'
import { measureStopToSilence } from './stop-to-silence.ts'
import { type Figure, printTable } from './table.ts'
import { measureTextStop } from './text-stop.ts'
import { measureTextToMailbox } from './text-to-mailbox.ts'

const measures: Record<string, (house: BenchHouse) => Promise<Figure[]>> = {
  import: measureImport,
  preview: measurePreview,
  launch: measureLaunch,
  send: measureSend,
  stop: measureStopToSilence,
  'sign-ups': measureSignUps,
  hooks: measureHooks,
  'text-stop': measureTextStop,
  mailbox: measureTextToMailbox,
  noisy: measureNoisyLibrary,
}

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
  },
})
const chosen = values.only?.split(',') ?? Object.keys(measures)
const unknown = chosen.filter((name) => !(name in measures))
if (unknown.length > 0) {
  console.error(`There is no figure ${unknown.join(', ')}. There are: ${Object.keys(measures).join(', ')}.`)
  process.exit(1)
}

const began = performance.now()
const say = (line: string) => console.error(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`)
const figures: Figure[] = []
const broken: { measure: string; because: string }[] = []
const house = await openBenchHouse({ quick: values.quick, say })
const { rows } = await house.superuser.query<{ version: string }>(`select current_setting('server_version') as version`)
try {
  for (const name of chosen) {
    try {
      figures.push(...(await measures[name]!(house)))
    } catch (error) {
      broken.push({ measure: name, because: String(error) })
      say(`${name} could not be measured: ${error instanceof Error ? error.stack : error}`)
    }
  }
} finally {
  await house.close()
}

const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'an unknown processor'}, PostgreSQL ${rows[0]!.version}, Node ${process.versions.node}`
const report = {
  quick: values.quick,
  machine,
  figures,
  broken,
  met: broken.length === 0 && figures.every((f) => f.met),
}
console.log(`\n${machine}${values.quick ? ' (quick: small sizes, rough figures)' : ''}\n`)
console.log(printTable(figures))
for (const { measure, because } of broken) console.log(`${measure}: not measured (${because})`)
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
else console.log(`\n${JSON.stringify(report)}`)
process.exitCode = broken.length > 0 ? 1 : 0

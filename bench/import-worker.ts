// One importing process: reads patron files through the product's import and tells how long it took and how much memory
// the process ever held.
import { connectDatabase } from '../src/db/connect.ts'
import { loadKeys } from '../src/db/keys.ts'
import { findLibrary } from '../src/patrons/library.ts'
import { importRoster } from '../src/roster/import.ts'

const { server, keysDir, library: key, files, again } = JSON.parse(process.argv[2] ?? '{}')
const database = connectDatabase(server, loadKeys(keysDir))
const library = await findLibrary(database.logins, key)
do {
  for (const file of files as string[]) {
    const started = performance.now()
    let wroteFrom = 0
    const result = await importRoster(database, library, file, {
      now: new Date(),
      approvedBy: 'the benchmark',
      onProgress: (step) => {
        if (step === 'writing' && wroteFrom === 0) wroteFrom = performance.now()
      },
    })
    const ended = performance.now()
    console.log(
      JSON.stringify({
        ms: ended - started,
        readingMs: (wroteFrom || ended) - started,
        writingMs: wroteFrom === 0 ? 0 : ended - wroteFrom,
        peakMb: process.resourceUsage().maxRSS / 1024,
        result: { ...result, quarantined: result.quarantined.length },
      }),
    )
  }
} while (again)
await database.close()

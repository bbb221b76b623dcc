// `gentle lapsed`: how many cards have gone quiet, how many of these people may be written to, and why the others not.
import { type MonthNo, monthIn } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import { previewSegment } from '../segments/preview.ts'
import { readSegment } from '../segments/rule.ts'
import { askedFor, sayChannel, sayPurpose } from './choice-options.ts'
import { command } from './command.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { sayPreview } from './say-preview.ts'

export const lapsed = command({
  name: 'lapsed',
  summary: 'Count cardholders who have gone quiet: who may be written to, and why the others not.',
  about: ['Counts everyone in the patron file whose last use lies in the window. Writes to nobody.'],
  takes: [],
  options: {
    ...whichLibrary,
    'min-months': { kind: 'number', value: 'N', says: 'last used at least so many months ago', default: 3 },
    'max-months': { kind: 'number', value: 'N', says: 'and at most so many', default: 6 },
    ...askedFor,
    'never-used': { kind: 'flag', says: 'count cards that were never used, too' },
  },
  examples: ['gentle lapsed --library maple --min-months 3 --max-months 6'],
  async run(context, { options }) {
    const { purpose, channel } = options
    const [min, max] = [options['min-months'], options['max-months']]
    if (min > max)
      throw new Problem('bad-input', `--min-months is ${min} and --max-months is ${max}: nothing lies between them.`)
    if (max > 1_200) throw new Problem('bad-input', `--max-months is ${max}; a hundred years (1200) is the most.`)
    const library = await chooseLibrary(context.logins, options.library)
    const now = context.clock.now()
    const segment = readSegment({ lapsed: { minMonths: min, maxMonths: max, neverUsed: options['never-used'] } })
    const json = await previewSegment(context.logins, { library, purpose, channel, now }, segment)
    const month = monthIn(library.timezone, now)
    const window = `last used ${sayWindow(month - max, month - min)}${options['never-used'] ? ', or never' : ''}`
    return {
      json,
      text: [
        `${library.name}: cards ${window}`,
        `Purpose: ${sayPurpose(purpose)}, ${sayChannel(channel)}`,
        '',
        ...sayPreview(json),
      ],
    }
  },
})

const sayMonth = (month: MonthNo): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(
    new Date(Date.UTC(Math.floor(month / 12), month % 12, 1)),
  )

const sayWindow = (first: MonthNo, last: MonthNo): string =>
  first === last ? `in ${sayMonth(first)}` : `from ${sayMonth(first)} to ${sayMonth(last)}`

// `gentle kit`: the first-day kit of a library as PDF, ready for the printer, and how many people said yes this month.
import { relative } from 'node:path'
import { publicUrlOf } from '../config.ts'
import { countYesThisMonth } from '../consent/count-yes.ts'
import { inLibrary } from '../db/scope.ts'
import { joinUrl, makeKit } from '../paper/kit.ts'
import { readJoinPage } from '../signups/offer.ts'
import { command } from './command.ts'
import { counted } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { paperOption } from './paper-option.ts'
import { onlyHere, publicUrlOption } from './reachable.ts'
import { writeFiles } from './write-files.ts'

export const kit = command({
  name: 'kit',
  summary: 'Print the first-day kit: a strip for your forms, a poster, a script for the counter.',
  about: [
    'In English and Spanish. The poster has a code that opens the join page, so say where readers reach this installation.',
  ],
  takes: [],
  options: {
    ...whichLibrary,
    out: { kind: 'text', value: 'FOLDER', says: 'the folder to write into', required: true },
    ...publicUrlOption,
    ...paperOption,
  },
  examples: ['gentle kit --library maple --out kit --public-url https://letters.example.org'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const now = context.clock.now()
    const publicUrl = publicUrlOf(context.config, options['public-url'])
    const { page, saidYes } = await inLibrary(context.logins, 'circulation', library.libraryNo, async (scope) => ({
      page: await readJoinPage(scope, library),
      saidYes: await countYesThisMonth(scope, { timezone: library.timezone, now }),
    }))
    const files = writeFiles(
      options.out,
      await makeKit(library, { page, publicUrl, saidYes, size: options.paper, made: now }),
    )
    const join = joinUrl(publicUrl, library)
    return {
      json: { library: library.key, saidYesThisMonth: saidYes, joinUrl: join, files },
      text: [
        `${counted(saidYes, 'person', 'people')} said yes this month at ${library.name}.`,
        ...files.map((file) => `  ${relative('.', file)}`),
        `The code on the poster opens ${join}`,
        ...onlyHere(publicUrl, 'Print the poster again with --public-url before you hang it up.'),
      ],
    }
  },
})

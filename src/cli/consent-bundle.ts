// `gentle consent bundle`: what a carrier or an auditor asks for, as a PDF, as data, and with pictures of the forms.
import { relative } from 'node:path'
import { publicUrlOf } from '../config.ts'
import { inLibrary } from '../db/scope.ts'
import { pictureName, tellBundle } from '../paper/bundle.ts'
import { readBundleFacts } from '../paper/bundle-facts.ts'
import { makeBundlePdf } from '../paper/bundle-pdf.ts'
import { joinUrl } from '../paper/kit.ts'
import { command } from './command.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { lookAtForms } from './look-at-forms.ts'
import { paperOption } from './paper-option.ts'
import { onlyHere, publicUrlOption } from './reachable.ts'
import { writeFiles } from './write-files.ts'

export const consentBundle = command({
  name: 'consent bundle',
  summary: 'Gather what a carrier or an auditor asks: words, forms, counts, the proof of the ledger.',
  about: [
    'It names nobody: counts below ten are not told exactly, and the sample entries are of invented people. Pictures of the forms are taken if a Chromium is named; else the forms stand there as text.',
  ],
  takes: [],
  options: {
    ...whichLibrary,
    out: { kind: 'text', value: 'FOLDER', says: 'the folder to write into', required: true },
    chromium: { kind: 'text', value: 'FILE', says: 'the program of Chromium, to take pictures of the forms with' },
    ...publicUrlOption,
    ...paperOption,
  },
  examples: ['gentle consent bundle --library maple --out bundle --chromium /usr/bin/chromium'],
  async run(context, { options }, terminal) {
    const library = await chooseLibrary(context.logins, options.library)
    const made = context.clock.now()
    const facts = await inLibrary(
      context.logins,
      'circulation',
      library.libraryNo,
      (scope) => readBundleFacts(scope, library),
      { snapshot: true },
    )
    const complaints: string[] = []
    const forms = await lookAtForms(context, library, {
      chromium: options.chromium ?? null,
      say: (line) => complaints.push(line),
    })
    terminal.progress.clear()
    const publicUrl = publicUrlOf(context.config, options['public-url'])
    const bundle = tellBundle(library, { facts, forms, joinUrl: joinUrl(publicUrl, library), made })
    const files = writeFiles(options.out, [
      { name: 'bundle.pdf', bytes: await makeBundlePdf(bundle, forms, options.paper) },
      { name: 'bundle.json', bytes: `${JSON.stringify(bundle, null, 2)}\n` },
      ...forms.flatMap(({ picture, ...form }) =>
        picture === null ? [] : [{ name: pictureName(form), bytes: picture }],
      ),
    ])
    return {
      json: {
        library: library.key,
        ledgerWhole: facts.proof.ok,
        pictures: forms.some(({ picture }) => picture !== null),
        files,
      },
      text: [
        `The bundle of ${library.name}:`,
        ...files.map((file) => `  ${relative('.', file)}`),
        ...(options.chromium === undefined
          ? ['The forms are in it as text. With --chromium FILE they are pictures.']
          : complaints),
        ...onlyHere(publicUrl, 'It stands in the bundle: make it again with --public-url before you hand it on.'),
        ...(facts.proof.ok ? [] : ['The ledger does NOT hold together: run "gentle ledger verify".']),
      ],
    }
  },
})

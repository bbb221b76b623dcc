// `gentle consent evidence`: the record of one yes, as a page to hand out and as JSON. Making it leaves an audit entry.
import { proveChoice } from '../consent/prove-choice.ts'
import { Problem } from '../lib/errors.ts'
import { makeRecordOfChoice } from '../paper/record-of-choice.ts'
import { tellRecord } from '../paper/tell-record.ts'
import { lookAtPatron } from '../staff/look-at-patron.ts'
import { knownLanguage, languages } from '../words/languages.ts'
import { accountName } from './account-name.ts'
import { agreedFor, sayChannel, sayPurpose } from './choice-options.ts'
import { command } from './command.ts'
import { sayOnlyKinds } from './consent-history.ts'
import { sayInstant } from './lay-out.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { paperOption } from './paper-option.ts'
import { namedOtherwise, onePerson, personNamed, sayPerson } from './person-options.ts'
import { writeFiles } from './write-files.ts'

export const consentEvidence = command({
  name: 'consent evidence',
  summary: 'Draw up the record of one yes: the words, how, when, and its place in the ledger.',
  about: [
    'As a PDF to hand out, with the same facts as JSON beside it. Both speak of one person: only your account may read them. Each one drawn up is written down: by whom, when, and about whom.',
  ],
  takes: onePerson,
  options: {
    ...namedOtherwise,
    ...whichLibrary,
    ...agreedFor,
    out: { kind: 'text', value: 'FILE.pdf', says: 'the page to write; FILE.json goes beside it' },
    language: { kind: 'text', value: 'TAG', says: "the page's language (else the library's)", choices: languages },
    ...paperOption,
  },
  examples: ['gentle consent evidence 10234 --library maple --purpose reengagement --channel email --out evidence.pdf'],
  async run(context, { given, options }) {
    const { purpose, channel, out } = options
    if (out !== undefined && !/\.pdf$/i.test(out))
      throw new Problem('bad-input', `--out is "${out}"; the page is a PDF, so its name ends in .pdf.`)
    const library = await chooseLibrary(context.logins, options.library)
    const made = context.clock.now()
    const named = personNamed(given, options)
    const look = { named, who: accountName(), did: 'drew up the record of a choice', snapshot: true }
    const { proven, ...person } = await lookAtPatron(context.logins, library, look, async (scope, found) => ({
      ...found,
      proven: await proveChoice(scope, found.patronNo, { purpose, channel }),
    }))
    const who = `${sayPerson(person)} of ${library.name}`
    if (proven === null)
      throw new Problem(
        'not-found',
        `There is no such yes: ${who} never said yes to ${sayPurpose(purpose)}, ${sayChannel(channel)}. "gentle consent history" shows what they did say.`,
      )
    const language = options.language ?? knownLanguage(library.language) ?? 'en'
    const basis = { library, language, size: options.paper, made, ...person, proven }
    const json = tellRecord(basis)
    const { entry, chain, since } = proven
    const files =
      out === undefined
        ? []
        : writeFiles(
            '.',
            [
              { name: out, bytes: await makeRecordOfChoice(basis) },
              { name: out.replace(/\.pdf$/i, '.json'), bytes: `${JSON.stringify(json, null, 2)}\n` },
            ],
            0o600,
          )
    return {
      json: { ...json, files },
      text: [
        `Said yes to ${sayPurpose(entry.purpose)}, ${sayChannel(entry.channel)}: ${who},`,
        `on ${sayInstant(entry.decidedAt, library.timezone)} (${entry.decidedAt.toISOString()}): ${entry.method}; attested by ${entry.attestedBy}`,
        ...sayOnlyKinds(entry),
        `  the words they saw: “${entry.said}”`,
        ...Object.entries(entry.evidence ?? {}).map(([name, said]) => `  ${name}: ${said}`),
        `  entry ${entry.entryNo} of ${chain.entries}, seal ${entry.entryHash}`,
        `  the chain is ${chain.ok ? 'whole' : 'NOT whole: run "gentle ledger verify"'}`,
        since.length === 0
          ? '  nothing since: it is their last word on it'
          : `  since then: ${since.map((one) => one.decision).join(', ')}`,
        ...files,
      ],
    }
  },
})

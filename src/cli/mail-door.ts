// `gentle mail …`: who may send to the mail door, at which addresses, and the mail that a person has to look at.

import { inLibrary } from '../db/scope.ts'
import { closeKept, listKeptArrivals, tryKeptAgain } from '../messages/arrivals/kept-arrivals.ts'
import { addMailAddress, listMailAddresses } from '../messages/arrivals/mail-addresses.ts'
import { addMailSource, endMailSource, listMailSources, SOURCE_KINDS } from '../messages/arrivals/mail-sources.ts'
import { lineFor } from '../messages/lines.ts'
import { writeAudit } from '../staff/audit.ts'
import { command } from './command.ts'
import { readNumber } from './key.ts'
import { sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'
import { readLine } from './line.ts'

const by = { kind: 'text', value: 'NAME', says: 'who answers for it', required: true } as const

export const mailAllow = command({
  name: 'mail allow',
  summary: 'Let a login, a host, an address or a domain send to the mail door for a library.',
  about: ['The secret of a login is shown once. An address or a domain counts when its mail is signed (DKIM).'],
  takes: [{ name: 'WHO', says: 'maple-ils, 192.0.2.10, 192.0.2.0/28, ils@library.example.org or library.example.org' }],
  options: {
    ...intoLibrary,
    as: { kind: 'text', value: 'KIND', says: SOURCE_KINDS.join(', '), choices: SOURCE_KINDS, required: true },
    by,
  },
  examples: ['gentle mail allow 192.0.2.10 --as host --library maple --by "Ana Ruiz"'],
  async run({ logins, clock }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const asked = { kind: options.as, value: given.WHO, by: options.by, now: clock.now() }
    const { source, secret } = await addMailSource(logins, library, asked)
    await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      writeAudit(scope, {
        who: options.by,
        did: 'let somebody send to the mail door',
        about: { source: source.sourceNo },
      }),
    )
    return {
      json: { source: source.sourceNo, kind: source.kind, value: source.value, secret },
      text: [
        `Source ${source.sourceNo}: ${source.kind} ${source.value} may send for ${library.name}.`,
        ...(secret === null ? [] : ['Its secret is shown this once:', '', `  ${secret}`]),
      ],
    }
  },
})

export const mailSources = command({
  name: 'mail sources',
  summary: 'Show who may send to the mail door for a library.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle mail sources --library maple'],
  async run({ logins }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const sources = await listMailSources(logins, library)
    return {
      json: { sources },
      text:
        sources.length === 0
          ? [`Nobody may send for ${library.name} yet. "gentle mail allow" lets somebody.`]
          : sources.map(
              (one) =>
                `  ${one.sourceNo}  ${one.kind} ${one.value}, since ${sayInstant(one.addedAt, library.timezone)}, by ${one.addedBy}`,
            ),
    }
  },
})

export const mailDisallow = command({
  name: 'mail disallow',
  summary: 'Take it back: from the next mail on that source may not send.',
  takes: [{ name: 'NUMBER', says: 'as "gentle mail sources" shows it' }],
  options: { ...intoLibrary, by },
  examples: ['gentle mail disallow 2 --library maple --by "Ana Ruiz"'],
  async run({ logins, clock }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const sourceNo = readNumber(given.NUMBER)
    const ended = await endMailSource(logins, library, { sourceNo, by: options.by, now: clock.now() })
    await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      writeAudit(scope, { who: options.by, did: 'ended a source of mail', about: { source: sourceNo } }),
    )
    return {
      json: { source: sourceNo, ...ended },
      text: [`${ended.kind} ${ended.value} may no longer send for ${library.name}.`],
    }
  },
})

export const mailAddress = command({
  name: 'mail address',
  summary: 'Give a library an address of its own at the mail door.',
  about: [
    'A library with several numbers gives each a domain: by it the text gateway knows which one a text leaves from.',
  ],
  takes: [{ name: 'ADDRESS', says: 'sms.maple.example.org, for all numbers at it' }],
  options: {
    ...intoLibrary,
    for: { kind: 'text', value: 'CAPABILITY', says: 'what mail there is for: "text gateway"', required: true },
    line: { kind: 'text', value: 'NUMBER', says: 'the number its texts leave from, where there are several' },
    by,
  },
  examples: ['gentle mail address sms.maple.example.org --for "text gateway" --library maple --by "Ana Ruiz"'],
  async run({ logins, clock }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const line =
      options.line === undefined ? undefined : await lineFor(logins, library.libraryNo, readLine(options.line))
    const asked = { address: given.ADDRESS, capability: options.for, line, by: options.by, now: clock.now() }
    const added = await addMailAddress(logins, library, asked)
    return {
      json: added,
      text: [
        `Mail for ${added.address} goes to the ${added.capability} of ${library.name}${added.line === null ? '' : ` and leaves from ${added.line}`}.`,
      ],
    }
  },
})

export const mailAddresses = command({
  name: 'mail addresses',
  summary: 'Show the addresses that were added at the mail door.',
  takes: [],
  options: {},
  examples: ['gentle mail addresses'],
  async run({ logins }) {
    const addresses = await listMailAddresses(logins)
    return {
      json: { addresses },
      text: addresses.map(
        (one) =>
          `  ${one.address}: ${one.capability}, library ${one.libraryNo}${one.line === null ? '' : `, from ${one.line}`}`,
      ),
    }
  },
})

export const mailKept = command({
  name: 'mail kept',
  summary: 'Show mail that came in and that nothing could be done with.',
  takes: [],
  options: { ...whichLibrary, by },
  examples: ['gentle mail kept --library maple --by "Ana Ruiz"'],
  async run({ logins }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const kept = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
      await writeAudit(scope, { who: options.by, did: 'looked at kept mail', about: {} })
      return listKeptArrivals(scope)
    })
    return {
      json: { kept },
      text:
        kept.length === 0
          ? ['Nothing is kept: all mail that came in was dealt with.']
          : kept.map(
              (one) =>
                `  ${one.arrivalNo}  ${sayInstant(one.arrivedAt, library.timezone)}, from ${one.from || 'nobody'} to ${one.to}, “${one.subject}”: ${one.why}`,
            ),
    }
  },
})

export const mailAgain = command({
  name: 'mail again',
  summary: 'Try a kept mail again.',
  takes: [{ name: 'NUMBER', says: 'as "gentle mail kept" shows it' }],
  options: intoLibrary,
  examples: ['gentle mail again 7 --library maple'],
  async run({ logins, clock }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    await tryKeptAgain(logins, library, String(readNumber(given.NUMBER)), clock.now())
    return { json: { mail: given.NUMBER }, text: [`Mail ${given.NUMBER} is tried again.`] }
  },
})

export const mailClose = command({
  name: 'mail close',
  summary: 'Close a kept mail: a person has seen to it, and its words are forgotten.',
  takes: [{ name: 'NUMBER', says: 'as "gentle mail kept" shows it' }],
  options: { ...intoLibrary, by },
  examples: ['gentle mail close 7 --library maple --by "Ana Ruiz"'],
  async run({ logins, clock }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    await closeKept(logins, library, String(readNumber(given.NUMBER)), { by: options.by, now: clock.now() })
    return { json: { mail: given.NUMBER }, text: [`Mail ${given.NUMBER} is closed.`] }
  },
})

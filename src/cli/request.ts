// `gentle request …`: the register of what police, lawyers and others asked for, without about whom.

import { passOn } from '../staff/pass-on.ts'
import { ASKED_AS, addRequest, DECISIONS, decideRequest, listRequests } from '../staff/request.ts'
import { command } from './command.ts'
import { readNumber } from './key.ts'
import { sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'

const number = { name: 'NUMBER', says: 'the number of the request, as "gentle request list" shows it' } as const
const by = { kind: 'text', value: 'NAME', says: 'the member of staff', required: true } as const

export const requestAdd = command({
  name: 'request add',
  summary: 'Note that somebody asked for patron data. Answer nothing: it goes to the director and counsel.',
  about: [
    'Never say about whom they asked: the register has no place for it, and text that could name a patron is refused.',
  ],
  takes: [],
  options: {
    ...intoLibrary,
    asker: { kind: 'text', value: 'TEXT', says: 'who asked: "Maple Falls Police, Det. Ortiz"', required: true },
    as: { kind: 'text', value: 'WORD', says: 'what they came as', choices: ASKED_AS, required: true },
    paper: { kind: 'text', value: 'TEXT', says: 'on what paper: "subpoena", "none"', required: true },
    on: { kind: 'text', value: 'DATE', says: 'when they asked; today, if not given' },
    by,
  },
  examples: [
    'gentle request add --library maple --asker "Maple Falls Police, Det. Ortiz" --as police --paper "none, asked at the desk" --by "Ana Ruiz"',
  ],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const request = await addRequest(context.logins, library, {
      asker: options.asker,
      askedAs: options.as,
      paper: options.paper,
      askedOn: options.on ?? null,
      by: options.by,
      now: context.clock.now(),
    })
    return {
      json: { request },
      text: [
        `Request ${request.requestNo} of ${library.name} is noted. Say neither yes nor no to who asked, and not whether you know the person. Tell the director and counsel.`,
      ],
    }
  },
})

export const requestDecide = command({
  name: 'request decide',
  summary: 'Note what the director or counsel decided about a request.',
  takes: [number],
  options: {
    ...intoLibrary,
    decision: { kind: 'text', value: 'WORD', says: 'what was decided', choices: DECISIONS, required: true },
    because: { kind: 'text', value: 'TEXT', says: 'why, without naming about whom', required: true },
    by: { kind: 'text', value: 'NAME', says: 'who decided', required: true },
  },
  examples: [
    'gentle request decide 1 --library maple --decision refused --because "no court order" --by "J. Park, director"',
  ],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const request = await decideRequest(context.logins, library, {
      requestNo: readNumber(given.NUMBER),
      decision: options.decision,
      because: options.because,
      by: options.by,
      now: context.clock.now(),
    })
    return {
      json: { request },
      text: [`Request ${request.requestNo}: ${request.decision}, decided by ${request.decidedBy}.`],
    }
  },
})

export const requestList = command({
  name: 'request list',
  summary: 'Show the register of requests by others.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle request list --library maple'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const requests = await listRequests(context.logins, library)
    return {
      json: { requests },
      text:
        requests.length === 0
          ? [`Nobody has asked ${library.name} for patron data, as far as it was noted.`]
          : requests.flatMap((one) => [
              `  ${one.requestNo}  ${one.askedOn}, ${one.askedAs}: ${one.asker}; paper: ${one.paper}; noted by ${one.notedBy}`,
              one.decision === null || one.decidedAt === null
                ? '     open: it waits for the director and counsel'
                : `     ${one.decision} on ${sayInstant(one.decidedAt, library.timezone)} by ${one.decidedBy}: ${one.because}`,
              ...(one.passedOn ? ['     something was passed on'] : []),
            ]),
    }
  },
})

export const requestPassOn = command({
  name: 'request pass-on',
  summary: 'Tell a patron by email that somebody asked the library to tell them something.',
  about: [
    'Only where the policy allows it (item pass-on). The asker learns nothing, also not whether it was sent. The register does not keep to whom it went, or what it said.',
  ],
  takes: [number],
  options: {
    ...intoLibrary,
    patron: { kind: 'text', value: 'PATRON_ID', says: 'the patron_id of the patron file', required: true },
    says: { kind: 'text', value: 'TEXT', says: 'what is to be passed on', required: true },
    by,
  },
  examples: [
    'gentle request pass-on 1 --library maple --patron 10234 --says "Your aunt asks you to call her." --by "Ana Ruiz"',
  ],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    await passOn(context.logins, library, {
      requestNo: readNumber(given.NUMBER),
      patronId: options.patron,
      says: options.says,
      by: options.by,
      now: context.clock.now(),
    })
    return {
      json: { passedOn: true },
      text: ['A note of the library’s own leaves in a moment. Tell who asked nothing, not even that.'],
    }
  },
})

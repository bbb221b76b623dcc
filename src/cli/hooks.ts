// `gentle hooks …`: requests of providers that could not be processed, for a person to look at. Looking leaves an audit entry.
import { listHooks, readHook, setHookAside, tryHookAgain } from '../conversations/kept-hooks.ts'
import { inLibrary } from '../db/scope.ts'
import { writeAudit } from '../staff/audit.ts'
import { command } from './command.ts'
import { readNumber } from './key.ts'
import { sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'

const by = { kind: 'text', value: 'NAME', says: 'who answers for it', required: true } as const
const takes = [{ name: 'NUMBER', says: 'as "gentle hooks list" shows it' }] as const

export const hooksList = command({
  name: 'hooks list',
  summary: 'Show requests of providers of texts that could not be processed.',
  about: ['Of a number that several libraries share they stand with the library that it was added for.'],
  takes: [],
  options: whichLibrary,
  examples: ['gentle hooks list --library maple'],
  async run({ logins }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const hooks = await inLibrary(logins, 'circulation', library.libraryNo, listHooks)
    return {
      json: { hooks },
      text:
        hooks.length === 0
          ? [`${library.name}: every request of a provider was processed, or a person has seen to it.`]
          : [
              ...hooks.map(
                ({ hookNo, at, why, canBeTried }) =>
                  `  ${hookNo}  ${sayInstant(at, library.timezone)}: ${why}${canBeTried ? '' : ' (cannot be tried again)'}`,
              ),
              'Next: gentle hooks show NUMBER --by "Your name", then hooks again or hooks close',
            ],
    }
  },
})

export const hooksShow = command({
  name: 'hooks show',
  summary: 'Show one of them whole: who wrote, and what.',
  takes,
  options: { ...intoLibrary, by },
  examples: ['gentle hooks show 4 --library maple --by "Ana Ruiz"'],
  async run({ logins }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const hookNo = String(readNumber(given.NUMBER))
    const hook = await inLibrary(logins, 'circulation', library.libraryNo, async (scope) => {
      await writeAudit(scope, { who: options.by, did: 'looked at a request of a provider', about: { hook: hookNo } })
      return readHook(scope, library, hookNo)
    })
    const { brought } = hook
    return {
      json: hook,
      text: [
        `${sayInstant(hook.at, library.timezone)}: ${hook.why}`,
        ...(brought === null
          ? []
          : brought.kind === 'text'
            ? [`${brought.from} wrote to ${brought.to}: “${brought.body}”`]
            : [`A report about ${brought.providerId}: ${brought.state} ${brought.code} ${brought.said}`.trim()]),
        'As it came:',
        ...hook.body.split('\n').map((one) => `  ${one.replace(/\p{Cc}/gu, ' ')}`),
      ],
    }
  },
})

export const hooksAgain = command({
  name: 'hooks again',
  summary: 'Try one of them again.',
  takes,
  options: { ...intoLibrary, by },
  examples: ['gentle hooks again 4 --library maple --by "Ana Ruiz"'],
  async run({ logins, journal, config, clock }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const hookNo = String(readNumber(given.NUMBER))
    const desk = { logins, journal, replyDomain: config.replyDomain ?? null }
    await tryHookAgain(desk, library, { hookNo, by: options.by, now: clock.now() })
    return { json: { hook: hookNo, processed: true }, text: [`Request ${hookNo} was processed.`] }
  },
})

export const hooksClose = command({
  name: 'hooks close',
  summary: 'Set one of them aside: a person has seen to it, and its words are forgotten.',
  takes,
  options: {
    ...intoLibrary,
    because: { kind: 'text', value: 'REASON', says: 'why nothing more has to be done', required: true },
    by,
  },
  examples: ['gentle hooks close 4 --library maple --because "answered by phone" --by "Ana Ruiz"'],
  async run({ logins, clock }, { given, options }) {
    const library = await chooseLibrary(logins, options.library)
    const hookNo = String(readNumber(given.NUMBER))
    await setHookAside(logins, library, { hookNo, by: options.by, because: options.because, now: clock.now() })
    return { json: { hook: hookNo }, text: [`Request ${hookNo} is closed.`] }
  },
})

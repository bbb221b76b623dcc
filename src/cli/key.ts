// `gentle key …`: keys for programs of the library's own. A key is shown once, when it is made.
import { Problem } from '../lib/errors.ts'
import { type ApiKey, addApiKey, endApiKey, listApiKeys, RIGHTS, type Right } from '../staff/api-key.ts'
import { command } from './command.ts'
import { sayInstant } from './lay-out.ts'
import { chooseLibrary, intoLibrary, whichLibrary } from './library-options.ts'

const rightWords: Record<Right, string> = {
  capture: 'record choices',
  invite: 'make invitation links',
  text: 'send notices as texts',
  answer: 'read and answer texts',
}

export const keyAdd = command({
  name: 'key add',
  summary: 'Make a key for a program of the library’s own. It is shown once.',
  takes: [],
  options: {
    ...intoLibrary,
    name: { kind: 'text', value: 'TEXT', says: 'what it is for: "tablet at the desk"', required: true },
    may: {
      kind: 'text',
      value: 'RIGHTS',
      says: `what it may do: ${RIGHTS.join(', ')}; several with commas`,
      required: true,
    },
    by: { kind: 'text', value: 'NAME', says: 'who answers for it', required: true },
  },
  examples: ['gentle key add --library maple --name "tablet at the desk" --may capture --by "Ana Ruiz"'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const { key, secret } = await addApiKey(context.logins, library, {
      name: options.name,
      may: readRights(options.may),
      by: options.by,
      now: context.clock.now(),
    })
    return {
      json: { key: key.keyNo, name: key.name, may: key.may, secret },
      text: [
        `Key ${key.keyNo} of ${library.name}, “${key.name}”, may ${sayRights(key)}. It is shown this once:`,
        '',
        `  ${secret}`,
        '',
        `It goes into the header "Authorization: Bearer …". If it is lost, end it (gentle key end ${key.keyNo} --library ${library.key} --by NAME) and make another.`,
      ],
    }
  },
})

export const keyList = command({
  name: 'key list',
  summary: 'Show the keys of a library: what each may do, and when it was last used.',
  takes: [],
  options: whichLibrary,
  examples: ['gentle key list --library maple'],
  async run(context, { options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const keys = await listApiKeys(context.logins, library)
    const day = (at: Date) => sayInstant(at, library.timezone)
    return {
      json: { keys },
      text:
        keys.length === 0
          ? [`${library.name} has given out no key.`]
          : keys.map(
              (key) =>
                `  ${key.keyNo}  ${key.name}: may ${sayRights(key)}; made ${day(key.createdAt)} by ${key.createdBy}; ${key.lastUsedAt ? `last used ${day(key.lastUsedAt)}` : 'never used'}${key.endedAt ? `; ended ${day(key.endedAt)}` : ''}`,
            ),
    }
  },
})

export const keyEnd = command({
  name: 'key end',
  summary: 'End a key: it opens nothing from the next request on.',
  takes: [{ name: 'NUMBER', says: 'the number of the key, as "gentle key list" shows it' }],
  options: { ...intoLibrary, by: { kind: 'text', value: 'NAME', says: 'who ends it', required: true } },
  examples: ['gentle key end 2 --library maple --by "Ana Ruiz"'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const key = await endApiKey(context.logins, library, {
      keyNo: readNumber(given.NUMBER),
      by: options.by,
      now: context.clock.now(),
    })
    return {
      json: { key: key.keyNo, endedAt: key.endedAt },
      text: [`Key ${key.keyNo} of ${library.name}, “${key.name}”, has ended.`],
    }
  },
})

const sayRights = ({ may }: Pick<ApiKey, 'may'>): string => may.map((right) => rightWords[right]).join(' and ')

function readRights(text: string): Right[] {
  const named = text.split(',').map((one) => one.trim())
  const unknown = named.find((one) => !(RIGHTS as readonly string[]).includes(one))
  if (unknown !== undefined)
    throw new Problem('bad-input', `--may names "${unknown}"; a key may ${RIGHTS.join(' or ')}.`)
  return named as Right[]
}

/** A number that a list has shown. */
export function readNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Problem('bad-input', `"${text}" is no number of the list.`)
  return Number(text)
}

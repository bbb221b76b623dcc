// Libraries on one installation attack each other by text: with hooks of their own provider, with keys, with numbers of
// conversations and texts that are not theirs, with references and reply addresses. Nothing is told and nothing changes.
import { beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { premisesOf } from '../../test/site.ts'
import { conversationOf, suppressionsOf } from '../../test/text-traces.ts'
import {
  brings,
  makeLine,
  readAllBrought,
  sendAllTexts,
  textDouble,
  textReport,
  texts,
  textsOf,
} from '../../test/texts.ts'
import { readSandboxHook, sandboxHook } from '../channels/sms/sandbox-hook.ts'
import { isOurs, readReplyToken, replyAddress } from '../conversations/reply-address.ts'
import { inLibrary } from '../db/scope.ts'
import type { Line } from '../messages/lines.ts'
import { queueNotice } from '../messages/queue-text.ts'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { addApiKey } from '../staff/api-key.ts'
import { openTextCarriers } from '../worker/text-carriers.ts'
import { buildServer } from './server.ts'

const house = openHouse()
const MONDAY = new Date('2026-11-23T15:00:00Z')
const ROSA = '+16145550101'

interface Own {
  library: Library
  line: Line
  key: string
}
let maple: Own
let birch: Own
let site: Awaited<ReturnType<typeof buildServer>>

/** Each line's provider signs with a secret of its own. */
const secretOf = (line: Line): string => `secret of ${line.number}`

beforeAll(async () => {
  const own = async (): Promise<Own> => {
    const library = await make.library(house)
    const line = await makeLine(house, [library])
    const by = { name: 'desk', may: ['text', 'answer'], by: 'Ana', now: MONDAY } as const
    return { library, line, key: (await addApiKey(house.database.logins, library, { ...by, may: [...by.may] })).secret }
  }
  maple = await own()
  birch = await own()
  const textCarriers = openTextCarriers(house.database.logins, (line) => ({
    ...textDouble(),
    readHook: (request) => readSandboxHook(secretOf(line), request),
  }))
  const premises = { ...premisesOf(house, MONDAY), textCarriers }
  site = await buildServer({
    readiness: () => ({ kind: 'open', premises, doing: null }),
    mode: 'production',
    publicUrl: 'https://texts.library.example.org',
    host: '127.0.0.1',
  })
})

const hook = async (to: Line | string, event: object, signedBy: Line) => {
  const { headers, body } = sandboxHook(event, {
    secret: secretOf(signedBy),
    hookUrl: 'https://any.example.org',
    now: MONDAY,
  })
  const url = `/hooks/texts/${typeof to === 'string' ? to : to.lineNo}`
  const answer = await site.inject({
    method: 'POST',
    url,
    payload: body,
    headers: { ...headers } as Record<string, string>,
  })
  await readAllBrought(house)
  return answer
}

const call = async (own: Own, of: Library, method: 'GET' | 'POST', path: string, body?: object) => {
  const answer = await site.inject({
    ...{ method, url: `/api/v1/${of.key}${path}` },
    headers: { authorization: `Bearer ${own.key}`, 'content-type': 'application/json' },
    ...(body && { payload: JSON.stringify(body) }),
  })
  return { status: answer.statusCode, body: answer.body }
}

const ownText = async ({ library, line }: Own, phone: string, body: string) => {
  await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    queueNotice(
      scope,
      library,
      { line, answering: USUAL_ANSWERING },
      { phone, body, language: 'en', askedBy: 'it', now: MONDAY },
    ),
  )
  await sendAllTexts(house, textDouble(), line, MONDAY)
  return (await textsOf(house, library, phone)).find((text) => text.body === body)!
}

test('a hook signed by one library’s provider is refused at another’s line, and stops nobody there', async () => {
  const stop = { kind: 'text', id: 'x1', at: MONDAY, from: ROSA, to: birch.line.number, body: 'STOP' }
  expect((await hook(birch.line, stop, maple.line)).statusCode).toBe(403)
  expect(await suppressionsOf(house, birch.library)).toEqual([])
  // What names another library's number inside stays with the line that it came by.
  expect((await hook(maple.line, stop, maple.line)).statusCode).toBe(200)
  expect(await suppressionsOf(house, birch.library)).toEqual([])
  expect(await textsOf(house, birch.library)).toEqual([])
})

test('a guessed line is not there, whatever is sent to it', async () => {
  const text = { kind: 'text', id: 'x2', at: MONDAY, from: ROSA, to: birch.line.number, body: 'Hello?' }
  for (const guess of ['999999', '0', '-1', '1e1', '٣', 'maple', '%00', '99999999999'])
    expect([guess, (await hook(guess, text, maple.line)).statusCode]).toEqual([guess, 404])
})

test('somebody who stops one library goes on hearing from another by its own line', async () => {
  const phone = '+16145550111'
  await texts(house, maple.line, phone, 'STOP', { now: MONDAY })
  expect((await ownText(birch, phone, 'Your hold is here.')).state).toBe('accepted')
  expect((await ownText(maple, phone, 'Your hold is here.')).state).toBe('withheld')
})

test('a report at one library’s line settles no text of another, by reference or by the provider’s id', async () => {
  const phone = '+16145550112'
  const { textNo } = await ownText(birch, phone, 'Bring it back?')
  const reference = `${birch.library.libraryNo}-${textNo}`
  const bad = { state: 'failed', permanent: true, fault: 'wrong number', code: 'not-in-use' } as const
  for (const one of [textReport('SM-made-up', { ...bad, reference }), textReport(`SM${reference}`, bad)])
    await brings(house, maple.line, [one], MONDAY)
  expect((await textsOf(house, birch.library, phone)).map(({ state }) => state)).not.toContain('bounced')
  expect((await suppressionsOf(house, birch.library)).filter(({ reason }) => reason === 'bounced')).toEqual([])
})

test('a key opens its own library alone, and the others’ conversations and texts are not there under it', async () => {
  const phone = '+16145550113'
  await texts(house, birch.line, phone, 'Do you lend telescopes?', { now: MONDAY })
  const { conversationNo } = (await conversationOf(house, birch.library, phone))!
  const { textNo } = (await textsOf(house, birch.library, phone))[0]!
  const asked: ['GET' | 'POST', string, object?][] = [
    ['GET', '/conversations'],
    ['GET', `/conversations/${conversationNo}`],
    ['GET', `/texts/${textNo}`],
    ['POST', '/texts', { to: phone, text: 'Hello' }],
    ['POST', `/conversations/${conversationNo}/answers`, { text: 'No.', by: 'Eve' }],
    ['POST', `/conversations/${conversationNo}/take`, { by: 'Eve' }],
    ['POST', `/conversations/${conversationNo}/close`, { by: 'Eve' }],
    ['POST', `/conversations/${conversationNo}/owner`, { by: 'Eve', to: 'Eve' }],
    ['POST', `/conversations/${conversationNo}/notes`, { by: 'Eve', note: 'mine' }],
    ['POST', `/conversations/${conversationNo}/undo`, { by: 'Eve' }],
  ]
  const before = await conversationOf(house, birch.library, phone)
  for (const [method, path, body] of asked) {
    // At the other's door the key is no key; at its own door the number is nobody's.
    expect([path, (await call(maple, birch.library, method, path, body)).status]).toEqual([path, 401])
    if (!/\d/.test(path)) continue
    const own = await call(maple, maple.library, method, path, body)
    const never = await call(maple, maple.library, method, path.replace(/\d+/, '987654321'), body)
    expect([path, own.status, own.body.replace(/\d+/, 'n')]).toEqual([
      path,
      never.status,
      never.body.replace(/\d+/, 'n'),
    ])
    expect(own.status).toBe(404)
  }
  expect(await conversationOf(house, birch.library, phone)).toEqual(before)
  expect(await textsOf(house, birch.library, phone)).toHaveLength(1)
})

test('a reply address of one library is no proof for another’s conversation, with its number put in', async () => {
  const { seals } = house.database.logins
  const [, token] = /\+(.+)@/.exec(replyAddress(seals, maple.library, '7', 'sms.example.org'))!
  const own = readReplyToken(token!)!
  expect(isOurs(seals, maple.library, own)).toBe(true)
  expect(isOurs(seals, birch.library, { ...own, libraryNo: birch.library.libraryNo })).toBe(false)
  expect(isOurs(seals, maple.library, { ...own, conversationNo: '8' })).toBe(false)
})

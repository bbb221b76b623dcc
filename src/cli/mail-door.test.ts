// The commands around the mail door, and those for what providers of texts brought and nobody could process.
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openTestDoor } from '../../test/arriving.ts'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { runCommand } from '../../test/run-command.ts'
import { sendRaw } from '../../test/smtp-talk.ts'
import { brings, makeLine, sendAllTexts, textDouble, textIn, textReport, textsOf } from '../../test/texts.ts'
import { inLibrary } from '../db/scope.ts'
import { textGateway } from '../messages/arrivals/text-gateway.ts'
import { queueNotice } from '../messages/queue-text.ts'
import { USUAL_ANSWERING } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { hooksAgain, hooksClose, hooksList, hooksShow } from './hooks.ts'
import { lineAdd, lineList } from './line.ts'
import { lineEnd } from './line-end.ts'
import {
  mailAddress,
  mailAddresses,
  mailAgain,
  mailAllow,
  mailClose,
  mailDisallow,
  mailKept,
  mailSources,
} from './mail-door.ts'
import { unanswered } from './unanswered.ts'

const house = openHouse()
const by = ['--by', 'Ana Ruiz']
const of = (library: Library) => ['--library', library.key]

test('somebody may send from now on, is listed, and may not after that is taken back', async () => {
  const maple = await make.library(house)
  const allow = (who: string, kind: string) => runCommand(house, mailAllow, [who, '--as', kind, ...of(maple), ...by])
  const { json, text } = await allow('maple-ils', 'login')
  const { secret, source } = json as { secret: string; source: number }
  expect(text.join('\n')).toContain(secret)
  expect(await allow('127.0.0.1', 'host')).toMatchObject({ json: { kind: 'host', secret: null } })
  await expect(allow('0.0.0.0/0', 'host')).rejects.toThrow('too many hosts')
  await expect(allow('x', 'friend')).rejects.toThrow('it must be one of login')
  const listed = await runCommand(house, mailSources, of(maple))
  expect(listed.text.join('\n')).toMatch(/login maple-ils, since .*, by Ana Ruiz\n.*host 127\.0\.0\.1/)
  expect(JSON.stringify(listed)).not.toContain(secret)

  await runCommand(house, mailDisallow, [String(source), ...of(maple), ...by])
  expect((await runCommand(house, mailSources, of(maple))).text.join()).not.toContain('maple-ils')
  await expect(runCommand(house, mailDisallow, [String(source), ...of(maple), ...by])).rejects.toThrow(
    'no source number',
  )
  const birch = await make.library(house)
  expect((await runCommand(house, mailSources, of(birch))).text[0]).toContain('Nobody may send')
})

test('a domain of a library’s own is for the text gateway; a word misspelt is told with the one that was meant', async () => {
  const maple = await make.library(house)
  const [, second] = [await makeLine(house, [maple]), await makeLine(house, [maple])]
  const give = (address: string, what: string, ...more: string[]) =>
    runCommand(house, mailAddress, [address, '--for', what, ...of(maple), ...by, ...more])
  await expect(give('sms.maple.example.org', 'text gatway')).rejects.toThrow('Did you mean "text gateway"?')
  await expect(give('sms.maple.example.org', 'parcels')).rejects.toThrow('can be for: text gateway')
  await expect(give('desk@maple.example.org', 'text gateway')).rejects.toThrow('takes a domain for all numbers')
  await expect(give('sms.maple.example.org', 'text gateway', '--line', '614-555-0100')).rejects.toThrow(
    'Say from which',
  )
  const given = await give('sms.maple.example.org', 'text gateway', '--line', second!.number)
  expect(given.text[0]).toBe(
    `Mail for sms.maple.example.org goes to the text gateway of ${maple.name} and leaves from ${second!.number}.`,
  )
  await expect(give('sms.maple.example.org', 'text gateway')).rejects.toThrow('taken already')
  expect((await runCommand(house, mailAddresses, [])).text.join()).toContain(`, from ${second!.number}`)
})

test('a mail that nothing could be done with is shown, tried again once its cause is gone, or closed', async () => {
  const maple = await make.library(house)
  await runCommand(house, mailAllow, ['127.0.0.1', '--as', 'host', ...of(maple), ...by])
  await runCommand(house, mailAddress, ['kept.example.org', '--for', 'text gateway', ...of(maple), ...by])
  const door = await openTestDoor(house, { more: [textGateway] })
  try {
    for (const id of [1, 2]) {
      const raw = `From: ils@library.example.org\r\nMessage-ID: <k${id}@x.example.org>\r\nSubject: Hold ${id}\r\n\r\nReady.\r\n`
      expect(await sendRaw(door.port, { to: ['6145550101@kept.example.org'], raw })).toMatch(/^250/)
    }
    await door.handOn()
    const kept = () => runCommand(house, mailKept, [...of(maple), ...by])
    const { json, text } = await kept()
    const [first, second] = (json as { kept: { arrivalNo: string }[] }).kept.map(({ arrivalNo }) => arrivalNo)
    expect(text.join('\n')).toMatch(/to 6145550101@kept.example.org, “Hold 1”: .*has no number to text from/)

    await makeLine(house, [maple])
    await runCommand(house, mailAgain, [first!, ...of(maple)])
    await door.handOn()
    expect((await textsOf(house, maple)).map((one) => one.body)).toContain('Ready.')
    await runCommand(house, mailClose, [second!, ...of(maple), ...by])
    expect((await kept()).text).toEqual(['Nothing is kept: all mail that came in was dealt with.'])
    await expect(runCommand(house, mailClose, [second!, ...of(maple), ...by])).rejects.toThrow('no kept mail')
  } finally {
    await door.stop()
  }
})

test('a report about a text that came too early is kept, shown, tried again, and counts as unanswered until then', async () => {
  const maple = await make.library(house)
  const line = await makeLine(house, [maple])
  await brings(house, line, [textReport('SM77', { code: '30006', state: 'failed' })], NOW)
  await brings(house, line, [textReport('SM88')], NOW)
  const list = () => runCommand(house, hooksList, of(maple))
  const { json, text } = await list()
  const [early, strange] = (json as { hooks: { hookNo: string }[] }).hooks.map(({ hookNo }) => hookNo)
  expect(text[0]).toContain('a report about a text that is not known here')
  expect(await runCommand(house, unanswered, of(maple))).toMatchObject({ exitCode: 1, json: { unread: 2 } })
  const shown = await runCommand(house, hooksShow, [early!, ...of(maple), ...by])
  expect(shown.text.join('\n')).toContain('A report about SM77: failed 30006')

  const again = (hook: string) => runCommand(house, hooksAgain, [hook, ...of(maple), ...by])
  await expect(again(early!)).rejects.toThrow('it is the same: a report about a text that is not known here.')
  await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) =>
    queueNotice(
      scope,
      maple,
      { line, answering: USUAL_ANSWERING },
      { phone: '+16145550101', body: 'Ready.', language: 'en', askedBy: 'a test', now: NOW },
    ),
  )
  await sendAllTexts(
    house,
    textDouble(() => ({ kind: 'accepted', providerId: 'SM77', said: '' })),
    line,
    NOW,
  )
  expect((await again(early!)).text).toEqual([`Request ${early} was processed.`])
  await runCommand(house, hooksClose, [strange!, ...of(maple), '--because', 'of another program', ...by])
  expect((await list()).text[0]).toContain('every request of a provider was processed')
  expect(await runCommand(house, unanswered, of(maple))).toMatchObject({ json: { unread: 0 } })
  await expect(again(early!)).rejects.toThrow('no open request number')
})

test('a text that broke on its way in is tried again as it came, and one that could not be read only set aside', async () => {
  const root = await house.connectAsSuperuser()
  const maple = await make.library(house)
  const line = await makeLine(house, [maple])
  await root.query(
    `create function pg_temp.breaks() returns trigger language plpgsql as $$ begin raise exception 'it broke'; end $$`,
  )
  await root.query(
    `create trigger breaks before insert on mail.text for each row when (new.library_no = ${maple.libraryNo}) execute function pg_temp.breaks()`,
  )
  await brings(house, line, [textIn(line, '+16145550101', 'Do you lend telescopes?', { sentAt: NOW })], NOW)
  await root.query('drop trigger breaks on mail.text')
  expect(await textsOf(house, maple)).toEqual([])
  await root.query(
    `insert into mail.hook (library_no, line_no, at, why, body) values ($1, $2, now(), 'gibberish', 'x=1')`,
    [maple.libraryNo, line.lineNo],
  )
  const { json } = await runCommand(house, hooksList, of(maple))
  const [broken, gibberish] = (json as { hooks: { hookNo: string }[] }).hooks.map(({ hookNo }) => hookNo)
  await runCommand(house, hooksAgain, [broken!, ...of(maple), ...by])
  expect((await textsOf(house, maple)).map(({ body }) => body)).toContain('Do you lend telescopes?')
  await expect(runCommand(house, hooksAgain, [gibberish!, ...of(maple), ...by])).rejects.toThrow('could not be read')
  expect(await root.query('select body from mail.hook where hook_no = $1', [broken])).toMatchObject({
    rows: [{ body: Buffer.alloc(0) }],
  })
})

test('a number ends: what waited is called off, those who wait stay on the list, and it can begin again', async () => {
  const maple = await make.library(house)
  const birch = await make.library(house)
  const line = await makeLine(house, [maple, birch])
  await brings(house, line, [textIn(line, '+16145550102', 'Hello?')], NOW)
  await inLibrary(house.database.logins, 'circulation', birch.libraryNo, (scope) =>
    queueNotice(
      scope,
      birch,
      { line, answering: USUAL_ANSWERING },
      { phone: '+16145550103', body: 'Ready.', language: 'en', askedBy: 'a test', now: NOW },
    ),
  )
  const end = (library: Library) => runCommand(house, lineEnd, [line.number, ...of(library), ...by])
  await expect(end(birch)).rejects.toThrow('only that one can end it')
  const { text } = await end(maple)
  expect(text[0]).toMatch(/has ended\. \d texts that waited will not leave\./)
  expect((await textsOf(house, birch)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
  expect((await runCommand(house, lineList, of(maple))).text[0]).toContain('has no number')
  expect((await runCommand(house, unanswered, of(maple))).exitCode).toBe(1)

  const settings = `${house.folder}/sandbox.yaml`
  writeFileSync(settings, 'secret: a secret of the sandbox\n')
  await runCommand(house, lineAdd, [line.number, ...of(maple), '--provider', 'sandbox', '--settings', settings])
  expect((await runCommand(house, lineList, of(maple))).text[0]).toContain('by sandbox')
})

// The commands around texts: setting a line up, who answers, the fix-up list and the proof.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { runCommand } from '../../test/run-command.ts'
import { texts } from '../../test/texts.ts'
import { inLibrary } from '../db/scope.ts'
import { lineByNo, secretsOf } from '../messages/lines.ts'
import { clearRefused, raiseAlarm } from '../messages/mailbox-alarm.ts'
import { readAnswering } from '../patrons/answering.ts'
import { answeringSet, answersSet } from './answering.ts'
import { fixUpsClose, fixUpsList } from './fix-ups.ts'
import { lineAdd, lineList, lineSet } from './line.ts'
import { unanswered } from './unanswered.ts'

const house = openHouse()
const file = (name: string, text: string): string => {
  const path = join(house.folder, name)
  writeFileSync(path, text)
  return path
}

const added = async (number: string) => {
  const library = await make.library(house)
  const settings = file('twilio.yaml', 'account: AC1\ntoken: very secret\n')
  const line = [number, '--library', library.key, '--provider', 'twilio', '--settings', settings]
  const { json, text } = await runCommand(house, lineAdd, line)
  const found = (await lineByNo(house.database.logins, (json as { line: number }).line))!
  return { library, line: found, json, text: text.join('\n') }
}

test('a line is added from a file, says where its hooks go, and shows no secret', async () => {
  const { library, line, text } = await added('614-555-0190')
  expect(text).toContain(`https://letters.example.org/hooks/texts/${line.lineNo}`)
  expect(text).toContain('Who reads what people text back, and when?')
  expect(text).toContain('--not-watched')
  expect([line.settings, secretsOf(house.database.logins, line)]).toEqual([
    { account: 'AC1' },
    { token: 'very secret' },
  ])
  const listed = await runCommand(house, lineList, ['--library', library.key])
  expect(JSON.stringify(listed)).not.toMatch(/secret/)
  await expect(
    runCommand(house, lineAdd, [
      '614-555-0191',
      '--library',
      library.key,
      '--provider',
      'twilio',
      '--settings',
      file('x', 'acount: AC1'),
    ]),
  ).rejects.toThrow('twilio needs account and token. twilio knows no acount.')
})

test('a second library shares it under its own word', async () => {
  const { library, line } = await added('614-555-0192')
  const birch = await make.library(house)
  await runCommand(house, lineSet, [
    '614-555-0192',
    '--library',
    library.key,
    '--share-with',
    birch.key,
    '--word',
    'birch',
  ])
  const shared = (await lineByNo(house.database.logins, line.lineNo))!
  expect(shared.libraries.map(({ libraryNo }) => libraryNo)).toEqual([library.libraryNo, birch.libraryNo])
  expect(shared.libraries[1]!.word).toBe('BIRCH')
})

test('a library says when somebody reads its answers, or that nobody can', async () => {
  const { library } = await added('614-555-0193')
  const set = (...line: string[]) => runCommand(house, answeringSet, ['--library', library.key, ...line])
  await set('--open', 'mon-wed 09:00-17:00, sat 10:00-14:00', '--due-minutes', '60')
  expect((await readAnswering(house.database.logins, library.libraryNo)).openHours).toEqual({
    ...{ mon: '09:00-17:00', tue: '09:00-17:00', wed: '09:00-17:00' },
    sat: '10:00-14:00',
  })
  expect((await set('--not-watched')).text[0]).toMatch(/nobody watches/)
  await expect(set('--open', 'always')).rejects.toThrow('"always" are no open hours')
  await expect(set('--texts-until', '23')).rejects.toThrow('between 8 and 21')
  const answers = file('answers.yaml', '- words: [HOURS]\n  answer:\n    en: 9 to 5.\n')
  expect((await runCommand(house, answersSet, [answers, '--library', library.key])).json).toEqual({ answers: 1 })
})

test('the proof names who waits, and the fix-up list what the library system has to know', async () => {
  const { library, line } = await added('614-555-0194')
  const prove = () => runCommand(house, unanswered, ['--library', library.key])
  expect(await prove()).toMatchObject({ exitCode: 0 })
  await texts(house, line, '+16145550101', 'STOP', { now: NOW })
  await texts(house, line, '+16145550102', 'Hello?', { now: NOW })
  expect(await prove()).toMatchObject({ exitCode: 1, json: { counts: { waiting: 1, answered: 1, LOST: 0 } } })
  const listed = await runCommand(house, fixUpsList, ['--library', library.key])
  expect(listed.text.join(' ')).toMatch(/\+16145550101 .*stopped all our texts/)
  await runCommand(house, fixUpsClose, ['1', '--library', library.key, '--outcome', 'done', '--by', 'Ana'])
  expect((await runCommand(house, fixUpsList, ['--library', library.key])).text[0]).toMatch(/nothing waits/)
})

test('a library whose mailbox takes no mail is told so by the proof, until a mail gets through', async () => {
  const { library } = await added('614-555-0195')
  const scoped = <R>(work: Parameters<typeof inLibrary<'circulation', R>>[3]) =>
    inLibrary(house.database.logins, 'circulation', library.libraryNo, work)
  await scoped((scope) =>
    raiseAlarm(scope, library, { mailbox: library.email, how: 'refused', said: '550 No such mailbox', now: NOW }),
  )
  const proof = await runCommand(house, unanswered, ['--library', library.key])
  expect(proof).toMatchObject({ exitCode: 1, json: { alarms: [{ mailbox: library.email, told: null }] } })
  expect(proof.text.join('\n')).toMatch(
    /ask@library.example.org takes no mail since .*550 No such mailbox.*--escalate-to/,
  )
  await scoped((scope) => clearRefused(scope, library.email, NOW))
  expect(await runCommand(house, unanswered, ['--library', library.key])).toMatchObject({ exitCode: 0 })
})

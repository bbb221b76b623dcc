// The commands that print: what they write, who may read it, and what they say when something is missing.
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make } from '../../test/make.ts'
import { readPdf, readQr } from '../../test/read-pdf.ts'
import { runCommand } from '../../test/run-command.ts'
import { inLibrary, rowsOf } from '../db/scope.ts'
import type { Command } from './command.ts'
import { consentEvidence } from './consent-evidence.ts'
import { invitations } from './invitations.ts'
import { joinSnippetCommand } from './join-snippet.ts'
import { kit } from './kit.ts'
import { offersSet } from './offers-set.ts'
import { onlyHere } from './reachable.ts'

const house = openHouse()
const folder = () => mkdtempSync(join(tmpdir(), 'gentle-paper-'))

test('the kit is six files, the poster opens the join page, and the month’s count is told', async () => {
  const library = await make.library(house)
  const out = folder()
  const { json, text } = await runCommand(house, kit, ['--library', library.key, '--out', out])
  expect(readdirSync(out)).toHaveLength(6)
  expect(json).toMatchObject({ saidYesThisMonth: 0, joinUrl: `https://letters.example.org/${library.key}/join` })
  expect(text[0]).toBe('0 people said yes this month at Maple Falls Library.')
  expect(readQr(readFileSync(join(out, 'poster-es.pdf')))).toBe(`https://letters.example.org/${library.key}/join`)
})

test('a poster whose code only this machine can open is said to be one, and a wrong address is refused', async () => {
  const library = await make.library(house)
  const line = ['--library', library.key, '--out', folder(), '--public-url']
  const { text } = await runCommand(house, kit, [...line, 'http://localhost:8080'])
  expect(text.join(' ')).toContain('Only this machine can open http://localhost:8080')
  await expect(runCommand(house, kit, [...line, 'letters'])).rejects.toThrow('--public-url is "letters"')
})

test('whatever prints an address that only this machine can open says so', async () => {
  const library = await make.library(house)
  const out = join(folder(), 'offers.yaml')
  writeFileSync(out, 'offers:\n  - purpose: events\n    channel: email\n')
  const here = ['--public-url', 'http://localhost:8080']
  const said = async (command: Command, ...line: string[]) =>
    (await runCommand(house, command, [...line, '--library', library.key])).text.join('\n')
  expect(await said(joinSnippetCommand, ...here)).toMatch(/<!-- Only this machine can open http:\/\/localhost:8080\./)
  expect(await said(joinSnippetCommand)).not.toContain('Only this machine')
  expect(await said(offersSet, out)).not.toContain('Only this machine')
  expect(onlyHere('http://127.0.0.1:8080', 'Mend it.')).toEqual([
    'Only this machine can open http://127.0.0.1:8080. Mend it.',
  ])
})

test('a record is a page and its data, readable by this account alone, and each one drawn up is written down', async () => {
  const library = await make.library(house)
  await make.patrons(house, library, [{ id: '1', consents: ['reengagement/email'] }, { id: '2' }])
  const out = join(folder(), 'evidence.pdf')
  const line = (id: string) => [id, '--library', library.key, '--purpose', 'reengagement', '--channel', 'email']
  await runCommand(house, consentEvidence, [...line('1'), '--out', out, '--language', 'es'])
  expect((await readPdf(readFileSync(out))).language).toBe('es')
  expect(JSON.parse(readFileSync(out.replace('.pdf', '.json'), 'utf8'))).toMatchObject({
    patronId: '1',
    decision: 'grant',
  })
  for (const file of [out, out.replace('.pdf', '.json')]) expect(statSync(file).mode & 0o777).toBe(0o600)
  const looks = await inLibrary(house.database.logins, 'circulation', library.libraryNo, (scope) =>
    rowsOf(scope, sql<{ did: string }>`select did from desk.audit where library_no = ${library.libraryNo}`),
  )
  expect(looks.map(({ did }) => did)).toEqual(['drew up the record of a choice'])
  await expect(runCommand(house, consentEvidence, line('2'))).rejects.toThrow('never said yes')
  await expect(runCommand(house, consentEvidence, [...line('1'), '--out', 'x.doc'])).rejects.toThrow('ends in .pdf')
})

test('a file of card numbers becomes a file of links, empty where nobody is to be asked', async () => {
  const library = await make.library(house)
  await make.roster(house, library, [{ id: '1' }, { id: '2', born: '2015-04-01' }])
  const [cards, out] = [join(folder(), 'cards.csv'), join(folder(), 'links.csv')]
  writeFileSync(cards, '\ufeffName;Barcode\r\nRosa;21\r\nKarl;22\r\n"Mei; Lin";999\r\n')
  const { json } = await runCommand(house, invitations, [cards, '--library', library.key, '--out', out])
  expect(json).toMatchObject({ cards: 3, links: 1, joinPage: 1, notAsked: 1 })
  const [head, rosa, karl, meiLin] = readFileSync(out, 'utf8').split('\n')
  expect(head).toBe('card,link')
  expect(rosa).toMatch(/^21,https:\/\/letters\.example\.org\/i\/[\w-]{39}$/)
  expect(karl).toBe('22,')
  expect(meiLin).toBe(`999,https://letters.example.org/${library.key}/join`)
  expect(statSync(out).mode & 0o777).toBe(0o600)
  await expect(
    runCommand(house, invitations, [cards, '--library', library.key, '--out', out, '--column', 'card']),
  ).rejects.toThrow('has no column "card". Its first line names: name, barcode.')
})

// The commands for a file of notices: what staff see, and the file that the library system reads.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHouse } from '../../test/house.ts'
import { make, NOW } from '../../test/make.ts'
import { runCommand } from '../../test/run-command.ts'
import { makeLine, sendAllTexts, textDouble } from '../../test/texts.ts'
import { noticesImport, noticesResults } from './notices.ts'

const house = openHouse()

const row = (id: string, media: string) =>
  `"${media}","EN","RESERVE","1","2rosa","Ms","Rosa","D","614-555-0101","","","MPL","Main","3","01/12/2026","A "title"","${id}"\n`

test('a file is tried, sent, and its results are written for the library system', async () => {
  const library = await make.library(house)
  const line = await makeLine(house, [library])
  const [file, results] = [join(house.folder, 'outbound.csv'), join(house.folder, 'results.csv')]
  writeFileSync(file, row('1', 'T') + row('2', 'T') + row('3', 'V'))
  const importing = [file, '--library', library.key]
  const tried = await runCommand(house, noticesImport, [...importing, '--dry-run'])
  expect(tried.text[0]).toContain('nothing was sent')
  const sent = await runCommand(house, noticesImport, [...importing, '--results', results])
  expect(sent.text.join('\n')).toContain('3 rows: 1 text about 2 items')
  expect(sent.text.join('\n')).toContain('line 3 (3): it asks for a telephone call')
  expect(readFileSync(results, 'utf8')).toBe('"3","FAIL"\n')
  await sendAllTexts(
    house,
    textDouble(() => ({ kind: 'refused', permanent: true, code: '30006', said: 'landline' })),
    line,
    NOW,
  )
  const told = await runCommand(house, noticesResults, [results, '--library', library.key])
  expect(told.text.join('\n')).toContain('  1: the provider says: landline')
  expect(readFileSync(results, 'utf8')).toBe('"1","FAIL"\n"2","FAIL"\n"3","FAIL"\n')
})

test('a file that cannot be opened, and one of which nothing can be sent, end in words', async () => {
  const library = await make.library(house)
  await makeLine(house, [library])
  const importing = (file: string) => runCommand(house, noticesImport, [file, '--library', library.key])
  await expect(importing('/nowhere/outbound.csv')).rejects.toThrow('could not be read')
  const file = join(house.folder, 'calls.csv')
  writeFileSync(file, row('1', 'V'))
  expect(await importing(file)).toMatchObject({
    exitCode: 2,
    problem: expect.stringContaining('every row was refused'),
  })
})

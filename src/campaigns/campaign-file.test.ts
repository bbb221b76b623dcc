import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readCampaign, readCampaignFile } from './campaign-file.ts'

const right = {
  key: 'autumn',
  name: 'A note in autumn',
  purpose: 'reengagement',
  segment: { lapsed: { minMonths: 3, maxMonths: 6 } },
  letter: 'any-three-doors',
}
const said = (held: unknown): Promise<string> =>
  readCampaign(held, 'autumn.yaml', null).then(
    () => 'it was read',
    (error: Error) => error.message,
  )
const without = (key: keyof typeof right) => Object.fromEntries(Object.entries(right).filter(([name]) => name !== key))

const oneMistake: [what: string, held: unknown, sentence: string][] = [
  ['no name', without('name'), '"name" is missing. It is what staff call the mailing, up to 120 characters (such as name: A note in autumn).'],
  ['a key in capitals', { ...right, key: 'Autumn 2026' }, '"key" cannot be "Autumn 2026". It is a short name for commands, in lower-case letters, digits and hyphens (such as key: autumn).'],
  ['a key of digits', { ...right, key: '2026' }, '"key" must have a letter in it, or it could be taken for the number of another campaign.'],
  ['a purpose nobody knows', { ...right, purpose: 'marketing' }, '"purpose" cannot be "marketing". It is why you write: reengagement, new-titles, events, fundraising (such as purpose: reengagement).'],
  ['a purpose that is no outreach', { ...right, purpose: 'notice' }, '"purpose" is not for outreach: those messages come by themselves.'],
  ['a channel to come', { ...right, channel: 'post' }, '"channel" has to be email or sms: letters by post are not built yet.'],
  ['a share in per cent', { ...right, holdout: 20 }, '"holdout" cannot be 20. It is the share of households left alone for comparison, from 0 to 0.5 (such as holdout: 0.2).'],
  ['hours as words', { ...right, window: { from: '9 am', until: 18 } }, '"window.from" cannot be "9 am". It is a whole hour from 0 to 23 (such as from: 10).'],
  ['hours backwards', { ...right, window: { from: 18, until: 10 } }, '"window" has to begin before it ends.'],
  ['a letter that is a number', { ...right, letter: 3 }, '"letter" cannot be 3. It is the key of a letter that comes with Gentle Reader, or the name of a .yaml file beside this one (such as letter: autumn-questions).'],
  ['a key misspelt', { ...right, graceMinute: 5 }, '"graceMinute" is not a key of a campaign file. Did you mean "graceMinutes"?'],
  ['a key misspelt below another', { ...right, window: { form: 9, until: 18 } }, '"window.form" is not a key below "window". Did you mean "from"?'],
  ['a key of another program', { ...right, subject: 'Hello' }, '"subject" is not a key of a campaign file. The keys there are key, name, purpose,'],
  ['no segment', without('segment'), '"segment" is missing. It is for whom (such as lapsed: { minMonths: 3, maxMonths: 6 }).'],
  ['a segment in words', { ...right, segment: 'lapsed' }, '"segment" cannot be "lapsed". It is a rule (such as lapsed: { minMonths: 3, maxMonths: 6 }).'],
  ['two rules side by side', { ...right, segment: { ...right.segment, branch: ['EAST'] } }, '"segment" has 2 rules side by side (lapsed, branch). Put them into one list: below "all" if each of them has to hold, below "any" if one is enough'],
  ['a rule misspelt', { ...right, segment: { all: [right.segment, { brnch: ['EAST'] }] } }, '"segment.all, rule 2.brnch" is not a rule. Did you mean "branch"?'],
  ['months without an end', { ...right, segment: { lapsed: { minMonths: 3 } } }, '"segment.lapsed.maxMonths" is a whole number of months, 0 or more'],
  ['months backwards', { ...right, segment: { lapsed: { minMonths: 6, maxMonths: 3 } } }, '"segment.lapsed": minMonths must not be above maxMonths'],
  ['ages of a yes backwards', { ...right, segment: { agreed: { minMonths: 6, maxMonths: 3 } } }, '"segment.agreed": minMonths must not be above maxMonths (such as agreed: { minMonths: 22, maxMonths: 24 })'],
  ['a branch that is no list', { ...right, segment: { not: { branch: 'EAST' } } }, '"segment.not.branch" is a list of words in square brackets (such as branch: [MAIN, EAST])'],
  ['what somebody borrowed', { ...right, segment: { borrowed: ['mysteries'] } }, '"segment.borrowed" is not a rule. The rules there are lapsed, agreed, branch, category, language, all, any, not.'],
  ['an empty file', null, 'It is not a campaign file: that has a line for each key, such as key: autumn.'],
  ['a letter misspelt', { ...right, letter: 'any-tree-doors' }, 'The letter "any-tree-doors" is neither one that comes with Gentle Reader nor a file beside the campaign. Did you mean "any-three-doors"?'],
] // biome-ignore format: one mistake a line

test.each(oneMistake)('%s: the writer is told what is wrong and what is right', async (_, held, sentence) => {
  expect(await said(held)).toContain(sentence)
})

test('every mistake is told at once, and nothing is told in the words of a program', async () => {
  const told = await said({
    key: 'A',
    purpose: 'x',
    segment: {},
    letter: 'any-three-doors',
    holdout: 'a fifth',
    Name: 'Autumn',
  })
  for (const key of [
    '"key"',
    '"name" is missing',
    '"purpose"',
    '"segment" is empty',
    '"holdout"',
    'Did you mean "name"?',
  ])
    expect(told).toContain(key)
  expect(told).not.toMatch(/invalid|expected|received|undefined|option|regex|pattern|NaN|object/i)
})

test('a segment that is missing is told once', async () => {
  expect((await said(without('segment'))).match(/"segment" is missing/g)).toHaveLength(1)
})

test('what is right is read', async () => {
  await expect(readCampaign(right, 'autumn.yaml', null)).resolves.toMatchObject({
    channel: 'email', holdoutShare: 0, window: { from: 9, until: 20 }, graceMinutes: 15,
  }) // biome-ignore format: short
})

test('a file that is not there, and one that is no YAML, are said in a sentence with the line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gentle-campaign-'))
  await expect(readCampaignFile(join(folder, 'nowhere.yaml'))).rejects.toThrow(/^There is no file .*nowhere\.yaml\.$/)
  const path = join(folder, 'autumn.yaml')
  writeFileSync(path, 'key: autumn\nname: Autumn: a note\n')
  await expect(readCampaignFile(path)).rejects.toThrow(/cannot be understood from line 2 on.*needs quotes/)
})

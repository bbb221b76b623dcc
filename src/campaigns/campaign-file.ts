// A campaign as staff write it down: one YAML or JSON file that says for whom, what, by which channel and when. Read
// whole and refused early, with a sentence for each mistake.
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { CHANNELS, type Channel, PURPOSES, type Purpose, purposeNames } from '../consent/purposes.ts'
import { Problem, sayError } from '../lib/errors.ts'
import { packageRoot } from '../lib/package-root.ts'
import { type Letter, parseLetter, readLetter } from '../messages/letter.ts'
import { readSegment, type SegmentRule } from '../segments/rule.ts'

export interface CampaignPlan {
  key: string
  name: string
  purpose: Purpose
  channel: Channel
  segment: SegmentRule
  letter: Letter
  holdoutShare: number
  window: { from: number; until: number }
  graceMinutes: number
}

const shape = z.strictObject({
  key: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens')
    // A campaign is named by its key or its number: nobody may approve one and mean the other.
    .regex(/[a-z]/, 'must have a letter in it, or it could be taken for the number of another campaign'),
  name: z.string().min(1).max(120),
  purpose: z.enum(purposeNames),
  channel: z.enum(CHANNELS).default('email'),
  segment: z.unknown(),
  /** A letter that comes with the product, a file beside this one, or the letter itself. */
  letter: z.union([z.string(), z.record(z.string(), z.unknown())]),
  holdout: z.number().min(0).max(0.5).default(0),
  window: z
    .strictObject({ from: z.number().int().min(0).max(23), until: z.number().int().min(1).max(24) })
    .default({ from: 9, until: 20 }),
  graceMinutes: z.number().int().min(0).max(10_080).default(15),
})

/** Throws Problem 'bad-input'. Letter files are looked for beside the campaign file. */
export async function readCampaignFile(path: string): Promise<CampaignPlan> {
  let held: unknown
  try {
    held = parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new Problem('bad-input', `The campaign file ${path} cannot be read: ${sayError(cause).split('\n')[0]}`, {
      cause,
    })
  }
  return readCampaign(held, basename(path), dirname(resolve(path)))
}

export async function readCampaign(held: unknown, where: string, folder: string | null): Promise<CampaignPlan> {
  const read = shape.safeParse(held)
  if (!read.success) {
    const said = read.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`).join('; ')
    throw new Problem('bad-input', `${where} is not a campaign: ${said}.`)
  }
  const { holdout, letter, segment, ...rest } = read.data
  if (rest.window.from >= rest.window.until)
    throw new Problem('bad-input', `${where}: the window's "from" must be before its "until".`)
  if (PURPOSES[rest.purpose].basis !== 'consent')
    throw new Problem(
      'bad-input',
      `${where}: "${rest.purpose}" is not outreach. A campaign is for ${purposeNames.filter((p) => PURPOSES[p].basis === 'consent').join(', ')}.`,
    )
  if (rest.channel !== 'email')
    throw new Problem('bad-input', `${where}: campaigns go out by e-mail for now; "${rest.channel}" is not built yet.`)
  return {
    ...rest,
    segment: readSegment(segment),
    letter: typeof letter === 'string' ? await findLetter(letter, folder) : readLetter(letter, where),
    holdoutShare: holdout,
  }
}

/** `name`: the key of a letter that comes with the product, or a file's name ending in .yaml. */
export async function findLetter(name: string, folder: string | null): Promise<Letter> {
  const shipped = join(packageRoot, 'letters')
  const path =
    name.endsWith('.yaml') || name.endsWith('.yml')
      ? folder && join(folder, basename(name))
      : join(shipped, `${basename(name)}.yaml`)
  if (path === null)
    throw new Problem('bad-input', `The letter ${name} cannot be found: there is no folder to look in.`)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new Problem(
      'bad-input',
      `The letter "${name}" is neither one that comes with Gentle Reader nor a file beside the campaign.`,
      { cause },
    )
  }
  return parseLetter(text, basename(path))
}

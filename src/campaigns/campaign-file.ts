// A campaign as staff write it down: one YAML or JSON file that says for whom, what, by which channel and when. Read
// whole and refused early, with a sentence for each mistake.
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { parse, YAMLParseError } from 'yaml'
import type { Channel, Purpose } from '../consent/purposes.ts'
import { Problem } from '../lib/errors.ts'
import { nearest } from '../lib/nearest.ts'
import { packageRoot } from '../lib/package-root.ts'
import { sayMistakes } from '../lib/say-mistakes.ts'
import { type Letter, parseLetter, readLetter } from '../messages/letter.ts'
import { readSegment, type SegmentRule } from '../segments/rule.ts'
import { mistakeInSegment } from '../segments/segment-mistake.ts'
import { campaignKeys, campaignShape } from './campaign-shape.ts'

export interface CampaignPlan {
  key: string
  name: string
  purpose: Purpose
  channel: Channel
  segment: SegmentRule
  letter: Letter
  holdoutShare: number
  /** Of a text. */
  mostParts: number
  cutLong: boolean
  window: { from: number; until: number }
  graceMinutes: number
}

/** Throws Problem 'bad-input'. Letter files are looked for beside the campaign file. */
export async function readCampaignFile(path: string): Promise<CampaignPlan> {
  let held: unknown
  try {
    held = parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new Problem('bad-input', sayUnread(path, cause), { cause })
  }
  return readCampaign(held, basename(path), dirname(resolve(path)))
}

export async function readCampaign(held: unknown, where: string, folder: string | null): Promise<CampaignPlan> {
  const read = campaignShape.safeParse(held)
  const mistakes = read.success ? [] : sayMistakes(read.error, held, campaignKeys, 'a campaign file')
  if (typeof held === 'object' && held !== null)
    mistakes.push(mistakeInSegment((held as { segment?: unknown }).segment))
  const said = mistakes.filter((mistake) => mistake !== '').join(' ')
  if (!read.success || said !== '') throw new Problem('bad-input', `${where} is not a campaign yet. ${said}`)
  const { holdout, letter, segment, text, ...rest } = read.data
  if (text && rest.channel !== 'sms')
    throw new Problem('bad-input', `${where} has "text", which is for channel sms, and its channel is ${rest.channel}.`)
  return {
    ...rest,
    segment: readSegment(segment),
    letter: typeof letter === 'string' ? await findLetter(letter, folder) : readLetter(letter, where),
    holdoutShare: holdout,
    mostParts: text?.parts ?? 1,
    cutLong: text?.cut ?? false,
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
    const keys = (await readdir(shipped)).map((file) => basename(file, '.yaml'))
    const meant = nearest(basename(name, '.yaml'), keys)
    throw new Problem(
      'bad-input',
      `The letter "${name}" is neither one that comes with Gentle Reader nor a file beside the campaign. ${
        meant === null ? `Letters that come with it: ${keys.join(', ')}.` : `Did you mean "${meant}"?`
      }`,
      { cause },
    )
  }
  return parseLetter(text, basename(path))
}

function sayUnread(path: string, cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT') return `There is no file ${path}.`
  if (!(cause instanceof YAMLParseError)) return `${path} cannot be read (${code ?? 'it is not a text file'}).`
  const line = cause.linePos?.[0].line
  return `${path} cannot be understood${line === undefined ? '' : ` from line ${line} on`}: ${cause.message.split(/ at line|\n/)[0]}. Often a text with a colon in it needs quotes around it, or a line is not indented like the others of its kind (spaces, no tabs).`
}

// The keys of a campaign file: what may stand there, and what somebody who wrote something else is told.
import { z } from 'zod'
import { CHANNELS, PURPOSES, purposeNames } from '../consent/purposes.ts'
import type { KeyWords } from '../lib/say-mistakes.ts'

const outreach = purposeNames.filter((purpose) => PURPOSES[purpose].basis === 'consent')

export const campaignShape = z.strictObject({
  key: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    // A campaign is named by its key or its number: nobody may approve one and mean the other.
    .refine(
      (key) => /[a-z]/.test(key),
      'must have a letter in it, or it could be taken for the number of another campaign',
    ),
  name: z.string().min(1).max(120),
  purpose: z
    .enum(purposeNames)
    .refine(
      (purpose) => PURPOSES[purpose].basis === 'consent',
      'is not for outreach: those messages come by themselves',
    ),
  channel: z
    .enum(CHANNELS)
    .refine((channel) => channel !== 'post', 'has to be email or sms: letters by post are not built yet')
    .default('email'),
  /** Looked at on its own: see segments/segment-mistake.ts. */
  segment: z.unknown().optional(),
  /** A letter that comes with the product, a file beside this one, or the letter itself. */
  letter: z.union([z.string().min(1), z.record(z.string(), z.unknown())]),
  /** Of channel sms. */
  text: z.strictObject({ parts: z.int().min(1).max(4).default(1), cut: z.boolean().default(false) }).optional(),
  holdout: z.number().min(0).max(0.5).default(0),
  window: z
    .strictObject({ from: z.int().min(0).max(23), until: z.int().min(1).max(24) })
    .refine(({ from, until }) => from < until, 'has to begin before it ends')
    .default({ from: 9, until: 20 }),
  graceMinutes: z.int().min(0).max(10_080).default(15),
})

export const campaignKeys: KeyWords = {
  key: { is: 'a short name for commands, in lower-case letters, digits and hyphens', example: 'key: autumn' },
  name: { is: 'what staff call the mailing, up to 120 characters', example: 'name: A note in autumn' },
  purpose: { is: `why you write: ${outreach.join(', ')}`, example: 'purpose: reengagement' },
  channel: { is: 'how it goes out, email or sms, and may be left out', example: 'channel: email' },
  segment: { is: 'for whom', example: 'segment: { lapsed: { minMonths: 3, maxMonths: 6 } }' },
  letter: {
    is: 'the key of a letter that comes with Gentle Reader, or the name of a .yaml file beside this one',
    example: 'letter: autumn-questions',
  },
  text: { is: 'how long a text may be, where the channel is sms', example: 'text: { parts: 2, cut: true }' },
  'text.parts': { is: 'the most parts that a text may have, from 1 to 4', example: 'parts: 2' },
  'text.cut': { is: 'true where a longer text may be cut at words', example: 'cut: true' },
  holdout: { is: 'the share of households left alone for comparison, from 0 to 0.5', example: 'holdout: 0.2' },
  window: {
    is: 'the hours in which it may be sent, on the library’s clock',
    example: 'window: { from: 10, until: 18 }',
  },
  'window.from': { is: 'a whole hour from 0 to 23', example: 'from: 10' },
  'window.until': { is: 'a whole hour from 1 to 24', example: 'until: 18' },
  graceMinutes: { is: 'minutes between launch and the first message, from 0 to 10080', example: 'graceMinutes: 15' },
}

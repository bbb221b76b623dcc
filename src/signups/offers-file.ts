// A library's offers as its staff write them: one YAML file with the words in every language, the topics, and the websites
// that may show the form. Read whole and refused early, with a sentence for each mistake.
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { CHANNELS, type Channel, PURPOSES, type Purpose, purposeNames } from '../consent/purposes.ts'
import { Problem, sayError } from '../lib/errors.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, languages } from '../words/languages.ts'
import { type OfferWords, usualWords } from './offer.ts'

export interface OffersPlan {
  offers: { purpose: Purpose; channel: Channel; words: Record<Language, OfferWords> }[]
  topics: { purpose: Purpose; key: string; labels: Record<Language, string> }[]
  publicRecords: boolean
  origins: string[]
}

const inEveryLanguage = <T extends z.ZodType>(each: T) =>
  z.strictObject(Object.fromEntries(languages.map((language) => [language, each])) as Record<Language, T>)
const line = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .regex(/^\P{Cc}*$/u, 'must stand in one line')

const shape = z.strictObject({
  'public-records': z.boolean().default(false),
  websites: z.array(z.string()).max(20).default([]),
  offers: z
    .array(
      z.strictObject({
        purpose: z.enum(purposeNames),
        channel: z.enum(CHANNELS).default('email'),
        words: inEveryLanguage(z.strictObject({ title: line.max(120), says: line.max(800) })).optional(),
        topics: z
          .record(
            z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens'),
            inEveryLanguage(line.max(80)),
          )
          .default({}),
      }),
    )
    .min(1, 'must offer something')
    .max(12),
})

/** Throws Problem 'bad-input'. */
export async function readOffersFile(path: string, library: Library): Promise<OffersPlan> {
  let held: unknown
  try {
    held = parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new Problem('bad-input', `${path} cannot be read: ${sayError(cause).split('\n')[0]}`, { cause })
  }
  return readOffers(held, basename(path), library)
}

export function readOffers(held: unknown, where: string, library: Library): OffersPlan {
  const read = shape.safeParse(held)
  if (!read.success) {
    const said = read.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`).join('; ')
    throw new Problem('bad-input', `${where} cannot be used: ${said}. Words are needed in ${languages.join(' and ')}.`)
  }
  const { offers, websites } = read.data
  const wrong = (said: string) => new Problem('bad-input', `${where}: ${said}`)
  const seen = new Set<string>()
  for (const { purpose, channel } of offers) {
    if (PURPOSES[purpose].basis !== 'consent')
      throw wrong(`"${purpose}" does not rest on consent, so there is nothing to offer.`)
    if (seen.has(`${purpose} ${channel}`)) throw wrong(`${purpose} by ${channel} is offered twice.`)
    seen.add(`${purpose} ${channel}`)
  }
  const topics = offers.flatMap(({ purpose, topics: named }) =>
    Object.entries(named).map(([key, labels]) => ({ purpose, key, labels })),
  )
  const twice = topics.find(({ key }, i) => topics.findIndex((other) => other.key === key) !== i)
  if (twice) throw wrong(`the topic "${twice.key}" stands there twice; each has a key of its own.`)
  return {
    publicRecords: read.data['public-records'],
    origins: websites.map((website) => originOf(website) ?? refuse(wrong, website)),
    topics,
    offers: offers.map(({ purpose, channel, words }) => ({
      purpose,
      channel,
      words:
        words ?? ((channel === 'email' && usualWords(purpose, library)) || refuseWordless(wrong, purpose, channel)),
    })),
  }
}

/** https://www.library.example.org, without a path: it goes into a header. */
function originOf(website: string): string | null {
  const url = URL.canParse(website) ? new URL(website) : null
  const local = url !== null && /^(localhost|127\.0\.0\.1)$/.test(url.hostname)
  const fits = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && local))
  return fits && /^[a-z0-9.-]+$/.test(url.hostname) && url.username === '' ? url.origin : null
}

const refuse = (wrong: (said: string) => Problem, website: string): never => {
  throw wrong(`"${website}" is no address of a website such as https://www.library.example.org.`)
}
const refuseWordless = (wrong: (said: string) => Problem, purpose: string, channel: string): never => {
  throw wrong(`${purpose} by ${channel} needs words of your own (title and says): none come with the program.`)
}

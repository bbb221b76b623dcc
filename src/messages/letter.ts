// A letter: one note in several languages, as staff write it in a YAML file. Its wording is read once and refused early:
// nothing but plain fields from a short list can stand in it, so no letter can say or compute what a reader has used.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Liquid, TokenKind } from 'liquidjs'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { Problem, sayError } from '../lib/errors.ts'
import { type KeyWords, sayMistakes } from '../lib/say-mistakes.ts'
import { type Language, languages } from '../words/languages.ts'

/** All that a letter can know. Nothing here, and nothing ever added here, may depend on use of the library. */
export const fields = ['greeting', 'signed_by', 'library_name', 'library_phone', 'library_url', 'keep_link'] as const
export type Field = (typeof fields)[number]
export type FieldValues = Record<Field, string>

/** What a text can know: the same for everybody, so that nothing in it can be of one reader. */
export const textFields = ['signed_by', 'library_name', 'library_phone', 'library_url'] as const

/** Wording cut at its fields: plain text, or the name of a field. */
export type Part = string | { field: Field }

/** Plain text with fields: paragraphs are parted by a blank line, list items begin with "- ". */
export interface Wording {
  subject: string
  body: string
}

export const seasons = ['winter', 'spring', 'summer', 'autumn', 'any'] as const

export interface Letter {
  key: string
  season: (typeof seasons)[number]
  name: string
  wordings: Partial<Record<Language, Wording>>
  /** The same as a text message, without the library's name and how to stop: those stand around every text. */
  texts: Partial<Record<Language, string>>
}

// Kept only to read the language: without tags and filters there is nothing that could run.
const liquid = new Liquid({ ownPropertyOnly: true, strictFilters: true, strictVariables: true })
for (const name of Object.keys(liquid.tags)) delete liquid.tags[name]
for (const name of Object.keys(liquid.filters)) delete liquid.filters[name]

const fieldsThereAre = `The fields are ${fields.join(', ')}; each is written alone, like {{ greeting }}.`

/** Cuts wording at its fields. Refuses tags, filters, unknown fields and whatever else is not a field by itself. */
export function cutAtFields(wording: string, where: string): Part[] {
  if (wording.includes('{%')) {
    throw new Problem(
      'bad-input',
      `${where} has a tag ({% … %}). A letter holds only text and fields. ${fieldsThereAre}`,
    )
  }
  try {
    return liquid.parse(wording).map(({ token }) => {
      const source = token.input.slice(token.begin, token.end)
      if (token.kind === TokenKind.HTML) return source
      const name = /^\{\{ *([a-z_]+) *\}\}$/.exec(source)?.[1]
      const field = fields.find((known) => known === name)
      if (field === undefined) {
        throw new Problem('bad-input', `${where} has ${source}, which is not a field of a letter. ${fieldsThereAre}`)
      }
      return { field }
    })
  } catch (error) {
    if (error instanceof Problem) throw error
    const said = sayError(error).split('\n')[0]
    throw new Problem('bad-input', `${where} cannot be read: ${said}. ${fieldsThereAre}`, { cause: error })
  }
}

export const fillFields = (parts: Part[], values: FieldValues): string =>
  parts.map((part) => (typeof part === 'string' ? part : values[part.field])).join('')

const noControls = (text: string) => !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text.replaceAll('\n', ''))
const controls = 'has invisible control characters: type it again as plain text'

const wordingShape = z
  .strictObject({
    subject: z
      .string()
      .transform((text) => text.trim())
      .refine((text) => text !== '', 'is empty')
      .refine((text) => text.length <= 150 && !text.includes('\n'), 'must be one line of at most 150 characters')
      .refine(noControls, controls)
      .optional(),
    body: z
      .string()
      .max(5000)
      .transform(tidyBody)
      .refine((text) => text !== '', 'is empty')
      .refine(noControls, controls)
      .optional(),
    text: z
      .string()
      .max(600)
      .transform((text) => text.replace(/\s+/g, ' ').trim())
      .refine((text) => text !== '', 'is empty')
      .refine(noControls, controls)
      .optional(),
  })
  // A letter that goes out as a text only needs neither; an e-mail needs both.
  .superRefine(({ subject, body, text }, context) => {
    const textOnly = text !== undefined && subject === undefined && body === undefined
    for (const [key, value] of Object.entries({ subject, body }))
      if (value === undefined && !textOnly) context.addIssue({ code: 'custom', path: [key], message: 'is missing' })
  })

const letterShape = z.strictObject({
  key: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  season: z.enum(seasons),
  name: z.string().min(1).max(80),
  ...(Object.fromEntries(languages.map((language) => [language, wordingShape.optional()])) as Record<
    Language,
    z.ZodOptional<typeof wordingShape>
  >),
})

const letterKeys: KeyWords = {
  key: { is: 'a short name in lower-case words joined by hyphens', example: 'key: soup-weather' },
  season: { is: `one of ${seasons.join(', ')}`, example: 'season: any' },
  name: { is: 'what staff call the letter, up to 80 characters', example: 'name: Soup weather' },
  ...Object.fromEntries(
    languages.flatMap((language) => [
      [language, { is: 'a wording with a subject and a body below it', example: `${language}:` }],
      [`${language}.subject`, { is: 'one line of at most 150 characters', example: 'subject: For soup weather' }],
      [
        `${language}.body`,
        { is: 'plain text of at most 5,000 characters, a line more to the right', example: 'body: |' },
      ],
      [
        `${language}.text`,
        { is: 'the same as a text message, in one sentence or two', example: 'text: A warm chair is free here.' },
      ],
    ]),
  ),
}

/** One written form: plain line ends, no trailing spaces, one blank line between paragraphs. */
function tidyBody(body: string): string {
  return body
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** A letter from what a YAML or JSON file held. `where` names the file in what is said about a mistake. */
export function readLetter(held: unknown, where: string): Letter {
  const read = letterShape.safeParse(held)
  if (!read.success) {
    const said = sayMistakes(read.error, held, letterKeys, 'a letter').join(' ')
    throw new Problem('bad-input', `${where} is not a letter yet. ${said}`)
  }
  const { key, season, name, ...byLanguage } = read.data
  const wordings: Letter['wordings'] = {}
  const texts: Letter['texts'] = {}
  for (const language of languages) {
    const wording = byLanguage[language]
    if (wording === undefined) continue
    const { subject, body, text } = wording
    if (subject !== undefined && body !== undefined) {
      cutAtFields(subject, `The subject of ${where} (${language})`)
      cutAtFields(body, `The body of ${where} (${language})`)
      wordings[language] = { subject, body }
    }
    if (text === undefined) continue
    refuseReaderFields(text, `The text of ${where} (${language})`)
    texts[language] = text
  }
  if (Object.keys(wordings).length + Object.keys(texts).length === 0) {
    throw new Problem('bad-input', `${where} has no wording: write one under ${languages.join(' or ')}.`)
  }
  return { key, season, name, wordings, texts }
}

function refuseReaderFields(text: string, where: string): void {
  for (const part of cutAtFields(text, where))
    if (typeof part !== 'string' && !(textFields as readonly Field[]).includes(part.field))
      throw new Problem(
        'bad-input',
        `${where} has {{ ${part.field} }}, and a text is the same for everybody. Its fields are ${textFields.join(', ')}.`,
      )
}

export function parseLetter(yaml: string, where: string): Letter {
  let held: unknown
  try {
    held = parseYaml(yaml)
  } catch (error) {
    throw new Problem('bad-input', `${where} is not YAML: ${sayError(error).split('\n')[0]}`, { cause: error })
  }
  return readLetter(held, where)
}

/** Every letter of a folder, by file name. */
export async function loadLetters(folder: string): Promise<Letter[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()
  const letters = await Promise.all(
    files.map(async (file) => parseLetter(await readFile(join(folder, file), 'utf8'), file)),
  )
  const twice = letters.find((letter, at) => letters.findIndex(({ key }) => key === letter.key) !== at)
  if (twice !== undefined) throw new Problem('conflict', `Two letters in ${folder} have the key ${twice.key}.`)
  return letters
}

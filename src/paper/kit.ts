// The first-day kit of a library: the strip, the poster and the counter script, in every language that we speak. Quiet
// people get hardly any notices, so the way to reach next year's is to ask today's.
import type { Library } from '../patrons/library.ts'
import type { JoinPage } from '../signups/offer.ts'
import { languages } from '../words/languages.ts'
import { makeCounterScript } from './counter-script.ts'
import type { KitBasis } from './kit-words.ts'
import { makePoster } from './poster.ts'
import type { PaperSize } from './sheet.ts'
import { makeStrips } from './strip.ts'

/** A file to be written. */
export interface Printed {
  name: string
  bytes: Buffer
}

export const joinUrl = (publicUrl: string, library: Library): string => `${publicUrl}/${library.key}/join`

interface KitFacts {
  page: JoinPage
  publicUrl: string
  saidYes: number
  size: PaperSize
  made: Date
}

export async function makeKit(
  library: Library,
  { page, publicUrl, saidYes, size, made }: KitFacts,
): Promise<Printed[]> {
  const printed: Printed[] = []
  for (const language of languages) {
    const basis: KitBasis = { library, language, page, size, made }
    printed.push(
      { name: `strip-${language}.pdf`, bytes: await makeStrips(basis) },
      { name: `counter-script-${language}.pdf`, bytes: await makeCounterScript(basis, saidYes) },
      { name: `poster-${language}.pdf`, bytes: await makePoster(basis, joinUrl(publicUrl, library)) },
    )
  }
  return printed
}

// The forms of a library as they are now, for the bundle: the server is built for a moment, asked for each form, and
// photographed if there is a browser. Nothing is shown to anybody else meanwhile.
import type { AddressInfo } from 'node:net'
import type { Context } from '../context.ts'
import { buildServer } from '../http/server.ts'
import { sayError } from '../lib/errors.ts'
import { formSeal } from '../lib/form-seal.ts'
import type { LiveForm } from '../paper/bundle.ts'
import { takePictures } from '../paper/take-pictures.ts'
import type { Library } from '../patrons/library.ts'
import { languages } from '../words/languages.ts'
import { openTextCarriers } from '../worker/text-carriers.ts'

const FORMS = ['join', 'renew'] as const

/** `chromium`: the browser's program, or null for text alone. A browser that fails is said, and the text remains. */
export async function lookAtForms(
  { config, logins, database, journal, links, clock }: Context,
  library: Library,
  { chromium, say }: { chromium: string | null; say: (line: string) => void },
): Promise<LiveForm[]> {
  const { keys } = database
  const forms = formSeal(keys.links)
  const textCarriers = openTextCarriers(logins, () => null)
  const premises = {
    logins,
    keys,
    journal,
    links,
    forms,
    clock,
    mailroom: config.dataDir,
    textCarriers,
    replyDomain: null,
  }
  const app = await buildServer({
    readiness: () => ({ kind: 'open', premises, doing: null }),
    mode: 'production',
    publicUrl: config.publicUrl,
    host: '127.0.0.1',
  })
  try {
    const live: LiveForm[] = []
    for (const name of FORMS)
      for (const language of languages) {
        const path = `/${library.key}/${name}`
        const { statusCode, body } = await app.inject(`${path}?lang=${language}`)
        if (statusCode === 200) live.push({ name, language, path, text: textOf(body), picture: null })
      }
    if (chromium === null || live.length === 0) return live
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const pictures = await takePictures(
      chromium,
      live.map(({ path, language }) => `http://127.0.0.1:${port}${path}?lang=${language}`),
    ).catch((error) => {
      say(`No pictures of the forms: ${sayError(error)}.`)
      return null
    })
    return live.map((form, i) => ({ ...form, picture: pictures?.[i] ?? null }))
  } finally {
    await app.close()
  }
}

/** What somebody reads on the page, with what nobody sees left out. */
const textOf = (page: string): string =>
  (/<main[^>]*>([\s\S]*)<\/main>/.exec(page)?.[1] ?? '')
    .replace(/<p class="unseen"[\s\S]*?<\/p>/g, '')
    .replace(/<input type="(?:checkbox)"[^>]*>/g, '☐ ')
    .replace(/<\/(?:p|li|h\d|label|legend|button|ul|option)>|<br>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: keyof typeof SIGNS) => SIGNS[name])
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n[\s]*/g, '\n')
    .trim()

const SIGNS = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as const

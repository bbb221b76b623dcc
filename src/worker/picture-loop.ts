// The loop that fetches pictures of texts, after the provider has been answered: what a picture takes holds up no hook and
// no text. Any number of processes may run it beside each other.
import { fetchPicture, lookAtPicture, type Picture } from '../channels/sms/fetch-picture.ts'
import { fetchPictures, findPicturesDue } from '../conversations/pictures.ts'
import type { Logins } from '../db/scope.ts'
import { type Caller, openEgress } from '../lib/egress.ts'
import { sayError } from '../lib/errors.ts'
import { lineByNo } from '../messages/lines.ts'
import { startLoop } from './loop.ts'
import type { SendLoop } from './send-loop.ts'
import type { TextCarriers } from './text-carriers.ts'

export interface PictureLoopOptions {
  logins: Logins
  carriers: TextCarriers
  now: () => Date
  say: (line: string) => void
  egress?: Caller
  pauseMs?: number
}

export function startPictureLoop(options: PictureLoopOptions): SendLoop {
  const { logins, carriers, now, say, egress = openEgress(), pauseMs = 500 } = options
  let troubled = false

  const fetch = async ({ lineNo, url }: { lineNo: number; url: string }): Promise<Picture> => {
    const line = await lineByNo(logins, lineNo)
    const provider = line && carriers.providerFor(line)
    if (!provider) return { kind: 'not-fetched', permanent: false, why: 'Nobody carries the texts of this number now.' }
    const here = provider.pictureHere?.(url)
    return here ? lookAtPicture(here) : fetchPicture(egress, { url, headers: provider.pictureHeaders?.(url) ?? {} })
  }
  const loop = startLoop(async () => {
    try {
      for (const libraryNo of await findPicturesDue(logins, now()))
        if (!loop.stopping()) await fetchPictures(logins, libraryNo, { fetch, now: now() })
      troubled = false
    } catch (error) {
      if (!troubled) say(`Pictures of texts wait: ${sayError(error)}. Trying again.`)
      troubled = true
    }
    return pauseMs
  })
  return loop
}

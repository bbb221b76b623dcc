// The loop that sends answers, apart from the campaigns' loop: whoever waits for a code is looking at an empty page, so a
// campaign of half a million must not stand in front of them.
import type { EmailProvider } from '../channels/channel.ts'
import { sayError } from '../lib/errors.ts'
import { findAnswersDue, settleAnswersDue } from '../messages/due.ts'
import { type AnswerPost, sendAnswers } from '../messages/send-answers.ts'
import { type Library, libraryByNo } from '../patrons/library.ts'
import { startLoop } from './loop.ts'
import type { SendLoop } from './send-loop.ts'

export interface AnswerLoopOptions {
  post: AnswerPost
  /** The provider that carries a library's e-mail, or null when none is set up for it: then answers wait. */
  providerFor: (library: Library) => EmailProvider | null
  say?: (line: string) => void
  pauseMs?: number
}

export function startAnswerLoop({ post, providerFor, say = () => {}, pauseMs = 200 }: AnswerLoopOptions): SendLoop {
  const underWay = new Map<number, Promise<void>>()
  let troubled = false

  const lane = async (libraryNo: number) => {
    const library = await libraryByNo(post.logins, libraryNo)
    const provider = library && providerFor(library)
    if (!library || !provider) return
    while (!loop.stopping() && (await sendAnswers(post, provider, library)) > 0);
    await settleAnswersDue(post.logins, libraryNo)
  }
  const tell = (error: unknown) => {
    if (!troubled) say(`Answers to sign-ups wait: ${sayError(error)}. Trying again.`)
    troubled = true
  }

  const loop = startLoop(async () => {
    try {
      for (const libraryNo of await findAnswersDue(post.logins, post.now())) {
        if (underWay.has(libraryNo)) continue
        const running = lane(libraryNo)
          .then(
            () => {
              troubled = false
            },
            (error) => tell(error),
          )
          .finally(() => underWay.delete(libraryNo))
        underWay.set(libraryNo, running)
      }
    } catch (error) {
      tell(error)
    }
    return pauseMs
  })
  return {
    async stop() {
      await loop.stop()
      await Promise.all(underWay.values())
    },
  }
}

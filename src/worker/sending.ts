// Sending as this installation is set up: the loops, the providers that its settings name, the night's work, and a stop
// that lets go of nothing halfway.
import type { Journal } from '../db/journal.ts'
import type { Logins } from '../db/scope.ts'
import type { Clock } from '../lib/clock.ts'
import type { LinkSigner } from '../lib/signed-links.ts'
import { openTakeLogs } from '../messages/take-log.ts'
import { startAnswerLoop } from './answer-loop.ts'
import { type CarrierSettings, mailroomFolder, openCarriers, outreachFrom } from './carriers.ts'
import { startHookLoop } from './hook-loop.ts'
import { startNightly } from './nightly.ts'
import { headJob, sweepJob } from './nightly-jobs.ts'
import { startPictureLoop } from './picture-loop.ts'
import { type SendLoop, startSendLoop } from './send-loop.ts'
import { startSweeping } from './sweep-hourly.ts'
import { outreachTexts, type TextCarriers } from './text-carriers.ts'
import { startTextKeeping } from './text-keeping.ts'
import { startTextLoop } from './text-loop.ts'

export interface SendingHouse {
  config: CarrierSettings & { publicUrl: string; unsubscribeAddress: string | null; replyDomain: string | null }
  logins: Logins
  journal: Journal
  links: LinkSigner
  clock: Clock
}

export function startSending(
  { config, logins, journal, links, clock }: SendingHouse,
  say: (line: string) => void,
  textCarriers: TextCarriers,
): SendLoop {
  const carriers = openCarriers(config)
  const post = {
    logins,
    takeLogs: openTakeLogs(config.dataDir),
    links,
    publicUrl: config.publicUrl,
    mailFrom: outreachFrom(config),
    unsubscribeAddress: config.unsubscribeAddress,
    replyDomain: config.replyDomain,
    say,
    now: () => clock.now(),
  }
  const desk = { logins, journal, replyDomain: config.replyDomain }
  const { providerFor } = carriers
  const loops = [
    startSendLoop({ post, providerFor, textsFor: (library) => outreachTexts(logins, library, textCarriers), say }),
    startAnswerLoop({ post, providerFor, say }),
    startTextLoop({ post, carriers: textCarriers, say }),
    startHookLoop(desk, { now: post.now, say }),
    startTextKeeping(desk, { carriers: textCarriers, now: post.now, say }),
    startPictureLoop({ logins, carriers: textCarriers, now: post.now, say }),
    startSweeping(post, say),
    startNightly(logins, { clock, jobs: [headJob(logins), sweepJob(logins, mailroomFolder(config.dataDir))], say }),
  ]
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
      await carriers.close()
    },
  }
}

// `gentle work`: the sending alone, for machines beside the one that shows the page. Any number may run at once.
import { startMailDoor } from '../worker/mail-door.ts'
import { textCarriersOf } from '../worker/open-text-provider.ts'
import { startSending } from '../worker/sending.ts'
import { command } from './command.ts'

export const work = command({
  name: 'work',
  summary: 'Send what is due and hand on mail that came in, without the page.',
  about: ['Any number of these may run beside "gentle serve" on one database; they share the work. Ctrl-C stops.'],
  takes: [],
  options: {},
  examples: ['gentle work'],
  staysUntilStopped: true,
  async run(context, _args, { say, stopping }) {
    const { mailDoor, unsubscribeAddress, replyDomain } = context.config
    const door = await startMailDoor({ ...context, settings: mailDoor, unsubscribeAddress, replyDomain }, say)
    const textCarriers = textCarriersOf(context, say)
    const sending = startSending(context, say, textCarriers)
    if (mailDoor !== null) say(`Mail for ${mailDoor.domain} comes in at ${mailDoor.host}, port ${door.port}.`)
    say(`Sending what is due. Data folder: ${context.config.dataDir}. Ctrl-C stops.`)
    if (!stopping.aborted)
      await new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve(), { once: true }))
    say('Stopping: what is on its way is finished, nothing more is taken.')
    await Promise.all([door.stop(), sending.stop()])
    await textCarriers.close()
    return { json: { stopped: true }, text: ['Stopped. Nothing is lost; what was waiting goes on at the next start.'] }
  },
})

// `gentle mail in`: reads one mail as a mail server hands it over, and obeys it if it is an unsubscribe mail of ours. Its
// exit code is the whole conversation with the mail server: 0 = it is dealt with, 75 = keep it and try again.
import { obeyUnsubscribeMail } from '../messages/unsubscribe-mail.ts'
import { command } from './command.ts'

/** The subject and the addresses stand at the top; the rest of a large mail is read and dropped. */
const KEPT_BYTES = 256 * 1024
const EX_TEMPFAIL = 75

export const mailIn = command({
  name: 'mail in',
  summary: 'Read one mail from standard input and obey it if it is an unsubscribe mail.',
  about: [
    'For the address in GENTLE_UNSUBSCRIBE_ADDRESS: let the mail server pipe what comes there into this command.',
    'Nothing of the mail is kept and nothing is answered. The exit code is 0 when it is dealt with, and 75 when the mail server should keep it and try again.',
  ],
  takes: [],
  options: {},
  examples: ['gentle mail in'],
  exitCodeOfFailure: EX_TEMPFAIL,
  async run(context) {
    const raw = await readMail(process.stdin)
    const obeyed = await obeyUnsubscribeMail(context, raw, context.clock.now())
    return {
      json: { obeyed: obeyed > 0 },
      text: [obeyed > 0 ? 'Obeyed: no more notes to that address.' : 'No unsubscribe mail of ours; nothing was done.'],
    }
  },
})

async function readMail(from: AsyncIterable<Buffer>): Promise<Buffer> {
  const kept: Buffer[] = []
  let bytes = 0
  for await (const chunk of from) {
    if (bytes < KEPT_BYTES) kept.push(chunk.subarray(0, KEPT_BYTES - bytes))
    bytes += chunk.length
  }
  return Buffer.concat(kept)
}

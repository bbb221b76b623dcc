// `gentle consent no-phone`: "I would rather not give a phone" is an answer. It is written down, so that nobody asks again.
import { captureChoice, ratherNoPhone } from '../consent/capture.ts'
import { capturedBy, toldEvidence, whenDecided } from './capture-options.ts'
import { command } from './command.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'

export const consentNoPhone = command({
  name: 'consent no-phone',
  summary: 'Record that somebody would rather not give a phone, so that nobody asks again.',
  about: ['It counts as a no to every text message. "gentle consent history" shows it first.'],
  takes: [{ name: 'PATRON_ID', says: 'the patron_id of the patron file' }],
  options: { ...intoLibrary, ...capturedBy },
  examples: [
    'gentle consent no-phone 10234 --library maple --wording "Phone (only if you want texts from us)" --by "Ana Ruiz"',
  ],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const now = context.clock.now()
    const { decision } = ratherNoPhone
    const { recorded } = await captureChoice(
      context,
      library,
      {
        ...ratherNoPhone,
        patronId: given.PATRON_ID,
        wording: options.wording ?? null,
        decidedAt: whenDecided(options['decided-at'], { decision, timezone: library.timezone, now }),
        attestedBy: options.by,
        told: toldEvidence(options),
      },
      now,
    )
    return {
      json: { patronId: given.PATRON_ID, recorded },
      text: [
        recorded
          ? `Recorded: patron ${given.PATRON_ID} would rather not give a phone. Nobody needs to ask again.`
          : `Known already: patron ${given.PATRON_ID} would rather not give a phone.`,
      ],
    }
  },
})

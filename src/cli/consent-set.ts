// `gentle consent set`: one person's choice, as somebody on the staff heard or read it.
import { captureChoice } from '../consent/capture.ts'
import { Problem } from '../lib/errors.ts'
import { capturedBy, toldEvidence, whenDecided } from './capture-options.ts'
import { chosenFor, sayChannel, sayPurpose } from './choice-options.ts'
import { command } from './command.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'

export const consentSet = command({
  name: 'consent set',
  summary: 'Record the choice of one person, made at the desk or on paper.',
  about: [
    'What a guardian says for a minor is an entry of its own (--guardian, --relation). It is kept, and outreach stays silent to the child all the same.',
    'The same choice again, with the same words and the same --decided-at, is recorded once.',
  ],
  takes: [{ name: 'PATRON_ID', says: 'the patron_id of the patron file' }],
  options: {
    ...intoLibrary,
    ...chosenFor,
    decision: { kind: 'text', value: 'WORD', says: 'their yes or no', choices: ['grant', 'deny'], required: true },
    method: { kind: 'text', value: 'TEXT', says: 'how they chose: "paper form", "at the desk"', required: true },
    ...capturedBy,
    topics: { kind: 'text', value: 'LIST', says: 'of a yes, where they ticked some topics only: mysteries,poems' },
    guardian: { kind: 'text', value: 'NAME', says: 'the guardian who said it for a minor; with --relation' },
    relation: { kind: 'text', value: 'WORD', says: 'what the guardian is to the minor: "mother"' },
  },
  examples: [
    'gentle consent set 10234 --library maple --purpose reengagement --channel email --decision grant --method "at the desk" --wording "May we write you a note now and then?" --by "Ana Ruiz"',
    'gentle consent set 10234 --library maple --purpose all --channel all --decision deny --method "by phone" --by "Ana Ruiz"',
    'gentle consent set 10234 --library maple --purpose events --channel email --decision grant --method "paper form" --wording "…" --by "Ana Ruiz" --decided-at 2026-03-02 --place "East branch" --form "box 7, sheet 41, not scanned" --language es',
  ],
  async run(context, { given, options }) {
    const { purpose, channel, decision, method, wording, guardian, relation } = options
    for (const option of ['method', 'wording', 'by'] as const)
      if (options[option]?.trim() === '') throw new Problem('bad-input', `--${option} is blank; a choice needs it.`)
    if (decision === 'grant' && wording === undefined)
      throw new Problem('bad-input', 'A yes needs --wording: the exact words that the person saw or heard.')
    if (decision === 'grant' && channel === 'all')
      throw new Problem('bad-input', 'A yes names its channel: email, sms or post. Only a no can be to all.')
    if ((guardian === undefined) !== (relation === undefined))
      throw new Problem(
        'bad-input',
        'A guardian has a name and a relation to the minor: give --guardian and --relation.',
      )
    const library = await chooseLibrary(context.logins, options.library)
    const now = context.clock.now()
    const decidedAt = whenDecided(options['decided-at'], { decision, timezone: library.timezone, now })
    const { recorded } = await captureChoice(
      context,
      library,
      {
        patronId: given.PATRON_ID,
        purpose,
        channel,
        decision,
        method,
        wording: wording ?? null,
        topics: options.topics?.split(',').map((key) => key.trim()),
        decidedAt,
        attestedBy: options.by,
        told: toldEvidence(options),
        guardian: guardian !== undefined && relation !== undefined ? { name: guardian, relation } : undefined,
      },
      now,
    )
    const who = `patron ${given.PATRON_ID}`
    const said = `said ${decision === 'grant' ? 'yes' : 'no'} to ${sayPurpose(purpose)}, ${sayChannel(channel)}`
    return {
      json: {
        patronId: given.PATRON_ID,
        purpose,
        channel,
        decision,
        method,
        wording: wording ?? null,
        decidedAt: decidedAt.at,
        attestedBy: options.by,
        recorded,
      },
      text: [
        !recorded
          ? `Known already, word for word: ${who} ${said}. Nothing was added.`
          : guardian === undefined
            ? `Recorded: ${who} ${said}.`
            : `Recorded: ${guardian} ${said}, for ${who}. Outreach stays silent to a minor all the same.`,
      ],
    }
  },
})

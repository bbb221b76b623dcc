// `gentle consent set`: one person's choice, as somebody on the staff heard or read it.
import { readDecidedAt } from '../consent/decided-at.ts'
import { recordChoices } from '../consent/record-choice.ts'
import { inLibrary } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { findPatron } from '../patrons/find-patron.ts'
import { chosenFor, sayChannel, sayPurpose } from './choice-options.ts'
import { command } from './command.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'

export const consentSet = command({
  name: 'consent set',
  summary: 'Record the choice of one person.',
  takes: [{ name: 'PATRON_ID', says: 'the patron_id of the patron file' }],
  options: {
    ...intoLibrary,
    ...chosenFor,
    decision: { kind: 'text', value: 'WORD', says: 'their yes or no', choices: ['grant', 'deny'], required: true },
    method: { kind: 'text', value: 'TEXT', says: 'how they chose: "paper form", "at the desk"', required: true },
    wording: { kind: 'text', value: 'TEXT', says: 'the exact words they saw or heard; a yes needs them' },
    by: { kind: 'text', value: 'NAME', says: 'who stands for it', required: true },
    'decided-at': { kind: 'text', value: 'DATE', says: 'when they chose; now, if not given' },
  },
  examples: [
    'gentle consent set 10234 --library maple --purpose reengagement --channel email --decision grant --method "at the desk" --wording "May we write you a note now and then?" --by "Ana Ruiz"',
    'gentle consent set 10234 --library maple --purpose all --channel all --decision deny --method "by phone" --by "Ana Ruiz"',
  ],
  async run(context, { given, options }) {
    const { purpose, channel, decision, method, wording } = options
    for (const option of ['method', 'wording', 'by'] as const)
      if (options[option]?.trim() === '') throw new Problem('bad-input', `--${option} is blank; a choice needs it.`)
    if (decision === 'grant' && wording === undefined)
      throw new Problem('bad-input', 'A yes needs --wording: the exact words that the person saw or heard.')
    if (decision === 'grant' && channel === 'all')
      throw new Problem('bad-input', 'A yes names its channel: email, sms or post. Only a no can be to all.')
    const library = await chooseLibrary(context.logins, options.library)
    const now = context.clock.now()
    const text = options['decided-at']
    const decided =
      text === undefined ? { at: now } : readDecidedAt(text, { decision, timezone: library.timezone, now })
    if (decided === 'future') throw new Problem('bad-input', `--decided-at is "${text}", which lies in the future.`)
    if (decided === 'unreadable')
      throw new Problem('bad-input', `--decided-at is "${text}"; write it like 2025-05-03 or 2025-05-03T16:00.`)
    const patron = await inLibrary(context.logins, 'circulation', library.libraryNo, (scope) =>
      findPatron(scope, library, given.PATRON_ID),
    )
    const choice = {
      patron,
      purpose,
      channel,
      decision,
      method,
      wording: wording ?? null,
      decidedAt: decided.at,
      attestedBy: options.by,
    }
    await recordChoices(context.logins, library.libraryNo, [choice], now, {
      journal: context.journal,
      libraryKey: library.key,
    })
    return {
      json: {
        patronId: given.PATRON_ID,
        purpose,
        channel,
        decision,
        method,
        wording: choice.wording,
        decidedAt: decided.at,
        attestedBy: options.by,
      },
      text: [
        `Recorded: patron ${given.PATRON_ID} said ${decision === 'grant' ? 'yes' : 'no'} to ${sayPurpose(purpose)}, ${sayChannel(channel)}.`,
      ],
    }
  },
})

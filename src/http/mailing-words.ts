// What became of a mailing and its messages, in words: names of states never reach a person.
import type { CampaignStatus, MessageState } from '../campaigns/status.ts'
import type { Library } from '../patrons/library.ts'
import { count, instant } from './report.ts'

/** `early`: launched, and its grace is not over. */
export function sayState(library: Library, { state, startsAt }: CampaignStatus, early: boolean): string {
  if (early && startsAt !== null) return `Launched. The first leaves on ${instant(library, startsAt)}.`
  return {
    draft: 'Not approved yet.',
    approved: 'Approved, not launched yet.',
    launched: 'It is being sent.',
    paused: 'Paused. Nothing leaves until it goes on.',
    cancelled: 'Cancelled. Nothing more leaves.',
    finished: 'It has all been sent.',
  }[state]
}

const tallies: [MessageState, (n: number) => string][] = [
  ['waiting', (n) => `${count(n)} ${n === 1 ? 'is' : 'are'} waiting to leave.`],
  ['handing', (n) => `${count(n)} ${n === 1 ? 'is' : 'are'} leaving at this moment.`],
  ['accepted', (n) => `${count(n)} ${n === 1 ? 'has' : 'have'} left.`],
  ['delivered', (n) => `${count(n)} ${n === 1 ? 'has' : 'have'} arrived.`],
  [
    'bounced',
    (n) =>
      n === 1
        ? '1 came back: there is no such mailbox. We won’t write there again.'
        : `${count(n)} came back: there are no such mailboxes. We won’t write there again.`,
  ],
  ['failed', (n) => `${count(n)} could not be sent.`],
  [
    'withheld',
    (n) =>
      `${count(n)} ${n === 1 ? 'was' : 'were'} held back at launch or since, each for a reason that the report names.`,
  ],
  [
    'unknown',
    (n) =>
      n === 1
        ? 'We can’t tell whether this 1 left; we won’t send it again.'
        : `We can’t tell whether these ${count(n)} left; we won’t send them again.`,
  ],
  ['cancelled', (n) => `${count(n)} ${n === 1 ? 'was' : 'were'} cancelled before leaving.`],
]

const ofTexts: Partial<Record<MessageState, (n: number) => string>> = {
  bounced: (n) =>
    `${count(n)} came back: no text can reach ${n === 1 ? 'that number' : 'those numbers'}. We won’t text there again.`,
}

export const sayTallies = ({ messages, channel }: Pick<CampaignStatus, 'messages' | 'channel'>): string[] =>
  tallies.flatMap(([state, say]) => {
    const words = (channel === 'sms' ? ofTexts[state] : undefined) ?? say
    return messages[state] > 0 ? [words(messages[state])] : []
  })

export const sayMessageState = {
  accepted: 'left',
  delivered: 'arrived',
  bounced: 'came back: no such mailbox',
  failed: 'could not be sent',
  unknown: 'we can’t tell whether it left',
} as const

// The list of conversations: what is wrong with the doors, whether anything is unanswered, what is due first, and what has
// been answered and closed.

import type { ListedConversation } from '../conversations/read-conversations.ts'
import { sayPhone } from '../conversations/tell-library.ts'
import type { Unanswered } from '../conversations/unanswered.ts'
import { type Desk, sayStanding } from './conversation-words.ts'
import { type Html, html } from './html.ts'
import { sayDay, sayMoment } from './spoken-time.ts'

export interface Listed extends Desk {
  found: readonly ListedConversation[]
  waiting: number
  proof: Unanswered
  /** Of one conversation, or of the list (null). */
  address: (conversationNo: string | null) => string
  phonePage: string
  /** There may be more. */
  isCut: boolean
}

export function showList(listed: Listed): Html {
  const { found, waiting } = listed
  const groups = [
    ['These people wait', found.filter(({ waitingSince }) => waitingSince !== null)],
    ['Answered, and still open', found.filter(({ waitingSince, state }) => waitingSince === null && state === 'open')],
    ['Closed', found.filter(({ state }) => state === 'closed')],
  ] as const
  return html`${sayAlarms(listed).map((alarm) => html`<p class="note mistake" role="alert">${alarm}</p>`)}
<p role="status"><strong>${sayWaiting(waiting)}</strong> ${sayProof(listed)}</p>
${found.length === 0 && html`<p>Nobody has texted yet. <a href="${listed.phonePage}">Pick up a phone and text the library</a>; it appears here at once.</p>`}
${groups.map(([title, those]) => those.length > 0 && html`<section><h2>${title}</h2><ul class="mails">${those.map((one) => item(listed, one))}</ul></section>`)}
${listed.isCut && html`<p class="small">The ${found.length} most urgent are shown. <a href="${listed.address(null)}&all=1">Show a hundred</a></p>`}`
}

function item(listed: Listed, one: ListedConversation): Html {
  const words = one.lastWords ?? ''
  const short = words.length > 140 ? `${words.slice(0, 140).trimEnd()} …` : words
  return html`<li${isLate(listed, one) && html` class="late"`}><a href="${listed.address(one.conversationNo)}"><strong>${sayPhone(one.phone ?? 'A number that is not kept any more')}</strong></a> <span class="small">${one.lastDirection === 'out' ? 'The library wrote last:' : 'They wrote:'}</span> <span dir="auto">${short === '' ? '(a picture)' : short}</span><br><span class="small">${sayStanding(listed, one)}</span></li>`
}

const isLate = ({ now }: Listed, { dueAt }: ListedConversation): boolean => dueAt !== null && dueAt < now

const sayWaiting = (waiting: number): string =>
  waiting === 0
    ? 'Nobody waits for an answer.'
    : waiting === 1
      ? '1 person waits for an answer.'
      : `${waiting} people wait for an answer.`

/** Counted anew from what is kept at each look: each text that came in is answered, closed, handed on, or waits. */
function sayProof({ proof, waiting, library, now }: Listed): string {
  const { counts, since } = proof
  const came = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const closed = counts['closed by a person'] + counts['closed by a rule']
  const day = sayDay(library, since, now).replace(/^on /, '')
  const texts = came === 0 ? 'no text came in' : came === 1 ? '1 text came in' : `${came} texts came in`
  const fates = [
    counts.answered > 0 && `${counts.answered} answered`,
    closed > 0 && `${closed} closed by a person or a stated rule`,
    counts['handed on'] > 0 && `${counts['handed on']} handed on`,
    counts.waiting > 0 && (counts.waiting === 1 ? '1 waits' : `${counts.waiting} wait`),
  ].filter((one) => one !== false)
  const sum = `${texts} since ${day}${fates.length === 0 ? '' : `: ${fates.join(', ')}`}.`
  const isProven = waiting === 0 && counts.waiting === 0 && counts.LOST === 0 && proof.unread === 0
  return isProven ? `Nothing is unanswered since ${day}: ${sum}` : sum[0]!.toUpperCase() + sum.slice(1)
}

/** What keeps texts from being seen, and what to do about it. */
function sayAlarms({ proof, library, now }: Listed): string[] {
  return [
    ...proof.alarms.map(
      ({ mailbox, since, said, told }) =>
        `${mailbox} has taken no mail of ours since ${sayMoment(library, since, now)}${said === null ? '' : ` (its server says: ${said})`}. Texts stand here all the same, but nobody sees them there. Look whether it is full, or gone. ${told === null ? 'The library has no other mailbox that could be told.' : `${told} was told.`}`,
    ),
    ...(proof.unread > 0
      ? [
          `${proof.unread === 1 ? 'One message of the provider could not be read. It is' : `${proof.unread} messages of the provider could not be read. They are`} kept; ask whoever runs this installation to look.`,
        ]
      : []),
    ...(proof.counts.LOST > 0
      ? [
          `${proof.counts.LOST === 1 ? 'A text has' : `${proof.counts.LOST} texts have`} no answer and stand on no list. This must not happen: please tell whoever runs this installation.`,
        ]
      : []),
  ]
}

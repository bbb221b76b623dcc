// What the staff's pages say about a conversation and its texts: sentences, because the name of a state says nothing to a
// person.
import type { Conversation } from '../conversations/conversation.ts'
import type { ReadByRule } from '../conversations/held-back.ts'
import type { ConversationNote, ConversationText } from '../conversations/read-conversations.ts'
import type { Answering } from '../patrons/answering.ts'
import type { Library } from '../patrons/library.ts'
import { wordsOf } from '../words/languages.ts'
import type { TextMeaning } from '../words/texts-shape.ts'
import { type Html, html } from './html.ts'
import { sayDue, sayMoment } from './spoken-time.ts'

export interface Desk {
  library: Library
  answering: Answering
  now: Date
}

const staffWords = wordsOf.en.texts.staff

export function sayStanding({ library, answering, now }: Desk, one: Conversation): string {
  if (one.state === 'closed')
    return one.closedBy === null ? `Closed by the rule: ${one.closedRule}.` : `${one.closedBy} closed it.`
  const who = one.owner === null ? 'Nobody has taken it yet.' : `${one.owner} has it.`
  if (one.waitingSince === null) return `Answered. ${who}`
  const due = one.dueAt === null ? '' : `; ${sayDue(library, answering, { dueAt: one.dueAt, now })}`
  return `Waits since ${sayMoment(library, one.waitingSince, now)}${due}. ${who}`
}

const FATES: Readonly<Record<string, string>> = {
  waiting: 'has not left yet',
  handing: 'is leaving',
  accepted: 'left',
  delivered: 'arrived',
  withheld: 'was not sent: this phone is not texted',
  cancelled: 'was called off',
  failed: 'could not be sent',
  bounced: 'could not be delivered',
  unknown: 'may have left; we can’t tell, and it won’t be sent again',
}
const ASKED_FIRST = 'was not sent: its writer was asked about it first'

/** Of a text that went out. Of what came in the fate is what stands under the conversation. */
export function sayFate({ state, reasons, parts }: Pick<ConversationText, 'state' | 'reasons' | 'parts'>): string {
  const fate = reasons?.includes('ASKED_FIRST') ? ASKED_FIRST : FATES[state]
  return [...(fate === undefined ? [] : [fate]), ...(parts > 1 ? [`${parts} parts`] : [])].join(', ')
}

/** What a rule made of a text, as a sentence; null when a person has to read it. */
export const sayMeaning = (meaning: string | null): string | null =>
  meaning === null
    ? null
    : (staffWords.readAs[meaning as TextMeaning] ??
      (meaning === 'handed on' ? 'It went to the library they chose.' : null))

const READ: Record<ReadByRule['meaning'], string> = {
  'not theirs': 'a wrong number. Texts to this phone wait until somebody has looked',
  died: 'news of a death. Texts to this phone wait until somebody has looked; write with care',
  'new number': 'a new number. It stands on the fix-up list for the library system',
}

export const sayRead = ({ meaning, said, heard }: ReadByRule): Html =>
  html`A rule heard <q dir="auto">${(heard ?? said ?? '').toLowerCase()}</q> and read it as ${READ[meaning]}.`

export function sayNote({ kind, who, said }: ConversationNote): Html {
  const name = html`<bdi>${who}</bdi>`
  switch (kind) {
    case 'opened':
      return html`Somebody has to read it and answer`
    case 'taken':
      return html`${name} took it`
    case 'assigned':
      return said === null ? html`${name} gave it back to everybody` : html`${name} handed it to <bdi>${said}</bdi>`
    case 'answered':
      return html`${name} answered`
    case 'noted':
      return html`${name} noted: <span dir="auto">${said}</span>`
    case 'escalated':
      return html`Nobody had answered in time, and somebody further up was told`
    case 'acknowledged':
      return html`They were told that nobody is here now`
    case 'read-as':
      return html`${sayMeaning(said) ?? said}`
    case 'undone':
      return html`${name} undid what a rule had read`
    case 'closed':
      return who.startsWith('rule: ')
        ? html`Closed by the rule: ${who.slice('rule: '.length)}`
        : html`${name} closed it${said !== null && html`: <span dir="auto">${said}</span>`}`
  }
}

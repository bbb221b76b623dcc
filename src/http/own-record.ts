// Everything that is kept about a reader, for that reader's eyes: what exists and how long, what was chosen and with which
// words, and each message of the last year with why it came or did not.
import type { PatronRecord } from '../consent/export-patron.ts'
import { sayKinds } from '../consent/ledger.ts'
import { dateIn } from '../lib/clock.ts'
import { dateInWords } from '../messages/render.ts'
import { wordsOf } from '../words/languages.ts'
import { type Html, html } from './html.ts'
import type { ReaderView } from './reader-link.ts'

/** The page stays small; the file has them all. */
const MOST = 40

/** Where several people read one mailbox a code proves none of them, so only what went to that mailbox is shown. */
export const isShared = (record: PatronRecord): boolean => record.facts?.addressShared === true

/** A cardholder's street, phone and month of last use are in the file alone, and never stand open on a screen. */
export const recordOf = (view: ReaderView, record: PatronRecord): Html =>
  html`<section><h2>${view.preferences.own.record.title}</h2>${kept(view, record)}${identity(view, record)}${facts(view, record)}${choices(view, record)}</section>`

const day = ({ language, library }: ReaderView, at: Date): string => dateInWords(language, dateIn(library.timezone, at))

function kept(view: ReaderView, record: PatronRecord): Html {
  const { record: words } = view.preferences.own
  const { kept } = wordsOf[view.language]
  return html`<ul>${record.kept.map(
    ({ kind, since, ends, days, held, readers }) =>
      html`<li><strong>${kind === 'facts' && !hasCard(record.facts) ? kept.withoutCard : kept.kinds[kind]}</strong>${since && ` (${words.since(day(view, since))})`}. ${ends === 'schedule' ? kept.ends.schedule(days!) : kept.ends[ends]}.${held && ` ${kept.ends.held}.`}
<span class="small">${words.readers(readers.map((reader) => kept.readers[reader]).join('; '))}</span></li>`,
  )}</ul><p>${words.looks}</p>
${doNotWrite(view, record)}`
}

/** Kind by kind: who stopped one is still written to about the rest. */
function doNotWrite({ preferences, words }: ReaderView, record: PatronRecord): Html | null {
  const inForce = record.doNotWrite.filter((entry) => entry.liftedAt === null)
  const purposes = [...new Set(inForce.flatMap((entry) => entry.purposes))]
  if (purposes.length === 0) return null
  return html`<p>${preferences.own.record.doNotWrite(purposes.map((purpose) => words.purposes[purpose]).join('; '))}</p>`
}

const list = (rows: readonly (readonly [string, string | null])[]): Html =>
  html`<dl class="facts">${rows.map(([name, value]) => value && html`<dt>${name}</dt><dd dir="auto">${value}</dd>`)}</dl>`

function identity({ preferences, words }: ReaderView, { identity: who, facts: known }: PatronRecord): Html | false {
  if (who === null) return false
  const { record } = preferences.own
  const name = [who.preferredName && `${who.preferredName} –`, who.givenName, who.familyName].filter(Boolean).join(' ')
  return html`<h3>${record.identity}</h3>${list([
    [record.name, name],
    [words.email, who.email],
    [record.phone, hasCard(known) ? null : who.phone],
  ])}`
}

const hasCard = (facts: PatronRecord['facts']): boolean => facts?.patronId != null

function facts(view: ReaderView, { facts: known }: PatronRecord): Html | false {
  if (known === null || !hasCard(known)) return false
  const { record } = view.preferences.own
  return html`<h3>${record.facts}</h3>${list([
    [record.card, known.patronId],
    [record.branch, known.branch],
    [record.category, known.category],
    [record.expiresOn, known.expiresOn],
  ])}`
}

function choices(view: ReaderView, record: PatronRecord): Html | false {
  if (record.choices.length === 0) return false
  const { preferences, words } = view
  const { own, channels } = preferences
  const what = ({ purpose, channel }: PatronRecord['choices'][number]) =>
    [
      purpose === 'all' ? own.record.everything : words.purposes[purpose],
      ...(channel === 'all' ? [] : [channels[channel]]),
    ].join(', ')
  return html`<h3>${own.record.choices}</h3><ul class="mails">${record.choices
    .slice(-MOST)
    .reverse()
    .map(
      (
        choice,
      ) => html`<li><strong>${day(view, choice.decidedAt)}</strong><br>${own.record.decisions[choice.decision](what(choice))}${choice.kinds.length > 0 && ` ${own.record.kinds(sayKinds(choice, view.language))}`}
${choice.said && html`<details><summary>${own.record.shownWords}</summary><blockquote dir="auto">${choice.said}</blockquote></details>`}</li>`,
    )}</ul>`
}

type Fate = keyof ReaderView['preferences']['own']['states']

const fates: Record<string, Fate> = {
  waiting: 'waits',
  handing: 'waits',
  accepted: 'left',
  delivered: 'left',
  bounced: 'came back',
  failed: 'failed',
  withheld: 'held back',
  cancelled: 'cancelled',
}

export function messagesOf(view: ReaderView, record: PatronRecord): Html {
  const { own } = view.preferences
  if (record.messages.length === 0) return html`<p>${own.noMessages}</p>`
  return html`<ul class="mails">${record.messages.slice(0, MOST).map((message) => oneMessage(view, message))}</ul>`
}

function oneMessage(view: ReaderView, message: PatronRecord['messages'][number]): Html {
  const { own, reasons, otherReason } = view.preferences
  const purpose = view.words.purposes[message.purpose]
  const fate = fates[message.state] ?? 'unclear'
  const because = message.withheldBecause.map(({ code }) =>
    Object.hasOwn(reasons, code) ? reasons[code]! : otherReason,
  )
  const why =
    fate === 'held back'
      ? because.length > 0 && own.heldBack(because.join('; '))
      : message.restsOn && own.because(day(view, message.restsOn.decidedAt), purpose)
  return html`<li><strong>${day(view, message.dueAt)}: <span dir="auto">${message.mailing ?? purpose}</span></strong><br>
${own.states[fate]}${why && ` ${why}`}</li>`
}

// The parts of the first page that only show: the library and its roster, the report of those who have gone quiet with
// the reason for each who is left alone, and how asking begins.
import type { Library } from '../patrons/library.ts'
import type { RosterSummary } from '../reports/roster-summary.ts'
import type { Preview } from '../segments/preview.ts'
import type { SegmentRule } from '../segments/rule.ts'
import { type Html, html, webAddress } from './html.ts'

export const LAPSED: SegmentRule = { lapsed: { minMonths: 3, maxMonths: 6 } }

export const count = (n: number): string => n.toLocaleString('en-US')
export const people = (n: number): string => (n === 1 ? '1 person' : `${count(n)} people`)

export const instant = (library: Library, at: Date): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: library.timezone, dateStyle: 'long', timeStyle: 'short' })
    .format(at)
    .replaceAll('\u202f', ' ')

/** "north-hill" → "North Hill": branches come as the keys of the patron file. */
const branchName = (key: string): string =>
  key.replace(/[-_]+/g, ' ').replace(/(^|\s)\p{Ll}/gu, (letter) => letter.toUpperCase())

export function libraryFacts(library: Library, summary: RosterSummary): Html {
  const site = webAddress(library.url)
  return html`<section aria-labelledby="library"><h2 id="library">The library</h2>
<address>${library.postalAddress}<br>${library.phone}<br><a href="mailto:${library.email}">${library.email}</a>${site && html`<br><a href="${site}">${site.replace(/^https?:\/\/|\/$/g, '')}</a>`}</address>
${summary.people === 0 ? html`<p>No patron file has come in yet. Bring one in with <code>gentle roster import</code>.</p>` : rosterTables(library, summary)}
</section>`
}

const rosterTables = (
  library: Library,
  { people: all, agreed, agreedByEmail, kinds, branches, lastImport }: RosterSummary,
) =>
  html`<p><strong>${people(all)}</strong> ${all === 1 ? 'has' : 'have'} a card. <strong>${count(agreed)}</strong> agreed to hear from the library, ${count(agreedByEmail)} of them by email. Of the others no name and no address is kept here.</p>
${lastImport && html`<p>The last patron file came in on ${instant(library, lastImport.at)} (${lastImport.fileName}, ${count(lastImport.rows)} lines).</p>`}
<div class="columns">
${tally('Kinds of cards', 'Kind', kinds)}
${tally(
  'Branches',
  'Branch',
  branches.map((branch) => ({ ...branch, name: branchName(branch.name) })),
)}
</div>`

const tally = (caption: string, of: string, rows: { name: string; people: number }[]): Html =>
  html`<table><caption>${caption}</caption><thead><tr><th scope="col">${of}</th><th scope="col" class="n">People</th></tr></thead>
<tbody>${rows.map((row) => html`<tr><th scope="row">${row.name || 'not said'}</th><td class="n">${count(row.people)}</td></tr>`)}</tbody></table>`

export function lapsedReport({ chosen, sendable, withheld, reasons }: Preview): Html {
  const why = Object.values(reasons).sort((a, b) => b.people - a.people)
  return html`<section aria-labelledby="quiet"><h2 id="quiet">Who has gone quiet</h2>
<p>${chosen === 0 ? 'Nobody' : html`<strong>${people(chosen)}</strong>`} last used the card 3 to 6 months ago. ${
    chosen > 0 &&
    html`<strong>${count(sendable)}</strong> could be written to today, one for each household; <strong>${count(withheld)}</strong> ${withheld === 1 ? 'is' : 'are'} left alone.`
  }</p>
${
  why.length > 0 &&
  html`<table><caption>Why ${count(withheld)} ${withheld === 1 ? 'is' : 'are'} left alone. A person can have several reasons, so the figures add up to more.</caption>
<thead><tr><th scope="col">They …</th><th scope="col" class="n">People</th></tr></thead>
<tbody>${why.map((reason) => html`<tr><th scope="row">${reason.text}</th><td class="n">${count(reason.people)}</td></tr>`)}</tbody></table>`
}
</section>`
}

export const firstDay = html`<section aria-labelledby="first-day"><h2 id="first-day">On your own first day nobody has agreed yet</h2>
<p>Here about a third of the town has said yes. A real library begins with none, and Gentle Reader then writes to nobody. Asking begins where people are anyway: one question with an empty box when somebody signs up or renews, and an invitation at the foot of the notices they get already. Presume that whoever did not answer said no.</p>
</section>`

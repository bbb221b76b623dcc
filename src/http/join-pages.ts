// The pages that follow the join form: look at your mail, type the code, is this you, thank you. None says whether an
// address or a card is known here, because none of them knows.
import type { Library } from '../patrons/library.ts'
import type { TextsToCome } from '../signups/confirm.ts'
import type { Typed } from '../signups/typed.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { type Html, html } from './html.ts'

export interface CodePage {
  language: Language
  ref: string
  /** As typed a moment ago; null on a page that does not know it. */
  email: string | null
  problem?: 'wrongCode' | 'noCode'
  asked?: boolean
  /** Of a code in a text: how the phone ends that it went to. */
  phone?: string
  /** Where the forms go. */
  way: string
}

export function codePage(page: CodePage): Html {
  const { sent } = wordsOf[page.language].join
  const { email, asked } = page
  return html`<h1>${sent.title}</h1>
<div role="status">${email !== null && html`<p>${sent.text(email)}</p>`}${asked && html`<p>${sent.askedAgain}</p>`}</div>
<p>${sent.ask}</p>
${codeForm(page, sent.nothingCame)}`
}

/** The second step, where texts were asked for. `noted`: what counts already, on the page that follows the mail's code. */
export function phonePage(page: CodePage & { phone: string }, noted: Typed | null): Html {
  const { done, phoneSent } = wordsOf[page.language].join
  return html`<h1>${phoneSent.title}</h1>
${noted !== null && noted.yeses.length > 0 && html`<p>${done.title} ${done.text}</p>${listOf(noted)}`}
${phoneStep(page)}`
}

/** As part of a page of its own, and of a reader's own page. */
export function phoneStep(page: CodePage & { phone: string }): Html {
  const { phoneSent } = wordsOf[page.language].join
  return html`<div role="status"><p>${phoneSent.text(page.phone)}</p>${page.asked && html`<p>${phoneSent.askedAgain}</p>`}</div>
<p>${phoneSent.ask}</p>
${codeForm(page, phoneSent.nothingCame)}`
}

function codeForm({ language, ref, phone, problem, way }: CodePage, nothingCame: string): Html {
  const { sent } = wordsOf[language].join
  const hidden = html`<input type="hidden" name="ref" value="${ref}">${phone !== undefined && html`<input type="hidden" name="phone" value="${phone}">`}`
  return html`${problem && html`<p id="code-wrong" class="mistake" role="alert">${sent[problem]}</p>`}
<form method="post" action="${way}/code?lang=${language}">${hidden}
<p><label for="code">${sent.code}</label><br><span id="code-hint" class="small">${sent.codeHint}</span><br>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" dir="ltr" size="9" maxlength="12" required aria-describedby="code-hint${problem && ' code-wrong'}"${
    problem && html` aria-invalid="true"`
  }></p>
<button>${sent.button}</button></form>
<p>${nothingCame}</p>
<form method="post" action="${way}/again?lang=${language}">${hidden}<button class="quiet">${sent.again}</button></form>`
}

export function lookPage(library: Library, language: Language, typed: Typed): Html {
  const { look } = wordsOf[language].join
  return html`<h1>${look.title}</h1>
<p>${look.text(library.name)}</p>
${listOf(typed)}
<form method="post" action="?lang=${language}"><button>${look.button}</button></form>
<p>${look.not}</p>`
}

export interface Way {
  href: string
  says: string
}

/** Out of the frame, if this page is in one: only this form may be shown there. */
const button = ({ href, says }: Way): Html =>
  html`<p><a class="button quiet" href="${href}" target="_top">${says}</a></p>`

export function donePage(language: Language, { typed, texts }: { typed: Typed; texts: TextsToCome }, way: Way): Html {
  const { done, textsNotYet } = wordsOf[language].join
  return html`<h1>${done.title}</h1>
<div role="status"><p>${done.text}</p>
${listOf(typed)}
${texts === 'cannot' && html`<p>${textsNotYet[1]}</p>`}</div>
<p>${done.card}</p>
<p>${done.leave}</p>
${button(way)}`
}

/** The same whoever proved a phone: a child, a cardholder with another number on the card, anybody. */
export function phoneDonePage(language: Language, typed: Typed, way: Way): Html {
  const { phoneDone } = wordsOf[language].join
  return html`<h1>${phoneDone.title}</h1>
<div role="status"><p>${phoneDone.text}</p>
${listOf(typed)}</div>
<p>${phoneDone.card}</p>
<p>${phoneDone.leave}</p>
${button(way)}`
}

const listOf = ({ yeses, pageLanguage }: Typed): Html =>
  html`<ul lang="${pageLanguage}">${yeses.map((yes) => html`<li>${yes.title}</li>`)}</ul>`

export function saidPage([title, said]: readonly [string, string], way: Way): Html {
  return html`<h1>${title}</h1><p role="status">${said}</p>${button(way)}`
}

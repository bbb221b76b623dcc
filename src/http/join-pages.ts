// The pages that follow the join form: look at your mail, type the code, is this you, thank you. None says whether an
// address or a card is known here, because none of them knows.
import type { Library } from '../patrons/library.ts'
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
  /** Where the forms go. */
  way: string
}

export function codePage({ language, ref, email, problem, asked, way }: CodePage): Html {
  const { sent } = wordsOf[language].join
  const hidden = html`<input type="hidden" name="ref" value="${ref}">`
  return html`<h1>${sent.title}</h1>
<div role="status">${email !== null && html`<p>${sent.text(email)}</p>`}${asked && html`<p>${sent.askedAgain}</p>`}</div>
<p>${sent.ask}</p>
${problem && html`<p id="code-wrong" class="mistake" role="alert">${sent[problem]}</p>`}
<form method="post" action="${way}/code?lang=${language}">${hidden}
<p><label for="code">${sent.code}</label><br><span id="code-hint" class="small">${sent.codeHint}</span><br>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" dir="ltr" size="9" maxlength="12" required aria-describedby="code-hint${problem && ' code-wrong'}"${
    problem && html` aria-invalid="true"`
  }></p>
<button>${sent.button}</button></form>
<p>${sent.nothingCame}</p>
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

export function donePage(
  language: Language,
  { typed, textsNotYet }: { typed: Typed; textsNotYet: boolean },
  way: Way,
): Html {
  const { done, textsNotYet: notYet } = wordsOf[language].join
  return html`<h1>${done.title}</h1>
<div role="status"><p>${done.text}</p>
${listOf(typed)}
${textsNotYet && html`<p>${notYet[1]}</p>`}</div>
<p>${done.card}</p>
<p>${done.leave}</p>
${button(way)}`
}

const listOf = ({ yeses, pageLanguage }: Typed): Html =>
  html`<ul lang="${pageLanguage}">${yeses.map((yes) => html`<li>${yes.title}</li>`)}</ul>`

export function saidPage([title, said]: readonly [string, string], way: Way): Html {
  return html`<h1>${title}</h1><p role="status">${said}</p>${button(way)}`
}

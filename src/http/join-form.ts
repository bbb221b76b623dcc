// The join form as a page: what a person types, one empty box for each offer with the library's exact words, and what
// happens with it. Mistakes stand beside their fields and nothing that was typed is lost.
import type { Library } from '../patrons/library.ts'
import { asksForTexts, type JoinPage, type Offer, offerKey, saidOfKeeping } from '../signups/offer.ts'
import { type Language, languages, wordsOf } from '../words/languages.ts'
import type { JoinWords } from '../words/shape.ts'
import { type Html, html } from './html.ts'
import type { JoinFields, Wrong } from './read-join-form.ts'

export interface JoinForm {
  library: Library
  page: JoinPage
  place: 'join' | 'renew' | 'embed' | 'invitation'
  language: Language
  fields: JoinFields
  wrong: Wrong
  stamp: string
}

export function joinForm(form: JoinForm): Html {
  const { library, place, language, page, stamp } = form
  const words = wordsOf[language].join
  const renewing = place === 'renew'
  return html`<h1>${(renewing ? words.renewTitle : words.title)(library.name)}</h1>
<p>${introOf(form)}</p>
<p>${words.adults}</p>
${mistakes(form, words)}
<form method="post" action="?lang=${language}" novalidate>
<fieldset><legend>${words.what}</legend>
<p id="what-hint" class="small">${words.whatHint}</p>
${form.wrong.nothing && html`<p id="nothing-wrong" class="mistake">${words.wrong.nothing}</p>`}
${page.offers.map((offer, i) => offerBox(form, offer, i))}
</fieldset>
<fieldset><legend>${words.about}</legend>
${textField(form, { name: 'name', says: words.name, hint: words.nameHint, autocomplete: 'name', required: true })}
${textField(form, { name: 'email', says: words.email, hint: words.emailHint, autocomplete: 'email', type: 'email', required: true })}
${textField(form, { name: 'phone', says: words.phone, hint: words.phoneHint[asksForTexts(page) ? 'texts' : 'noTexts'], autocomplete: 'tel', type: 'tel' })}
${place === 'invitation' ? html`<p class="small">${wordsOf[language].invitation.card}</p>` : textField(form, { name: 'card', says: words.card, hint: words.cardHint, autocomplete: 'off' })}
<p><label for="language">${words.language}</label><br><select id="language" name="language">${languages.map(
    (one) =>
      html`<option value="${one}" lang="${one}"${form.fields.language === one && html` selected`}>${wordsOf[one].pages.ownName}</option>`,
  )}</select></p>
</fieldset>
<p class="unseen" aria-hidden="true"><label for="website">${words.leaveEmpty}</label><input id="website" name="website" tabindex="-1" autocomplete="off"></p>
<input type="hidden" name="stamp" value="${stamp}">
<button>${words.button}</button>
</form>
<h2>${words.withIt}</h2>
<ul>${saidOfKeeping(page, language).map((said) => html`<li>${said}</li>`)}</ul>`
}

function introOf({ place, language }: JoinForm): string {
  const { join, invitation } = wordsOf[language]
  return place === 'renew' ? join.renewIntro : place === 'invitation' ? invitation.intro : join.intro
}

function mistakes({ wrong }: JoinForm, words: JoinWords): Html | null {
  const places = { nothing: 'yes-0', name: 'name', email: 'email', phone: 'phone', phoneForTexts: 'phone' } as const
  const keys = (Object.keys(places) as (keyof typeof places)[]).filter((key) => wrong[key])
  if (keys.length > 0)
    return html`<div class="note" role="alert"><p class="mistake">${words.wrong.title}</p><ul>${keys.map(
      (key) => html`<li><a href="#${places[key]}">${words.wrong[key]}</a></li>`,
    )}</ul></div>`
  return wrong.lookOver ? html`<div class="note" role="alert"><p>${words.wrong.lookOver}</p></div>` : null
}

/** The box is empty unless this very person ticked it a moment ago. */
function offerBox({ fields, language, wrong }: JoinForm, offer: Offer, i: number): Html {
  const { title, says } = offer.words[language]
  const key = offerKey(offer)
  return html`<label class="choice"><input type="checkbox" id="yes-${i}" name="yes" value="${key}"${fields.yes.includes(key) && html` checked`}${
    wrong.nothing && html` aria-describedby="nothing-wrong"`
  }><span><strong>${title}</strong><br>${says}</span></label>
${
  offer.topics.length > 0 &&
  html`<fieldset class="kinds"><legend>${title}: ${wordsOf[language].join.kinds}</legend>${offer.topics.map(
    (topic) =>
      html`<label><input type="checkbox" name="kind" value="${topic.key}"${fields.kind.includes(topic.key) && html` checked`}> ${topic.labels[language]}</label>`,
  )}</fieldset>`
}`
}

interface Field {
  name: 'name' | 'email' | 'phone' | 'card'
  says: string
  hint: string
  autocomplete: string
  type?: string
  required?: boolean
}

function textField({ fields, wrong, language }: JoinForm, field: Field): Html {
  const { name, says, hint, autocomplete, type = 'text', required } = field
  const { join } = wordsOf[language]
  const mistake = name === 'phone' && wrong.phoneForTexts ? 'phoneForTexts' : name
  const mistaken = mistake !== 'card' && wrong[mistake] && join.wrong[mistake]
  return html`<p><label for="${name}">${says}${!required && html` <span class="small">(${join.optional})</span>`}</label><br>
<span id="${name}-hint" class="small">${hint}</span><br>
${mistaken && html`<strong id="${name}-wrong" class="mistake">${mistaken}</strong><br>`}
<input type="${type}" id="${name}" name="${name}" value="${fields[name]}" autocomplete="${autocomplete}" aria-describedby="${name}-hint${mistaken && ` ${name}-wrong`}"${
    mistaken && html` aria-invalid="true"`
  }${required && html` required`}></p>`
}

// A letter as its readers will see it, in each of its languages: rendered by the same code that renders what is sent,
// for a reader who is invented.

import type { Letter } from '../messages/letter.ts'
import { prepareMail } from '../messages/render.ts'
import type { TextsOfLanguage } from '../messages/render-text.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, languages, wordsOf } from '../words/languages.ts'
import { type Html, html } from './html.ts'

/** `today` stands for the day on which the reader agreed. */
export function showLetter(letter: Letter, library: Library, today: string): Html {
  const render = prepareMail(letter, library, library.language)
  const written = languages.filter((language) => letter.wordings[language])
  return html`<h3>What it says</h3><p>Each reader gets it in one language, with the date of their own yes. Where several people share an address it greets nobody by name.</p><div class="columns">${written.map(
    (language) => {
      const { name, link } = wordsOf[language].sample
      const mail = render({
        givenName: name,
        preferredName: '',
        language,
        addressShared: false,
        agreedOn: today,
        links: { less: link, unsubscribe: link, why: link, keep: link },
      })
      return html`<article class="letter" lang="${language}"><h4>${wordsOf[language].pages.ownName}: ${mail.subject}</h4><p>${mail.text.trim()}</p></article>`
    },
  )}</div>`
}

/** A phone's first text, because it is the longer one; later ones are the note between the library's name and how to stop. */
export function showTexts(texts: ReadonlyMap<Language, TextsOfLanguage>): Html {
  return html`<h3>What it says</h3><p>The first text to a phone says who writes, why, how often and how to stop. Later ones are one part.</p><div class="columns">${[
    ...texts,
  ].map(
    ([language, { first }]) =>
      html`<article class="letter" lang="${language}"><h4>${wordsOf[language].pages.ownName}</h4><p>${first.body}</p></article>`,
  )}</div>`
}

// A letter as its readers will see it, in each of its languages: rendered by the same code that renders what is sent,
// for a reader who is invented.

import type { Letter } from '../messages/letter.ts'
import { prepareMail } from '../messages/render.ts'
import type { Library } from '../patrons/library.ts'
import { languages, wordsOf } from '../words/languages.ts'
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

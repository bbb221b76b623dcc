// The form as a piece of HTML for a library's own website: no script, nothing fetched. It asks for the name and the address
// and brings them to the join page, where the boxes and their exact words stand: a copy of the words on another website
// would grow old, and what somebody saw there could not be proven.
import { escapeHtml } from '../messages/mail-frame.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, wordsOf } from '../words/languages.ts'

export function joinSnippet(publicUrl: string, library: Library, language: Language): string {
  const { join } = wordsOf[language]
  const url = `${publicUrl}/${library.key}/join?lang=${language}`
  return `<form method="post" action="${escapeHtml(url)}" lang="${language}">
  <p>${escapeHtml(join.title(library.name))}</p>
  <p><label>${escapeHtml(join.name)}<br><input name="name" autocomplete="name" required></label></p>
  <p><label>${escapeHtml(join.email)}<br><input name="email" type="email" autocomplete="email" required></label></p>
  <p><button>${escapeHtml(join.next)}</button></p>
</form>
`
}

export const joinFrame = (publicUrl: string, library: Library, language: Language): string =>
  `<iframe src="${escapeHtml(`${publicUrl}/${library.key}/embed?lang=${language}`)}" title="${escapeHtml(wordsOf[language].join.title(library.name))}" style="width: 100%; height: 60rem; border: 0"></iframe>
`

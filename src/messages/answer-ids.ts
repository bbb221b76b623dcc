// The Message-ID of the mails by which a library answers: it names the library and the mail, so that what comes back as an
// answer to one of them says which.
import type { Library } from '../patrons/library.ts'

export const answerMessageId = (library: Library, answerNo: string, mailFrom: string): string =>
  `${library.key}.answer-${answerNo}@${mailFrom.slice(mailFrom.indexOf('@') + 1)}`

/** Null for what is no mail of this library. */
export function answerNoIn(library: Library, messageId: string | null): string | null {
  const [, key, answerNo] = /^([^.]+)\.answer-(\d{1,18})@/.exec(messageId ?? '') ?? []
  return key === library.key ? answerNo! : null
}

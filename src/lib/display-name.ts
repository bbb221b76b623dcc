// Many library systems keep names in capitals; a greeting in capitals shouts. The stored name is never changed.

/** "O'BRIEN" → "O'Brien". A name with any small letter, or in a script without case, stays as its bearer wrote it. */
export function displayName(name: string): string {
  if (/\p{Ll}/u.test(name) || !/\p{Lu}.*\p{Lu}/u.test(name)) return name
  return name.replace(/[\p{L}\p{M}]+/gu, inTitleCase)
}

function inTitleCase(word: string, at: number, name: string): string {
  if (/^(?:II|III|IV|VI|VII|VIII)$/.test(word)) return word
  // Georgian has capitals for headlines only, none for names.
  if (/^\p{Script=Georgian}/u.test(word)) return word.toLowerCase()
  // The S of "JO'S" belongs to the word before it; the B of "O'BRIEN" begins a name.
  if (word.length === 1 && /['’]/.test(name[at - 1] ?? '')) return word.toLowerCase()
  const [first = ''] = word
  // Lowered as a whole, because a Greek sigma at the end of a word has a form of its own.
  const lowered = first + word.toLowerCase().slice(first.toLowerCase().length)
  return /^Mc\p{Ll}{2}/u.test(lowered) ? `Mc${lowered.charAt(2).toUpperCase()}${lowered.slice(3)}` : lowered
}

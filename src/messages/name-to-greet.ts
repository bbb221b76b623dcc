// The name in a greeting: what a patron file has in its name columns, made fit to be shown to its owner, or none at all.
// A greeting without a name is friendly; a greeting with a wrong one is not.

const placeholder = /^(?:unknown|none|null|undefined|nobody|no name|test|patron|desconocid[oa]|ningun[oa]|sin nombre)$/i
/** Letters of any script, and what stands inside names. No digit, slash, colon, at sign or angle bracket. */
const nameShaped = /^\p{L}[\p{L}\p{M}'’ʻʼ·\- .\u200c\u200d]*$/u
const webAddress = /\.\p{L}{2}|\p{L}{2}\.\p{L}|^www\b/iu
const loneLetter = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}*\.?$/u
const smallWords = new Set([
  'de',
  'del',
  'la',
  'las',
  'los',
  'el',
  'y',
  'e',
  'da',
  'do',
  'dos',
  'das',
  'van',
  'von',
  'der',
  'den',
  'di',
])

/**
 * The name to greet with, or null for a greeting without one. A preferred name that cannot be shown is not replaced by
 * the given name: that may be the very name its owner has put aside.
 */
export function nameToGreet(preferredName: string, givenName: string): string | null {
  return /\p{L}/u.test(preferredName) ? showableName(preferredName) : showableName(givenName)
}

function showableName(written: string): string | null {
  const name = written
    .normalize('NFC')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, '')
    .replace(/^[ .,-]+|[ ,-]+$/g, '')
  if (name.length > 40 || !nameShaped.test(name) || webAddress.test(name) || placeholder.test(name)) return null
  if (name.split(' ').length > 4 || loneLetter.test(name)) return null
  return isShouted(name) ? inTitleCase(name) : name
}

const isShouted = (name: string): boolean =>
  /^[\p{Script=Latin}\P{L}]*$/u.test(name) && /\p{Lu}.*\p{Lu}/u.test(name) && !/\p{Ll}/u.test(name)

/** "MARÍA DE LOS ÁNGELES" → "María de los Ángeles". Two letters that are surely initials (TJ, DK) stay as they are. */
function inTitleCase(name: string): string {
  return name
    .split(' ')
    .map((word, at) => {
      const lower = word.toLowerCase().replaceAll('i̇', 'i')
      if (at > 0 && smallWords.has(lower)) return lower
      if (/^(?:[A-Z]J|[B-DF-HJ-NP-TV-XZ]{2})$/.test(word)) return word
      // A capital after a hyphen, a dot, and the apostrophe of O'Neil, but not inside Sha'niya.
      return word.replace(/\p{L}[\p{L}\p{M}]*/gu, (part, offset: number) =>
        offset > 2 && /['’]/.test(word[offset - 1] as string)
          ? part.toLowerCase()
          : part.charAt(0) + part.slice(1).toLowerCase().replaceAll('i̇', 'i'),
      )
    })
    .join(' ')
}

// One written form for each address, so that two spellings of one mailbox or telephone meet in one keyed hash.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** Lower case, no spaces; null when it is no address that mail could reach. The first of several ("a@example.org; b@example.org"). */
export function normaliseEmail(text: string): string | null {
  const first = text.split(/[;,\s]+/).find((part) => part !== '')
  if (first === undefined || first.length > 254) return null
  const email = first.toLowerCase()
  return /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(
    email,
  ) && !/^\.|\.@|\.\./.test(email)
    ? email
    : null
}

/** E.164 (+16145550101), or null. North American numbers take the short way: libphonenumber costs 16 µs a number. */
export function normalisePhone(text: string, country: 'US' | 'CA' | 'GB' = 'US'): string | null {
  if (text === '') return null
  const digits = text.replace(/[\s().+-]/g, '')
  if (country !== 'GB' && /^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits)) return `+1${digits.slice(-10)}`
  const parsed = parsePhoneNumberFromString(text, country)
  if (!parsed?.isPossible()) return null
  // "000-000-0000" has the length of a number and is what a desk types when somebody has none.
  return parsed.countryCallingCode === '1' && !/^[2-9]\d{2}[2-9]/.test(parsed.nationalNumber) ? null : parsed.number
}

/** What a text costs about the same to. The Caribbean shares +1 with them and is abroad all the same. */
const NORTH_AMERICA = ['US', 'CA', 'PR', 'VI', 'GU', 'AS', 'MP']

/**
 * Whether a text to `phone` leaves the country of `line`, or goes to a number that earns by it. Both in E.164; a line that
 * is a short code is taken for a North American one, as no country can be read off it.
 */
export function isAbroad(phone: string, line: string): boolean {
  const to = parsePhoneNumberFromString(phone)
  const home = parsePhoneNumberFromString(line)?.countryCallingCode ?? '1'
  if (to?.countryCallingCode !== home) return true
  if (home !== '1') return false
  // An area code too new to be known is nobody's abroad.
  return /^\+1900/.test(phone) || (to.country !== undefined && !NORTH_AMERICA.includes(to.country))
}

/** A household's door: street line and postal code without case, punctuation or spacing; null when either is missing. */
export function normalisePostal(line1: string, line2: string, postalCode: string): string | null {
  const squash = (s: string) =>
    s
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '')
  const street = squash(line1)
  const code = squash(postalCode).slice(0, 5)
  return street === '' || code === '' ? null : `${street}|${squash(line2)}|${code}`
}

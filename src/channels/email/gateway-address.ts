// The address of the text gateway: a telephone number before the @, as the carriers' own gateways had it, and the text it
// carries. A library system that knew such a gateway changes nothing but the domain.
import { normalisePhone } from '../../lib/addresses.ts'

/** E.164 from "6145550123", "+16145550123" or, as a desk may have typed it, "614-555-0123"; null for anything else. */
export function phoneOfAddress(localPart: string): string | null {
  const digits = /^\+?[\d.-]+$/.test(localPart) ? localPart.replace(/[.-]/g, '') : ''
  return /^(?:\+?1)?\d{10}$/.test(digits) ? normalisePhone(digits) : null
}

/** What stands behind the first delimiter, where there is one: library systems put their own greeting before it. */
export function textAfterDelimiter(text: string, delimiter: string | null): string {
  const at = delimiter === null || delimiter === '' ? -1 : text.indexOf(delimiter)
  return (at === -1 ? text : text.slice(at + delimiter!.length)).trim()
}

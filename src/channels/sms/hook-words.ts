// Reads the words of a hook without trusting their shape: what is missing is '', what is no text is '', and what
// PostgreSQL would refuse (U+0000, halves of a surrogate pair) is replaced, so that an odd text is kept and not lost.
import { timingSafeEqual } from 'node:crypto'

/** The word at a path of names and numbers in JSON, as text. */
export function wordAt(json: unknown, ...path: readonly (string | number)[]): string {
  const found = valueAt(json, ...path)
  return typeof found === 'string' ? storable(found) : typeof found === 'number' ? String(found) : ''
}

export function listAt(json: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = valueAt(json, ...path)
  return Array.isArray(found) ? found : []
}

function valueAt(json: unknown, ...path: readonly (string | number)[]): unknown {
  let at = json
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return null
    at = (at as Record<string | number, unknown>)[step]
  }
  return at
}

export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')

/** Null for what is no instant. */
export function instant(text: string): Date | null {
  const time = text === '' ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? null : new Date(time)
}

/** In a time that tells nothing about where the two differ. */
export function isSame(given: string | Uint8Array, right: string | Uint8Array): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

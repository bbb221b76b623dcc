// Fetches a picture that came with a text. The address came from outside, so it goes by the one way out at every step;
// what comes back is believed by its first bytes and not by what it calls itself, because staff will look at it in a
// browser. Providers keep pictures at one address and redirect to another, which must not see the key to the first.
import type { Caller } from '../../lib/egress.ts'
import { stripPicture } from './strip-picture.ts'

export type Picture =
  | { kind: 'picture'; type: string; bytes: Buffer }
  | { kind: 'not-fetched'; permanent: boolean; why: string }

/** The most that a picture message carries at any carrier. */
const MOST_BYTES = 5 * 1024 * 1024
const MOST_REDIRECTS = 3

/** Never throws. `headers` go to the first address and to no other place. */
export async function fetchPicture(
  egress: Caller,
  from: { url: string; headers?: Readonly<Record<string, string>> },
): Promise<Picture> {
  let { url } = from
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const isFirstPlace = URL.canParse(url) && new URL(url).origin === new URL(from.url).origin
    const headers = { ...(isFirstPlace ? from.headers : {}), accept: 'image/*' }
    const answer = await egress.call({ method: 'GET', url, headers, mostBytes: MOST_BYTES })
    if (answer.kind !== 'answered') return later(answer.kind === 'failed' ? answer.why : 'held')
    const { status, location, body } = answer
    if (status === 200) return lookAtPicture(body)
    if (status >= 300 && status < 400 && URL.canParse(location, url)) url = new URL(location, url).href
    else if (status === 404 || status === 410) return never('It is not there any more.')
    else return later(`The provider answered ${status}.`)
  }
  return never('It was redirected too often.')
}

const later = (why: string): Picture => ({ kind: 'not-fetched', permanent: false, why })
const never = (why: string): Picture => ({ kind: 'not-fetched', permanent: true, why })

/** Believed by its first bytes, and freed of what is not to be seen in it. */
export function lookAtPicture(bytes: Buffer): Picture {
  const begins = bytes.subarray(0, 12).toString('hex')
  const type = kinds.find(([, beginning]) => beginning.test(begins))?.[0]
  if (type === undefined) return never('It is not a JPEG, PNG, GIF or WebP picture.')
  const stripped = stripPicture(type, bytes)
  return stripped === null ? never('It is damaged.') : { kind: 'picture', type, bytes: stripped }
}

/** What a browser shows and cannot run (no SVG), and the bytes that it begins with. */
const kinds = [
  ['image/jpeg', /^ffd8ff/],
  ['image/png', /^89504e470d0a1a0a/],
  ['image/gif', /^47494638(37|39)61/],
  ['image/webp', /^52494646.{8}57454250/],
] as const

// When a form was made, signed, so that one which comes back faster than anybody reads, or a day later, is shown again
// before it counts. Robots fill in forms at once and keep copies of them for weeks.
import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'

const SOONEST_MS = 3_000
const LATEST_MS = 24 * 3_600_000

export interface FormStamp {
  make(library: number, now: Date): string
  /** 'early': the same stamp will do in a moment. 'none': missing, forged, of another library or too old. */
  check(library: number, stamp: unknown, now: Date): 'good' | 'early' | 'none'
}

/** `secret`: the links key of the key file. */
export function formStamp(secret: Uint8Array): FormStamp {
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'gentle form stamp', 32)))
  const mac = (library: number, made: string) =>
    createHmac('sha256', key).update(`${library}.${made}`).digest().subarray(0, 16)
  return {
    make(library, now) {
      const made = now.getTime().toString(36)
      return `${made}.${mac(library, made).toString('base64url')}`
    },
    check(library, stamp, now) {
      const [, made = '', sign = ''] =
        /^([0-9a-z]{1,12})\.([\w-]{22})$/.exec(typeof stamp === 'string' ? stamp : '') ?? []
      const given = Buffer.from(sign, 'base64url')
      if (given.length !== 16 || !timingSafeEqual(given, mac(library, made))) return 'none'
      const age = now.getTime() - Number.parseInt(made, 36)
      return age < SOONEST_MS ? 'early' : age > LATEST_MS ? 'none' : 'good'
    },
  }
}

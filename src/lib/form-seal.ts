// Seals for forms: what a page has found out about its reader goes along in the page's own forms, signed and good for
// minutes, so that nothing is kept in a cookie or in memory. And the keyed hash of a short code, which without a key could
// be tried through in a second.
import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'

export interface FormSeal {
  /** `what` says what the seal is for; a seal for one thing opens no other. */
  seal(what: string, fields: readonly string[], until: Date): string
  /** Null when it is not ours, is for something else, was altered, or its time is over. */
  open(what: string, seal: string, now: Date): string[] | null
  codeHash(about: string, code: string): Buffer
}

/** `secret`: the links key of the key file. */
export function formSeal(secret: Uint8Array): FormSeal {
  const keyFor = (use: string) => createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', use, 32)))
  const forms = keyFor('gentle form seal')
  const codes = keyFor('gentle fresh code')
  const mac = (key: KeyObject, text: string) => createHmac('sha256', key).update(text).digest()
  return {
    seal(what, fields, until) {
      const body = Buffer.from(JSON.stringify([what, until.getTime(), ...fields])).toString('base64url')
      return `${body}.${mac(forms, body).toString('base64url')}`
    },
    open(what, seal, now) {
      const [, body = '', sign = ''] = /^([\w-]{1,2000})\.([\w-]{43})$/.exec(seal) ?? []
      if (body === '' || !timingSafeEqual(mac(forms, body), Buffer.from(sign, 'base64url'))) return null
      const [about, until, ...fields] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, number]
      return about === what && now.getTime() < until ? fields : null
    },
    codeHash: (about, code) => mac(codes, JSON.stringify([about, code])),
  }
}

// The headers of every response. Nothing is loaded from elsewhere, nothing runs, nothing is framed, nothing is kept by
// a cache, and no address that holds a reader's token is told to another site.
import type { FastifyReply } from 'fastify'
import type { Access } from './access.ts'

const policy = (more: string, framedBy = "'none'") =>
  `default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors ${framedBy}${more}`

export function setSecurityHeaders(reply: FastifyReply, access: Access): void {
  reply.headers({
    'content-security-policy': policy(''),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Under no-referrer a browser hides the origin of a form as well, and that is how the demo's forms are known as ours.
    'referrer-policy': access === 'demo' ? 'same-origin' : 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-robots-tag': 'noindex, nofollow',
    'cache-control': 'no-store',
  })
}

/** For the page that shows a mail in a frame. */
export const allowOwnFrame = (reply: FastifyReply): FastifyReply =>
  reply.header('content-security-policy', policy("; frame-src 'self'"))

/** For the mail in that frame: its own inline styles and nothing else. Its links open beside it, as in a mail program. */
export const allowMailStyles = (reply: FastifyReply): FastifyReply =>
  reply
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    )
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'SAMEORIGIN')

/** For a form that these websites, and no others, may show in a frame. */
export const allowFramesOf = (reply: FastifyReply, origins: readonly string[]): FastifyReply =>
  reply.header('content-security-policy', policy('', origins.join(' '))).removeHeader('x-frame-options')

/** For a picture that a stranger sent: opened by itself it runs and loads nothing, whatever a browser makes of it. */
export const allowNothing = (reply: FastifyReply): FastifyReply =>
  reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox")

/** For a page that our one small script keeps up to date. */
export const allowLive = (reply: FastifyReply): FastifyReply =>
  reply.header('content-security-policy', policy("; script-src 'self'; connect-src 'self'"))

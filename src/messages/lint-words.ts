// The rules about words that a letter must not hold: how grave each is, and what the writer of a letter is shown. The
// words themselves belong to their language (the section `lint` of its file in words/).
import type { LintWords } from '../words/shape.ts'

export type WordRule = keyof LintWords

export const wordRules: Record<WordRule, { level: 'warning' | 'error'; says: string }> = {
  'card-use': {
    level: 'error',
    says: 'This tells or hints what somebody has or has not done. It may be wrong (many read here without borrowing), and it shows that we looked. Say what is on offer instead.',
  },
  guilt: {
    level: 'warning',
    says: 'This may make a reader feel at fault. A note that offers something needs no reproach: leave it out.',
  },
  urgency: {
    level: 'warning',
    says: 'This hurries the reader. Nothing in a friendly note is urgent: name the date of an event if there is one, and let people keep the note for later.',
  },
  votes: {
    level: 'error',
    says: 'Public money and patron addresses must not be used to ask for votes, and the words alone can bring a complaint. If it is only a poll about books, say "choose" or "pick".',
  },
  'pin-asked': {
    level: 'error',
    says: 'A library never asks for a PIN or password by mail, nor talks of one: it teaches readers to trust a mail that does.',
  },
  'false-reply': {
    level: 'error',
    says: 'A first letter that looks like an answer or a forward is a trick. Begin the subject with what the note is about.',
  },
}

export const shorteners =
  'bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rb.gy cutt.ly tiny.cc tiny.one shorturl.at rebrand.ly t.ly bl.ink fb.me trib.al dlvr.it lnkd.in j.mp s.id adf.ly lnk.to qrco.de amzn.to soo.gd short.io'

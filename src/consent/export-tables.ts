// Which part of a patron's export shows what stands in a table, and why a table is in none. A test reads the database's own
// list of tables that know a patron and asks of each: is it here?
import type { PatronRecord } from './export-patron.ts'

export const EXPORTED: Readonly<Record<string, keyof PatronRecord>> = {
  'roster.identity': 'identity',
  'roster.patron': 'facts',
  'outreach.standing': 'facts',
  'outreach.ledger': 'choices',
  'outreach.preference': 'wishes',
  'outreach.holdout': 'leftAlone',
  'mail.message': 'messages',
  'mail.event': 'messages',
  'mail.answer': 'answers',
  'mail.text': 'texts',
  'mail.picture': 'texts',
  'outreach.suppression': 'doNotWrite',
  'desk.task': 'tasks',
  'outreach.erasure': 'erasedAt',
}

export const NOT_EXPORTED: Readonly<Record<string, string>> = {
  'outreach.patron_key': 'a key that says nothing; what it opens stands among the choices',
  'outreach.fresh_code': 'the hash of a code that is good for ten minutes',
  'outreach.stale': 'a mark, for seconds, that facts are being brought up to date',
  'mail.text_origin':
    'the address of the library system that asked for a notice by mail; it says nothing of the person',
  'outreach.sign_up': 'nobody has proven yet that this person sent it; it is gone within two days',
  'mail.conversation': 'who answers these texts and until when; its words are the texts themselves',
  'mail.notice': 'a notice on its way to become a text, for seconds; the text itself stands among the texts',
  'mail.route': 'the hash of a phone, and which library its answers go to',
  'desk.fix_up': 'a note to staff that a number has to be put right in the library system',
  'desk.audit': 'it names the staff who looked; how often and since when is told by what exists',
}

// Where the rows of a patron go when that patron is erased. A test reads the database's own list of tables and asks of
// each that knows a patron number or the hash of an address: is it here, or is it said below why it stays?

/** Deleted by patron number, in this order. */
export const FORGOTTEN: readonly string[] = [
  'roster.identity',
  'roster.patron',
  'outreach.standing',
  'outreach.patron_key',
  'outreach.preference',
  'outreach.fresh_code',
  'desk.task',
  'desk.fix_up',
  'mail.notice',
  'outreach.stale',
]

/** What stays, under a random number that then leads to nobody, or under a keyed hash. */
export const KEPT: Readonly<Record<string, string>> = {
  'outreach.ledger': 'that somebody chose, when and how; who they were was sealed, and the key is gone',
  'outreach.erasure': 'the register itself',
  'outreach.holdout': 'a lot that was drawn: the comparison of a mailing must not change afterwards',
  'outreach.suppression': 'what keeps the address from being written to again',
  'mail.answer': 'that a mail left; its address, its text and what the mail server said are blanked',
  'mail.text': 'that a text left or came in; its number and its words are blanked',
  'mail.conversation': 'that there was one, and who closed it; its number is blanked',
  'mail.message': 'that a message left, and when; what the rules saw of the person is blanked',
}

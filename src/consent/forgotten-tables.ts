// Where the rows of a patron go when that patron is erased. A test reads the database's own list of tables and asks of
// each that knows a patron number: is it here, or is it said below why it stays?

/** Deleted by patron number, in this order. */
export const FORGOTTEN: readonly string[] = [
  'roster.identity',
  'roster.patron',
  'outreach.standing',
  'outreach.patron_key',
  'outreach.stale',
]

/** What stays under the random number, which then leads to nobody. */
export const KEPT: Readonly<Record<string, string>> = {
  'outreach.ledger': 'that somebody chose, when and how; who they were was sealed, and the key is gone',
  'outreach.erasure': 'the register itself',
  'outreach.holdout': 'a lot that was drawn: the comparison of a mailing must not change afterwards',
  'mail.message': 'that a message left, and when; what the rules saw of the person is blanked',
}

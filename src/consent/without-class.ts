// Tables, and files of the data folder, that belong to no class of the retention schedule, and why: they know nobody, or not
// for longer than a moment. A test asks of each table and each folder: is it in a class, or is it here?

export const WITHOUT_CLASS: Readonly<Record<string, string>> = {
  'outreach.campaign': 'a mailing: its words and counts, nobody’s data',
  'outreach.join_page': 'how the sign-up page looks',
  'outreach.ledger_head': 'how many entries the ledger has, and a hash',
  'outreach.offer': 'what the library offers, in its words',
  'outreach.stale': 'a mark, for seconds, that facts are being brought up to date',
  'outreach.topic': 'kinds that can be chosen',
  'outreach.wording': 'words that were shown, whoever saw them',
  'desk.head_destination': 'where the head of the ledger goes: an auditor’s address, not a patron’s',
  postgres: 'the database itself',
  'postgres.lock': 'who is starting the database',
  'postgres.log': 'what the database says of itself; it is started not to write down what it is asked',
  'postgres.where': 'where the database lies',
  'keys.json': 'secrets of the installation',
  'journal.ndjson': 'numbers and keyed hashes of stops and erasures: what a restored backup has to obey',
  takes: 'numbers of messages while they leave; what a crash left goes after a day',
  demo: 'invented people',
  'gentle-error.log': 'what went wrong in the program, for whoever mends it',
}

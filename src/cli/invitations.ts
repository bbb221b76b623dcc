// `gentle invitations`: a file of card numbers becomes a file with a link for each, for library systems that can merge a
// column into a notice and cannot ask for a link themselves.
import { readFileSync } from 'node:fs'
import { publicUrlOf } from '../config.ts'
import { splitFields } from '../lib/csv.ts'
import { detectShape } from '../lib/csv-shape.ts'
import { Problem, sayError } from '../lib/errors.ts'
import { invitationSigner } from '../lib/invitation-links.ts'
import { keyedHexFor } from '../lib/keyed-hash.ts'
import { type Invited, inviteByCard } from '../signups/invite.ts'
import { command } from './command.ts'
import { counted } from './lay-out.ts'
import { intoLibrary, libraryForData } from './library-options.ts'
import { onlyHere, publicUrlOption } from './reachable.ts'
import { writeFiles } from './write-files.ts'

// The library is read once for each.
const BATCH = 20_000

export const invitations = command({
  name: 'invitations',
  summary: 'Make the links for invitations at the foot of your notices, from a file of card numbers.',
  about: [
    'The file that comes out has two columns: the card number and the link. The link is empty for children, for closed cards and for whoever has answered already: merge nothing there. A card that is not in the last patron file gets the page that everybody may open.',
    'Card numbers are read and written, and kept nowhere. Only your account may read the file.',
  ],
  takes: [{ name: 'FILE', says: 'a file with a column of card numbers; its first line names the columns' }],
  options: {
    ...intoLibrary,
    column: { kind: 'text', value: 'NAME', says: 'the column with the card numbers', default: 'barcode' },
    out: { kind: 'text', value: 'FILE', says: 'the file to write', required: true },
    ...publicUrlOption,
  },
  examples: ['gentle invitations cards.csv --library maple --column barcode --out links.csv'],
  async run(context, { given, options }) {
    const library = await libraryForData(context.logins, options.library)
    const cards = readCards(given.FILE, options.column)
    const { keys } = context.database
    const desk = {
      logins: context.logins,
      invitations: invitationSigner(keys.links),
      publicUrl: publicUrlOf(context.config, options['public-url']),
    }
    const about = { hash: keyedHexFor(keys.hashing, library.key), now: context.clock.now() }
    const invited: Invited[] = []
    for (let i = 0; i < cards.length; i += BATCH)
      invited.push(...(await inviteByCard(desk, library, cards.slice(i, i + BATCH), about)))
    const lines = cards.map((card, i) => `${quoted(card)},${linkOf(invited[i]!)}\n`)
    const [file] = writeFiles('.', [{ name: options.out, bytes: `card,link\n${lines.join('')}` }], 0o600)
    const many = (kind: Invited['kind']) => invited.filter((one) => one.kind === kind).length
    return {
      json: {
        file,
        cards: cards.length,
        links: many('link'),
        joinPage: many('join-page'),
        notAsked: many('do-not-ask'),
      },
      text: [
        `${counted(many('link'), 'link')} of their own in ${file}, for ${counted(cards.length, 'card')}.`,
        `${counted(many('join-page'), 'card')} not found: they get the page that everybody may open.`,
        `${counted(many('do-not-ask'), 'card')} with no link: answered already, closed, or a child's.`,
        ...onlyHere(desk.publicUrl, 'Make the links again with --public-url before they are sent.'),
      ],
    }
  },
})

const linkOf = (one: Invited): string => (one.kind === 'do-not-ask' ? '' : one.url)
const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

function readCards(path: string, column: string): string[] {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new Problem('not-found', `${path} cannot be read (${sayError(cause)}).`, { cause })
  }
  const shape = detectShape(bytes.subarray(0, 64 * 1024), {})
  const rows = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => splitFields(line, shape) ?? [])
  const header = rows[0]?.map((name) => name.trim().toLowerCase()) ?? []
  const at = header.indexOf(column.trim().toLowerCase())
  if (at < 0)
    throw new Problem(
      'bad-input',
      `${path} has no column "${column}". Its first line names: ${header.join(', ') || 'nothing'}. Say which one it is with --column.`,
    )
  return rows.slice(1).map((row) => row[at]?.trim() ?? '')
}

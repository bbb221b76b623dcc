// The part of the bundle that is a record: how many answered what, every wording that anybody saw, entries to try the seals
// on, and the proof of the ledger.
import { type Bundle, CHANNELS, sayPurpose } from './bundle.ts'
import { facts, grouped, paragraph, part, quotation, roomFor, section } from './pieces.ts'
import { sayMethod } from './record-of-choice.ts'
import type { Sheet } from './sheet.ts'
import { STYLES } from './type.ts'

export type Sheets = { sheet: Sheet; bundle: Bundle }

const DECISIONS = { grant: 'said yes', deny: 'said no', stop: 'stopped', pause: 'asked us to wait' } as const

export const sayDay = ({ library }: Bundle, at: Date): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: library.timezone, dateStyle: 'long' }).format(at)

export function counts({ sheet, bundle }: Sheets): void {
  section(sheet, 'How many agree today', () => {
    paragraph(sheet, 'People, not entries. Fewer than ten are not told exactly.')
    const some = bundle.agreed.filter(({ people }) => people !== 0)
    if (some.length === 0) paragraph(sheet, 'Nobody has agreed to anything yet.')
    facts(
      sheet,
      some.map(({ purpose, channel, people }) => [`${people}`, `${sayPurpose(purpose)}, ${CHANNELS[channel]}`]),
    )
  })
  if (bundle.byMethod.length === 0) return
  section(sheet, 'How they answered', () =>
    facts(
      sheet,
      bundle.byMethod.map(({ purpose, channel, decision, method, people }) => [
        `${people}`,
        `${DECISIONS[decision]}: ${sayPurpose(purpose)}, ${CHANNELS[channel]} (${sayMethod(method, 'en')})`,
      ]),
    ),
  )
}

export function seenWords({ sheet, bundle }: Sheets): void {
  section(sheet, 'Every wording that anybody saw', () => {
    paragraph(
      sheet,
      bundle.wordings.length === 0
        ? 'Nobody has answered yet.'
        : 'A wording is named by a hash of its text, so a changed word is another wording.',
    )
    for (const wording of bundle.wordings) {
      part(sheet, `${wording.id} · since ${sayDay(bundle, wording.firstSeen)}`, 40 + roomFor(sheet, wording.said))
      sheet.say('P', sayUse(wording), STYLES.small)
      quotation(sheet, wording.said)
    }
  })
}

const sayUse = ({ askedFor, answers }: Bundle['wordings'][number]): string =>
  `${answers} ${answers === 1 ? 'answer' : 'answers'}; ${askedFor.join(', ')}`

export function samples({ sheet, bundle }: Sheets): void {
  section(sheet, 'Entries of invented people', () => {
    paragraph(
      sheet,
      'Sealed as real ones are, in a chain of their own. bundle.json has them whole, to work the seals out again.',
    )
    for (const { who, entry, hash } of bundle.sampleEntries) {
      part(sheet, who, 140)
      facts(sheet, [
        ['Entry', `${entry.entryNo}, of patron ${entry.patron} (a random number)`],
        ['Answer', `${DECISIONS[entry.decision]}: ${sayPurpose(entry.purpose)}, ${CHANNELS[entry.channel]}`],
        ['How, and who stands for it', `${sayMethod(entry.method, 'en')}; ${entry.attestedBy}`],
        ['Said at', entry.decidedAt.toISOString()],
        ['Version of the words', entry.wordingId ?? '–'],
        ['Seal', grouped(hash)],
      ])
    }
  })
}

export function proof({ sheet, bundle }: Sheets): void {
  const { entries, head, whole, publicKey } = bundle.ledger
  section(sheet, 'The ledger', () => {
    facts(sheet, [
      ['Entries', entries.toLocaleString('en-US')],
      ['Seal of the last', grouped(head)],
      ['Public key', publicKey],
      [
        'The chain',
        whole
          ? 'Walked from the first entry to the last when this was made: whole, and signed.'
          : 'It does NOT hold together.',
      ],
    ])
    paragraph(
      sheet,
      'Each entry is sealed with SHA-256 over the seal before it and its own fields; the last seal is signed with Ed25519 by a key that lies outside the database. “gentle ledger verify” walks it again.',
    )
  })
}

// The record of one choice, as a page to hand to whoever asks: who said what, in which words, how and when, and where it
// stands in the chain. It speaks of one person and of nobody else.
import { methodOfGuardian } from '../consent/guardian.ts'
import { type LedgerEntry, sayKinds } from '../consent/ledger.ts'
import type { ProvenChoice } from '../consent/prove-choice.ts'
import type { Library } from '../patrons/library.ts'
import { type Language, wordsOf } from '../words/languages.ts'
import { facts, grouped, paragraph, quotation, section } from './pieces.ts'
import { openSheet, type PaperSize } from './sheet.ts'
import { STYLES } from './type.ts'

export interface RecordBasis {
  library: Library
  language: Language
  size: PaperSize
  made: Date
  /** As the library knows the person; null of somebody without a card, who has only the number. */
  patronId: string | null
  patronNo: string
  proven: ProvenChoice
}

export async function makeRecordOfChoice(basis: RecordBasis): Promise<Buffer> {
  const { library, language, size, made, proven } = basis
  const { entry, chain } = proven
  const words = wordsOf[language].paper.record
  const at = (instant: Date) => sayInstant(instant, basis)
  const sheet = openSheet({ title: `${words.title} – ${library.name}`, language, size, made, margin: 50 })

  sheet.say('P', library.name, STYLES.sender)
  sheet.skip(6)
  sheet.say('H1', words.title, STYLES.title)
  sheet.skip(8)
  sheet.say('P', sayDecision(entry, basis), { ...STYLES.lede, ink: 'ink' })
  if (entry.kinds.length > 0) paragraph(sheet, words.kinds(sayKinds(entry, language)))
  sheet.say('P', words.made(library.name, at(made)), STYLES.small)

  if (entry.said !== null) section(sheet, words.wordsTitle, () => quotation(sheet, entry.said!))
  section(sheet, words.sinceTitle, () => {
    if (proven.since.length === 0) paragraph(sheet, words.nothingSince)
    else
      facts(
        sheet,
        proven.since.map((later) => [
          at(later.decidedAt),
          `${sayDecision(later, basis)} (${sayMethod(later.method, language)})`,
        ]),
      )
  })
  section(sheet, words.howTitle, () => {
    facts(sheet, [
      [words.when, at(entry.decidedAt)],
      [words.utc, entry.decidedAt.toISOString()],
      [words.method, sayMethod(entry.method, language)],
      [words.attested, entry.attestedBy === 'the patron' ? words.thePatron : entry.attestedBy],
      ...Object.entries(entry.evidence ?? {}).map(
        ([name, said]) => [words.details[name] ?? name, words.confirmations[said] ?? said] as const,
      ),
      [words.recorded, `${at(entry.recordedAt)} (${entry.recordedAt.toISOString()})`],
    ])
    if (entry.sealed && entry.evidence === null) paragraph(sheet, words.forgotten)
  })
  section(sheet, words.placeTitle, () =>
    facts(sheet, [
      [
        words.entry,
        words.entryOf(Number(entry.entryNo).toLocaleString(language), chain.entries.toLocaleString(language)),
      ],
      [words.wording, entry.wordingId ?? '–'],
      [words.hash, grouped(entry.entryHash)],
      [words.before, grouped(proven.hashBefore)],
      [words.head, grouped(chain.head)],
      [words.signature, grouped(proven.keyFingerprint)],
      [words.chain, chain.ok ? words.whole : words.broken],
    ]),
  )
  section(sheet, words.checkTitle, () => paragraph(sheet, words.check))
  if (sheet.incomplete) paragraph(sheet, words.notPrinted)
  return sheet.finish(wordsOf[language].paper.page)
}

function sayDecision(entry: LedgerEntry, { language, patronId, patronNo }: RecordBasis): string {
  const { pages, paper } = wordsOf[language]
  const { record } = paper
  const what = entry.purpose === 'all' ? record.everything : pages.purposes[entry.purpose]
  return record.decisions[entry.decision](record.patron(patronId ?? patronNo), what, paper.channels[entry.channel])
}

/** A way that the library named itself stands in its own words. */
export function sayMethod(method: string, language: Language): string {
  const { methods, byGuardian } = wordsOf[language].paper.record
  const ours = (how: string) => (Object.hasOwn(methods, how) ? methods[how]! : how)
  const guarded = methodOfGuardian(method)
  return guarded === null ? ours(method) : byGuardian(ours(guarded))
}

const sayInstant = (at: Date, { library, language }: RecordBasis): string =>
  new Intl.DateTimeFormat(language, { timeZone: library.timezone, dateStyle: 'long', timeStyle: 'long' })
    .format(at)
    .replaceAll('\u202f', ' ')

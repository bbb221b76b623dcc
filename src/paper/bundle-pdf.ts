// The bundle of a library on paper, in the order in which a carrier or an auditor reads: who writes, how people say yes and
// no, the exact words, the forms, what texts say, how many, and how the record can be checked.

import { type Bundle, CHANNELS, type LiveForm, sayPurpose } from './bundle.ts'
import { counts, proof, type Sheets, samples, sayDay, seenWords } from './bundle-record.ts'
import { bullets, facts, paragraph, part, quotation, roomFor, section } from './pieces.ts'
import { openSheet, type PaperSize, type Sheet } from './sheet.ts'
import { INKS, STYLES } from './type.ts'

/** What is kept takes more words than its end. */
const WHAT_IS_KEPT = 260

const names = new Intl.DisplayNames('en', { type: 'language' })

export async function makeBundlePdf(bundle: Bundle, forms: readonly LiveForm[], size: PaperSize): Promise<Buffer> {
  const { library, madeAt } = bundle
  const title = `Consent at ${library.name}`
  const sheet = openSheet({ title, language: 'en', size, made: madeAt, margin: 56 })
  sheet.say('P', 'FOR CARRIER REGISTRATION AND FOR AUDITORS', STYLES.sender)
  sheet.skip(6)
  sheet.say('H1', title, STYLES.title)
  sheet.skip(6)
  sheet.say(
    'P',
    `How this library asks before it writes, and how that can be checked. Made ${sayDay(bundle, madeAt)}.`,
    STYLES.lede,
  )
  const on = { sheet, bundle }
  whoWrites(on)
  section(sheet, 'How people say yes', () => bullets(sheet, bundle.optIn.how))
  section(sheet, 'How people say no', () => bullets(sheet, bundle.optOut.how))
  texts(on)
  offeredWords(on)
  liveForms(on, forms)
  privacy(on)
  section(sheet, 'What is kept, and until when', () =>
    facts(
      sheet,
      bundle.retention.map(({ what, until }) => [what, until]),
      WHAT_IS_KEPT,
    ),
  )
  counts(on)
  seenWords(on)
  samples(on)
  proof(on)
  if (sheet.incomplete)
    paragraph(
      sheet,
      'A ■ stands for a sign that cannot be printed here. bundle.json beside this file has the exact words.',
    )
  return sheet.finish((page, pages) => `${title} · page ${page} of ${pages}`)
}

function whoWrites({ sheet, bundle }: Sheets): void {
  const { library, sendingHours, optIn } = bundle
  section(sheet, 'Who writes', () =>
    facts(sheet, [
      ['Organisation', library.name],
      ['Postal address', library.postalAddress],
      ['Phone', library.phone],
      ['Email', library.email],
      ...(library.website === null ? [] : [['Website', library.website] as const]),
      ['Opt-in page', optIn.page],
      ['Hours of sending', `${sendingHours.from}:00 to ${sendingHours.until}:00, ${sendingHours.timezone}`],
      ['What for', 'Notes about what a library card can do, new titles, events. Nothing is sold.'],
    ]),
  )
}

function texts({ sheet, bundle }: Sheets): void {
  section(
    sheet,
    'What texts say',
    () => {
      const { aboutEachMonth, hours, answersAreRead } = bundle.texts
      facts(sheet, [
        ['How often', `about ${aboutEachMonth} a month`],
        ['Hours', `${hours.from}:00 to ${hours.until}:00, ${hours.timezone}; an answer to STOP or HELP at any hour`],
        [
          'Who reads answers',
          answersAreRead ? 'staff of the library' : 'nobody watches; the texts say so and name a phone',
        ],
      ])
      for (const [language, said] of Object.entries(bundle.sampleTexts)) {
        part(sheet, names.of(language) ?? language)
        facts(sheet, [
          ['The first text to a phone', said.first],
          ['A notice: holds ready', said.hold],
          ['A notice: items due', said.almostDue],
          ['A note', said.note],
          ['A code, which proves a phone', said.code],
          ['In answer to HELP', said.help],
          ['In answer to STOP', said.stopped],
          ['In answer to NOTICES after it', said.noticesKept],
          ['In answer to START', said.started],
        ])
      }
      const { stop, help, start } = bundle.optOut.words
      part(sheet, 'Words that are understood, in any language')
      facts(sheet, [
        ['To stop', stop.join(', ')],
        ['For help', help.join(', ')],
        ['To begin again', start.join(', ')],
      ])
    },
    130,
  )
}

function offeredWords({ sheet, bundle }: Sheets): void {
  section(sheet, 'The words in use', () => {
    for (const offer of bundle.offers)
      for (const [language, said] of Object.entries(offer.words)) {
        const title = `${sayPurpose(offer.purpose)}, ${CHANNELS[offer.channel]}: ${names.of(language) ?? language}`
        part(sheet, title, 25 + roomFor(sheet, said))
        quotation(sheet, said)
      }
  })
}

function liveForms({ sheet }: Sheets, forms: readonly LiveForm[]): void {
  const pictured = forms.filter(({ picture }) => picture !== null)
  if (pictured.length > 0) sheet.newPage()
  section(sheet, 'The forms as people see them', () => {
    if (forms.some(({ picture }) => picture === null))
      paragraph(
        sheet,
        'No browser was found on the machine that made this, so the forms stand here as their text. With Chromium installed the same command takes pictures.',
      )
    for (const form of forms)
      if (form.picture === null) {
        part(sheet, sayForm(form))
        paragraph(sheet, form.text)
      }
    for (const [i, name] of [...new Set(pictured.map((form) => form.name))].entries()) {
      if (i > 0) sheet.newPage()
      drawSideBySide(
        sheet,
        pictured.filter((form) => form.name === name),
      )
    }
  })
}

const sayForm = ({ path, language }: LiveForm): string => `${path} (${names.of(language) ?? language})`

/** One form in each of its languages, all at one scale, as large as the rest of the page allows, with thin frames. */
function drawSideBySide(sheet: Sheet, forms: readonly LiveForm[]): void {
  const gap = 16
  const width = (sheet.measure - gap * (forms.length - 1)) / forms.length
  const top = sheet.y
  const titled = forms.map((form, i) => {
    const x = sheet.margin + i * (width + gap)
    const y = sheet.say('H3', sayForm(form), STYLES.part, { at: { x, y: top, width } }) + 4
    // A PNG tells its size in its first chunk.
    const [wide, high] = [form.picture!.readUInt32BE(16), form.picture!.readUInt32BE(20)]
    return { form, x, y, wide, high }
  })
  const scales = titled.map(({ y, wide, high }) => Math.min(width / wide, (sheet.height - sheet.margin - y) / high))
  const scale = Math.min(...scales)
  for (const { form, x, y, wide, high } of titled) {
    const at = { x, y, width: wide * scale, height: high * scale }
    sheet.figure(`A picture of the form. Its text: ${form.text}`, at, (pen) => {
      pen.image(form.picture!, at.x, at.y, { width: at.width })
      pen.rect(at.x, at.y, at.width, at.height).lineWidth(0.5).strokeColor(INKS.line).stroke()
    })
  }
  sheet.y = sheet.height - sheet.margin
}

function privacy({ sheet, bundle }: Sheets): void {
  section(sheet, 'What people are told about their data', () => {
    for (const [language, kept] of Object.entries(bundle.privacy)) {
      part(sheet, names.of(language) ?? language)
      bullets(sheet, kept)
    }
  })
}

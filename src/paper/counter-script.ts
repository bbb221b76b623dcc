// The counter script: one page for staff, with the sentence to say, what to show, and honest answers to what people ask.
// It carries the month's count, because a question that is asked in vain is soon not asked.
import { monthIn } from '../lib/clock.ts'
import { asksForTexts } from '../signups/offer.ts'
import { type KitBasis, paperWords } from './kit-words.ts'
import { openSheet, type Sheet } from './sheet.ts'
import { INKS, STYLES, type Style } from './type.ts'

const MARGIN = 54
const LABEL = 92

const COUNT: Style = { face: 'serif', size: 34, ink: 'accent', align: 'right', leading: 1.15 }
const COUNTED: Style = { ...STYLES.small, align: 'right' }
const SPOKEN: Style = { face: 'serif', size: 13.5, leading: 1.4 }
const BODY: Style = { face: 'sans', size: 10.2, leading: 1.38 }
const ASKED: Style = { face: 'strong', size: 10.2, leading: 1.38 }

export async function makeCounterScript(basis: KitBasis, saidYes: number): Promise<Buffer> {
  const { library, language, size, made, page } = basis
  const paper = paperWords(basis)
  const words = paper.script
  const sheet = openSheet({ title: `${words.title} – ${library.name}`, language, size, made, margin: MARGIN })
  const month = monthIn(library.timezone, made)
  const count = 104
  const top = sheet.y
  const left = { x: MARGIN, width: sheet.measure - count - 24 }

  let y = sheet.say('P', library.name, STYLES.sender, { at: { ...left, y: top } })
  y = sheet.say('H1', words.title, { ...STYLES.title, size: 24 }, { at: { ...left, y: y + 4 } })
  y = sheet.say('P', words.intro, { ...BODY, ink: 'quiet' }, { at: { ...left, y: y + 6 } })
  const right = { x: sheet.width - MARGIN - count, width: count }
  const figure = sheet.say('P', saidYes.toLocaleString(language), COUNT, { at: { ...right, y: top + 8 } })
  sheet.say('P', words.count(paper.month(Math.floor(month / 12), (month % 12) + 1)), COUNTED, {
    at: { ...right, y: figure + 4 },
  })
  sheet.y = y + 18

  part(sheet, words.whenTitle, () => sheet.say('P', words.when, BODY, { indent: LABEL }))
  part(sheet, words.sayTitle, () => {
    const [first] = page.offers
    if (first) sheet.say('BlockQuote', `“${first.words[language].says}”`, SPOKEN, { indent: LABEL })
  })
  part(sheet, words.showTitle, () => sheet.say('P', words.show, BODY, { indent: LABEL }))
  part(sheet, words.askTitle, () => {
    const { asked: why, toCall, forTexts } = words.phone
    for (const [asked, answer] of [...words.answers, [why, asksForTexts(basis.page) ? forTexts : toCall]] as const) {
      sheet.say('P', asked, ASKED, { indent: LABEL })
      sheet.say('P', answer, BODY, { indent: LABEL })
      sheet.skip(4)
    }
    sheet.skip(-4)
  })
  part(sheet, words.afterTitle, () =>
    sheet.group('L', () => {
      for (const item of words.after) sheet.group('LI', () => sheet.say('LBody', item, BODY, { indent: LABEL }))
    }),
  )
  return sheet.finish()
}

/** A title in the margin column with its text beside it. */
function part(sheet: Sheet, title: string, work: () => void): void {
  sheet.group('Sect', () => {
    sheet.need(72)
    const top = sheet.y
    sheet.decorate((pen) =>
      pen
        .moveTo(MARGIN, top)
        .lineTo(sheet.width - MARGIN, top)
        .lineWidth(0.6)
        .strokeColor(INKS.line)
        .stroke(),
    )
    sheet.y = top + 10
    sheet.say('H2', title, STYLES.section, { at: { x: MARGIN, y: sheet.y - 1.5, width: LABEL - 14 } })
    work()
    sheet.skip(11)
  })
}

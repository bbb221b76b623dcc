// The form of a reader's choices, and what comes back from it: one page, one button, and it works without a script. Boxes
// and their words are what `offered` says, so that the words seen are the words recorded.
import { z } from 'zod'
import { PACES, type Pace } from '../consent/wishes.ts'
import { dateIn } from '../lib/clock.ts'
import { dateInWords } from '../messages/render.ts'
import type { Library } from '../patrons/library.ts'
import type { TextsAsked } from '../preferences/ask-for-texts.ts'
import type { AskedFor, Changes, Done } from '../preferences/change-choices.ts'
import { allChoices, type Box, boxesFor, type ChoiceKey, topicsIn } from '../preferences/offered.ts'
import type { ReaderChoices } from '../preferences/reader-choices.ts'
import { type Language, languages, wordsOf } from '../words/languages.ts'
import { type Html, html } from './html.ts'

/** Long enough for anybody's break, short enough that a slip of the finger is noticed. */
const MOST_PAUSE_DAYS = 3 * 366

export interface FormView {
  library: Library
  language: Language
  choices: ReaderChoices
  now: Date
}

export function choicesForm(
  { library, language, choices, now }: FormView,
  form: { action: string; proof: string | null },
): Html {
  const { preferences: words, pages } = wordsOf[language]
  const today = dateIn(library.timezone, now)
  const radio = (name: string, value: string, checked: boolean, says: string, lang?: string) =>
    html`<label class="choice"><input type="radio" name="${name}" value="${value}"${checked && html` checked`}><span${lang && html` lang="${lang}"`}>${says}</span></label>`
  return html`<form method="post" action="${form.action}">
${form.proof && html`<input type="hidden" name="proof" value="${form.proof}"><input type="hidden" name="act" value="choices">`}
<input type="hidden" name="was" value="${[...choices.yes].join(' ')}">
<fieldset aria-describedby="what"><legend>${words.what}</legend><p id="what" class="small">${words.whatHint}</p>
${boxesFor(library, language, choices).map((box, i, all) =>
  choiceBox(box, choices, language, all.findIndex((other) => other.purpose === box.purpose) === i),
)}</fieldset>
<fieldset><legend>${words.pace}</legend>
${radio('pace', 'library', choices.paceDays === null, words.paceLibrary)}
${PACES.map((days) => radio('pace', String(days), choices.paceDays === days, words.paceDays(days)))}</fieldset>
<fieldset><legend>${words.pause}</legend>
${
  choices.pausedUntil &&
  html`<p>${words.pausedNow(dateInWords(language, dateIn(library.timezone, choices.pausedUntil)))}</p>
<label class="choice"><input type="checkbox" name="resume" value="yes"><span>${words.resume}</span></label>`
}
<p><label for="pause">${words.pauseUntil}</label><br><input id="pause" type="date" name="pause" min="${dayAfter(today, 1)}" max="${dayAfter(today, MOST_PAUSE_DAYS)}" aria-describedby="pause-hint"><br><span id="pause-hint" class="small">${words.pauseHint}</span></p></fieldset>
<fieldset><legend>${words.language}</legend>
${languages.map((each) => radio('language', each, each === currentLanguage(choices, library), wordsOf[each].pages.ownName, each))}</fieldset>
<button>${words.save}</button>
</form>
<p class="small">${pages.stop.stays}</p>`
}

/** Topics belong to a purpose, so they stand once, under its first box. */
const choiceBox = (
  { key, title, says, topics }: Box,
  choices: ReaderChoices,
  language: Language,
  withTopics: boolean,
) =>
  html`<label class="choice"><input type="checkbox" name="yes" value="${key}"${choices.yes.has(key) && html` checked`}><span>${says === null ? title : html`<strong>${title}</strong><br>${says}`}</span></label>${
    withTopics &&
    topics.length > 0 &&
    html`<fieldset class="kinds"><legend>${title}: ${wordsOf[language].join.kinds}</legend>${topics.map(
      (topic) =>
        html`<label><input type="checkbox" name="topic" value="${topic.key}"${topicsIn(choices.topics, topics).includes(topic.key) && html` checked`}> ${topic.labels[language]}</label>`,
    )}</fieldset>`
  }`

const currentLanguage = (choices: ReaderChoices, library: Library): string => {
  const primary = (tag: string) => tag.toLowerCase().split(/[-_]/)[0]
  return (
    [choices.language, library.language].map(primary).find((tag) => languages.some((known) => known === tag)) ?? 'en'
  )
}

const dayAfter = (isoDate: string, days: number): string =>
  new Date(Date.parse(isoDate) + days * 24 * 3_600_000).toISOString().slice(0, 10)

const several = z
  .union([z.string(), z.array(z.string().max(60)).max(50)])
  .default([])
  .transform((all) => [all].flat())
const keys = (all: string[]): ReadonlySet<ChoiceKey> => new Set(allChoices.filter((key) => all.includes(key)))
const sent = z.object({
  was: z.string().max(2_000).default(''),
  yes: several,
  topic: several,
  pace: z.enum(['library', ...PACES.map(String)]),
  pause: z.string().max(40).default(''),
  resume: z.enum(['yes']).optional(),
  language: z.enum(languages as [Language, ...Language[]]).optional(),
})

/** 'unreadable': no form of ours. 'pause': the day cannot be. */
export function readAsked(body: unknown, { library, choices, now }: FormView): AskedFor | 'unreadable' | 'pause' {
  const read = sent.safeParse(body)
  if (!read.success) return 'unreadable'
  const { was, yes, topic, pace, pause, resume, language } = read.data
  const pauseUntil = pause.trim() === '' ? null : readDay(pause.trim(), library, now)
  if (pauseUntil === 'wrong') return 'pause'
  return {
    was: keys(was.split(' ')),
    wanted: keys(yes),
    topics: new Set(topic),
    paceDays: pace === 'library' ? null : (Number(pace) as Pace),
    // What the page showed already is no wish.
    language:
      language === undefined || language === currentLanguage(choices, library)
        ? (choices.ownLanguage as Language | null)
        : language,
    pauseUntil,
    resume: resume === 'yes',
  }
}

/** The midnight at the library with which the day begins. */
function readDay(text: string, library: Library, now: Date): Date | 'wrong' {
  const today = dateIn(library.timezone, now)
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null
  if (day === null || day <= today || day > dayAfter(today, MOST_PAUSE_DAYS)) return 'wrong'
  for (let hour = -14; hour <= 14; hour++) {
    const at = new Date(Date.parse(day) + hour * 3_600_000)
    if (dateIn(library.timezone, at) === day) return at
  }
  return 'wrong'
}

/** What was done and what was not, a sentence each. */
function sayChanges(
  { library, language }: FormView,
  less: Changes['less'],
  done: Done | null,
  texts: Exclude<TextsAsked, object> | null,
): { saved: string[]; notNoted: string[] } {
  const { preferences: words, pages, join } = wordsOf[language]
  const { changed } = words
  const { more = null, notOffered = [], isMinor = false } = done ?? {}
  const what = (key: ChoiceKey) => {
    const [purpose, channel] = key.split('/') as [keyof typeof pages.purposes, keyof typeof words.channels]
    return `${pages.purposes[purpose]}, ${words.channels[channel]}`
  }
  return {
    saved: [
      ...less.stops.map((key) => changed.stopped(what(key))),
      ...(less.pace ? [changed.pace(less.pace)] : []),
      ...(less.pauseUntil ? [changed.paused(dateInWords(language, dateIn(library.timezone, less.pauseUntil)))] : []),
      ...(less.language ? [changed.language] : []),
      ...[...(more?.yes ?? []), ...(more?.otherTopics ?? [])].map((key) => changed.yes(what(key))),
      ...(more?.pace ? [more.pace.days === null ? changed.paceLibrary : changed.pace(more.pace.days)] : []),
      ...(more?.resume ? [changed.resumed] : []),
      ...(more && more.yes.length > 0 ? [changed.soon] : []),
    ],
    notNoted: [
      ...notOffered.map((key) => changed.notOffered(what(key))),
      ...(texts === null ? [] : [join[texts === 'cannot' ? 'textsNotYet' : 'noPhone'][1]]),
      ...(isMinor ? [changed.minor] : []),
    ],
  }
}

export function doneNote(
  view: FormView,
  less: Changes['less'],
  done: Done | null,
  /** What came of a yes to texts. Where a code is on its way the page asks for it below. */
  texts: TextsAsked | null = null,
): Html | null {
  const { preferences: words } = wordsOf[view.language]
  const { saved, notNoted } = sayChanges(view, less, done, typeof texts === 'string' ? texts : null)
  const list = (sentences: string[]) => html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`
  if (saved.length + notNoted.length === 0)
    return texts === null ? html`<p class="note" role="status">${words.unchanged}</p>` : null
  return html`<div class="note" role="status">${saved.length > 0 && html`<p>${words.saved}</p>${list(saved)}`}${notNoted.length > 0 && list(notNoted)}</div>`
}

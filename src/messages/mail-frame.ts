// The frame around every note: one hand-written HTML page and the two footers. One column, no pictures, nothing fetched
// and nothing counted; it reads the same without styles. One frame does not need a template compiler's hundred packages.
import { type Language, wordsOf } from '../words/languages.ts'

export interface FooterVoice {
  name: string
  postalAddress: string
  phone: string
}

/** Already signed for this reader. `less` offers choices, `unsubscribe` ends all, `why` shows the record. */
export interface ReaderLinks {
  less: string
  unsubscribe: string
  why: string
  /** To say an old yes once more; only in a letter that asks. */
  keep: string
}

export interface Frame {
  text(body: string, askedOn: string, links: ReaderLinks): string
  /** `subject` and `body` are HTML already. */
  html(subject: string, body: string, askedOn: string, links: ReaderLinks): string
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' }

export const escapeHtml = (text: string): string =>
  /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (sign) => entities[sign] as string) : text

/** Plain paragraphs and "- " lists as HTML. Fields pass through untouched, to be filled afterwards. */
export function bodyAsHtml(body: string): string {
  return body
    .split('\n\n')
    .flatMap((block) => {
      const pieces: string[] = []
      let lines: string[] = []
      const close = (isList: boolean) => {
        if (lines.length > 0)
          pieces.push(isList ? `<ul>\n${lines.join('\n')}\n</ul>` : `<p>${lines.join('<br>\n')}</p>`)
        lines = []
      }
      let inList = false
      for (const line of block.split('\n')) {
        const isItem = line.startsWith('- ')
        if (isItem !== inList) close(inList)
        inList = isItem
        lines.push(isItem ? `<li>${escapeHtml(line.slice(2))}</li>` : escapeHtml(line))
      }
      close(inList)
      return pieces
    })
    .join('\n')
}

// Light: #1f2933 on #ffffff is 14.8:1, footer #4b5563 7.6:1, links #1d4ed8 6.7:1.
// Dark: #e5e7eb on #1f2933 is 11.9:1, footer #cbd5e1 9.9:1, links #93c5fd 8.2:1.
const style = `
body{margin:0;padding:0;background:#f3f4f6;-webkit-text-size-adjust:100%}
.page{background:#f3f4f6}
.sheet{width:100%;max-width:560px;background:#fff;color:#1f2933;font:17px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif}
.note{padding:28px 28px 8px}
.foot{padding:16px 28px 28px;border-top:1px solid #d1d5db;color:#4b5563;font-size:16px}
p{margin:0 0 16px}
ul{margin:0 0 16px;padding-inline-start:22px}
li{margin:0 0 8px}
a{color:#1d4ed8;text-decoration:underline}
.foot a{display:inline-block;padding:4px 0;margin-inline-end:16px}
@media (prefers-color-scheme:dark){
body,.page{background:#111827!important}
.sheet{background:#1f2933!important;color:#e5e7eb!important}
.foot{color:#cbd5e1!important;border-color:#4b5563!important}
a{color:#93c5fd!important}
}`

/** The sheet of paper itself, the same for every mail: what stands before the subject, and between the pieces after it. */
export const SHEET = {
  opening: (language: Language): string => `<!doctype html>
<html lang="${language}" dir="${wordsOf[language].frame.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>`,
  afterTitle: `</title>
<style>${style}
</style>
</head>
<body>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td>
<table role="presentation" class="sheet" align="center" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td class="note">
`,
  afterBody: '\n</td></tr>\n<tr><td class="foot">\n<p>',
  end: `</p>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
`,
} as const

/** Who writes, and where they are: the lines at the foot of every mail. */
export const imprintLines = (voice: FooterVoice): string[] =>
  [voice.name, ...voice.postalAddress.split(/\r?\n/), voice.phone].map((line) => line.trim()).filter(Boolean)

/** Everything that is the same for each reader of one campaign and language is joined here, once. */
export function prepareFrame(language: Language, voice: FooterVoice): Frame {
  const words = wordsOf[language].frame
  const imprint = imprintLines(voice)
  const imprintText = imprint.join('\n')
  const opening = SHEET.opening(language)
  const beforeLess = '</p>\n<p><a href="'
  const beforeNone = `">${escapeHtml(words.fewer)}</a> <a href="`
  const beforeWhy = `">${escapeHtml(words.none)}</a> <a href="`
  const end = `">${escapeHtml(words.why)}</a></p>
<p>${imprint.map(escapeHtml).join('<br>\n')}${SHEET.end}`
  return {
    text: (body, askedOn, links) =>
      `${body}\n\n${words.asked(askedOn)}\n${words.fewer}: ${links.less}\n${words.none}: ${links.unsubscribe}\n${words.why} ${links.why}\n\n${imprintText}\n`,
    html: (subject, body, askedOn, links) =>
      opening +
      subject +
      SHEET.afterTitle +
      body +
      SHEET.afterBody +
      escapeHtml(words.asked(askedOn)) +
      beforeLess +
      escapeHtml(links.less) +
      beforeNone +
      escapeHtml(links.unsubscribe) +
      beforeWhy +
      escapeHtml(links.why) +
      end,
  }
}

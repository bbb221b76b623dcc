// A person's own words in an answer, without what they quote and without their signature. What is quoted must never come
// out: it is what somebody else said, and would go back to them as a text. So where it is not clear, less comes out rather
// than more.

/** "On Tuesday … Ana wrote:", also broken over three lines; in English and Spanish. */
const attribution =
  /^(?:On\b.*\b(?:wrote|writes)|El\b.*\bescribió|.*<[^<>\s]+@[^<>\s]+>.*\b(?:wrote|escribió)|\d{4}-\d\d-\d\d\b.*<[^<>\s]+@[^<>\s]+>)\s*:$/i
const beginsAttribution = /^(?:On|El)\b/i

const cuts = [
  /^[-_\s]*(?:original message|original appointment|forwarded message|mensaje original|mensaje reenviado)[-_\s]*:?$/i,
  /^(?:begin forwarded message|inicio del mensaje reenviado)\s*:/i,
  /^_{8,}$/, // Outlook draws a line before what it quotes
]
const outlookFrom = /^\*?(?:From|De)\s*:\*?\s*\S/i
const outlookNext = /^\*?(?:Sent|Date|To|Cc|Subject|Enviado(?: el)?|Fecha|Para|CC|Asunto)\s*:\*?/i

const signature = [
  /^--\s?$/,
  /^(?:sent from|sent via|sent with)\s.{1,60}$/i,
  /^(?:enviado desde|enviado con|enviado a través de)\s.{1,60}$/i,
  /^(?:get|obtener|obtén|descarga|download)\s+(?:outlook|yahoo|gmail)\b.{0,60}$/i,
]

/** `above`: what stands first in the mails that are answered here, in each language; what is below it is ours. */
export function reduceToText(mail: string, above: readonly string[]): string {
  const markers = above.map((said) => said.toLowerCase())
  const lines = mail
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]/g, '')
    .replaceAll('\u00a0', ' ')
    .split('\n')
    .map((line) => line.trimEnd())
  const marked = lines.findIndex((line) => markers.some((marker) => line.toLowerCase().includes(marker)))
  return tidy(cutSignature(dropQuoted(marked === -1 ? lines : lines.slice(0, marked))))
}

/** Lines with ">" go. A line behind one belongs to it unless a blank line stands between: mail programs break long lines. */
function dropQuoted(lines: readonly string[]): string[] {
  const kept: string[] = []
  let isQuoted = false
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!.trim()
    if (line.startsWith('>')) {
      isQuoted = true
      continue
    }
    if (line === '') isQuoted = false
    if (isQuoted) continue
    if (cuts.some((cut) => cut.test(line)) || isOutlookHead(lines, i)) break
    const wide = attributionAt(lines, i)
    if (wide > 0) {
      // Quoted with ">" below: what follows that may be theirs again. Quoted without: all the rest is the other's.
      const next = lines.slice(i + wide).find((one) => one.trim() !== '')
      if (next === undefined || !next.trim().startsWith('>')) break
      i += wide - 1
      continue
    }
    kept.push(lines[i]!)
  }
  return kept
}

/** How many lines of an attribution begin here; 0 = none. */
function attributionAt(lines: readonly string[], at: number): number {
  const first = lines[at]!.trim()
  for (let wide = 1; wide <= 3; wide++) {
    if (wide > 1 && !beginsAttribution.test(first)) return 0
    const joined = lines
      .slice(at, at + wide)
      .map((line) => line.trim())
      .join(' ')
    if (joined.length <= 400 && attribution.test(joined)) return wide
  }
  return 0
}

const isOutlookHead = (lines: readonly string[], at: number): boolean =>
  outlookFrom.test(lines[at]!.trim()) && lines.slice(at + 1, at + 4).some((line) => outlookNext.test(line.trim()))

/** "-- " ends the words wherever it stands; the line of a telephone only where nothing but its like follows. */
function cutSignature(lines: readonly string[]): string[] {
  const dashes = lines.findIndex((line) => signature[0]!.test(line))
  const kept = dashes === -1 ? [...lines] : lines.slice(0, dashes)
  while (kept.length > 0) {
    const last = kept.at(-1)!.trim()
    if (last !== '' && !signature.some((one) => one.test(last))) break
    kept.pop()
  }
  return kept
}

const tidy = (lines: readonly string[]): string =>
  lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

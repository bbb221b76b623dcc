// What somebody wrote themselves in a text: without letters that nobody sees, without what a telephone adds below ("Sent from
// my iPhone") and without quoted lines. A reaction ("Liked “Reply STOP to end”") is our own words come back: it says
// nothing that a rule may obey, and a person reads it.

const QUOTED = String.raw`\s*[“"«„].*[”"»]\s*$`
const VERBS = [
  ...[
    'LIKED',
    'LOVED',
    'DISLIKED',
    'LAUGHED AT',
    'EMPHASI[SZ]ED',
    'QUESTIONED',
    'REMOVED .{1,40} FROM',
    'REACTED .{1,40} TO',
  ],
  ...[
    '(?:A .{1,40} )?(?:LE|TE|ME) (?:GUST[ÓOA]|ENCANT[ÓOA]|DISGUST[ÓOA]|DIO .{1,40} A)',
    'REACCION[ÓO] .{1,40} A',
    'SE RI[ÓO] DE',
  ],
  ...['QUIT[ÓO] .{1,40} DE', 'A (?:AIM[ÉE]|ADOR[ÉE])', 'A RÉAGI .{1,40} À'],
  // Google's telephones: a face, and "to".
  String.raw`[^\p{L}\p{N}]{1,20} (?:TO|A|À)`,
]
const REACTION = new RegExp(String.raw`^\s*(?:${VERBS.join('|')}):?${QUOTED}`, 'isu')

/** A line that a telephone or a mail program writes below; nothing after it is from its person. */
const ADDED_BELOW =
  /\n[ \t]*(?:--|_{3,}|(?:SENT|GET OUTLOOK|ENVIAD[OA]|ENVOYÉ) (?:FROM|FOR|DESDE|DE|DEPUIS)\b)[\s\S]*$/iu
const QUOTED_LINES = /^[ \t]*>.*$/gmu

/** Longer than a text that a rule reads, whatever stands below it. */
const TOO_LONG = 2_000

/** '' for a reaction. */
export function ownWords(body: string): string {
  if (body.length > TOO_LONG) return body
  const seen = body.replace(/\p{Cf}/gu, '')
  return REACTION.test(seen) ? '' : seen.replaceAll('\r\n', '\n').replace(ADDED_BELOW, '').replace(QUOTED_LINES, '')
}

// Sentences by which somebody says "no more" without the word alone: "please stop texting me". Any reasonable way of
// saying it counts (47 CFR 64.1200(a)(10)), so these are obeyed at once and shown to a person. Short rules in the two
// languages we speak: what they miss is read by a person anyway, what they catch wrongly is seen by one.
import { ownWords } from './own-words.ts'
import { foldText } from './text-words.ts'

interface SentenceRule {
  /** Stands beside the text on the screen. */
  says: string
  pattern: RegExp
}

const PLEASE =
  '(?:(?:HI|HELLO|HEY|OK|OKAY|NO|YES|PLEASE|PLS|PLZ|JUST|CAN YOU|COULD YOU|WOULD YOU|I (?:SAID|WANT YOU TO|NEED YOU TO))\\s)*'
const US =
  '(?:TEXTING|NOTIFYING|BUGGING|TEXTS?|MESSAGING|MESSAGES?|SENDING|CONTACTING|BOTHERING|WRITING|NOTIFICATIONS?)'

export const STOP_SENTENCES: readonly SentenceRule[] = [
  {
    says: 'stop texting me',
    pattern: new RegExp(`^${PLEASE}(?:STOP|QUIT)\\s(?:ALL\\s|THE\\s|THESE\\s|YOUR\\s|WITH THE\\s)*${US}\\b`),
  },
  {
    says: 'stop, said twice or politely',
    pattern: new RegExp(`^${PLEASE}(?:STOP)(?:\\s(?:STOP|IT|THIS|NOW|PLEASE|PLS|PLZ|THANKS|THANK YOU))+$`),
  },
  {
    says: 'please stop',
    pattern: /^(?:(?:OK|OKAY|NO|HI|HELLO|PLEASE|PLS|PLZ|JUST|I SAID|REPLY|TEXT|SEND)\s)+STOP(?:\sTO\sEND)?$/,
  },
  { says: 'stop to end, as our own texts say it', pattern: /^STOP\s(?:TO|2)\s?END$/ },
  {
    says: 'stop, please',
    pattern:
      /^(?:END|CANCEL|UNSUBSCRIBE|ALTO|BASTA|PARA|PAREN|CANCELAR)(?:\s(?:ALL|NOW|PLEASE|PLS|PLZ|POR FAVOR|YA))+$/,
  },
  {
    says: 'unsubscribe',
    pattern: new RegExp(
      `^${PLEASE}(?:I (?:WANT|WOULD LIKE|NEED) TO\\s)?(?:UN ?SUBSCRIBE|OPT ?OUT)(?:\\s(?:FROM ALL|FROM THIS|ME|NOW|PLEASE|PLS|PLZ))*$`,
    ),
  },
  {
    says: 'remove me',
    pattern: new RegExp(
      `^${PLEASE}(?:(?:REMOVE|DELETE)\\s(?:ME|MY (?:NUMBER|PHONE))|LEAVE ME ALONE|LOSE MY NUMBER)(?:\\s(?:NOW|PLEASE|PLS|PLZ|POR FAVOR))*$`,
    ),
  },
  {
    says: 'do not text me',
    pattern: new RegExp(
      `^${PLEASE}(?:DO NOT|DON T|DONT|NEVER|NO MORE|NO LONGER)\\s(?:EVER\\s|SEND\\s|KEEP\\s|ME\\s|ANY\\s|MORE\\s)*(?:TEXT|TEXTS|TEXTING|MESSAGE|MESSAGES|MESSAGING|CONTACT)\\b(?!\\s(?:ME\\s)?(?:BACK|WHEN|UNTIL|TILL|IF|BEFORE|AFTER|DURING|TODAY|TONIGHT|RIGHT NOW|AT))`,
    ),
  },
  {
    says: 'take me off the list',
    // Not off a hold, a class or a hook: a stop would end what they still want to hear.
    pattern:
      /\b(?:TAKE|REMOVE|GET|DELETE)\s(?:ME|MY (?:NUMBER|PHONE|NAME))\s(?:OFF|FROM|OUT OF)\b(?!.*\b(?:HOLDS?|WAIT(?:ING|LIST)?|QUEUE|HOOK|CLASS|CLASSES|CLUB|PROGRAM|EVENT|WORKSHOP|ROOM|COMPUTER)\b)/,
  },
  { says: 'unsubscribe me', pattern: /\b(?:UNSUBSCRIBE|OPT)\s(?:ME\b(?:\sOUT)?|OUT OF)/ },
  {
    says: 'I do not want your texts',
    pattern: /\bI\s(?:DO NOT|DON T|DONT|NO LONGER)\s(?:WANT|WISH)\b.*\b(?:TEXTS?|MESSAGES?)\b/,
  },
  {
    says: 'deja de enviarme mensajes',
    pattern: /\b(?:DEJA|DEJEN|DEJE|PARA|PAREN|PARE)\sDE\s(?:ENVIAR|MANDAR|ESCRIBIR|MOLESTAR|TEXTEAR)/,
  },
  {
    says: 'no me envíen más mensajes',
    pattern:
      /\bNO\s(?:ME\s)?(?:ENVIEN|ENVIE|ENVIES|MANDEN|MANDE|MANDES|ESCRIBAN|ESCRIBA|ESCRIBAS)\b.*\b(?:MAS|MENSAJES?|TEXTOS?)\b/,
  },
  {
    says: 'no quiero más mensajes',
    pattern:
      /\b(?:YA\s)?NO\s(?:QUIERO|DESEO)\s(?:RECIBIR\s)?(?:MAS\s|SUS\s|ESTOS\s|TUS\s|LOS\s)*(?:MENSAJES?|TEXTOS?|AVISOS?)\b/,
  },
  {
    says: 'quítenme de la lista',
    pattern: /\b(?:QUITENME|QUITEME|QUITAME|BORRENME|BORRAME|BORREME|SAQUENME|SACAME)\b/,
  },
]

/** What it was read as, or null. */
export function readStopSentence(body: string): string | null {
  // Longer than anybody writes who only wants it to end: then the stop is a part of a story, and a person reads it.
  const own = ownWords(body)
  if (own.length > 200) return null
  const folded = foldText(own)
  return STOP_SENTENCES.find(({ pattern }) => pattern.test(folded))?.says ?? null
}

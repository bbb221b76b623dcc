// What a text means where a rule can tell: a wrong number, a death, a new number, "who is this". Few and short rules in two
// languages; each says what it read, each is shown with the text, and staff undo what it did. What no rule reads, a person reads.
import { ownWords } from '../consent/own-words.ts'
import { foldText } from '../consent/text-words.ts'

export type Meaning = 'not theirs' | 'who' | 'died' | 'new number'

interface MeaningRule {
  meaning: Meaning
  pattern: RegExp
}

/** In this order: "wrong number, who is this" is a wrong number. Folded: capitals, no accents, no punctuation. */
export const MEANINGS: readonly MeaningRule[] = [
  { meaning: 'not theirs', pattern: /\bWRONG (?:NUMBER|PERSON|PHONE)\b/ },
  { meaning: 'not theirs', pattern: /\bNOT (?:THE|MY|HER|HIS|THIS|ANYMORE) ?(?:RIGHT |CORRECT )?(?:NUMBER|PERSON)\b/ },
  { meaning: 'not theirs', pattern: /\b(?:YOU HAVE|YOU VE GOT|U HAVE|YOU GOT) THE WRONG\b/ },
  {
    meaning: 'not theirs',
    pattern:
      /^(?:SORRY )?(?:I AM|I M|IM|THIS IS) NOT (?!SURE|GOING|ABLE|FEELING|COMING|HAPPY|IN\b|A\b|THE\b|WORKING|RIGHT|WHAT)[A-Z]+(?: [A-Z]+)?$/,
  },
  {
    meaning: 'not theirs',
    pattern:
      /^EQUIVOCADO$|\b(?:NUMERO|TELEFONO) EQUIVOCADO\b|\bSE (?:EQUIVOCO|EQUIVOCARON|HA EQUIVOCADO|HAN EQUIVOCADO) DE (?:NUMERO|PERSONA|TELEFONO)\b/,
  },
  { meaning: 'not theirs', pattern: /^(?:NO SOY|ESTE NO ES EL (?:NUMERO|TELEFONO) DE) [A-Z]+(?: [A-Z]+)?$/ },
  {
    meaning: 'died',
    pattern:
      /\b(?:SHE|HE|MOM|DAD|MY (?:MOTHER|FATHER|MOM|DAD|WIFE|HUSBAND|SISTER|BROTHER|SON|DAUGHTER|GRANDMOTHER|GRANDFATHER|PARTNER)|THIS PERSON)(?: HAS| HAVE| IS| JUST| RECENTLY| SADLY)* (?:DIED|PASSED(?: AWAY)?|DECEASED)\b(?! THE| MY| HER| HIS| OUT)/,
  },
  {
    meaning: 'died',
    pattern:
      /\b(?:HA FALLECIDO|FALLECIO|HA MUERTO|YA MURIO|SE MURIO|ESTA (?:FALLECID|MUERT)[AO])\b|^(?:MURIO|ELLA MURIO|EL MURIO|MI (?:MADRE|PADRE|MAMA|PAPA|ESPOSA|ESPOSO|HERMANA|HERMANO|HIJO|HIJA|ABUELA|ABUELO) MURIO)\b/,
  },
  { meaning: 'new number', pattern: /\b(?:MY )?NEW (?:PHONE |CELL )?NUMBER(?: IS)? [\d ]{7,}/ },
  { meaning: 'new number', pattern: /\bMY NUMBER (?:IS NOW|CHANGED TO|HAS CHANGED TO) [\d ]{7,}/ },
  {
    meaning: 'new number',
    pattern: /\b(?:MI )?(?:NUEVO (?:NUMERO|TELEFONO)|(?:NUMERO|TELEFONO) NUEVO)(?: ES)?(?: EL)? [\d ]{7,}/,
  },
  {
    meaning: 'who',
    pattern:
      /^(?:SORRY |HI |HELLO |HEY |OK )*(?:WHO (?:IS|S) THIS|WHO ARE (?:YOU|U)|WHOS THIS|WHO DIS|WHO THIS|WHO IS IT)(?: PLEASE| TEXTING(?: ME)?)?$/,
  },
  {
    meaning: 'who',
    pattern:
      /^(?:PERDON |HOLA |DISCULPA )*(?:QUIEN (?:ES|ERES|HABLA|SOS|ESCRIBE)|QUIENES SON)(?: USTED| ESTE| USTEDES| POR FAVOR)?$/,
  },
]

/** Null: a person has to read it. */
export const readMeaning = (body: string): Meaning | null => hearMeaning(body)?.meaning ?? null

/** With the words in which the rule heard it, folded: what staff are shown, so that they can say "not so". */
export function hearMeaning(body: string): { meaning: Meaning; heard: string } | null {
  // A long text tells a story; a rule would hear one sentence of it.
  const own = ownWords(body)
  if (own.length > 240) return null
  const folded = foldText(own)
  for (const { meaning, pattern } of MEANINGS) {
    const heard = pattern.exec(folded)?.[0]
    if (heard !== undefined) return { meaning, heard }
  }
  return null
}

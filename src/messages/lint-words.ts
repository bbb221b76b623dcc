// The words that a letter must not hold, as rows: the rule, why it exists, and a column of patterns for each language.
// Adding a language is adding a column; the row's sentence is what the writer of a letter is shown.
import type { Language } from '../words/languages.ts'

interface WordRow extends Record<Language, readonly string[]> {
  rule: string
  level: 'warning' | 'error'
  says: string
}

// Written in small letters without accents: a text is folded the same way before it is searched. A space in a row
// matches any space or line break. Each row stands between word borders, so "pine" holds no "pin".
export const wordRules = [
  {
    rule: 'card-use',
    level: 'error',
    says: 'This tells or hints what somebody has or has not done. It may be wrong (many read here without borrowing), and it shows that we looked. Say what is on offer instead.',
    en: [
      "(?:have|has|had|did)(?:n't| not)(?: yet| ever)? (?:(?:been|stopped|dropped|come|logged|checked|signed) (?:by|in|out|here|back|to)|borrow(?:ed)?|use[d]?|visit(?:ed)?|see[n]? you|heard from you|renew(?:ed)?)",
      '(?:never|not|no longer|rarely|seldom) (?:borrow(?:ed|ing)?|us(?:ed|ing|e)|visit(?:ed|ing)?|been (?:in|here|to)|checked out)',
      "since (?:your last|you last|we last|you(?:'ve| have)? (?:borrowed|visited|used|came|were|stopped))",
      '(?:your|you|we) (?:most recent|last|latest|previous) (?:visit|loan|checkout|book|borrowed|used|came|saw|time)',
      "last time (?:you|we)|(?:it's|it has|has it) been (?:a while|too long|so long|ages|months|weeks|years|\\S+ (?:months|weeks|years))",
      '(?:long time no see|(?:in|for) (?:a long time|ages)|been a while|been away|where have you been|while you were (?:away|gone)|quiet lately)',
      "(?:we|i)(?:'ve| have)? (?:noticed|noticing|saw that you|see that you|spotted that)",
      '(?:our|your) records|records show|according to our',
      'inactiv(?:e|ity)|dormant (?:card|account)|lapsed|idle card|unused|reactivat(?:e|es|ed|ing|ion)|re-activate',
      "(?:we|i)(?: have| all)?(?:'ve)? ?(?:really )?(?:miss|missed|been missing) (?:you|having you|seeing you|your)",
      'come(?:s)? back|coming back|welcome(?:d)? back|(?:back|return) to (?:the|your|our) library|see you (?:again|back)|(?:visit|join) us again|use (?:it|your card|the library) again',
      'your (?:borrowing|reading|checkout|check-out|loan|circulation|library) (?:history|habits?|record|past)',
      "you(?:'ve| have)? (?:recently |often |once |already )?(?:borrowed|checked out|returned|read last)",
      'dust(?:ing)? off|rediscover|reconnect with|get reacquainted|still (?:have|got) (?:your|a) card|still here for you',
    ],
    es: [
      'no (?:has|ha|han) (?:usado|utilizado|venido|vuelto|visitado|sacado|pedido|tomado|prestado|pasado|leido|renovado|estado)',
      '(?:no|nunca) (?:usas|usa|utilizas|utiliza|visitas|vienes|viene|sacas|pides prestad[oa]s?)',
      'no (?:te|le|lo|la|os) (?:hemos visto|vemos|habiamos visto|vimos)|sin (?:verte|verle|verlo|verla|usar|usarla|venir|visitarnos|visitar|saber de (?:ti|usted))',
      'desde (?:tu|su) ultim[oa]|desde que (?:viniste|vino|usaste|uso|sacaste|visitaste)|(?:tu|su) ultim[oa] (?:visita|prestamo|vez|libro)|la ultima vez',
      'hace (?:mucho|tiempo|meses|semanas|anos|rato|un tiempo|\\S+ (?:meses|semanas|anos))|cuanto tiempo sin|(?:tanto|mucho) tiempo sin',
      '(?:hemos )?not(?:ado|amos) que|(?:hemos visto|vimos|vemos) que|segun nuestros|nuestros registros|(?:tu|su) historial',
      'inactiv[oa]s?|inactividad|reactiv(?:a|ar|e|ala|arla|acion)|en desuso|sin uso',
      '(?:te|le|lo|la|os) (?:extranamos|extranabamos|echamos de menos|hemos extranado|hemos echado de menos)|nos haces falta',
      '(?:vuelve|vuelva|volver|regresa|regrese|regresar) (?:a|al|pronto|hoy)|bienvenid[oa]s? de (?:nuevo|vuelta|regreso)|(?:verte|verle|verlo|verla|visitanos|visitenos|ven|venga|usa(?:r|la|rla)?|te esperamos|le esperamos) (?:de nuevo|otra vez|de vuelta|de regreso)',
      '(?:tus|sus) (?:prestamos|lecturas)|(?:has|ha) (?:sacado|leido|pedido prestado|devuelto)|redescub(?:re|ra|rir)|desempolva(?:r)?|sigues teniendo|aun tienes',
    ],
  },
  {
    rule: 'guilt',
    level: 'warning',
    says: 'This may make a reader feel at fault. A note that offers something needs no reproach: leave it out.',
    en: [
      "(?:don't|do not|didn't|did you|have you|you(?:'ve| have)?|never) (?:forget|forgot|forgotten|neglect|neglected)",
      'you (?:really )?(?:should|ought to|must)|shame(?:ful)?|asham(?:ed|e)|guilt(?:y)?|disappoint(?:s|ed|ing)?|let (?:us|them|me) down',
      '(?:gathering|collecting) dust|lonely|abandon(?:s|ed|ing)?|neglect(?:ed)?|(?:go|going|goes) to waste|wasted?|sad (?:to|that|without)|feel bad|no excuses?|what (?:have you been|are you) missing',
      '(?:is|are) waiting for you|after all we|least you (?:can|could)|your (?:duty|taxes paid)|long overdue',
    ],
    es: [
      'no (?:te |se |lo |la )?olvid(?:es|e)|(?:te |se )?(?:has|ha) olvidado|(?:te )?olvidaste|se olvido|olvidad[oa]',
      'deberias?|(?<!no )(?:tienes|tiene) que|(?<!no )debes|verguenza|culp(?:a|as|able|ables)|decepcion(?:a|ado|ada|ar|an)?|defraud\\w*',
      '(?:cogiendo|acumulando|llen[oa] de|llenandose de|criando) polvo|abandon(?:o|ar|aste|ado|ada)|desperdici(?:a|as|ar|ado|o|es)|sol[oa] y olvidad[oa]|sin excusas?|(?:te|le) (?:espera|esta esperando)',
    ],
  },
  {
    rule: 'urgency',
    level: 'warning',
    says: 'This hurries the reader. Nothing in a friendly note is urgent: name the date of an event if there is one, and let people keep the note for later.',
    en: [
      "hurry|urgent(?:ly)?|act (?:now|fast|today|soon)|last (?:chance|call|days?)|final (?:notice|reminder|days?|chance|call)|don't (?:miss|wait|delay)|do not (?:miss|wait|delay)|miss(?:ing)? out",
      "limited (?:time|offer|spots|seats)|time is (?:short|running out)|running out|today only|only today|only \\d+ (?:days?|hours?|left|spots?|seats?)|while (?:supplies|they|it) lasts?|before it's (?:too late|gone)|before it is too late|too late",
      'expir(?:e|es|ed|ing|ation)|deadline|right (?:now|away)|immediate(?:ly)?|asap|as soon as possible|now or never|ends? (?:soon|today|tonight|tomorrow)|without delay|act before',
    ],
    es: [
      'apurate|apurese|apresurate|apresurese|dat[e] prisa|dese prisa|urgent(?:e|es|emente)|urge|ultim[oa]s? (?:oportunidad|dias?|aviso|llamada|plazas?|lugares)|no (?:te|se) (?:lo |la |los |las )?(?:pierdas|pierda)|no (?:esperes|espere|tardes)',
      'tiempo limitado|sol[oa] (?:por )?hoy|hasta agotar|antes de que (?:sea|se acabe|termine)|demasiado tarde|quedan (?:solo|pocos|pocas)|se (?:acaba|agota|termina)n?',
      'venc(?:e|en|imiento)|caduc(?:a|an|ar|idad)|expir(?:a|an|ar|o)|plazo|ahora mismo|de inmediato|inmediat(?:o|a|amente)|cuanto antes|lo antes posible|ahora o nunca|(?:termina|acaba) (?:hoy|manana|pronto)|sin demora|actua (?:ya|ahora|hoy)',
    ],
  },
  {
    rule: 'votes',
    level: 'error',
    says: 'Public money and patron addresses must not be used to ask for votes, and the words alone can bring a complaint. If it is only a poll about books, say "choose" or "pick".',
    en: [
      'vot(?:e|es|ed|er|ers|ing)|ballots?|lev(?:y|ies)|(?<!james )bonds?(?! (?:with|over|together))|elections?|electoral|referend(?:um|a|ums)|millages?|tax (?:increase|renewal|measure|issue)|candidates?|polling (?:place|places|station)|at the polls|prop(?:osition)? \\d+|issue \\d+|(?-i:Measure [A-Z\\d]{1,2})|(?:vote )?(?:yes|no) on (?:issue|measure|prop)',
    ],
    es: [
      'vot(?:o|os|a|as|e|en|es|ar|aste|ante|antes|acion|aciones|emos|ando)|boletas?|papeletas?|elecciones|eleccion (?:municipal|local|general|especial|estatal)|electoral(?:es)?|referend(?:o|um|os)|urnas?|bonos? (?:escolar(?:es)?|municipal(?:es)?|public[oa]s?|de la biblioteca)|emision de bonos|subi(?:r|da de) (?:los )?impuestos|candidat[oa]s?|comicios|(?:propuesta|medida) \\d+',
    ],
  },
  {
    rule: 'pin-asked',
    level: 'error',
    says: 'A library never asks for a PIN or password by mail, nor talks of one: it teaches readers to trust a mail that does.',
    en: [
      '(?-i:PINs?)|(?:your|their|library|card|four-digit|4-digit|account|enter the|enter a) pins?(?: (?:number|code)s?)?|pin (?:number|code)s?|pass ?words?|pass ?codes?|security (?:code|question)s?|social security|(?:your|full) card number|log ?in details|credentials',
    ],
    es: [
      '(?-i:PINs?|NIP)|(?:tu|su|el|un|numero de) (?:pin|nip)|contrasenas?|(?<!palabras? )(?:tu|su|la|una) claves?(?! de(?:l)? (?:exito|una?|la|los?|todo|libro|buen))|claves? (?:de acceso|secreta|personal)|codigo de (?:acceso|seguridad)|numero de (?:tarjeta|seguro social)',
    ],
  },
  {
    rule: 'false-reply',
    level: 'error',
    says: 'A first letter that looks like an answer or a forward is a trick. Begin the subject with what the note is about.',
    en: ['^(?:re|fwd?|aw)(?= ?:)'],
    es: ['^(?:re|rv|fwd?|rif)(?= ?:)'],
  },
] as const satisfies readonly WordRow[]

export type WordRule = (typeof wordRules)[number]['rule']

export const shorteners =
  'bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rb.gy cutt.ly tiny.cc tiny.one shorturl.at rebrand.ly t.ly bl.ink fb.me trib.al dlvr.it lnkd.in j.mp s.id adf.ly lnk.to qrco.de amzn.to soo.gd short.io'

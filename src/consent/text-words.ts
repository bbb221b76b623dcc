// The words by which somebody answers a text: to stop, to get help, to begin again. Compared in capitals, without accents
// and punctuation, and only when they are the whole message: "when does the bus stop" is a question. They hold in every
// language at once, whatever language a library writes in (CTIA; 47 CFR 64.1200(a)(10); CASL). Texts are not sent yet.
export const TEXT_WORDS = {
  stop: [
    ...[
      'STOP',
      'STOPALL',
      'STOP ALL',
      'UNSUBSCRIBE',
      'CANCEL',
      'END',
      'QUIT',
      'REVOKE',
      'OPTOUT',
      'OPT OUT',
      'OPT-OUT',
    ],
    ...['REMOVE', 'UNSUB', 'ALTO', 'PARAR', 'BAJA', 'CANCELAR', 'ARRET', 'ARRETE'],
  ],
  help: ['HELP', 'INFO', 'AYUDA', 'AIDE'],
  // Not YES: people answer questions with it.
  start: ['START', 'UNSTOP'],
} as const

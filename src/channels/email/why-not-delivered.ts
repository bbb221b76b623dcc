// Why a text did not arrive, in the words of the mail that tells the library, with the code that mail programs read. As
// data, so that whoever knows the provider's code names one of these and nothing else.

interface Undelivered {
  /** RFC 3463. */
  status: string
  says: string
  /** What to do about it. */
  advice: string
}

const take = 'Please correct the number in the patron’s record; until then reach them another way.'

export const undelivered = {
  landline: { status: '5.1.1', says: 'This number is a landline: it cannot receive texts.', advice: take },
  'not-in-use': { status: '5.1.1', says: 'This number is not in use.', advice: take },
  'not-a-number': {
    status: '5.1.3',
    says: 'The address does not begin with a telephone number of ten digits.',
    advice: 'Please correct the number in the patron’s record.',
  },
  abroad: {
    status: '5.7.1',
    says: 'This is a number abroad, or one that costs extra. The library’s texts go to numbers at home.',
    advice: take,
  },
  stopped: {
    status: '5.7.1',
    says: 'The person at this number has asked for no more texts.',
    advice: 'Please change how this patron is notified in your library system.',
  },
  'came-back-before': {
    status: '5.1.1',
    says: 'An earlier text to this number came back, so this one was not sent.',
    advice: take,
  },
  'not-to-be-texted': {
    status: '5.7.1',
    says: 'The library sends no texts to this number at present.',
    advice: 'Please reach this patron another way.',
  },
  'line-ended': {
    status: '5.3.2',
    says: 'The number that the library’s texts left from has ended, so this one was not sent.',
    advice: 'Please ask whoever runs your text gateway which number takes its place.',
  },
  unreachable: {
    status: '4.4.1',
    says: 'The phone was switched off or out of reach until the text was too old.',
    advice: 'If this goes on, ask the patron whether the number is still theirs.',
  },
  'carrier-refused': {
    status: '5.7.1',
    says: 'The carrier refused the text.',
    advice:
      'If it refuses more than one, ask whoever runs your text gateway to look at the registration with the carriers.',
  },
  'nothing-to-say': {
    status: '5.6.0',
    says: 'There was no text in the mail.',
    advice: 'Please look at the template of this notice: it may be empty, or all of it may stand before the delimiter.',
  },
  unclear: {
    status: '5.0.0',
    says: 'The text did not arrive, and the carrier does not say why.',
    advice: 'Try again later, or reach the patron another way.',
  },
} as const satisfies Record<string, Undelivered>

export type WhyNotDelivered = keyof typeof undelivered

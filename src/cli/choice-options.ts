// The options by which commands name a purpose and a channel.
import { CHANNELS, PURPOSES, type Purpose, purposeNames } from '../consent/purposes.ts'

type ConsentPurpose = Exclude<Purpose, 'notice' | 'card'>

const consentPurposes = purposeNames.filter((name): name is ConsentPurpose => PURPOSES[name].basis === 'consent')

/** Of a choice: anything that somebody may agree to or refuse. */
export const chosenFor = {
  purpose: {
    kind: 'text',
    value: 'NAME',
    says: 'what for; a no can be to all',
    choices: [...consentPurposes, 'all'],
    required: true,
  },
  channel: {
    kind: 'text',
    value: 'NAME',
    says: 'how; a no can be to all',
    choices: [...CHANNELS, 'all'],
    required: true,
  },
} as const

/** Of a yes, which names its purpose and its channel. */
export const agreedFor = {
  purpose: { kind: 'text', value: 'NAME', says: 'what for', choices: consentPurposes, required: true },
  channel: { kind: 'text', value: 'NAME', says: 'how', choices: CHANNELS, required: true },
} as const

/** Of a question to the gate. */
export const askedFor = {
  purpose: { kind: 'text', value: 'NAME', says: 'what for', choices: consentPurposes, default: 'reengagement' },
  channel: { kind: 'text', value: 'NAME', says: 'how: email or sms', choices: ['email', 'sms'], default: 'email' },
} as const

const channelWords = { email: 'by email', sms: 'by text', post: 'by post', all: 'in any way' } as const

export const sayPurpose = (purpose: Purpose | 'all'): string =>
  purpose === 'all' ? 'everything we ask consent for' : PURPOSES[purpose].says
export const sayChannel = (channel: keyof typeof channelWords): string => channelWords[channel]

// The options that go with an answer taken down by staff: the words, who stands for it, when, where, on what.
import type { Capture } from '../consent/capture.ts'
import { type DecidedAt, readDecidedAt } from '../consent/decided-at.ts'
import { Problem } from '../lib/errors.ts'

export const capturedBy = {
  wording: { kind: 'text', value: 'TEXT', says: 'the exact words they saw or heard; a yes needs them' },
  by: { kind: 'text', value: 'NAME', says: 'who stands for it', required: true },
  'decided-at': { kind: 'text', value: 'DATE', says: 'when they chose; now, if not given' },
  language: { kind: 'text', value: 'TAG', says: 'the language of the words: en, es' },
  place: { kind: 'text', value: 'TEXT', says: 'where: the branch, the school fair' },
  form: { kind: 'text', value: 'TEXT', says: 'where the paper is, scanned or not: "box 7, sheet 41"' },
} as const

export const toldEvidence = (options: { language?: string; place?: string; form?: string }): Capture['told'] => ({
  language: options.language,
  place: options.place,
  form: options.form,
})

/** Throws Problem 'bad-input'. */
export function whenDecided(
  text: string | undefined,
  about: { decision: 'grant' | 'deny'; timezone: string; now: Date },
): DecidedAt {
  const decided = text === undefined ? { at: about.now, day: null } : readDecidedAt(text, about)
  if (decided === 'future') throw new Problem('bad-input', `--decided-at is "${text}", which lies in the future.`)
  if (decided === 'unreadable')
    throw new Problem('bad-input', `--decided-at is "${text}"; write it like 2025-05-03 or 2025-05-03T16:00.`)
  return decided
}

// A patron file that is turned away as a whole: nothing of it has been taken in, and the sentence says what to do next.
import { Problem } from '../lib/errors.ts'

export type RefusalReason =
  | 'no-rows'
  | 'missing-columns'
  | 'circulation-columns'
  | 'wrong-encoding'
  | 'cut-short'
  | 'unreadable'
  | 'no-header'

/** `message` never holds a person's data: headers and line numbers only. */
export class FileRefused extends Problem {
  readonly reason: RefusalReason
  constructor(reason: RefusalReason, detail: string, options?: { cause?: unknown }) {
    super('bad-input', detail, options)
    this.name = 'FileRefused'
    this.reason = reason
  }
}

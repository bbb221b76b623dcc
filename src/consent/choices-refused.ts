// A file of choices that is turned away as a whole: nothing of it was recorded, and the sentence says what to do next.
import { Problem } from '../lib/errors.ts'

export class ChoicesRefused extends Problem {
  constructor(message: string, options?: { cause?: unknown }) {
    super('bad-input', message, options)
    this.name = 'ChoicesRefused'
  }
}

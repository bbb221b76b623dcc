// A text file that was named on the command line; what is wrong with it is said in a sentence.
import { readFileSync } from 'node:fs'
import { Problem, sayError } from '../lib/errors.ts'

/** Throws Problem 'bad-input'. */
export function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Problem('bad-input', `${file} cannot be read (${sayError(cause)}).`, { cause })
  }
}

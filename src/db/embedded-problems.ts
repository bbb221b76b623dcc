// What a person is told when the built-in database does not work: what happened, what it means, what to do, and
// PostgreSQL's own last words. It is the one place where its messages and the system's error codes are read.
import { Problem, sayError } from '../lib/errors.ts'

const explanations: readonly [RegExp, (place: string) => string][] = [
  [
    /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i,
    (place) =>
      `The disk that holds ${place} is full, so the database cannot work. What was saved before is safe. ` +
      'Free some space (500 MB is a good start), then start again.',
  ],
  [
    /EROFS|Read-only file system/i,
    (place) =>
      `The disk that holds ${place} can be read but not written to, so the database cannot work. ` +
      'Make it writable, or name another folder with --data.',
  ],
  [
    /EACCES|EPERM|ENOTDIR|Permission denied|Operation not permitted|wrong ownership/i,
    (place) =>
      `This account may not use everything in ${place}, so the database cannot work. Start Gentle Reader from the ` +
      'account that owns the folder, or give the folder to this account (chown -R), or name another one with --data.',
  ],
  [
    /ENOMEM|Cannot allocate memory|could not map anonymous shared memory|could not create shared memory/i,
    () =>
      'This machine has too little free memory for the database, which needs about 400 MB. ' +
      'Stop something else, or use a larger machine, then start again.',
  ],
  [
    /error while loading shared libraries|Library not loaded|ENOENT|cannot execute/i,
    () =>
      'The built-in database cannot run on this system: a part of it is missing. Run "npm ci" once more, ' +
      'or give the address of your own PostgreSQL in DATABASE_URL.',
  ],
]

/** The Problem for a refusal: `said` is what PostgreSQL wrote, `place` the folder that it happened in. */
export function explainRefusal(place: string, said: string): Problem {
  const lines = said
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-12)
  const words = lines.length === 0 ? '' : `\nPostgreSQL’s last words:\n  ${lines.join('\n  ')}`
  return new Problem('unavailable', sentenceFor(place, lines.join('\n')) + words)
}

/** Problems pass; an error of the file system becomes one. */
export function asProblem(place: string, error: unknown): Problem {
  if (error instanceof Problem) return error
  const said = sayError(error)
  return new Problem('unavailable', `${sentenceFor(place, said)}\nThe system says: ${said}`, { cause: error })
}

function sentenceFor(place: string, said: string): string {
  const known = explanations.find(([pattern]) => pattern.test(said))
  if (known) return known[1](place)
  return (
    `The database in ${place} did not start, so nothing can be read or written; what was saved before is untouched. ` +
    'The lines below say why; a search for them, or the project’s issue list, will help.'
  )
}

// The one error that a request may end in. Expected outcomes (a mail refused, an import held for approval) are values;
// a Problem is a request that cannot be served, with a code that http/ turns into a status and cli/ into an exit code.

export type ProblemCode =
  | 'bad-input'
  | 'no-key' // a program that did not show a key of this library, or one that ended
  | 'not-found'
  | 'conflict'
  | 'not-allowed'
  | 'not-ready' // something must be set up first (no mail server, paused after a restore)
  | 'too-many'
  | 'unavailable' // the database, the disk or a provider is out of reach; trying again later may help

/** `message` is read by a person: what happened, what it means, what to do. */
export class Problem extends Error {
  readonly code: ProblemCode
  constructor(code: ProblemCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'Problem'
    this.code = code
  }
}

/** The sentence for a person in whatever was thrown. */
export const sayError = (error: unknown): string => (error instanceof Error ? error.message : String(error))

// Where a command speaks to while it works: lines and a progress bar on standard error, for a person who is watching
// and nobody else, so that a pipe and --json stay clean.
import type { Progress } from './progress.ts'

export interface Terminal {
  say(line: string): void
  progress: Progress
  /** Fires at Ctrl-C, or when the system asks us to end. */
  stopping: AbortSignal
}

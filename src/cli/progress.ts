// The progress bar of long work. Drawn on standard error at a terminal, at most ten times a second, and wiped away at
// the end: what the work came to is said by the result.
import { monotonicMs } from '../lib/clock.ts'

export interface Progress {
  show(label: string, done: number, total: number): void
  /** Wipes the bar away. */
  clear(): void
}

export const noProgress: Progress = { show: () => {}, clear: () => {} }

interface Screen {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

const EVERY_MS = 100
const BAR = 30

export function openProgress(screen: Screen, now: () => number = monotonicMs): Progress {
  if (!screen.isTTY) return noProgress
  let drawnAt = Number.NEGATIVE_INFINITY
  let label = ''
  let drawn = false
  return {
    show(nextLabel, done, total) {
      const at = now()
      if (nextLabel === label && done < total && at - drawnAt < EVERY_MS) return
      drawnAt = at
      label = nextLabel
      drawn = true
      screen.write(`\r\u001b[K${drawBar(label, done, total, screen.columns || 80)}`)
    },
    clear() {
      if (drawn) screen.write('\r\u001b[K')
      drawn = false
    },
  }
}

function drawBar(label: string, done: number, total: number, width: number): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0
  const full = Math.round(share * BAR)
  const bar = `${'#'.repeat(full)}${'.'.repeat(BAR - full)}`
  return `${label} [${bar}] ${String(Math.floor(share * 100)).padStart(3)}%`.slice(0, Math.max(10, width - 1))
}

// What a benchmark says: each figure beside its yardstick from the same run, the ratio of the two, and whether the bar
// was met. A figure without a yardstick is held against its bar alone.

export interface Figure {
  work: string
  figure: string
  yardstick: string
  ratio: number | null
  bar: string
  met: boolean
  /** Whatever else was seen, for the JSON and below the table. */
  more: Record<string, unknown>
}

const HEADS = ['work', 'figure', 'yardstick', 'ratio', 'bar', 'met'] as const

export function printTable(figures: readonly Figure[]): string {
  const rows = [
    [...HEADS],
    ...figures.map((f) => [
      f.work,
      f.figure,
      f.yardstick,
      f.ratio === null ? '–' : `${f.ratio.toFixed(2)} ×`,
      f.bar,
      f.met ? 'yes' : 'NO',
    ]),
  ]
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')
  return [line(rows[0]!), widths.map((w) => '─'.repeat(w)).join('  '), ...rows.slice(1).map(line)]
    .map((text) => text.trimEnd())
    .join('\n')
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
export const millis = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
export const perSecond = (rate: number): string => `${Math.round(rate).toLocaleString('en-US')}/s`
export const round = (n: number, digits = 2): number => Number(n.toFixed(digits))

/** The value below which `share` of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

// The day in a notice. Koha writes "01/12/2026" with the day first and others write it with the month first; a wrong day in
// a text is worse than none. So both readings are tried, and a day is said only when one alone lies in the days ahead.
const AHEAD_DAYS = 31

/** An ISO date, or null. `today` is the library's own. */
export function dueDateOf(written: string, today: string): string | null {
  const readings = readingsOf(written.trim())
  const last = new Date(Date.parse(today) + AHEAD_DAYS * 86_400_000).toISOString().slice(0, 10)
  const ahead = new Set(readings.filter((date) => date >= today && date <= last))
  return ahead.size === 1 ? [...ahead][0]! : null
}

function readingsOf(written: string): string[] {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[ T]|$)/.exec(written)
  if (iso) return dates([[iso[1]!, iso[2]!, iso[3]!]])
  const parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: |$)/.exec(written)
  if (!parts) return []
  const [, one, two, year] = parts as unknown as [string, string, string, string]
  return dates([
    [year, two, one],
    [year, one, two],
  ])
}

const dates = (all: [string, string, string][]): string[] =>
  all.flatMap(([year, month, day]) => {
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    const at = new Date(`${date}T00:00:00Z`)
    return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) ? [date] : []
  })

// The name that was probably meant, for a command, an option or a key that does not exist.

/** Null when nothing is near: a wrong guess is worse than none. */
export function nearest(typed: string, names: readonly string[]): string | null {
  const far = Math.max(2, Math.floor(typed.length / 3)) + 1
  let best: string | null = null
  let least = far
  for (const name of names) {
    const away = typed !== '' && name.startsWith(typed) ? Math.min(1, distance(typed, name)) : distance(typed, name)
    if (away < least) {
      least = away
      best = name
    }
  }
  return best
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

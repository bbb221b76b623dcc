// Text on a terminal: columns, wrapped paragraphs, numbers and dates as a person writes them.

/** Two columns; the second is wrapped and stays in its place. */
export function columns(rows: readonly (readonly [string, string])[], width = 100): string[] {
  const first = Math.max(0, ...rows.map(([left]) => left.length)) + 2
  return rows.flatMap(([left, right]) =>
    wrap(right, Math.max(30, width - first)).map((line, i) =>
      `${(i === 0 ? left : '').padEnd(first)}${line}`.trimEnd(),
    ),
  )
}

/** A no-break space does not break, and is printed as a plain one. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((l) => l.replaceAll('\u00a0', ' '))
}

/**
 * What files and mail servers say is printed as it stands, but may not steer the terminal: escape sequences and marks
 * that turn the direction of writing could hide what follows. A tab and a line end stay.
 */
export const visible = (text: string): string => text.replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')

export const count = (n: number): string => n.toLocaleString('en-US')

/** `people(1)`: "1 person"; `counted(3, 'line')`: "3 lines". */
export const counted = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`

/** A number as people read it, right-aligned beside its words. */
export function numberColumn(rows: readonly (readonly [number, string])[], indent = '  '): string[] {
  const width = Math.max(...rows.map(([n]) => count(n).length), 0)
  return columns(rows.map(([n, text]) => [`${indent}${count(n).padStart(width)}`, text] as const))
}

/** "May 3, 2025, 12:00 PM" at the library. */
export const sayInstant = (at: Date, timezone: string): string =>
  // Newer Unicode data puts a narrow no-break space before AM and PM, which some terminals show as a box.
  new Intl.DateTimeFormat('en-US', { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' })
    .format(at)
    .replaceAll('\u202f', ' ')

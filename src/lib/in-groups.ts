// Group commit: what comes while one group is being written waits for it and is written together as the next. Each caller
// waits until its own group is written, so nobody is told "stored" too early, and a burst costs as many commits as fit
// into its time and not one each.

/** `write` is never called twice at the same time. When it fails, everybody in that group hears so, and nobody else. */
export function inGroups<T>(write: (group: T[]) => Promise<void>, most: number): (one: T) => Promise<void> {
  let waiting: { one: T; stored: () => void; failed: (why: unknown) => void }[] = []
  let writing = false

  const writeOn = async () => {
    writing = true
    while (waiting.length > 0) {
      const group = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        await write(group.map(({ one }) => one))
        for (const { stored } of group) stored()
      } catch (error) {
        for (const { failed } of group) failed(error)
      }
    }
    writing = false
  }

  return (one) =>
    new Promise<void>((stored, failed) => {
      waiting.push({ one, stored, failed })
      if (!writing) void writeOn()
    })
}

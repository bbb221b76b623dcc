// A loop that looks for work again and again until it is stopped: it waits between two looks, may be woken early, and ends
// only when the look under way has come to its end.
export interface Loop {
  /** True from the moment somebody wants it to end. */
  stopping(): boolean
  /** Looks again at once. */
  wake(): void
  stop(): Promise<void>
}

/** `look` says for how many milliseconds to wait; it must not throw. */
export function startLoop(look: () => Promise<number>): Loop {
  let stopping = false
  let wake = () => {}
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const run = async () => {
    while (!stopping) {
      const ms = await look()
      if (!stopping) await wait(ms)
    }
  }
  // A breath later, so that whoever starts it holds it before the first look.
  const running = Promise.resolve().then(run)
  return {
    stopping: () => stopping,
    wake: () => wake(),
    async stop() {
      stopping = true
      wake()
      await running
    },
  }
}

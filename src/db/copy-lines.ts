// Lines of COPY's text format, gathered as the bytes that leave: a string for each batch, made into bytes by a stream, took 3 µs
// a line more.

/** Of a batch that leaves at once. */
export const ROOM = 1 << 18

export interface CopyLines {
  /** With its line end. */
  add(line: string): void
  /** Bytes that were added since. */
  size(): number
  /** What was added since, in memory of its own. */
  take(): Uint8Array<ArrayBuffer>
  /** Memory that was taken and is not needed any more. */
  giveBack(memory: ArrayBuffer): void
}

export function copyLines(): CopyLines {
  const spare: Buffer<ArrayBuffer>[] = []
  let bytes = Buffer.allocUnsafeSlow(ROOM)
  let used = 0
  return {
    add(line) {
      const room = line.length * 3
      if (used + room > bytes.length) {
        const longer = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, used + room))
        bytes.copy(longer, 0, 0, used)
        bytes = longer
      }
      used += bytes.write(line, used)
    },
    size: () => used,
    take() {
      const taken = new Uint8Array(bytes.buffer, 0, used)
      bytes = spare.pop() ?? Buffer.allocUnsafeSlow(ROOM)
      used = 0
      return taken
    },
    giveBack: (memory) => void spare.push(Buffer.from(memory)),
  }
}

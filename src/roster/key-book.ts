// Numbers different keys 0, 1, 2 …, in 16 to 24 bytes of memory each: a Map of a million strings would take a hundred.

/** 64 bits. */
export interface Key {
  high: number
  low: number
}

const NONE = -1

/** What is in `array`, in a longer one. */
export const larger = <T extends Int32Array | BigInt64Array>(array: T, room: T): T => {
  room.set(array as never)
  return room
}

export interface KeyBook {
  size(): number
  /** The number of this key: size() when it is new. */
  number(key: Key): number
}

/** Open addressing, at most half full; a key is random enough to serve as its own hash. */
export function keyBook(): KeyBook {
  let slots = new Int32Array(1 << 15).fill(NONE)
  let keys = new Int32Array(1 << 15)
  let size = 0
  const slotOf = (high: number, low: number): number => {
    let slot = low & (slots.length - 1)
    for (let at = slots[slot]!; at !== NONE; at = slots[slot]!) {
      if (keys[at * 2] === high && keys[at * 2 + 1] === low) break
      slot = (slot + 1) & (slots.length - 1)
    }
    return slot
  }
  return {
    size: () => size,
    number(key) {
      const [high, low] = [key.high | 0, key.low | 0]
      const known = slots[slotOf(high, low)]!
      if (known !== NONE) return known
      if (size * 2 === slots.length) {
        slots = new Int32Array(slots.length * 2).fill(NONE)
        keys = larger(keys, new Int32Array(keys.length * 2))
        for (let at = 0; at < size; at++) slots[slotOf(keys[at * 2]!, keys[at * 2 + 1]!)] = at
      }
      keys[size * 2] = high
      keys[size * 2 + 1] = low
      slots[slotOf(high, low)] = size
      return size++
    },
  }
}

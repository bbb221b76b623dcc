// Chance that repeats itself: a small seeded generator (sfc32), so that one seed gives the same town, byte for byte, on
// every machine. Not for secrets.

export interface Random {
  /** From 0 up to, never reaching, 1. */
  next(): number
  /** A whole number from 0 to n - 1. */
  below(n: number): number
  /** A whole number from a to b, both included. */
  between(a: number, b: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** The place of one weight, chosen in proportion; see `odds`. */
  choose(odds: Odds): number
  shuffle<T>(list: T[]): T[]
}

/** Weights added up once, so that each draw is a short walk. */
export type Odds = readonly number[]

export function odds(weights: readonly number[]): Odds {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  return weights.map((weight) => {
    sum += weight
    return sum / total
  })
}

export function seededRandom(seed: number): Random {
  // Neighbouring seeds must not give neighbouring towns: splitmix32 spreads the seed over the state.
  let mix = seed | 0
  const spread = () => {
    mix = (mix + 0x9e3779b9) | 0
    let t = mix ^ (mix >>> 16)
    t = Math.imul(t, 0x21f0aaad)
    t ^= t >>> 15
    t = Math.imul(t, 0x735a2d97)
    return (t ^ (t >>> 15)) | 0
  }
  let a = spread()
  let b = spread()
  let c = spread()
  let counter = 1
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i++) next()

  const below = (n: number) => Math.floor(next() * n)
  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)]!,
    choose: (table) => {
      const at = next()
      let place = 0
      while (place < table.length - 1 && at >= table[place]!) place++
      return place
    },
    shuffle: (list) => {
      for (let i = list.length - 1; i > 0; i--) {
        const j = below(i + 1)
        const kept = list[i]!
        list[i] = list[j]!
        list[j] = kept
      }
      return list
    },
  }
}

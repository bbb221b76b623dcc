// The number under which everything but the roster knows a patron: random, so that it says nothing and meets no other.
import { randomBytes } from 'node:crypto'

let pool = Buffer.alloc(0)
let used = 0

/** 62 random bits. Drawn from the system in 64 KB at a time. */
export function randomPatronNo(): bigint {
  if (used + 8 > pool.length) {
    pool = randomBytes(65_536)
    used = 0
  }
  used += 8
  return pool.readBigUInt64BE(used - 8) >> 2n
}

// Who shares an e-mail address or a phone with whom, worked out in memory: some 40 bytes a person, and no address, only
// the first half of its keyed hash. (The same by SQL sorts everybody twice.) By 64 bits of hash, two of 2 million people
// meet by accident in one of 10^7 libraries.
import { type Key, keyBook, larger } from './key-book.ts'

export interface Label {
  /** The smallest patron number of the household. */
  household: bigint
  addressShared: boolean
}

export interface People {
  /** Numbers people 0, 1, 2 … in the order in which they are added. */
  add(patronNo: bigint, email: Key | null, phone: Key | null): void
  size(): number
  numberOf(person: number): bigint
  /** Works out everybody's label; those in `without` have none, as if they had never been added. */
  label(without?: ReadonlySet<bigint>): (person: number) => Label | null
}

/**
 * A phone on more cards than this is a school's, a shelter's or a placeholder, and says nothing about who lives
 * together. An e-mail address is one mailbox however many share it.
 */
const MOST_BEHIND_ONE_PHONE = 8

const NONE = -1

/** A household reaches along e-mail, phone, e-mail: longer chains fall apart into two, each of which is still written to once. */
export function gatherPeople(): People {
  const emails = keyBook()
  const phones = keyBook()
  let numbers = new BigInt64Array(1 << 14)
  let email = new Int32Array(1 << 14)
  let phone = new Int32Array(1 << 14)
  let size = 0
  return {
    add(patronNo, emailKey, phoneKey) {
      if (size === numbers.length) {
        const room = size * 2
        numbers = larger(numbers, new BigInt64Array(room))
        email = larger(email, new Int32Array(room))
        phone = larger(phone, new Int32Array(room))
      }
      numbers[size] = patronNo
      email[size] = emailKey === null ? NONE : emails.number(emailKey)
      phone[size] = phoneKey === null ? NONE : phones.number(phoneKey)
      size++
    },
    size: () => size,
    numberOf: (person) => numbers[person]!,
    label(without) {
      const here = (person: number) => without === undefined || !without.has(numbers[person]!)
      const smaller = (a: number, b: number) => (a === NONE || numbers[b]! < numbers[a]! ? b : a)
      const behindEmail = new Int32Array(emails.size())
      const behindPhone = new Int32Array(phones.size())
      const firstByEmail = new Int32Array(emails.size()).fill(NONE)
      const firstByPhone = new Int32Array(phones.size()).fill(NONE)
      const home = new Int32Array(emails.size()).fill(NONE)
      const byEmail = (person: number) => (email[person] === NONE ? person : firstByEmail[email[person]!]!)
      const byPhone = (person: number) => {
        const at = phone[person]!
        const livedWith = at !== NONE && behindPhone[at]! <= MOST_BEHIND_ONE_PHONE
        return livedWith ? firstByPhone[at]! : byEmail(person)
      }
      for (let person = 0; person < size; person++) {
        const at = email[person]!
        if (at === NONE || !here(person)) continue
        behindEmail[at]!++
        firstByEmail[at] = smaller(firstByEmail[at]!, person)
      }
      for (let person = 0; person < size; person++) {
        const at = phone[person]!
        if (at === NONE || !here(person)) continue
        behindPhone[at]!++
        firstByPhone[at] = smaller(firstByPhone[at]!, byEmail(person))
      }
      for (let person = 0; person < size; person++) {
        const at = email[person]!
        if (at !== NONE && here(person)) home[at] = smaller(home[at]!, byPhone(person))
      }
      return (person) => {
        if (!here(person)) return null
        const at = email[person]!
        return {
          household: numbers[at === NONE ? byPhone(person) : home[at]!]!,
          addressShared: at !== NONE && behindEmail[at]! > 1,
        }
      }
    },
  }
}

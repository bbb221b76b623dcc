// From the name of a provider to the provider: what each needs of a line's settings and secrets. Opened once for a process:
// its doors and its loops speak to the same.
import type { Journal } from '../db/journal.ts'
import type { Logins } from '../db/scope.ts'
import type { Clock } from '../lib/clock.ts'
import { type OpenProvider, openTextCarriers, type TextCarriers } from './text-carriers.ts'

export interface TextHouse {
  config: { publicUrl: string; replyDomain: string | null }
  logins: Logins
  journal: Journal
  clock: Clock
}

const openTextProvider =
  (_house: TextHouse): OpenProvider =>
  () =>
    null

export const textCarriersOf = (house: TextHouse, say: (line: string) => void): TextCarriers =>
  openTextCarriers(house.logins, openTextProvider(house), say)

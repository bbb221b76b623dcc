// From the name of a provider to the provider: what each needs of a line's settings and secrets.
import type { OpenProvider } from './text-carriers.ts'

export const openTextProvider =
  (_house: { publicUrl: string }): OpenProvider =>
  () =>
    null

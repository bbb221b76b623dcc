// A preview as a table for a person: how many, how many may be written to, and every reason why not.
import type { Preview } from '../segments/preview.ts'
import { count, numberColumn } from './lay-out.ts'

export function sayPreview(preview: Preview): string[] {
  const reasons = Object.values(preview.reasons).sort((a, b) => b.people - a.people)
  return [
    ...numberColumn([
      [preview.chosen, 'chosen'],
      [preview.sendable, 'may be written to, one a household'],
      [preview.withheld, preview.withheld === 1 ? 'is left alone' : 'are left alone'],
    ]),
    ...(reasons.length === 0
      ? []
      : [
          '',
          preview.withheld === 1
            ? 'Why one is left alone (a person can have several reasons):'
            : `Why the ${count(preview.withheld)} are left alone (a person can have several reasons):`,
          ...numberColumn(reasons.map((r) => [r.people, r.text] as const)),
        ]),
  ]
}

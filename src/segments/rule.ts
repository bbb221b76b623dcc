// A segment: a saved rule that chooses patrons, as a small typed tree. It can name facts that the wall lets outreach
// count and nothing else, so there is no way to write "borrowed mysteries".
import { z } from 'zod'
import { Problem } from '../lib/errors.ts'

const texts = z.array(z.string().min(1)).min(1)

export type SegmentRule =
  | { lapsed: { minMonths: number; maxMonths: number; neverUsed?: boolean } }
  | { agreed: { minMonths: number; maxMonths: number } }
  | { branch: string[] }
  | { category: string[] }
  | { language: string[] }
  | { topic: string[] }
  | { all: SegmentRule[] }
  | { any: SegmentRule[] }
  | { not: SegmentRule }

const months = z.number().int().min(0).max(1200)

const segmentRule: z.ZodType<SegmentRule> = z.lazy(() =>
  z.union([
    z.strictObject({
      lapsed: z
        .strictObject({ minMonths: months, maxMonths: months, neverUsed: z.boolean().optional() })
        .refine((w) => w.minMonths <= w.maxMonths, 'minMonths must not be above maxMonths'),
    }),
    z.strictObject({
      agreed: z
        .strictObject({ minMonths: months, maxMonths: months })
        .refine((w) => w.minMonths <= w.maxMonths, 'minMonths must not be above maxMonths'),
    }),
    z.strictObject({ branch: texts }),
    z.strictObject({ category: texts }),
    z.strictObject({ language: texts }),
    z.strictObject({ topic: texts }),
    z.strictObject({ all: z.array(segmentRule).min(1) }),
    z.strictObject({ any: z.array(segmentRule).min(1) }),
    z.strictObject({ not: segmentRule }),
  ]),
)

/** Throws Problem 'bad-input' that names the rules there are. */
export function readSegment(value: unknown): SegmentRule {
  const read = segmentRule.safeParse(value)
  if (read.success) return read.data
  throw new Problem(
    'bad-input',
    `The segment cannot be read: it is one of lapsed {minMonths, maxMonths, neverUsed}, agreed {minMonths, maxMonths}, branch, category, language, topic (lists of words), all, any (lists of rules) or not.`,
  )
}

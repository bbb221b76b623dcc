// The bodies of /api/v1/{library}/texts and /api/v1/{library}/conversations and their answers: sending a notice as a text,
// and reading and answering what people texted.
import { z } from 'zod'

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'is empty')
    .max(most, `is longer than ${most} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'has a line break or another control character')

const words = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'is empty')
    .max(most, `is longer than ${most} characters`)
    .refine((text) => !text.includes('\0'), 'has a NUL character')

export const shapeOfNotice = z.strictObject({
  to: line(40),
  text: words(1_600),
  language: line(20).optional(),
  patron_id: line(100).optional(),
  /** Which of the library's numbers it leaves from; needed only where there are several. */
  from: line(40).optional(),
  /** The same name again is the same text: a program that got no answer simply asks again. */
  once: line(100).optional(),
})

export interface NoticeAnswer {
  /** Null when it was asked for before. */
  text: string | null
  parts: number | null
}

const by = line(100)

/** The last text that the person had seen. */
const seen = z
  .string()
  .regex(/^\d{1,18}$/)
  .optional()

export const shapeOfAnswer = z.strictObject({
  text: words(1_600),
  by,
  seen,
  even_if_long: z.boolean().default(false),
  even_if_answered: z.boolean().default(false),
  once: line(100).optional(),
})

export const shapeOfStep = z.strictObject({ by })
/** What came after the last text that the person had seen is not closed unread. */
export const shapeOfClose = z.strictObject({ by, seen })
export const shapeOfOwner = z.strictObject({ by, to: line(100).nullable() })
export const shapeOfNote = z.strictObject({ by, note: words(4_000) })

// The body of POST /api/v1/{library}/choices: one person's answer, with the evidence that makes it one. What the words
// mean, and whether such a choice can be made, is for consent/ to say; here is only the shape.
import { z } from 'zod'

/** One line, as a person types it. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'is empty')
    .max(most, `is longer than ${most} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'has a line break or another control character')

const evidence = {
  patron_id: line(100),
  wording: z
    .string()
    .trim()
    .min(1, 'is empty; it is the exact words the person saw or heard')
    .max(4_000)
    .refine((text) => !text.includes('\0'), 'has a NUL character'),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is no language tag such as en or es'),
  decided_at: line(40),
  attested_by: line(100),
  place: line(200).optional(),
  form: line(200).optional(),
}

/** A yes or a no to one purpose by one channel. */
const answer = z.strictObject({
  ...evidence,
  purpose: z.enum(['reengagement', 'new-titles', 'events', 'fundraising']),
  channel: z.enum(['email', 'sms', 'post']),
  decision: z.enum(['grant', 'deny']),
  method: line(100),
  topics: z.array(line(63)).max(60).optional(),
  guardian: z.strictObject({ name: line(200), relation: line(100) }).optional(),
})

/** "I would rather not give a phone": an answer to the question itself, which is then not asked again. */
const ratherNoPhone = z.strictObject({ ...evidence, rather_no_phone: z.literal(true) })

export type ChoiceBody = z.infer<typeof answer> | z.infer<typeof ratherNoPhone>

/** Which of the two it is stands in the body, so that what is wrong is told of that one. */
export const shapeOfChoice = z.unknown().transform((held, context): ChoiceBody => {
  const isNoPhone = typeof held === 'object' && held !== null && 'rather_no_phone' in held
  const read = (isNoPhone ? ratherNoPhone : answer).safeParse(held)
  if (read.success) return read.data
  for (const { path, message } of read.error.issues) context.addIssue({ code: 'custom', path, message })
  return z.NEVER
})

/** What is answered: 201 when it was recorded now, 200 when it was known word for word. */
export interface ChoiceAnswer {
  recorded: boolean
  patron_id: string
}

// The body of POST /api/v1/{library}/invitations and its answer: from a card number to what stands at the foot of a notice.
import { z } from 'zod'

export const shapeOfInvitation = z.strictObject({
  card: z.string().trim().min(1, 'is empty').max(100, 'is longer than 100 characters'),
})

/** Both null: leave the line out. The holder of the card is a child, has closed it, or has answered already. */
export interface InvitationAnswer {
  url: string | null
  /** By language tag: en, es. */
  text: Record<string, string> | null
}

// The comparison group: people a campaign leaves alone, drawn at random, so that its effect can be told from what would
// have happened anyway. Offered only when it could tell something; with few people it would only take notes away.

/** Two arms that could show a rise from 5% to 8% at 80% power need about 1,050 people each. */
export const SMALLEST_FOR_HOLDOUT = 2_100

export interface HoldoutAdvice {
  offered: boolean
  because: string
}

/** `households`: how many could be written to. */
export function adviseHoldout(households: number): HoldoutAdvice {
  if (households >= SMALLEST_FOR_HOLDOUT)
    return {
      offered: true,
      because: `With ${households.toLocaleString('en-US')} households a comparison group can show a rise from 5% to 8%, if half are left alone; a smaller group shows only larger effects.`,
    }
  return {
    offered: false,
    because: `No comparison group: with ${households === 1 ? 'one household' : `${households.toLocaleString('en-US')} households`} it could not tell an effect from chance (about ${SMALLEST_FOR_HOLDOUT.toLocaleString('en-US')} are needed to show a rise from 5% to 8%).`,
  }
}

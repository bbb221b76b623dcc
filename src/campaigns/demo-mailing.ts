// The mailing that a demo library has ready: the season's letter to people who last used their card three to six months
// ago. Its hours are the whole day, because a demo that waits for the morning looks broken.
import type { Logins } from '../db/scope.ts'
import { monthIn } from '../lib/clock.ts'
import type { Library } from '../patrons/library.ts'
import { type Campaign, createCampaign, listCampaigns } from './campaign.ts'
import { readCampaign } from './campaign-file.ts'

/** By quarter, beginning with December. */
const letters = ['winter-warm-room', 'spring-small-start', 'summer-cool-seat', 'autumn-soup-weather']

export async function createDemoMailing(
  logins: Logins,
  library: Library,
  now: Date,
  channel: 'email' | 'sms' = 'email',
): Promise<Campaign> {
  const before = (await listCampaigns(logins, library)).length
  const letter = letters[Math.floor(((monthIn(library.timezone, now) + 1) % 12) / 3)]!
  const plan = await readCampaign(
    {
      key: `season-${before + 1}`,
      name: `The season's note${channel === 'sms' ? ' by text' : ''}${before === 0 ? '' : `, number ${before + 1}`}`,
      channel,
      purpose: 'reengagement',
      segment: { lapsed: { minMonths: 3, maxMonths: 6 } },
      letter,
      window: { from: 0, until: 24 },
    },
    'The demo mailing',
    null,
  )
  return createCampaign(logins, library, plan)
}

// Launching to very many, against the INSERT … SELECT of the very rows it made, in the same order, into a table with
// the same columns and primary key and nothing else.
import { launchCampaign } from '../src/campaigns/launch.ts'
import { draftCampaign, makeAgreedLibrary } from './agreed-library.ts'
import type { BenchHouse } from './bench-house.ts'
import { type Figure, round, seconds } from './table.ts'

const BAR = 3

export async function measureLaunch(house: BenchHouse): Promise<Figure[]> {
  const people = house.quick ? 50_000 : 500_000
  house.say(`${people.toLocaleString('en-US')} people come in and agree…`)
  const { library } = await makeAgreedLibrary(house, 'launch', people)
  // A week's grace: nobody is to send these.
  const campaign = await draftCampaign(house, library, 'to-all', 7 * 24 * 60)
  await house.settle()
  house.say('launching…')
  const started = performance.now()
  const launched = await launchCampaign(house.database.logins, library, 'to-all', { now: new Date(), canSend: true })
  const ms = performance.now() - started
  await house.superuser.query(`
    create table public.plain_message (like mail.message including defaults including constraints including storage,
      primary key (library_no, message_no))`)
  await house.settle()
  const plainStarted = performance.now()
  await house.superuser.query(
    'insert into public.plain_message select * from mail.message where library_no = $1 and campaign_no = $2 order by message_no',
    [library.libraryNo, campaign.campaignNo],
  )
  const plainMs = performance.now() - plainStarted
  await house.superuser.query('drop table public.plain_message')
  return [
    {
      work: `launch to ${launched.messages.toLocaleString('en-US')} people`,
      figure: seconds(ms),
      yardstick: `INSERT … SELECT ${seconds(plainMs)}`,
      ratio: round(ms / plainMs),
      bar: `≤ ${BAR} ×`,
      met: ms <= BAR * plainMs && launched.messages === people,
      more: { ms: round(ms, 0), plainMs: round(plainMs, 0), messages: launched.messages, preview: launched.preview },
    },
  ]
}

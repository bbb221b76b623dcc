// The mailing of a demo library: the letter as its readers will see it, whom it would reach, and the buttons that
// launch, start, pause and cancel it. After launch it says in words what became of each message.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type Campaign, listCampaigns, startNow, stepCampaign } from '../campaigns/campaign.ts'
import { createDemoMailing } from '../campaigns/demo-mailing.ts'
import { adviseHoldout } from '../campaigns/holdout.ts'
import { launchCampaign } from '../campaigns/launch.ts'
import { campaignStatus } from '../campaigns/status.ts'
import { inLibrary } from '../db/scope.ts'
import { dateIn } from '../lib/clock.ts'
import { Problem } from '../lib/errors.ts'
import { findMailing } from '../messages/mailing.ts'
import { renderTexts } from '../messages/render-text.ts'
import { readAnswering } from '../patrons/answering.ts'
import { findLibrary, type Library } from '../patrons/library.ts'
import { previewSegment } from '../segments/preview.ts'
import { notHere, openPremises } from './access.ts'
import { type Html, html } from './html.ts'
import { showLetter, showTexts } from './letter.ts'
import { sayState, sayTallies } from './mailing-words.ts'
import type { Premises, Site } from './premises.ts'
import { count } from './report.ts'

const BY = 'whoever sat at the demo'
const acts = ['launch', 'start', 'pause', 'resume', 'cancel', 'another', 'text'] as const
type Act = (typeof acts)[number]
const params = z.object({ key: z.string(), act: z.enum(acts) })

export function addMailing(app: FastifyInstance, site: Site): void {
  app.post('/library/:key/mailing/:act', { config: { access: 'demo' } }, async (request, reply) => {
    const read = params.safeParse(request.params)
    if (!read.success) throw notHere()
    const premises = openPremises(site)
    const library = await findLibrary(premises.logins, read.data.key).catch(() => null)
    if (!library?.demo) throw notHere()
    await act(premises, library, read.data.act)
    return reply.redirect('../../../#mailing', 303)
  })
}

async function act({ logins, clock }: Premises, library: Library, asked: Act): Promise<void> {
  const now = clock.now()
  const [campaign] = await listCampaigns(logins, library)
  if (asked === 'another' || asked === 'text') {
    if (campaign?.state === 'draft') await stepCampaign(logins, library, campaign.campaignNo, 'cancel', BY, now)
    else if (campaign && !(await isOver({ logins }, library, campaign)))
      throw new Problem('conflict', `"${campaign.name}" is not over yet. Cancel it first, or let it end.`)
    await createDemoMailing(logins, library, now, asked === 'text' ? 'sms' : 'email')
    return
  }
  if (campaign === undefined) throw new Problem('not-found', 'There is no mailing here yet.')
  const { campaignNo } = campaign
  if (asked === 'launch') {
    if (campaign.state === 'draft') await stepCampaign(logins, library, campaignNo, 'approve', BY, now)
    await launchCampaign(logins, library, campaignNo, { now, canSend: true })
  } else if (asked === 'start') {
    if (campaign.state !== 'launched')
      throw new Problem('conflict', `"${campaign.name}" is ${campaign.state}. Only a launched mailing can start.`)
    await startNow(logins, library, campaignNo, now)
  } else await stepCampaign(logins, library, campaignNo, asked, BY, now)
}

const isOver = async ({ logins }: Pick<Premises, 'logins'>, library: Library, campaign: Campaign): Promise<boolean> =>
  ['finished', 'cancelled'].includes((await campaignStatus(logins, library, campaign.campaignNo)).state)

export async function showMailing(
  premises: Premises,
  library: Library,
  campaign: Campaign | null,
  root: string,
): Promise<Html> {
  const button = (which: Act, words: string, quiet = false) =>
    html`<form method="post" action="${root}library/${library.key}/mailing/${which}"><button${quiet && html` class="quiet"`}>${words}</button></form>`
  if (campaign === null)
    return html`<section id="mailing" class="card"><h2>The mailing</h2><p>No mailing has been written yet.</p>${button('another', 'Prepare one')}</section>`
  const parts =
    campaign.state === 'draft' || campaign.state === 'approved'
      ? await beforeLaunch(premises, library, campaign, button)
      : await afterLaunch(premises, library, campaign, root, button)
  return html`<section id="mailing" class="card" aria-labelledby="mailing-name"><h2 id="mailing-name">${campaign.name}</h2>
${parts}
${await letterOf(premises, library, campaign)}</section>`
}

type Button = (which: Act, words: string, quiet?: boolean) => Html

async function beforeLaunch(
  { logins, clock }: Premises,
  library: Library,
  campaign: Campaign,
  button: Button,
): Promise<Html> {
  const { purpose, channel, segment, graceMinutes } = campaign
  const preview = await previewSegment(logins, { library, purpose, channel, now: clock.now() }, segment)
  const byText = channel === 'sms'
  const other = byText ? button('another', 'By email instead', true) : button('text', 'By text instead', true)
  if (preview.sendable === 0)
    return html`<p><strong>There is nobody to write to now.</strong> ${count(preview.chosen)} people are in its group, and the report below says why each of them is left alone. Who has just had a note is not written to again for ${library.promptEveryDays} days.</p><div class="buttons">${other}</div>`
  return html`<p>Ready, and waiting for somebody to read it and say yes. It would go to <strong>${count(preview.sendable)} ${preview.sendable === 1 ? 'household' : 'households'}</strong>, out of ${count(preview.chosen)} people who last used their card 3 to 6 months ago.</p>
<p>${byText ? 'Texts leave between 9 in the morning and 9 at night, by a number that no notice uses.' : adviseHoldout(preview.sendable).because}</p>
<div class="buttons">${button('launch', `Approve and launch (first leaves in ${graceMinutes} minutes)`)}${other}</div>`
}

async function afterLaunch(
  { logins, clock }: Premises,
  library: Library,
  campaign: Campaign,
  root: string,
  button: Button,
): Promise<Html> {
  const status = await campaignStatus(logins, library, campaign.campaignNo)
  const { state } = status
  const early = state === 'launched' && status.startsAt !== null && status.startsAt > clock.now()
  const over = state === 'finished' || state === 'cancelled'
  return html`<p><strong>${sayState(library, status, early)}</strong> ${count(status.households)} ${status.households === 1 ? 'household was' : 'households were'} chosen, out of ${count(status.chosen)} people.</p>
<ul>${sayTallies(status).map((sentence) => html`<li>${sentence}</li>`)}</ul>
<p><a href="${root}">See how far it is now</a>, or ${campaign.channel === 'sms' ? html`<a href="${root}sandbox/phone">pick up a phone</a>` : html`<a href="${root}mailroom">look into the mailroom</a>`}.</p>
<div class="buttons">${[
    early && button('start', 'Start now'),
    state === 'launched' && button('pause', 'Pause', early),
    state === 'paused' && button('resume', 'Go on'),
    !over && button('cancel', 'Cancel', true),
    over && button('another', 'Prepare another', true),
    over && button('text', 'Prepare one by text', true),
  ]}</div>`
}

async function letterOf({ logins, clock }: Premises, library: Library, campaign: Campaign): Promise<Html | null> {
  const mailing = await inLibrary(logins, 'outreach', library.libraryNo, (scope) =>
    findMailing(scope, campaign.campaignNo),
  )
  if (mailing?.channel === 'sms')
    return showTexts(renderTexts(mailing.letter, library, await readAnswering(logins, library.libraryNo), mailing))
  return mailing && showLetter(mailing.letter, library, dateIn(library.timezone, clock.now()))
}

// `gentle campaign approve|pause|resume|cancel`: a mailing's small steps, alike but for their words.
import { stepCampaign } from '../campaigns/campaign.ts'
import { accountName } from './account-name.ts'
import { command } from './command.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'

const step = (act: 'approve' | 'pause' | 'resume' | 'cancel', summary: string, done: string, next?: string) =>
  command({
    name: `campaign ${act}`,
    summary,
    takes: [{ name: 'CAMPAIGN', says: 'its key or number' }],
    options: {
      ...intoLibrary,
      by: { kind: 'text', value: 'NAME', says: 'who says so; your account’s name if not given' },
    },
    examples: [`gentle campaign ${act} autumn --library maple${act === 'approve' ? ' --by "Ana Reyes"' : ''}`],
    async run(context, { given, options }) {
      const library = await chooseLibrary(context.logins, options.library)
      const by = options.by ?? accountName()
      const { campaignNo, key, name, state } = await stepCampaign(
        context.logins,
        library,
        given.CAMPAIGN,
        act,
        by,
        context.clock.now(),
      )
      return {
        json: { campaignNo, key, state, by },
        text: [
          `"${name}" ${done}`,
          ...(next === undefined ? [] : [`Next: gentle campaign ${next} ${key} --library ${library.key}`]),
        ],
      }
    },
  })

export const campaignApprove = step(
  'approve',
  'Approve a draft that you have read.',
  'is approved. It can be launched now.',
  'launch',
)
export const campaignPause = step('pause', 'Hold a launched mailing.', 'is paused: nothing more of it leaves.')
export const campaignResume = step('resume', 'Let a paused mailing go on.', 'goes on.')
export const campaignCancel = step(
  'cancel',
  'End a mailing for good; what has left has left.',
  'is cancelled: nothing more of it leaves.',
)

// `gentle campaign create`: a mailing from a file, as a draft that somebody must approve.
import { createCampaign } from '../campaigns/campaign.ts'
import { readCampaignFile } from '../campaigns/campaign-file.ts'
import { lintLetter } from '../messages/lint.ts'
import { lintTexts } from '../messages/lint-text.ts'
import { readAnswering } from '../patrons/answering.ts'
import { knownLanguage, wordsOf } from '../words/languages.ts'
import { command } from './command.ts'
import { chooseLibrary, intoLibrary } from './library-options.ts'

export const campaignCreate = command({
  name: 'campaign create',
  summary: 'Make a mailing from a YAML or JSON file, as a draft.',
  about: [
    'The file says for whom (segment), what (letter), by which channel and when. The letter is one that comes with Gentle Reader, a file beside the campaign, or written out in it.',
    'The letter is read for guilt, urgency and the like; what is found is told, and you decide.',
  ],
  takes: [{ name: 'FILE', says: 'the campaign file' }],
  options: intoLibrary,
  examples: ['gentle campaign create autumn.yaml --library maple'],
  async run(context, { given, options }) {
    const library = await chooseLibrary(context.logins, options.library)
    const plan = await readCampaignFile(given.FILE)
    const findings =
      plan.channel === 'sms'
        ? lintTexts(plan.letter, library, await readAnswering(context.logins, library.libraryNo), plan)
        : lintLetter(plan.letter, {
            signed_by: library.signedBy ?? wordsOf[knownLanguage(library.language) ?? 'en'].frame.staff,
            library_name: library.name,
            library_phone: library.phone,
            library_url: library.url ?? '',
          })
    const { campaignNo, key, name, state } = await createCampaign(context.logins, library, plan)
    return {
      json: { campaignNo, key, state, findings },
      text: [
        `"${name}" is a draft now (campaign ${campaignNo}). Nothing is sent before somebody approves and launches it.`,
        ...findings.map((f) => `  ${f.level}, ${f.language}: "${f.where}": ${f.says}`),
        `Next: gentle campaign preview ${key} --library ${library.key}`,
      ],
    }
  },
})

// `gentle join snippet`: the piece of HTML that a library puts on its own website, and the frame, where it may be shown.
import { publicUrlOf } from '../config.ts'
import { inLibrary } from '../db/scope.ts'
import { readJoinPage } from '../signups/offer.ts'
import { joinFrame, joinSnippet } from '../signups/snippet.ts'
import { type Language, languages } from '../words/languages.ts'
import { command } from './command.ts'
import { chooseLibrary, whichLibrary } from './library-options.ts'
import { onlyHere, publicUrlOption } from './reachable.ts'

export const joinSnippetCommand = command({
  name: 'join snippet',
  summary: 'Print the sign-up form for a library’s own website: HTML, no script.',
  about: ['It asks for name and email and brings them to the join page, where everything else stands.'],
  takes: [],
  options: {
    ...whichLibrary,
    ...publicUrlOption,
    language: {
      kind: 'text',
      value: 'TAG',
      says: 'its language',
      choices: languages as [Language, ...Language[]],
      default: 'en',
    },
  },
  examples: ['gentle join snippet --library maple --language es'],
  async run({ logins, config }, { options }) {
    const library = await chooseLibrary(logins, options.library)
    const language = options.language as Language
    const publicUrl = publicUrlOf(config, options['public-url'])
    const { origins } = await inLibrary(logins, 'circulation', library.libraryNo, (scope) =>
      readJoinPage(scope, library),
    )
    const form = joinSnippet(publicUrl, library, language)
    const frame = origins.length > 0 ? joinFrame(publicUrl, library, language) : null
    return {
      json: { form, frame, websites: origins },
      text: [
        form,
        ...(frame === null
          ? ['<!-- As a frame: name your website in the offers file first (websites), then ask again. -->']
          : [`<!-- Or as a frame, for ${origins.join(', ')}: -->`, frame]),
        // What is printed here is pasted somewhere.
        ...onlyHere(publicUrl, 'Print it again with --public-url before you paste it.').map(
          (line) => `<!-- ${line} -->`,
        ),
      ],
    }
  },
})

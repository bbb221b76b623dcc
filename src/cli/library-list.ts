// `gentle library list`: the libraries of this installation.
import { listLibraries } from '../patrons/library.ts'
import { command } from './command.ts'

export const libraryList = command({
  name: 'library list',
  summary: 'List the libraries.',
  takes: [],
  options: {},
  examples: ['gentle library list'],
  async run(context) {
    const libraries = await listLibraries(context.logins)
    const wide = (of: (library: (typeof libraries)[number]) => string) =>
      Math.max(...libraries.map((library) => of(library).length))
    return {
      json: {
        libraries: libraries.map(
          ({ key, name, timezone, postalAddress, phone, email, url, signedBy, language, demo }) => ({
            key,
            name,
            timezone,
            postalAddress,
            phone,
            email,
            url,
            signedBy,
            language,
            demo,
          }),
        ),
      },
      text:
        libraries.length === 0
          ? ['There is no library here yet. Add one with "gentle library add".']
          : libraries.map((l) =>
              [
                l.key.padEnd(wide((x) => x.key)),
                l.name.padEnd(wide((x) => x.name)),
                l.timezone.padEnd(wide((x) => x.timezone)),
                `signed by ${l.signedBy ?? 'the librarians'}${l.demo ? '; invented, its mail never leaves' : ''}`,
              ].join('  '),
            ),
    }
  },
})

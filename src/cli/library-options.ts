// How a command is told which library it is for. To look at things, the only library there is need not be named; to
// bring data in it must be, because what comes into the wrong library cannot be taken out again.
import type { Logins } from '../db/scope.ts'
import { Problem } from '../lib/errors.ts'
import { findLibrary, type Library, listLibraries } from '../patrons/library.ts'

export const whichLibrary = {
  library: { kind: 'text', value: 'KEY', says: 'the library; may be left out where there is only one' },
} as const

export const intoLibrary = {
  library: { kind: 'text', value: 'KEY', says: 'the library that the data is for', required: true },
} as const

/** Throws Problem 'not-found' or 'bad-input' that names the libraries there are. */
export async function chooseLibrary(logins: Logins, key: string | undefined): Promise<Library> {
  if (key !== undefined) return findLibrary(logins, key)
  const libraries = await listLibraries(logins)
  if (libraries.length === 1) return libraries[0]!
  if (libraries.length === 0)
    throw new Problem('not-found', 'There is no library here yet. Add it with "gentle library add".')
  throw new Problem(
    'bad-input',
    `Say which library with --library KEY. There is: ${libraries.map((library) => library.key).join(', ')}.`,
  )
}

/** The library that data is brought into. Throws Problem 'not-allowed' for the demo, which anybody at this machine can see. */
export async function libraryForData(logins: Logins, key: string): Promise<Library> {
  const library = await chooseLibrary(logins, key)
  if (!library.demo) return library
  throw new Problem(
    'not-allowed',
    `"${key}" is the demo: its people are invented and shown to whoever opens the page. Add your own library with "gentle library add" and bring the data in there.`,
  )
}

// What the work on texts needs, whichever door brings it: the database, the journal of stops, and where answers to the
// library's own mails go.
import type { Journal } from '../db/journal.ts'
import type { Logins } from '../db/scope.ts'
import type { Line } from '../messages/lines.ts'
import { type Answering, readAnswering } from '../patrons/answering.ts'
import { type Library, libraryByNo } from '../patrons/library.ts'

export interface TextDesk {
  logins: Logins
  journal: Journal
  /** The domain whose mail comes to our own door; null = staff cannot answer by mail here. */
  replyDomain: string | null
  placeOf?: (line: Line, libraryNo: number) => Promise<Place>
}

/** A library with its line, and who reads its answers. */
export interface Place {
  library: Library
  line: Line
  answering: Answering
}

/** As it stands now; whoever has many texts in hand may bring a desk that remembers for as long (`rememberingPlaces`). */
export const placeOf = (desk: TextDesk, line: Line, libraryNo: number): Promise<Place> =>
  (desk.placeOf ?? readPlace.bind(null, desk))(line, libraryNo)

export function rememberingPlaces(desk: TextDesk): TextDesk {
  const places = new Map<string, Promise<Place>>()
  return {
    ...desk,
    placeOf(line, libraryNo) {
      const key = `${line.lineNo} ${libraryNo}`
      const place = places.get(key) ?? readPlace(desk, line, libraryNo)
      places.set(key, place)
      return place
    },
  }
}

async function readPlace(desk: TextDesk, line: Line, libraryNo: number): Promise<Place> {
  const library = await libraryByNo(desk.logins, libraryNo)
  if (library === null) throw new Error(`line ${line.lineNo} is shared with a library that is not there`)
  return { library, line, answering: await readAnswering(desk.logins, libraryNo) }
}

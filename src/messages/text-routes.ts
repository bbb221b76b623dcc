// Which library an answer is for, on a line that several share: whose text went last to that phone, or which one its person
// chose. Kept in the host's scope, by a hash keyed for the host. A line of one library needs none of this.
import { sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowsOf } from '../db/scope.ts'
import { type Library, libraryByNo } from '../patrons/library.ts'
import { isShared, type Line } from './lines.ts'

async function hostHash(logins: Logins, line: Line): Promise<(phone: string) => Buffer> {
  const host = (await libraryByNo(logins, line.hostNo))!
  const hash = logins.seals.hashFor(host.key)
  return (phone) => hash('phone', phone)
}

/** These phones are about to be texted by this library. A route of a text that never leaves misleads nobody for long. */
export async function recordRoutes(
  logins: Logins,
  line: Line,
  library: Library,
  { phones, now }: { phones: readonly string[]; now: Date },
): Promise<void> {
  if (!isShared(line)) return
  const hash = await hostHash(logins, line)
  const hashes = [...new Set(phones)].map(hash).sort(Buffer.compare)
  await inLibrary(logins, 'circulation', line.hostNo, (scope) =>
    sql`
    insert into mail.route as r (library_no, line_no, phone_hash, of_library, texted_at)
    select ${scope.library}, ${line.lineNo}, h, ${library.libraryNo}, ${now} from unnest(${hashes}::bytea[]) h
    on conflict (library_no, line_no, phone_hash, of_library) do update set texted_at = greatest(r.texted_at, excluded.texted_at)`.execute(
      scope.tx,
    ),
  )
}

export interface Route {
  libraryNo: LibraryNo
  textedAt: Date | null
  chosenAt: Date | null
}

/** Of a phone, the latest first. */
export async function routesOf(logins: Logins, line: Line, phone: string): Promise<Route[]> {
  if (!isShared(line)) return line.libraries.map(({ libraryNo }) => ({ libraryNo, textedAt: null, chosenAt: null }))
  const hash = await hostHash(logins, line)
  const shared = new Set(line.libraries.map(({ libraryNo }) => libraryNo))
  const routes = await inLibrary(logins, 'circulation', line.hostNo, (scope) =>
    rowsOf(
      scope,
      sql<Route>`
      select of_library as "libraryNo", texted_at as "textedAt", chosen_at as "chosenAt" from mail.route
      where library_no = ${scope.library} and line_no = ${line.lineNo} and phone_hash = ${hash(phone)}
      order by greatest(texted_at, chosen_at) desc nulls last`,
    ),
  )
  return routes.filter(({ libraryNo }) => shared.has(libraryNo))
}

export async function chooseRoute(
  logins: Logins,
  line: Line,
  { phone, libraryNo, now }: { phone: string; libraryNo: LibraryNo; now: Date },
): Promise<void> {
  const hash = await hostHash(logins, line)
  await inLibrary(logins, 'circulation', line.hostNo, (scope) =>
    sql`
    insert into mail.route (library_no, line_no, phone_hash, of_library, chosen_at)
    values (${scope.library}, ${line.lineNo}, ${hash(phone)}, ${libraryNo}, ${now})
    on conflict (library_no, line_no, phone_hash, of_library) do update set chosen_at = excluded.chosen_at`.execute(
      scope.tx,
    ),
  )
}

/** The library that a message goes to: the one it went to the first time, if its provider sends it again. */
export async function keepRouted(
  logins: Logins,
  line: Line,
  { providerId, libraryNo, now }: { providerId: string; libraryNo: LibraryNo; now: Date },
): Promise<LibraryNo> {
  if (!isShared(line)) return libraryNo
  const [kept] = await inLibrary(logins, 'circulation', line.hostNo, (scope) =>
    rowsOf(
      scope,
      sql<{ to: LibraryNo }>`
      insert into mail.routed as r (library_no, line_no, provider_id, to_library, at)
      values (${scope.library}, ${line.lineNo}, ${providerId}, ${libraryNo}, ${now})
      on conflict (library_no, line_no, provider_id) do update set at = r.at returning to_library as "to"`,
    ),
  )
  return kept!.to
}

// The end of a number: nothing leaves by it any more. What still waited on it is called off with an event, and what came by
// mail returns to its sender; conversations stay on the list, because only a person or a rule closes those.
import { sql } from 'kysely'
import { inLibrary, type LibraryNo, type Logins, rowsOf } from '../db/scope.ts'
import { libraryByNo } from '../patrons/library.ts'
import { changeLine, type Line } from './lines.ts'
import { returnFailures } from './return-failure.ts'

export interface EndedLine {
  calledOff: number
  /** Conversations on it in which somebody waits for an answer. */
  waiting: number
}

/** Ended first: a process that still has the line leaves nothing waiting that the loop of texts would not call off, too. */
export async function endLine(logins: Logins, line: Line, now: Date): Promise<EndedLine> {
  await changeLine(logins, line, { ended: now })
  const ended: EndedLine = { calledOff: 0, waiting: 0 }
  for (const { libraryNo } of line.libraries) {
    ended.calledOff += await callOffTexts(logins, libraryNo, line.lineNo, now)
    const [row] = await inLibrary(logins, 'circulation', libraryNo, (scope) =>
      rowsOf(
        scope,
        sql<{ waiting: number }>`
        select count(*)::int as waiting from mail.conversation
        where library_no = ${libraryNo} and line_no = ${line.lineNo} and waiting_since is not null`,
      ),
    )
    ended.waiting += row!.waiting
  }
  return ended
}

const AT_ONCE = 500

/** Of a line that has ended. Returns how many waited. */
export async function callOffTexts(logins: Logins, libraryNo: LibraryNo, lineNo: number, now: Date): Promise<number> {
  const library = (await libraryByNo(logins, libraryNo))!
  for (let all = 0; ; ) {
    const calledOff = await inLibrary(logins, 'circulation', libraryNo, async (scope) => {
      const texts = await rowsOf(
        scope,
        sql<{ textNo: string }>`
        with ended as (
          update mail.text t set state = 'cancelled' from (
            select text_no from mail.text where library_no = ${libraryNo} and line_no = ${lineNo} and state = 'waiting'
            order by text_no limit ${AT_ONCE} for update skip locked) w
          where t.library_no = ${libraryNo} and t.text_no = w.text_no returning t.text_no
        ), told as (
          insert into mail.text_event (library_no, text_no, kind, at, said)
          select ${libraryNo}, text_no, 'cancelled', ${now}, 'the number it was to leave from has ended' from ended
        )
        select text_no as "textNo" from ended`,
      )
      const failures = texts.map(({ textNo }) => ({ textNo, why: 'line-ended' as const, providerCode: null }))
      await returnFailures(scope, library, failures, now)
      return texts.length
    })
    all += calledOff
    if (calledOff < AT_ONCE) return all
  }
}

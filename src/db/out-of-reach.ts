// Whether a failure says only that the database cannot be had at this moment: gone, full, or its locks held by others. The
// same again in a moment may go well, so whoever brought something has to bring it again, and nothing may be set aside.
import { sayError } from '../lib/errors.ts'

/** As `pg` words a connection that broke within a statement, and one that broke between two. */
export const LOST_CONNECTION = /^(?:Connection terminated|Client has encountered a connection error)/

export function isOutOfReach(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code ?? '')
  const said = sayError(error)
  return (
    /^(08...|53...|57P0[1-3]|55P03|40P01|40001|ECONN.*|EPIPE|ETIMEDOUT|ENOTFOUND|ENOSPC|unavailable)$/.test(code) ||
    LOST_CONNECTION.test(said) ||
    said.startsWith('timeout exceeded')
  )
}

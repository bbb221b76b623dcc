// What the mail door does not take whoever sends it: mail in which two programs could see different mails. A line end that
// is none, a zero byte or an endless line is how one mail is smuggled into another; a mail that went in circles goes on so.
// Mail programs and mail servers write none of it, so it is refused rather than mended.

/** RFC 5321 asks for 998; programs that forget to fold write some thousands, and nobody writes more. */
const LONGEST_LINE = 16_384
const LONGEST_HEAD = 128 * 1024
/** Postfix and Sendmail say so at 50 and 25. */
const MOST_HOPS = 30

const CR = 0x0d
const LF = 0x0a

/** A sentence for the sending server, or null. `raw` is the mail with its dots unstuffed. */
export function whyRefuse(raw: Buffer): string | null {
  if (raw.includes(0)) return 'The mail has a zero byte in it.'
  let lineFrom = 0
  let headEnds = -1
  let hops = 0
  // From line end to line end with the buffer's own search: looking at each byte took 30 ms for 5 MB.
  for (;;) {
    const lf = raw.indexOf(LF, lineFrom)
    const end = lf === -1 ? raw.length : lf + 1
    if (end - lineFrom > LONGEST_LINE) return `A line of the mail is longer than ${LONGEST_LINE} bytes.`
    const cr = raw.subarray(lineFrom, end).indexOf(CR)
    if (lf !== -1 && raw[lf - 1] !== CR) return 'The mail has a line feed without a carriage return before it.'
    if (cr !== -1 && lineFrom + cr !== lf - 1) return 'The mail has a carriage return without a line feed after it.'
    if (headEnds === -1) {
      if (end - lineFrom <= 2) headEnds = end
      else if (end > LONGEST_HEAD) return `The head of the mail is longer than ${LONGEST_HEAD} bytes.`
      else if (/^received:/i.test(raw.toString('latin1', lineFrom, lineFrom + 9))) hops++
    }
    if (hops > MOST_HOPS) return 'The mail has gone through too many servers: it seems to go in circles.'
    if (lf === -1 || end === raw.length) return null
    lineFrom = end
  }
}

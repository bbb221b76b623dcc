// HTML as a tagged template that escapes everything it is given. There is no way to put text in unescaped: names,
// letters and libraries' own words come from files that we did not write.
import { escapeHtml } from '../messages/mail-frame.ts'

/** HTML that only the template below can make. */
export class Html {
  readonly #text: string
  private constructor(text: string) {
    this.#text = text
  }
  static from(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
    let text = strings[0]!
    for (let i = 0; i < values.length; i++) text += written(values[i]) + strings[i + 1]!
    return new Html(text)
  }
  toString(): string {
    return this.#text
  }
}

/** Nothing is written for null, undefined and false, so that a part can be left out with `condition && html…`. */
export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[]

function written(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'object') return value.map(written).join('')
  return escapeHtml(String(value))
}

export const html = Html.from

/** For an href: an address of the web, or null for anything else (javascript: and the like). */
export const webAddress = (url: string | null): string | null =>
  url !== null && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : null

// Which provider carries a line's texts. A provider is opened once for a line and again when its settings have changed; what
// signs in is opened from its seal here and goes no further.
import type { TextProvider } from '../channels/sms/text-provider.ts'
import type { Logins } from '../db/scope.ts'
import { sayError } from '../lib/errors.ts'
import { type Line, outreachLine, secretsOf } from '../messages/lines.ts'
import type { Library } from '../patrons/library.ts'

/** Makes a provider from what a line's settings say; null for a name that this release does not know. */
export type OpenProvider = (line: Line, secrets: Readonly<Record<string, string>>) => TextProvider | null

export interface TextCarriers {
  /** Null when it cannot be opened: its texts wait, and it has been said why. */
  providerFor(line: Line): TextProvider | null
  close(): Promise<void>
}

/** What a library's campaigns leave by. */
export async function outreachTexts(
  logins: Logins,
  library: Library,
  carriers: TextCarriers,
): Promise<{ line: Line; provider: TextProvider } | null> {
  const line = await outreachLine(logins, library.libraryNo)
  const provider = line && carriers.providerFor(line)
  return line && provider ? { line, provider } : null
}

export function openTextCarriers(
  logins: Logins,
  open: OpenProvider,
  say: (line: string) => void = () => {},
): TextCarriers {
  const opened = new Map<number, { settings: string; provider: TextProvider | null }>()
  const closing: Promise<void>[] = []
  return {
    providerFor(line) {
      const settings = JSON.stringify([line.number, line.provider, line.settings, line.secrets?.toString('hex')])
      const before = opened.get(line.lineNo)
      if (before?.settings === settings) return before.provider
      if (before?.provider) closing.push(before.provider.close())
      let provider: TextProvider | null = null
      try {
        provider = open(line, secretsOf(logins, line))
        if (provider === null) say(`${line.number}: this release knows no provider "${line.provider}". Its texts wait.`)
      } catch (error) {
        say(`${line.number} cannot be opened: ${sayError(error)} Its texts wait.`)
      }
      opened.set(line.lineNo, { settings, provider })
      return provider
    },
    async close() {
      await Promise.all([...closing, ...[...opened.values()].map(({ provider }) => provider?.close())])
    },
  }
}

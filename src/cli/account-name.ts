// Who runs a command, for the audit: the account of the operating system, as nobody signs in on a command line.
import { userInfo } from 'node:os'

export function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return `account ${process.getuid?.() ?? 'unknown'}` // in a container a number may have no name
  }
}

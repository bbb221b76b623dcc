// Where commands that make documents put them: a folder is made when it is missing, a file is there whole or not at all.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

export interface FileToWrite {
  name: string
  bytes: Buffer | string
}

/**
 * Writes the files below `folder` and returns their paths. `mode`: 0o600 for what speaks of one person, so that only the
 * account that made it reads it.
 */
export function writeFiles(folder: string, files: readonly FileToWrite[], mode = 0o644): string[] {
  return files.map(({ name, bytes }) => {
    const path = resolve(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    const draft = join(dirname(path), `.${basename(path)}.${process.pid}.new`)
    writeFileSync(draft, bytes, { mode })
    renameSync(draft, path)
    return path
  })
}

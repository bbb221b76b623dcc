// `gentle keys rotate`: a new secret for the links in messages. Links that are out there go on working.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { rotateLinks } from '../db/keys.ts'
import { Problem } from '../lib/errors.ts'
import { command } from './command.ts'

export const keysRotate = command({
  name: 'keys rotate',
  summary: 'Sign links in new messages with a new secret; links in old ones go on working.',
  about: [
    'Only links: what makes hashes, seals evidence and signs the ledger stays, because what is kept could not be read without it. Stop "gentle serve" and "gentle work" first and start them again afterwards: one that goes on running does not know links signed with the new secret.',
    'Keep a copy of the new keys.json where you keep the old one. Backups made before can be restored with the new file.',
  ],
  takes: [],
  options: {},
  examples: ['gentle keys rotate --data /srv/gentle'],
  // With the database closed: nothing in it changes.
  async runClosed(config) {
    const file = join(config.dataDir, 'keys.json')
    if (!existsSync(file))
      throw new Problem('not-found', `There is no ${file}, so there is nothing to change. Nothing was made.`)
    const { earlierLinks } = rotateLinks(config.dataDir)
    return {
      json: { file, rotated: true, earlier: earlierLinks.length },
      text: [
        `New links are signed with a new secret in ${file}. Keep a copy of it, and start "gentle serve" and "gentle work" again.`,
      ],
    }
  },
})

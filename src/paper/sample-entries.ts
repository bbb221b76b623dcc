// Entries of invented people, sealed into a chain of their own exactly as the ledger seals real ones, so that whoever
// audits can work the seals out again without seeing anybody's record.
import { createHash } from 'node:crypto'
import { wordingId } from '../consent/ledger.ts'
import { type EntryFields, entryHash, GENESIS, NEWEST_FORM } from '../consent/ledger-entry.ts'

type Story = Pick<EntryFields, 'patron' | 'purpose' | 'channel' | 'decision' | 'method' | 'attestedBy'> & {
  who: string
  at: string
  asked: boolean
}

const STORIES: Story[] = [
  {
    who: 'Rosa, who signed up on the web page and pressed the button in the mail',
    patron: '1001',
    purpose: 'reengagement',
    channel: 'email',
    decision: 'grant',
    method: 'web form',
    attestedBy: 'the patron',
    at: '2026-05-03T16:02:11.000Z',
    asked: true,
  },
  {
    who: 'Karl, who ticked the box on the strip when he renewed his card',
    patron: '1002',
    purpose: 'reengagement',
    channel: 'email',
    decision: 'grant',
    method: 'paper form',
    attestedBy: 'Ana Ruiz',
    at: '2026-05-04T14:30:00.000Z',
    asked: true,
  },
  {
    who: 'Mei Lin, who pressed “no more notes” in a mail',
    patron: '1003',
    purpose: 'all',
    channel: 'email',
    decision: 'stop',
    method: 'one-click unsubscribe',
    attestedBy: 'the patron',
    at: '2026-05-05T09:15:40.000Z',
    asked: false,
  },
]

export interface SampleEntry {
  who: string
  entry: Omit<EntryFields, 'sealed'> & { sealed: string | null }
  said: string | null
  hashBefore: string
  hash: string
}

/** `said`: words of the library's own, as they would stand in these entries. */
export function sampleEntries(said: string): SampleEntry[] {
  let head = GENESIS
  return STORIES.map(({ who, at, asked, ...story }, i) => {
    const hashBefore = head.toString('hex')
    // What is sealed reads as noise; here is some of the usual length.
    const sealed = asked ? createHash('sha512').update(`sample ${i}`).digest() : null
    const entry: EntryFields = {
      ...story,
      entryNo: String(i + 1),
      wordingId: asked ? wordingId(said) : null,
      decidedAt: new Date(at),
      recordedAt: new Date(at),
      until: null,
      form: NEWEST_FORM,
      sealed,
    }
    head = entryHash(head, 0, entry)
    return {
      who,
      entry: { ...entry, sealed: sealed?.toString('base64') ?? null },
      said: asked ? said : null,
      hashBefore,
      hash: head.toString('hex'),
    }
  })
}

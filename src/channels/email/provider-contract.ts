// What every carrier of e-mail must do, as tests: each provider's test file runs this suite on its own double.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EmailProvider, OutgoingMail } from '../channel.ts'
import { composeMail } from './compose.ts'
import { isDeadAddress } from './smtp-replies.ts'

export interface Carrier {
  provider: EmailProvider
  /** Every mail that arrived under this Message-ID, as it arrived. */
  arrived(messageId: string): Promise<Buffer[]>
  stop(): Promise<void>
}

let serial = 0

/** A short note to `to` under a Message-ID of its own. */
export function noteTo(to: string, text = 'Hello Rosa,\n\nSee you here or online.\n'): OutgoingMail {
  const messageId = `note-${process.pid}-${++serial}@library.example.org`
  const from = { name: 'Ana, Maple Falls Library', address: 'ana@library.example.org' }
  const date = new Date('2026-03-05T09:30:00Z')
  const raw = composeMail({
    from,
    to: { address: 'rosa@example.net' },
    subject: 'A note',
    text,
    html: `<p>${text}</p>`,
    messageId,
    date,
    language: 'en',
  })
  return { messageId, envelopeFrom: 'bounce-1@library.example.org', to, raw }
}

export const always = () => true

/** The carrier refuses `bounces@example.org` for good (5.1.1) and `busy@example.org` for now (4.2.1). */
export function carriesMail(name: string, start: () => Promise<Carrier>) {
  describe(`${name} carries mail`, () => {
    let carrier: Carrier
    beforeAll(async () => {
      carrier = await start()
    })
    afterAll(() => carrier.stop())

    test('a mail arrives once, byte for byte', async () => {
      const mail = noteTo('rosa@example.net')
      expect(await carrier.provider.handOver(mail, always)).toMatchObject({
        kind: 'accepted',
        providerId: expect.stringMatching(/./),
        said: expect.stringMatching(/./),
      })
      expect(await carrier.arrived(mail.messageId)).toEqual([mail.raw])
    })

    test('dots at the start of a line, and a missing last line end, do not cut or change a mail', async () => {
      const mail = noteTo('rosa@example.net')
      mail.raw = Buffer.from(`Message-ID: <${mail.messageId}>\r\n\r\n.\r\n..\r\n.hidden\r\nQUIT\r\nend`)
      expect(await carrier.provider.handOver(mail, always)).toMatchObject({ kind: 'accepted' })
      const [arrived] = await carrier.arrived(mail.messageId)
      expect(arrived?.toString().trimEnd()).toBe(mail.raw.toString())
    })

    test('Mei Lin stops while her mail is already taken: it is not handed over', async () => {
      for (const yesses of [0, 1]) {
        let asked = 0
        const mail = noteTo('mei.lin@example.net')
        expect(await carrier.provider.handOver(mail, () => asked++ < yesses)).toEqual({ kind: 'stale' })
        expect(asked).toBe(yesses + 1)
        expect(await carrier.arrived(mail.messageId)).toEqual([])
      }
    })

    test('after a mail was called off at the last moment the next one still goes', async () => {
      let asked = 0
      await carrier.provider.handOver(noteTo('mei.lin@example.net'), () => asked++ < 1)
      const next = noteTo('karl@example.com')
      expect(await carrier.provider.handOver(next, always)).toMatchObject({ kind: 'accepted' })
      expect(await carrier.arrived(next.messageId)).toEqual([next.raw])
    })

    test('an address without a mailbox is refused for good, as a dead address, and the next mail still goes', async () => {
      const outcome = await carrier.provider.handOver(noteTo('bounces@example.org'), always)
      expect(outcome).toMatchObject({ kind: 'refused', permanent: true, code: '5.1.1' })
      expect(isDeadAddress('5.1.1')).toBe(true)
      expect(await carrier.provider.handOver(noteTo('rosa@example.net'), always)).toMatchObject({ kind: 'accepted' })
    })

    test('a busy mailbox is refused for now, and its address is not given up', async () => {
      const outcome = await carrier.provider.handOver(noteTo('busy@example.org'), always)
      expect(outcome).toMatchObject({ kind: 'refused', permanent: false, code: '4.2.1' })
      expect(isDeadAddress('4.2.1')).toBe(false)
    })

    test('an address that could carry a command of its own is refused', async () => {
      for (const to of [
        'a@example.net>\r\nRCPT TO:<b@example.net',
        'a b@example.net',
        '<a@example.net>',
        'a@example.net\n',
        '',
        'rósa@example.net',
      ]) {
        const mail = noteTo(to)
        expect(await carrier.provider.handOver(mail, always), to).toMatchObject({
          kind: 'refused',
          permanent: true,
          code: '5.1.3',
        })
        expect(await carrier.arrived(mail.messageId)).toEqual([])
      }
    })

    test('many at once all arrive, each exactly once', async () => {
      const mails = Array.from({ length: 100 }, (_, i) => noteTo(`reader-${i}@example.net`))
      const outcomes = await Promise.all(mails.map((mail) => carrier.provider.handOver(mail, always)))
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(100)
      for (const mail of mails) expect(await carrier.arrived(mail.messageId)).toEqual([mail.raw])
    })

    test('closing waits for the mail under way, and what comes later is refused for now or taken, never lost in silence', async () => {
      const other = await start()
      const mail = noteTo('rosa@example.net')
      const underWay = other.provider.handOver(mail, always)
      await other.provider.close()
      const late = noteTo('rosa@example.net')
      const outcomes = [await underWay, await other.provider.handOver(late, always)]
      for (const [i, outcome] of outcomes.entries()) {
        const arrived = await other.arrived([mail, late][i]!.messageId)
        expect(arrived).toHaveLength(outcome.kind === 'accepted' ? 1 : 0)
        if (outcome.kind !== 'accepted') expect(outcome).toMatchObject({ kind: 'refused', permanent: false })
      }
      await other.stop()
    })
  })
}

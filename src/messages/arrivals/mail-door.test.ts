import { generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import type pg from 'pg'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestDoor } from '../../../test/arriving.ts'
import { openHouse } from '../../../test/house.ts'
import { make, monthsAgo, NOW } from '../../../test/make.ts'
import { premisesOf, tokenFor, traces } from '../../../test/site.ts'
import { hangUpAll, sendRaw } from '../../../test/smtp-talk.ts'
import type { LookUp } from '../../channels/email/verify-sender.ts'
import { inLibrary } from '../../db/scope.ts'
import type { Library } from '../../patrons/library.ts'
import { unsubscribeByMail } from '../unsubscribe-mail.ts'
import { closeKept, keepWaitingArrivals, listKeptArrivals, tryKeptAgain } from './kept-arrivals.ts'
import { addMailAddress, listMailAddresses } from './mail-addresses.ts'
import { addMailSource, endMailSource, listMailSources, mayLogIn } from './mail-sources.ts'

const house = openHouse()
let root: pg.Client
let maple: Library
let birch: Library
let doors: Awaited<ReturnType<typeof openTestDoor>>[] = []

beforeAll(async () => {
  root = await house.connectAsSuperuser()
})
beforeEach(async () => {
  await root.query('truncate house.mail_source, house.mail_address, house.mail_waiting, mail.arrival, desk.audit')
  maple = await make.library(house)
  birch = await make.library(house)
})
afterEach(async () => {
  hangUpAll()
  await Promise.all(doors.map((door) => door.stop()))
  doors = []
})

const open = async (...given: Parameters<typeof openTestDoor> extends [unknown, ...infer R] ? R : never) => {
  const door = await openTestDoor(house, ...given)
  doors.push(door)
  return door
}
const source = (library: Library, kind: 'login' | 'host' | 'address' | 'domain', value: string) =>
  addMailSource(house.database.logins, library, { kind, value, by: 'Ana', now: NOW })
const arrivals = async () =>
  (
    await root.query(
      `select library_no as library, capability, state, said, repeats, attempts, envelope_to as "to", raw is null as empty
       from mail.arrival order by arrival_no`,
    )
  ).rows
const notice = (text = 'Your hold is ready.', head: string[] = []) =>
  [
    ...['From: ILS <ils@library.example.org>', 'Subject: Hold', 'Message-ID: <n1@library.example.org>', ...head],
    '',
    text,
  ].join('\r\n')
const rosa = '6145550123@sms.example.org'

describe('whose mail it is', () => {
  test('a host that is known for a library sends as that library, and its mail becomes one text', async () => {
    await source(maple, 'host', '127.0.0.1')
    const door = await open()
    expect(await sendRaw(door.port, { to: [rosa], raw: notice() })).toMatch(/^250 /)
    expect(await arrivals()).toMatchObject([
      { library: maple.libraryNo, capability: 'text gateway', state: 'waiting', to: rosa },
    ])
    await door.handOn()
    expect(door.noted).toMatchObject([
      { library: maple.key, to: rosa, from: 'ils@library.example.org', peer: '127.0.0.1' },
    ])
    expect(door.noted[0]!.mail.text.trim()).toBe('Your hold is ready.')
  })

  test('a stranger is told so while they are there to hear it, and nothing of their mail is stored', async () => {
    const door = await open()
    expect(await sendRaw(door.port, { to: [rosa], raw: notice() })).toMatch(/^503 /)
    await source(maple, 'host', '192.0.2.0/28')
    expect(await sendRaw(door.port, { to: [rosa], raw: notice() })).toMatch(/^503 /)
    expect(await arrivals()).toEqual([])
  })

  test('on the host of a consortium the From address says which library it is', async () => {
    for (const library of [maple, birch]) await source(library, 'host', '127.0.0.0/24')
    await source(birch, 'domain', 'library.example.org')
    const door = await open()
    expect(await sendRaw(door.port, { to: [rosa], raw: notice() })).toMatch(/^250 /)
    expect(await arrivals()).toMatchObject([{ library: birch.libraryNo }])
    const other = notice().replace('library.example.org', 'example.com')
    expect(await sendRaw(door.port, { from: 'x@example.com', to: [rosa], raw: other })).toMatch(
      /^550 Several libraries/,
    )
  })

  test('an address of a library’s own domain is that library’s, and another’s host may not write to it', async () => {
    await addMailAddress(house.database.logins, birch, {
      ...{ address: 'texts.example.net', capability: 'text gateway', by: 'Ana', now: NOW },
    })
    for (const library of [maple, birch]) await source(library, 'host', '127.0.0.1')
    const door = await open()
    expect(await sendRaw(door.port, { to: ['6145550123@texts.example.net'], raw: notice() })).toMatch(/^250 /)
    expect(await arrivals()).toMatchObject([{ library: birch.libraryNo }])
    expect(await sendRaw(door.port, { to: ['desk@texts.example.net'], raw: notice() })).toMatch(/^503 /)
    expect(await listMailAddresses(house.database.logins)).toMatchObject([{ address: 'texts.example.net' }])
  })

  test('a login opens the door with its secret until it is ended', async () => {
    const { source: login, secret } = await source(maple, 'login', 'maple-ils')
    const logins = house.database.logins
    expect(secret).toMatch(/^[\w-]{32}$/)
    expect(await mayLogIn(logins, 'Maple-ILS', secret!)).toBe(true)
    expect(await mayLogIn(logins, 'maple-ils', `${secret}x`)).toBe(false)
    expect(await mayLogIn(logins, 'nobody', secret!)).toBe(false)
    expect(await mayLogIn(logins, 'nobody', '')).toBe(false)
    await expect(source(birch, 'login', 'maple-ils')).rejects.toThrow(/may send already/)
    await endMailSource(logins, maple, { sourceNo: login.sourceNo, by: 'Ana', now: NOW })
    expect(await mayLogIn(logins, 'maple-ils', secret!)).toBe(false)
    expect(await listMailSources(logins, maple)).toEqual([])
    await expect(endMailSource(logins, birch, { sourceNo: login.sourceNo, by: 'Ana', now: NOW })).rejects.toThrow(
      /no source/,
    )
    expect(JSON.stringify((await root.query('select * from house.mail_source')).rows)).not.toContain(secret)
  })

  test.each([
    ['host', '0.0.0.0/0'],
    ['host', 'ils.example.org'],
    ['host', '192.0.2.1/64'],
    ['address', 'ana'],
    ['domain', '@example.org'],
    ['login', 'ana ruiz'],
  ] as const)('%s %s is no source', async (kind, value) => {
    await expect(source(maple, kind, value)).rejects.toThrow()
  })

  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key = (publicKey.export({ type: 'spki', format: 'der' }) as Buffer).subarray(-32).toString('base64')
  const lookUp: LookUp = async (name) => {
    if (name === 's1._domainkey.library.example.org') return [[`v=DKIM1; k=ed25519; p=${key}`]]
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  }
  const signed = async (raw: string) => {
    const { signatures } = await dkimSign(`${raw}\r\n`, {
      signatureData: [
        {
          ...{ signingDomain: 'library.example.org', selector: 's1', algorithm: 'ed25519-sha256' },
          privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
        },
      ],
    } as never)
    return signatures + raw
  }

  test('from anywhere else only a mail that the domain of its From has signed is taken', async () => {
    await source(maple, 'address', 'ils@library.example.org')
    const door = await open({ lookUp })
    expect(await sendRaw(door.port, { to: [rosa], raw: notice() })).toMatch(/^550 This sender is not known/)
    expect(await arrivals()).toEqual([])
    expect(await sendRaw(door.port, { to: [rosa], raw: await signed(notice()) })).toMatch(/^250 /)
    await door.handOn()
    expect(door.noted).toMatchObject([{ library: maple.key, verifiedAddress: 'ils@library.example.org' }])
  })

  test('while the name servers are silent the mail comes again', async () => {
    await source(maple, 'address', 'ils@library.example.org')
    const door = await open({
      lookUp: async () => {
        throw Object.assign(new Error('timed out'), { code: 'ETIMEOUT' })
      },
    })
    expect(await sendRaw(door.port, { to: [rosa], raw: await signed(notice()) })).toMatch(/^451 /)
  })

  test('an answer goes to the library whose token it carries, with who its writer can prove to be', async () => {
    const door = await open({ lookUp, tags: { abc123: birch.libraryNo } })
    const to = ['answer+abc123@sms.example.org']
    expect(await sendRaw(door.port, { to, raw: await signed(notice('Yes.')) })).toMatch(/^250 /)
    expect(await sendRaw(door.port, { to, raw: notice('No.').replace('n1@', 'n2@') })).toMatch(/^250 /)
    expect(await sendRaw(door.port, { to: ['answer+zzz@sms.example.org'], raw: notice() })).toMatch(/^503 /)
    expect(await sendRaw(door.port, { to: ['answer@sms.example.org'], raw: notice() })).toMatch(/^503 /)
    await door.handOn()
    expect(door.noted).toMatchObject([
      { library: birch.key, verifiedAddress: 'ils@library.example.org' },
      { library: birch.key, verifiedAddress: null },
    ])
  })
})

describe('stored, then handed on, once', () => {
  beforeEach(async () => {
    await source(maple, 'host', '127.0.0.1')
  })

  test('a mail that comes again because 250 was not heard is one mail, also with one more line in its head', async () => {
    const door = await open()
    await sendRaw(door.port, { to: [rosa], raw: notice() })
    await door.handOn()
    for (const again of [notice(), `Received: from relay.example.org; today\r\n${notice()}`])
      expect(await sendRaw(door.port, { to: [rosa], raw: again })).toMatch(/^250 /)
    await door.handOn()
    expect(door.noted).toHaveLength(1)
    expect(await arrivals()).toMatchObject([{ state: 'done', repeats: 2 }])
  })

  test('the same words to another number, and other words to the same, are mails of their own', async () => {
    const door = await open()
    await sendRaw(door.port, { to: [rosa, '6145550124@sms.example.org'], raw: notice() })
    await sendRaw(door.port, { to: [rosa], raw: notice('Another hold.') })
    await door.handOn()
    expect(door.noted).toHaveLength(3)
  })

  test('what is done is forgotten: the words, the number, the sender', async () => {
    const door = await open()
    await sendRaw(door.port, { to: [rosa], raw: notice('The Secret Garden is ready.') })
    await door.handOn()
    const { rows } = await root.query('select * from mail.arrival')
    expect(rows).toMatchObject([{ state: 'done', said: 'sent as a text', raw: null }])
    expect(JSON.stringify(rows)).not.toMatch(/Garden|6145550123|ils@/)
    expect((await root.query('select * from house.mail_waiting')).rows).toEqual([])
  })

  test('fifty mails at once are handed on once each, by two workers beside each other', async () => {
    const door = await open()
    const raws = Array.from({ length: 50 }, (_, n) => notice(`Hold ${n}`).replace('n1@', `n${n}@`))
    const answers = await Promise.all(raws.map((raw) => sendRaw(door.port, { to: [rosa], raw })))
    expect(answers.filter((answer) => !answer.startsWith('250'))).toEqual([])
    await Promise.all([door.handOn(), door.handOn(), door.handOn()])
    expect(door.noted.map((one) => one.mail.text.trim()).sort()).toEqual(raws.map((_, n) => `Hold ${n}`).sort())
    expect(await door.handOn()).toBeUndefined()
  })

  test('what fails leaves no trace of having been tried, comes again, and is kept for a person after ten times', async () => {
    const door = await open()
    await sendRaw(door.port, { to: [rosa], raw: notice('BREAK') })
    let now = NOW
    for (let n = 1; n <= 12; n++) {
      await door.handOn(now)
      now = new Date(now.getTime() + 3_600_000)
    }
    expect(await arrivals()).toMatchObject([
      { state: 'kept', attempts: 10, said: 'It was tried 10 times in vain: the gateway is broken', empty: false },
    ])
    expect((await root.query('select * from desk.audit')).rows).toEqual([])
  })

  test('a worker that dies with a mail in hand gives it back after a minute', async () => {
    const door = await open()
    await sendRaw(door.port, { to: [rosa], raw: notice() })
    await root.query(`update mail.arrival set due_at = $1, attempts = 1`, [new Date(NOW.getTime() + 60_000)])
    await root.query(`update house.mail_waiting set due_at = $1`, [new Date(NOW.getTime() + 60_000)])
    await door.handOn(new Date(NOW.getTime() + 59_000))
    expect(door.noted).toEqual([])
    await door.handOn(new Date(NOW.getTime() + 61_000))
    expect(door.noted).toHaveLength(1)
  })

  test('while the installation is paused after a restore mail is stored and waits', async () => {
    const door = await open()
    await root.query(`update house.installation set paused_because = 'restored', paused_at = now()`)
    expect(await sendRaw(door.port, { to: [rosa], raw: notice() })).toMatch(/^250 /)
    await door.handOn()
    expect(door.noted).toEqual([])
    await root.query('update house.installation set paused_because = null, paused_at = null')
    await door.handOn()
    expect(door.noted).toHaveLength(1)
  })
})

describe('what nothing can be done with', () => {
  const kept = () => inLibrary(house.database.logins, 'circulation', maple.libraryNo, listKeptArrivals)
  beforeEach(async () => {
    await source(maple, 'host', '127.0.0.1')
  })

  test('a mail that cannot be read is kept whole and shown, and a person closes it with their name', async () => {
    const door = await open()
    const parts = Array.from(
      { length: 200 },
      (_, n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n\r\n`,
    )
    const raw = `Subject: Odd\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n${parts.join('')}`
    expect(await sendRaw(door.port, { to: [rosa], raw })).toMatch(/^250 /)
    await door.handOn()
    const [one] = await kept()
    expect(one).toMatchObject({ capability: 'text gateway', to: rosa, why: expect.stringContaining('taken apart') })
    expect(await inLibrary(house.database.logins, 'circulation', birch.libraryNo, listKeptArrivals)).toEqual([])
    await expect(closeKept(house.database.logins, birch, one!.arrivalNo, { by: 'Eve', now: NOW })).rejects.toThrow(
      /no kept mail/,
    )
    await closeKept(house.database.logins, maple, one!.arrivalNo, { by: 'Ana', now: NOW })
    expect(await kept()).toEqual([])
    expect(await arrivals()).toMatchObject([{ state: 'done', said: 'closed by Ana', empty: true }])
  })

  test('what the capability cannot do anything with is kept with its reason, and can be tried again', async () => {
    const door = await open()
    await sendRaw(door.port, { to: [rosa], raw: notice('NOBODY') })
    await door.handOn()
    const [one] = await kept()
    expect(one).toMatchObject({
      why: 'There is nobody to send it to.',
      subject: 'Hold',
      from: 'ils@library.example.org',
    })
    await tryKeptAgain(house.database.logins, maple, one!.arrivalNo, NOW)
    expect(await arrivals()).toMatchObject([{ state: 'waiting', attempts: 0 }])
    await door.handOn()
    expect(await kept()).toHaveLength(1)
  })

  test('what waited when a backup was made is shown after the restore, and not done a second time', async () => {
    const door = await open()
    await sendRaw(door.port, { to: [rosa], raw: notice() })
    await inLibrary(house.database.logins, 'circulation', maple.libraryNo, (scope) => keepWaitingArrivals(scope, NOW))
    await door.handOn()
    expect(door.noted).toEqual([])
    expect(await kept()).toHaveLength(1)
  })

  test('no sweep can take away what nobody has dealt with', async () => {
    const door = await open()
    await sendRaw(door.port, { to: [rosa], raw: notice() })
    const as = await house.connectAs('circulation')
    await as.query('begin')
    await as.query(`select set_config('gentle.library', $1, true)`, [String(maple.libraryNo)])
    expect((await as.query('delete from mail.arrival')).rowCount).toBe(0)
    await as.query('rollback')
  })
})

test('leaving by mail is obeyed before 250 is said, from whomever, and nothing of the mail is stored', async () => {
  await make.patrons(house, maple, [
    { id: 'karl', given: 'Karl', email: 'karl@example.net', lastUse: monthsAgo(4), consents: ['events/email'] },
  ])
  const token = await tokenFor(house, maple, { id: 'karl', email: 'karl@example.net' })
  const door = await open({ more: [unsubscribeByMail(premisesOf(house), 'unsubscribe@library.example.org')] })
  const raw = `From: Karl <private@example.com>\r\nTo: unsubscribe@library.example.org\r\nSubject: unsubscribe ${token}\r\n\r\na secret`
  expect(await sendRaw(door.port, { to: ['unsubscribe@library.example.org'], raw })).toMatch(/^250 /)
  expect(await traces(house, maple)).toMatchObject({ stops: 1 })
  expect(await arrivals()).toEqual([])
  for (const file of readdirSync(house.folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()))
    expect(readFileSync(`${file.parentPath}/${file.name}`, 'latin1')).not.toMatch(/a secret|private@example/)
})

test('when a stop cannot be written down, the mail comes again', async () => {
  const broken = {
    ...premisesOf(house),
    logins: new Proxy(
      {},
      {
        get: () => {
          throw new Error('no database')
        },
      },
    ) as never,
  }
  const token = await (async () => {
    await make.patrons(house, maple, [{ id: 'mei', email: 'mei@example.net', consents: ['events/email'] }])
    return tokenFor(house, maple, { id: 'mei', email: 'mei@example.net' })
  })()
  const door = await open({ more: [unsubscribeByMail(broken, 'unsubscribe@library.example.org')] })
  const raw = `Subject: unsubscribe ${token}\r\n\r\n`
  expect(await sendRaw(door.port, { to: ['unsubscribe@library.example.org'], raw })).toMatch(/^451 /)
})

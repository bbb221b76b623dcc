import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { mailroomProvider, readFromMailroom } from './mailroom.ts'
import { always, carriesMail, noteTo } from './provider-contract.ts'

const made: string[] = []
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-'))
  made.push(folder)
  return join(folder, 'mails')
}
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))))

carriesMail('the mailroom', async () => {
  const folder = await newFolder()
  const provider = mailroomProvider(folder)
  return {
    provider,
    arrived: async (messageId) => [(await readFromMailroom(folder, messageId)) ?? []].flat(),
    stop: () => provider.close(),
  }
})

test('the same mail twice is one mail, and the first stays as it was', async () => {
  const folder = await newFolder()
  const mail = noteTo('rosa@example.net')
  expect(await mailroomProvider(folder).handOver(mail, always)).toMatchObject({ kind: 'accepted' })
  const again = { ...mail, raw: Buffer.from('something else') }
  expect(await mailroomProvider(folder).handOver(again, always)).toMatchObject({ kind: 'accepted' })
  expect(await readFromMailroom(folder, mail.messageId)).toEqual(mail.raw)
  expect(await readdir(folder)).toEqual([`${mail.messageId.split('@')[0]}.eml`])
})

test('a busy mailbox takes the mail at the third try', async () => {
  const provider = mailroomProvider(await newFolder())
  const mail = noteTo('busy.karl@example.com')
  const kinds: string[] = []
  for (let i = 0; i < 3; i++) kinds.push((await provider.handOver(mail, always)).kind)
  expect(kinds).toEqual(['refused', 'refused', 'accepted'])
})

test('no Message-ID reads or writes a file outside the mailroom', async () => {
  const folder = await newFolder()
  const provider = mailroomProvider(folder)
  await provider.handOver(noteTo('rosa@example.net'), always)
  await writeFile(join(folder, '..', 'secret.eml'), 'secret')
  for (const id of [
    '../secret',
    '../secret@example.org',
    '..',
    '.',
    '',
    '@',
    '/etc/passwd',
    '..\\secret',
    'a/b@c',
    'a\0',
    '.draft-1-1',
  ]) {
    expect(await readFromMailroom(folder, id), id).toBeNull()
    const outcome = await provider.handOver({ ...noteTo('rosa@example.net'), messageId: id }, always)
    expect(outcome, id).toMatchObject({ kind: 'refused', permanent: true })
  }
  expect(await readFromMailroom(folder, 'not-there@example.org')).toBeNull()
  expect((await readdir(join(folder, '..'))).sort()).toEqual(['mails', 'secret.eml'])
})

test('a mailroom that cannot be written to refuses for now and says why', async () => {
  const folder = await newFolder()
  await writeFile(folder, 'a file where the folder should be')
  const outcome = await mailroomProvider(folder).handOver(noteTo('rosa@example.net'), always)
  expect(outcome).toMatchObject({
    kind: 'refused',
    permanent: false,
    code: 'mailroom',
    said: expect.stringMatching(/\w/),
  })
})

test.skipIf(process.platform === 'win32')('other accounts of the machine can neither list nor read mails', async () => {
  const folder = await newFolder()
  const mail = noteTo('rosa@example.net')
  await mailroomProvider(folder).handOver(mail, always)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
})

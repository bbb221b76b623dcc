import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { monthNo } from '../lib/clock.ts'
import { readMapping } from './mapping.ts'
import { openPatronFile } from './patron-file.ts'

const folder = new URL('../../docs/exports/', import.meta.url)
const pathOf = (name: string) => new URL(name, folder).pathname

async function linesOf(system: string) {
  const mapping = await readMapping(pathOf(`${system}.yaml`))
  const file = await openPatronFile(pathOf(`${system}-sample.csv`), { mapping, today: '2026-11-22' })
  expect(file.ignoredColumns).toEqual([])
  const lines = []
  for await (const batch of file.records()) lines.push(...batch.map(file.read))
  return lines
}

test('the Koha example is read as its page says', async () => {
  const street = {
    addressLine1: '12 Main Street, Apt 4',
    city: 'Maple Falls',
    region: 'OH',
    postalCode: '43001',
    country: 'USA',
  }
  expect(await linesOf('koha')).toEqual([
    expect.objectContaining({
      ...street,
      patronId: '1041',
      barcode: '21234000001041',
      givenName: 'Rosa',
      familyName: 'García',
      preferredName: '',
      email: 'rosa.garcia@example.org',
      emailGiven: true,
      phone: '+16145550101',
      language: 'es',
      branch: 'MAIN',
      category: 'ADULT',
      minorUntil: null,
      guardianId: '',
      registeredOn: '2015-06-01',
      expiresOn: '2027-06-01',
      lastUse: monthNo(2026, 7),
      status: 'active',
    }),
    expect.objectContaining({
      ...street,
      patronId: '1042',
      givenName: 'Diego',
      email: 'rosa.garcia@example.org',
      language: '',
      category: 'JUV',
      minorUntil: '2032-09-30',
      guardianId: '1041',
      expiresOn: null,
      lastUse: null,
      status: 'active',
    }),
    expect.objectContaining({
      patronId: '1043',
      familyName: "O'BRIEN",
      preferredName: 'Charlie "Chuck"',
      email: null,
      emailGiven: false,
      phone: '+16145550102',
      minorUntil: null,
      lastUse: monthNo(2023, 11),
      status: 'barred',
    }),
  ])
})

test('the Sierra example is read as its page says', async () => {
  expect(await linesOf('sierra')).toEqual([
    expect.objectContaining({
      patronId: 'p1000417',
      barcode: '21234000002041',
      givenName: 'MARISOL',
      familyName: 'LÓPEZ',
      email: 'marisol@example.org',
      phone: '+16145550111',
      addressLine1: '12 MAIN ST',
      city: 'MAPLE FALLS',
      region: 'OH',
      postalCode: '43001',
      country: 'US',
      branch: 'main',
      category: 'adult',
      minorUntil: null,
      registeredOn: '2015-06-01',
      expiresOn: '2027-06-01',
      lastUse: monthNo(2026, 5),
      status: 'active',
    }),
    expect.objectContaining({
      patronId: 'p1000428',
      barcode: '21234000002042',
      givenName: 'MAI T',
      email: 'mai@example.net',
      phone: '+16145550112',
      addressLine1: '8 MILL LN',
      city: 'MAPLE FALLS',
      region: 'OH',
      postalCode: '43001-1234',
      category: 'juvenile',
      minorUntil: '2030-11-20',
      lastUse: null,
      status: 'active',
    }),
    expect.objectContaining({
      patronId: 'p1000439',
      givenName: '',
      familyName: 'OKAFOR',
      email: null,
      phone: null,
      city: '',
      expiresOn: null,
      lastUse: monthNo(2019, 1),
      status: 'deceased',
    }),
  ])
})

test('the Polaris example is read as its page says', async () => {
  expect(await linesOf('polaris')).toEqual([
    expect.objectContaining({
      patronId: '300217',
      givenName: 'Ana',
      familyName: 'Whitfield',
      email: 'ana.whitfield@example.org',
      phone: '+16145550121',
      addressLine1: '5 River Road, Rear',
      addressLine2: '',
      language: 'en',
      branch: 'Main Library',
      category: 'Adult',
      registeredOn: '2015-06-01',
      expiresOn: '2027-06-01',
      lastUse: monthNo(2026, 8),
      status: 'active',
    }),
    expect.objectContaining({
      patronId: '300218',
      givenName: 'Mei Lin',
      email: null,
      emailGiven: true,
      language: 'es',
      minorUntil: '2028-12-01',
      expiresOn: null,
      lastUse: null,
      status: 'active',
    }),
    expect.objectContaining({
      patronId: '300219',
      familyName: 'Null',
      phone: null,
      addressLine2: 'Apt 2',
      language: '',
      lastUse: monthNo(2023, 10),
      status: 'barred',
    }),
  ])
})

test.each(['koha', 'sierra', 'polaris'])(
  'the page on %s shows its mapping and its sample as they are',
  async (system) => {
    const [page, mapping, sample] = await Promise.all(
      [`${system}.md`, `${system}.yaml`, `${system}-sample.csv`].map((name) => readFile(pathOf(name), 'utf8')),
    )
    expect(page).toContain(mapping)
    expect(page).toContain(sample!.replaceAll('\r\n', '\n'))
  },
)

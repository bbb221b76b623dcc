import { expect, test } from 'vitest'
import { sandboxPicture } from './sandbox-picture.ts'
import { stripPicture } from './strip-picture.ts'

const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex')
const part = (marker: string, content: Buffer) => {
  const head = hex(`ff${marker} 0000`)
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}
const jfif = part('e0', Buffer.from('JFIF\0\x01\x01'))
const tables = part('db', Buffer.alloc(65, 1))
const scan = Buffer.concat([part('da', Buffer.alloc(10)), hex('1234 ff00 5678 ffd9')])
/** Little-endian, as phones write it: the way up (0x0112) after one other entry, and a place beside it. */
const exif = (way: number) =>
  Buffer.concat([
    Buffer.from('Exif\0\0'),
    hex('49492a00 08000000 0200', '0f01 0200 04000000 41424300', `1201 0300 01000000 0${way}000000`, '00000000'),
    Buffer.from('GPS 40.44N 82.91W'),
  ])
const jpeg = (...parts: Buffer[]) => Buffer.concat([hex('ffd8'), ...parts, scan])

test('where a photo was taken goes, and which way up it is stays', () => {
  const photo = jpeg(jfif, part('e1', exif(6)), part('fe', Buffer.from('by Rosa')), tables)
  const stripped = stripPicture('image/jpeg', photo)!
  expect(stripped.toString('latin1')).not.toMatch(/GPS|Rosa|ABC/)
  const turned = part(
    'e1',
    Buffer.concat([Buffer.from('Exif\0\0MM\0*'), hex('00000008 0001 0112 0003 00000001 0006 0000 00000000')]),
  )
  expect(stripped).toEqual(jpeg(jfif, turned, tables))
})

test('a photo that is the right way up keeps no such part at all, and what hangs behind its end goes', () => {
  const photo = Buffer.concat([jpeg(jfif, part('e1', exif(1)), tables), jpeg(part('e1', exif(6)), tables)])
  expect(stripPicture('image/jpeg', photo)).toEqual(jpeg(jfif, tables))
})

test('a profile of colours stays, an index of further pictures goes', () => {
  const colours = part('e2', Buffer.from('ICC_PROFILE\0\x01\x01'))
  const photo = jpeg(colours, part('e2', Buffer.from('MPF\0 more')), tables)
  expect(stripPicture('image/jpeg', photo)).toEqual(jpeg(colours, tables))
})

test('words and places in a PNG go, and it stays the same picture', () => {
  const end = sandboxPicture.length - 12
  const words = Buffer.concat([hex('00000005'), Buffer.from('tEXtGPS 1'), hex('00000000')])
  const told = Buffer.concat([sandboxPicture.subarray(0, end), words, sandboxPicture.subarray(end), words])
  expect(stripPicture('image/png', told)).toEqual(sandboxPicture)
  expect(stripPicture('image/png', sandboxPicture)).toEqual(sandboxPicture)
})

test('a WebP says no more that there is something about the place, and is as long as it says', () => {
  const chunk = (name: string, data: Buffer) => {
    const head = Buffer.concat([Buffer.from(name), hex('00000000')])
    head.writeUInt32LE(data.length, 4)
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
  }
  const webp = (...chunks: Buffer[]) => {
    const all = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'), ...chunks])
    all.writeUInt32LE(all.length - 8, 4)
    return all
  }
  const flags = (bits: number) => chunk('VP8X', Buffer.from([bits, 0, 0, 0, 1, 0, 0, 1, 0, 0]))
  const seen = chunk('VP8 ', Buffer.from('seen!'))
  const told = webp(flags(0b11100), seen, chunk('EXIF', Buffer.from('GPS')), chunk('XMP ', Buffer.from('by Rosa')))
  expect(stripPicture('image/webp', told)).toEqual(webp(flags(0b10000), seen))
})

test('what is cut short anywhere is never kept with its place in it, and never throws', () => {
  const photo = jpeg(jfif, part('e1', exif(6)), tables)
  for (let length = 3; length < photo.length; length++) {
    const cut = stripPicture('image/jpeg', photo.subarray(0, length))
    expect(cut?.toString('latin1') ?? '').not.toContain('GPS')
  }
  for (const type of ['image/png', 'image/webp'])
    for (let length = 12; length < 60; length++) stripPicture(type, sandboxPicture.subarray(0, length))
})

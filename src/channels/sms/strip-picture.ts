// Takes out of a picture what a phone wrote into it besides what is to be seen: where it was taken, when, with what, by whom,
// and what hangs behind its end. Which way up it is stays, or photos would lie on their side.

/** Null when it cannot be followed to its end: then nobody can say what is in it. */
export function stripPicture(type: string, bytes: Buffer): Buffer | null {
  if (type === 'image/jpeg') return stripJpeg(bytes)
  if (type === 'image/png') return stripPng(bytes)
  if (type === 'image/webp') return stripWebp(bytes)
  return bytes // a GIF has no place for it that phones use
}

const SCAN = 0xda
const EXTRA_OF_JPEG = (marker: number, content: Buffer): boolean => {
  if (marker === 0xe0 || marker === 0xee) return false // JFIF and Adobe: how the colours are meant
  if (marker === 0xe2) return content.toString('latin1', 0, 11) !== 'ICC_PROFILE'
  return (marker >= 0xe1 && marker <= 0xef) || marker === 0xfe
}

/** JPEG: parts with a marker and a length until the first scan; then the picture, until the marker of its end. */
function stripJpeg(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = [bytes.subarray(0, 2)]
  let at = 2
  while (bytes[at + 1] !== SCAN) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++ // a byte to fill up
      continue
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (end > bytes.length || end < at + 4) return null
    const content = bytes.subarray(at + 4, end)
    if (!EXTRA_OF_JPEG(marker, content)) kept.push(bytes.subarray(at, end))
    else if (marker === 0xe1) kept.push(...onlyOrientation(content))
    at = end
  }
  const end = bytes.indexOf('ffd9', at, 'hex')
  return Buffer.concat([...kept, bytes.subarray(at, end < 0 ? bytes.length : end + 2)])
}

/** Of an Exif part the one entry 0x0112, as an Exif part of its own; nothing where the picture is the right way up. */
function onlyOrientation(exif: Buffer): Buffer[] {
  if (exif.subarray(0, 6).toString('latin1') !== 'Exif\0\0') return []
  const tiff = exif.subarray(6)
  const little = tiff.subarray(0, 2).toString('latin1') === 'II'
  const read = (at: number, length: 2 | 4) => {
    if (at + length > tiff.length) return 0
    return little ? tiff.readUIntLE(at, length) : tiff.readUIntBE(at, length)
  }
  const first = read(4, 4)
  for (let i = 0; i < Math.min(read(first, 2), 100); i++) {
    const entry = first + 2 + 12 * i
    const way = read(entry + 8, 2)
    if (read(entry, 2) === 0x0112 && way >= 2 && way <= 8) return [orientation(way)]
  }
  return []
}

function orientation(way: number): Buffer {
  const part = Buffer.from('ffe100224578696600004d4d002a000000080001011200030000000100000000' + '00000000', 'hex')
  part.writeUInt16BE(way, 28)
  return part
}

const OF_PNG = ['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']

/** PNG: chunks of length, name, data and check sum, to the one that is its end. */
function stripPng(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = [bytes.subarray(0, 8)]
  let at = 8
  while (at + 12 <= bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at)
    if (end > bytes.length) return null
    const name = bytes.toString('latin1', at + 4, at + 8)
    if (!OF_PNG.includes(name)) kept.push(bytes.subarray(at, end))
    if (name === 'IEND') return Buffer.concat(kept)
    at = end
  }
  return null
}

/** WebP: chunks of name, length and data, padded to even; a first chunk VP8X says by two bits that the others are there. */
function stripWebp(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = [Buffer.from(bytes.subarray(0, 12))]
  const whole = Math.min(bytes.length, 8 + bytes.readUInt32LE(4))
  let at = 12
  while (at + 8 <= whole) {
    const length = bytes.readUInt32LE(at + 4)
    const end = at + 8 + length + (length % 2)
    if (at + 8 + length > whole) return null
    const name = bytes.toString('latin1', at, at + 4)
    const part = Buffer.from(bytes.subarray(at, end))
    if (name === 'VP8X' && length > 0) part[8]! &= ~0b1100
    if (name !== 'EXIF' && name !== 'XMP ') kept.push(part)
    at = end
  }
  const all = Buffer.concat(kept)
  all.writeUInt32LE(all.length - 8, 4)
  return all
}

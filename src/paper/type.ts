// The type on our paper: three faces of two families that come with the program, five inks, and the few styles that
// every document is set in. One place, so that a strip, a poster and a proof look like they come from one library.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../lib/package-root.ts'

export const INKS = { ink: '#2b2522', quiet: '#65564d', accent: '#7a3b12', line: '#cfc2b4', wash: '#f7f1e8' } as const

export interface Style {
  face: Face
  /** Points. */
  size: number
  ink?: keyof typeof INKS
  /** Distance of two lines, as a multiple of the size. */
  leading?: number
  align?: 'left' | 'center' | 'right'
  /** Between letters, in points: for a few words in small capitals' place. */
  spacing?: number
}

export const STYLES = {
  title: { face: 'serif', size: 26, leading: 1.15 },
  section: { face: 'strong', size: 12.5, ink: 'accent', leading: 1.3 },
  part: { face: 'strong', size: 10.5, leading: 1.35 },
  body: { face: 'sans', size: 10.3, leading: 1.42 },
  lede: { face: 'sans', size: 12, ink: 'quiet', leading: 1.45 },
  quote: { face: 'serif', size: 12, leading: 1.45 },
  seal: { face: 'sans', size: 8.6, leading: 1.75 },
  small: { face: 'sans', size: 8.5, ink: 'quiet', leading: 1.4 },
  sender: { face: 'strong', size: 9.5, ink: 'quiet', spacing: 0.6, leading: 1.3 },
} as const satisfies Record<string, Style>

export const FACES = ['serif', 'sans', 'strong'] as const
export type Face = (typeof FACES)[number]

const FILES: Record<Face, string> = {
  serif: 'SourceSerif4-Regular.ttf',
  sans: 'SourceSans3-Regular.ttf',
  strong: 'SourceSans3-SemiBold.ttf',
}

/** Stands for a sign that the type does not have. A ballot box would read as something to tick. */
export const NO_GLYPH = '■'

const read = new Map<Face, Buffer>()

/** The bytes of a face, read once. */
export function faceBytes(face: Face): Buffer {
  if (!read.has(face)) read.set(face, readFileSync(join(packageRoot, 'fonts', FILES[face])))
  return read.get(face)!
}

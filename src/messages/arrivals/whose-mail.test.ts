import { describe, expect, test } from 'vitest'
import type { KnownBy } from './mail-sources.ts'
import { whoseByCaller, whoseByContent } from './whose-mail.ts'

const [maple, birch, cedar] = [1, 2, 3]
const known = (more: Partial<KnownBy> = {}): KnownBy => ({ login: [], host: [], signing: [], ...more })
const library = (libraryNo: number) => ({ kind: 'library', libraryNo })

describe('before the mail itself', () => {
  test.each<[string, number | null, Partial<KnownBy>, object]>([
    ['who signed in is that library', null, { login: [maple] }, library(maple)],
    ['signed in counts more than the host', null, { login: [maple], host: [birch] }, library(maple)],
    ['a host of one library is that library', null, { host: [maple] }, library(maple)],
    ['a host of several leaves it open', null, { host: [maple, birch] }, { kind: 'open' }],
    ['an address of one of them settles it', birch, { host: [maple, birch] }, library(birch)],
    [
      'a login may not write to another library’s address',
      birch,
      { login: [maple], signing: [birch] },
      { kind: 'nobody' },
    ],
    ['a host may not, either', birch, { host: [maple] }, { kind: 'nobody' }],
    [
      'unless somebody there can prove by signature to be known',
      birch,
      { host: [maple], signing: [birch] },
      { kind: 'open' },
    ],
    ['a stranger may be somebody who signs', null, { signing: [maple] }, { kind: 'open' }],
    ['where nobody signs, a stranger is a stranger', null, {}, { kind: 'nobody' }],
    ['who signs for another library does not help', birch, { signing: [maple] }, { kind: 'nobody' }],
  ])('%s', (_what, fixed, by, expected) => {
    expect(whoseByCaller(fixed, known(by))).toMatchObject(expected)
  })
})

describe('with it', () => {
  test.each<[string, number | null, Partial<KnownBy>, number[], number[], object]>([
    [
      'of a host of several, the one whose address is in From',
      null,
      { host: [maple, birch] },
      [birch],
      [],
      library(birch),
    ],
    ['nobody, when From is on no list', null, { host: [maple, birch] }, [], [], { kind: 'nobody' }],
    ['nobody, when From is on both lists', null, { host: [maple, birch] }, [maple, birch], [], { kind: 'nobody' }],
    ['not one that the host is not known for', null, { host: [maple, birch] }, [cedar], [cedar], { kind: 'nobody' }],
    ['a stranger who signs as somebody on the list', null, { signing: [maple] }, [maple], [maple], library(maple)],
    ['not a stranger who only writes it into From', null, { signing: [maple] }, [maple], [], { kind: 'nobody' }],
    ['not for another library’s address', birch, { signing: [maple, birch] }, [maple], [maple], { kind: 'nobody' }],
  ])('%s', (_what, fixed, by, named, proven, expected) => {
    expect(whoseByContent(fixed, known(by), { named, proven })).toMatchObject(expected)
  })
})

import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inGroups } from './in-groups.ts'

test('what comes while a group is written is written together, and each waits for its own', async () => {
  const groups: number[][] = []
  const stored: number[] = []
  const write = inGroups<number>(async (group) => {
    groups.push(group)
    await wait(5)
  }, 3)
  await Promise.all([1, 2, 3, 4, 5, 6].map((n) => write(n).then(() => stored.push(n))))
  expect(groups).toEqual([[1], [2, 3, 4], [5, 6]])
  expect(stored).toEqual([1, 2, 3, 4, 5, 6])
  await write(7)
  expect(groups.at(-1)).toEqual([7])
})

test('a group that cannot be written fails for those in it, and the next one is tried', async () => {
  const write = inGroups<string>(async (group) => {
    await wait(1)
    if (group.includes('bad')) throw new Error('the disk is full')
  }, 10)
  const [first, ...others] = await Promise.allSettled([write('good'), write('bad'), write('beside it')])
  expect(first!.status).toBe('fulfilled')
  expect(others.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await write('good again')
})

// The bar is for somebody who watches, and for nobody else.
import { expect, test } from 'vitest'
import { openProgress } from './progress.ts'

function screen(isTTY: boolean) {
  const written: string[] = []
  return { written, isTTY, columns: 60, write: (text: string) => written.push(text) }
}

test('nothing is drawn where nobody watches', () => {
  const pipe = screen(false)
  const progress = openProgress(pipe)
  progress.show('Reading', 1, 2)
  progress.clear()
  expect(pipe.written).toEqual([])
})

test('it is drawn ten times a second at most, always at the end and for each new step, and wiped away', () => {
  const terminal = screen(true)
  let ms = 0
  const progress = openProgress(terminal, () => ms)
  for (; ms < 1_000; ms += 10) progress.show('Reading', ms, 1_000)
  expect(terminal.written.length).toBe(10)
  progress.show('Reading', 1_000, 1_000)
  progress.show('Writing', 0, 10)
  expect(terminal.written.at(-2)).toMatch(/Reading \[#{30}\] 100%$/)
  expect(terminal.written.at(-1)).toMatch(/Writing \[\.{30}\] {3}0%$/)
  progress.clear()
  expect(terminal.written.at(-1)).toBe('\r\u001b[K')
})

test('a total that is not known and a window that is narrow do no harm', () => {
  const terminal = { ...screen(true), columns: 20 }
  openProgress(terminal).show('Reading the file', 5, 0)
  expect(terminal.written[0]!.replace('\r\u001b[K', '').length).toBeLessThan(20)
})

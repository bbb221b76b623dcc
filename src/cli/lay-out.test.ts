import { expect, test } from 'vitest'
import { visible } from './lay-out.ts'

test('words from a file cannot steer the terminal, and names in any script stay as they are', () => {
  expect(visible('desk\u001b]0;title\u0007 \u009b31m\r\u202eliam')).toBe('desk�]0;title� �31m��liam')
  const honest = 'Mei 美, José, علی\u200cرضا\tone\ntwo'
  expect(visible(honest)).toBe(honest)
})

import { expect, test } from 'vitest'
import { phoneOfAddress, textAfterDelimiter } from './gateway-address.ts'

// Koha sends to the number as somebody typed it at the desk.
test.each(['6145550123', '16145550123', '+16145550123', '614-555-0123', '614.555.0123', '1-614-555-0123'])(
  '%s is a telephone',
  (localPart) => {
    expect(phoneOfAddress(localPart)).toBe('+16145550123')
  },
)

test.each([
  '614555012',
  '61455501234',
  '26145550123',
  '0145550123',
  '6140550123',
  '614-555-012',
  '6145550123+x',
  'rosa',
  '',
  '٦١٤٥٥٥٠١٢٣',
  ' 6145550123',
])('%j is none', (localPart) => {
  expect(phoneOfAddress(localPart)).toBeNull()
})

test('what stands before the delimiter is dropped', () => {
  expect(textAfterDelimiter('Dear Rosa,\n## Your hold is ready. ## 5', '##')).toBe('Your hold is ready. ## 5')
})

test('without a delimiter the text is the text', () => {
  expect(textAfterDelimiter('Your hold is ready.\n', '##')).toBe('Your hold is ready.')
  expect(textAfterDelimiter('a ## b', null)).toBe('a ## b')
})

import { expect, test } from 'vitest'
import { displayName } from './display-name.ts'

test.each([
  ['ROSA', 'Rosa'],
  ['GARCÍA LÓPEZ', 'García López'],
  ['MARY-ANNE O’BRIEN', 'Mary-Anne O’Brien'],
  ["D'SOUZA", "D'Souza"],
  ["JO'S", "Jo's"],
  ['MCDONALD', 'McDonald'],
  ['HENRY III', 'Henry III'],
  ['МАРИЯ ИВАНОВА', 'Мария Иванова'],
  ['ΓΙΩΡΓΟΣ', 'Γιώργος'.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC')],
  ['ᲜᲘᲜᲝ', 'ნინო'],
])('a name in capitals is greeted in title case: %s', (name, shown) => {
  expect(displayName(name)).toBe(shown)
})

test.each(['', 'Rosa', 'bell hooks', 'McDonald', 'DeShawn', 'J', '李小龙', 'محمد', 'नीरज', 'ნინო'])(
  'a name that its bearer wrote otherwise stays: %s',
  (name) => {
    expect(displayName(name)).toBe(name)
  },
)

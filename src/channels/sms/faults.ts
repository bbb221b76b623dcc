// What a fault means for trying again, and how a code of a provider becomes one. Each provider's codes are a table of its
// own; what no table knows is taken for temporary, so that nobody's number is given up for a code that came last week.
import type { HandOver } from '../channel.ts'
import type { TextFault } from './text-provider.ts'

export type FaultTable = Readonly<Record<string, TextFault>>

const lasting: readonly TextFault[] = ['wrong number', 'landline', 'opted out', 'blocked', 'filtered']

/** True where the same text will not arrive later either. An unregistered sender is ours to mend: no text fails for it. */
export const isLasting = (fault: TextFault): boolean => lasting.includes(fault)

/** A number that is none is refused by us, before any provider hears of it. */
export const NOT_A_NUMBER = 'not-a-number'

export const faultIn = (table: FaultTable, code: string): TextFault =>
  code === NOT_A_NUMBER ? 'wrong number' : Object.hasOwn(table, code) ? table[code]! : 'unknown'

export const refusedBy = (table: FaultTable, code: string, said: string): HandOver => ({
  kind: 'refused',
  permanent: isLasting(faultIn(table, code)),
  code,
  said: said.slice(0, 500),
})

/** [MS-OXWSCORE] 3.1.4.9.4.1 ConflictResolutionType: what becomes of a change that knows an older version of the item than there is. */
import { propertyRow, Refusal, type PropertyValue } from '#model'
import type { ItemRow } from '#store'
import type { ConflictResolution } from '../contract.ts'
import { storedProperties } from './columns.ts'

interface Writer {
  conflict: ConflictResolution
  changeKey?: number
}

/** Refuses a stale writer who asked for it (IrresolvableConflict), and one who does not say what he knows (ChangeKeyRequiredForWriteOperations). */
export function checkConflict(row: ItemRow, { conflict, changeKey }: Writer): void {
  if (conflict === 'AlwaysOverwrite') return
  if (changeKey === undefined) throw new Refusal('ChangeKeyRequiredForWriteOperations', 'Say which version of the item is changed.')
  if (conflict === 'NeverOverwrite' && changeKey !== row.change) {
    throw new Refusal('IrresolvableConflict', 'The item was changed by someone else.', { item: row.id })
  }
}

/** What a stale writer does not lower: somebody raised it for a reason that he did not see. */
const keptHigher = ['importance', 'sensitivity'] as const

/**
 * AutoResolve: of the changes of a stale writer those go through that lower nothing; of the others the item keeps what it has
 * (MS-OXWSCORE_R585). Takes them out of `set`; answers how many.
 */
export function gaveWay(set: Record<string, PropertyValue>, row: ItemRow, { conflict, changeKey }: Writer): number {
  if (conflict !== 'AutoResolve' || changeKey === undefined || changeKey === row.change) return 0
  const stored = storedProperties(row)
  const lowered = keptHigher.filter((name) => name in set && rank(name, set[name]) < rank(name, stored[name]))
  for (const name of lowered) delete set[name]
  return lowered.length
}

/** Where a value stands among the property's choices; none stands where the usual one does. */
function rank(name: (typeof keptHigher)[number], value: unknown): number {
  const choices = propertyRow(name).choices ?? []
  return choices.indexOf(typeof value === 'string' ? value : 'Normal')
}

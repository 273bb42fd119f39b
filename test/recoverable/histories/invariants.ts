/** What holds whatever the model says of single steps (issue: nothing under hold is ever lost, everything within retention is recoverable). */
import assert from 'node:assert/strict'
import { described, isHeld, isOver } from './keeping.ts'
import { everything, isRecoverable, type Model, type Place, type Thing } from './model.ts'

interface Before {
  thing: Thing
  at: Place | undefined
  deleted: number | undefined
  isHeld: boolean
}

/** How everything stood before a step. */
export function standing(model: Model): { all: Before[]; singleItemRecovery: boolean } {
  const all = everything(model).map((thing) => ({ thing, at: thing.at, deleted: thing.deleted, isHeld: isHeld(model, thing) }))
  return { all, singleItemRecovery: model.singleItemRecovery }
}

/** Of what is gone nothing was held, and with single item recovery, or where time alone passed, nothing went that had not been kept for its time. */
export function checkNothingLost({ all, singleItemRecovery }: ReturnType<typeof standing>, model: Model, step: string): void {
  for (const { thing, at, deleted, isHeld: wasHeld } of all) {
    if (at === undefined || thing.at !== undefined) continue
    const what = described(thing)
    assert.ok(!(wasHeld && isHeld(model, thing)), `'${what}' was under hold, and is gone`)
    if (!singleItemRecovery && !(step === 'timePasses' && isRecoverable(at))) continue
    assert.ok(isRecoverable(at) && isOver(model, { kind: thing.kind, deleted }), `'${what}' was to be recoverable, and is gone`)
  }
}

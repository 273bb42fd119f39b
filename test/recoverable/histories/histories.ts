/** Random histories of one mailbox, each step held against the model (source R2). */
import fc from 'fast-check'
import type { DeleteType } from '#mailbox'
import type { ActedMailbox } from './acted-mailbox.ts'
import { compare, type Real } from './compare.ts'
import { checkNothingLost, standing } from './invariants.ts'
import { newModel, type Model } from './model.ts'
import { steps, type Choice } from './steps.ts'

class Act implements fc.AsyncCommand<Model, Real> {
  readonly step: string
  readonly choice: Choice
  constructor(step: string, choice: Choice) {
    this.step = step
    this.choice = choice
  }
  check = () => true
  toString = () => `${this.step} ${JSON.stringify(this.choice)}`
  async run(model: Model, real: Real): Promise<void> {
    const before = standing(model)
    // No two things happen at once.
    model.now += 1000
    await steps[this.step]!.run(model, real, this.choice)
    checkNothingLost(before, model, this.step)
    await compare(model, real, this.step === 'timePasses')
  }
}

const names = Object.entries(steps).flatMap(([name, { weight }]) => Array.from({ length: weight }, () => name))
const choices = fc.record({
  pick: fc.nat(1000),
  to: fc.nat(1000),
  type: fc.constantFrom<DeleteType>('MoveToDeletedItems', 'SoftDelete', 'HardDelete'),
  days: fc.constantFrom(1, 5, 14, 30, 130),
  yes: fc.boolean(),
})

/** Histories of at most so many steps. */
export const histories = (most: number) =>
  fc.commands([fc.tuple(fc.constantFrom(...names), choices).map(([step, choice]) => new Act(step, choice))], {
    maxCommands: most,
    size: 'max',
  })

/** Lives through a history; at its end the content of everything is read. */
export async function live(mailbox: ActedMailbox, started: number, history: Iterable<fc.AsyncCommand<Model, Real>>): Promise<void> {
  const model = newModel(started)
  const real: Real = { mailbox, numbers: new Map() }
  await compare(model, real, false)
  await fc.asyncModelRun(() => ({ model, real }), history)
  await compare(model, real, true)
}

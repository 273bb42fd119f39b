/**
 * Random histories of one mailbox and its archive: creating, changing, moving, renaming, deleting in every way, recovering, holds, retention and time
 * passing, against a simple model (source R2); on a server that lives, and on one that dies in the midst of things. HISTORIES sets how many of
 * each: thousands by `HISTORIES=2000 node --test test/recoverable/histories.matrix.ts`, with processes killed by
 * `HISTORIES=100 node --test test/soak/histories.soak.ts`.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { engines } from '../support/engines.ts'
import { mailboxOn } from './histories/acted-mailbox.ts'
import { dyingMailbox, type Death } from './histories/dying-mailbox.ts'
import { histories, live } from './histories/histories.ts'

const started = Date.UTC(2030, 0, 7, 9)
/** Of a hundred operations so many are cut short. */
const cutShort = 20

const deaths: fc.Arbitrary<Death | undefined> = fc
  .record({ dice: fc.nat(99), write: fc.constantFrom(0, 0, 0, 1, 2, 5), isWritten: fc.boolean() })
  .map(({ dice, ...death }) => (dice < cutShort ? death : undefined))

for (const engine of engines) {
  const numRuns = Number(process.env.HISTORIES ?? (engine.name === 'sqlite' ? 40 : 10))

  test(`nothing under hold is lost, and everything lies where the model says (source R2, ${engine.name})`, async () => {
    const time = { now: started }
    await using opened = await engine.use({ clock: () => time.now })
    let run = 0
    const property = fc.asyncProperty(histories(60), async (history) =>
      live(await mailboxOn(opened.store, time, `someone${run++}`), started, history),
    )
    await fc.assert(property, { numRuns })
  })

  test(`nor is it where the server dies in the midst of things (source R2, ${engine.name})`, async () => {
    const time = { now: started }
    await using opened = await engine.use({ clock: () => time.now })
    let run = 0
    let died = 0
    const property = fc.asyncProperty(histories(60), fc.infiniteStream(deaths), async (history, dice) => {
      const mailbox = await dyingMailbox(opened.store, time, `someone${run++}`, () => dice.next().value as Death | undefined)
      await live(mailbox, started, history)
      died += mailbox.died
    })
    await fc.assert(property, { numRuns })
    assert.ok(died > 0, 'nobody died')
  })
}

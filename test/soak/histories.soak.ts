/** The histories of a mailbox (source R2) with the process killed (SIGKILL) in the midst of them, on both stores. HISTORIES sets how many. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { histories, live } from '../recoverable/histories/histories.ts'
import { openKillable } from '../recoverable/histories/killable-mailbox.ts'
import { engines } from '../support/engines.ts'

const started = Date.UTC(2030, 0, 7, 9)
/** Of a hundred operations so many are cut short. */
const killed = 15

for (const engine of engines) {
  test(`nothing under hold is lost though the server is killed in the midst of it (source R2, ${engine.name})`, async () => {
    const { clock: _clock, log: _log, ...options } = await engine.options()
    let run = 0
    let kills = 0
    await fc.assert(
      fc.asyncProperty(histories(40), fc.infiniteStream(fc.nat(99)), async (commands, dice) => {
        const cut = () => {
          const { value } = dice.next()
          return value !== undefined && value < killed ? value / 3 : undefined
        }
        const mailbox = await openKillable(options, `someone${run++}`, started, cut)
        try {
          await live(mailbox, started, commands)
        } finally {
          await mailbox.close()
          kills += mailbox.kills
        }
      }),
      // A history that fails is told as it is: with other kills a shorter one proves nothing.
      { numRuns: Number(process.env.HISTORIES ?? (engine.name === 'sqlite' ? 8 : 4)), endOnFailure: true },
    )
    assert.ok(kills > 0, 'nobody was killed')
  })
}

/** Random histories of creating, moving, deleting, holding and time passing, against a simple model (source R2). HISTORIES sets how many. */
import { test } from 'node:test'
import fc from 'fast-check'
import { engines } from '../support/engines.ts'
import { mailboxOn } from './histories/acted-mailbox.ts'
import { histories, live } from './histories/histories.ts'

const started = Date.UTC(2030, 0, 7, 9)

for (const engine of engines) {
  test(`nothing under hold is lost, and everything lies where the model says (source R2, ${engine.name})`, async () => {
    const time = { now: started }
    await using opened = await engine.use({ clock: () => time.now })
    const { store } = opened
    let run = 0
    await fc.assert(
      fc.asyncProperty(histories(60), async (commands) => {
        const mailbox = await mailboxOn(store, time, `someone${run++}`)
        await live(mailbox, started, commands)
      }),
      { numRuns: Number(process.env.HISTORIES ?? (engine.name === 'sqlite' ? 150 : 25)) },
    )
  })
}

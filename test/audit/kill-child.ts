/** Deletes for a delegate, one item after another, until it is killed: first says the mailbox, then the number of each item that was acknowledged. */
import { createStore } from '#store'
import { note, people } from '../mailbox/people.ts'
import type { TestEngine } from '../support/engines.ts'

const [path = ''] = process.argv.slice(2)
const engine = { name: 'sqlite', open: () => createStore({ path, clock: Date.now }) } as TestEngine
const { mailboxes, directory, mary, rob, organisation } = await people(engine)
await directory.update(organisation, mary.recipient.id, () => ({ fullAccess: [rob.recipient.id] }))
process.stdout.write(`${mary.mailbox}\n`)
const inbox = { mailbox: mary.mailbox, kind: 'inbox' }
for (let number = 0; ; number++) {
  const { ref } = await mailboxes.createItem(rob.caller, inbox, note(`note ${number}`))
  await mailboxes.deleteItem(rob.caller, ref, 'SoftDelete')
  process.stdout.write(`${ref.id}\n`)
}

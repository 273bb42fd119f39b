/** Acts on one mailbox as its parent says, one operation after the other, until it is killed. */
import { flushCompileCache } from 'node:module'
import { openMailbox, type ActedMailbox, type Operation, type StoreAt } from './acted-mailbox.ts'

export type ToChild = { open: StoreAt; alias: string; now: number } | { operation: Operation; now: number } | { look: true; whole: boolean }

let mailbox: ActedMailbox | undefined
process.on('message', (message: ToChild) => {
  void answer(message).then(
    (result) => process.send?.(result ?? {}),
    (error: unknown) => process.send?.({ failed: String(error) }),
  )
})

async function answer(message: ToChild): Promise<object> {
  if ('open' in message) {
    // Whoever is killed keeps nothing at its end.
    flushCompileCache()
    mailbox = await openMailbox(message.open, message.alias, message.now)
    return {}
  }
  if (!mailbox) throw new Error('open comes first')
  return 'look' in message ? mailbox.look(message.whole) : mailbox.perform(message.operation, message.now)
}

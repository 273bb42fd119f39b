import type { Directory, Recipient } from '#directory'
import { Refusal, type Caller, type Instant } from '#model'
import type { ItemRow, JobRow, Store } from '#store'
import { buildMime } from '#wire'
import type { Log } from '../context.ts'
import type { ItemRef, Mailboxes } from '../contract.ts'
import { deferredSendKind, deferredSendTime, deferredUntil, waitingOf, type Waiting } from './deferred.ts'

/** How long a message that the server is too busy for is tried again, and how often. */
const patience = 24 * 3_600_000
const pause = 5 * 60_000

interface Needs {
  store: Pick<Store, 'read'>
  directory: Pick<Directory, 'recipient' | 'recipientOfMailbox' | 'callerFor'>
  mailboxes: Pick<Mailboxes, 'sendItem' | 'updateItem' | 'deliver'>
  clock: () => Instant
  log: Log
}

interface Due {
  ref: ItemRef
  row: ItemRow
  waiting: Waiting
}

/**
 * The job that sends a message whose time has come, as whoever handed it in, with the rights that they have then. What sends it takes it out of the
 * drafts in the same write: a job that is repeated finds nothing more to do. A message that may not be sent any more is a draft again, and its owner is told.
 */
export function createDeferredSends(needs: Needs): {
  kind: string
  run(job: JobRow): Promise<void | { state: Record<string, unknown>; due: Instant }>
} {
  const { store, directory, mailboxes, clock, log } = needs
  return {
    kind: deferredSendKind,
    async run({ state }) {
      const ref = { mailbox: String(state.mailbox), id: Number(state.item) }
      const row = await store.read((tx) => tx.items.get(ref.mailbox, ref.id))
      const waiting = row && waitingOf(row)
      const at = row && deferredUntil(row.extended, clock())
      // Sent, deleted or taken back meanwhile.
      if (!row || !waiting || at === undefined) return undefined
      if (at > clock()) return { state, due: at }
      const person = await directory.recipient(waiting.organisation, waiting.by)
      const caller = person && (await directory.callerFor(person))
      try {
        if (!caller) throw new Refusal('SendAsDenied', 'Whoever handed in the message is not there any more.')
        const saveTo = waiting.saveTo ? { saveTo: waiting.saveTo } : {}
        await mailboxes.sendItem(caller, ref, { ...saveTo, changeKey: row.change, at: 'now' })
        log.info({ event: 'deferred-send', mailbox: ref.mailbox, item: ref.id }, 'a message whose time had come was sent')
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        // Changed in this very moment, or too much at once: it is looked at again.
        const isPassing = error.code === 'StaleObject' || (error.kind === 'busy' && clock() - at < patience)
        if (isPassing) return { state, due: clock() + (error.code === 'StaleObject' ? 0 : pause) }
        log.warn({ event: 'deferred-send', mailbox: ref.mailbox, item: ref.id, code: error.code }, 'a message whose time had come was not sent; it is a draft again')
        await giveBack(needs, { ref, row, waiting }, error, caller)
      }
      return undefined
    },
  } // prettier-ignore
}

/** The message is a draft like any other again, and the mailbox hears why it was not sent. */
async function giveBack({ directory, mailboxes, clock }: Needs, { ref, row, waiting }: Due, why: Refusal, caller: Caller | undefined): Promise<void> {
  const owner = await directory.recipientOfMailbox(waiting.organisation, ref.mailbox)
  if (!owner) return
  const by = caller ?? (await directory.callerFor(owner))
  const path = { extended: deferredSendTime }
  await mailboxes.updateItem(by, ref, [{ op: 'delete', path }], { conflict: 'AlwaysOverwrite', suppressReadReceipts: true })
  const now = clock()
  const mime = await notice(owner, { subject: row.subject, why: why.message, date: now, id: `${ref.mailbox}.${ref.id}` })
  await mailboxes.deliver(waiting.organisation, ref.mailbox, { mime, recipient: owner.address, sender: '', receivedAt: now, authAs: 'Internal' })
} // prettier-ignore

interface NotSent {
  subject: string
  why: string
  date: Instant
  id: string
}

function notice({ displayName: name, address }: Recipient, { subject, why, date, id }: NotSent): Promise<Uint8Array> {
  return buildMime({
    ...{ from: { name, address }, to: [{ name, address }], date },
    messageId: `<not-sent.${id}.${date}@${address.split('@')[1]}>`,
    subject: `Not sent: ${subject}`,
    headers: [
      { name: 'Auto-Submitted', value: 'auto-generated' },
      { name: 'X-Auto-Response-Suppress', value: 'All' },
    ],
    text: `The message “${subject}” was to be sent now and was not. It is among your drafts.\r\n\r\n${why}\r\n`,
  })
}

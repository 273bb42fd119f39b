import type { Directory, Recipient } from '#directory'
import { Refusal, type Instant } from '#model'
import type { ItemRow, JobRow, Store, WriteTx } from '#store'
import { buildMime } from '#wire'
import type { Log } from '../context.ts'
import type { ItemRef, Mailboxes } from '../contract.ts'
import { placeOf } from '../folders/place.ts'
import { deferredSendKind, deferredUntil, takeBack, waitingOf, type Waiting } from './deferred.ts'

/** How long a message that the server cannot send just now is tried again, and how often. */
const patience = 24 * 3_600_000
const pause = 5 * 60_000

interface Needs {
  store: Pick<Store, 'read' | 'write'>
  directory: Pick<Directory, 'recipient' | 'recipientOfMailbox' | 'callerFor'>
  mailboxes: Pick<Mailboxes, 'sendItem' | 'deliver'>
  clock: () => Instant
  log: Log
}

interface Due {
  ref: ItemRef
  row: ItemRow
  waiting: Waiting
}

type Next = { state: Record<string, unknown>; due: Instant } | undefined

/**
 * The job that sends a message whose time has come, as whoever handed it in, with the rights that they have then. What sends it takes it out of the
 * drafts in the same write: a job that is repeated finds nothing more to do. A message that may not be sent any more, or could not be for a day, is a draft
 * again, and its mailbox is told; one whose folder was deleted meanwhile is a draft among what is deleted.
 */
export function createDeferredSends(needs: Needs): { kind: string; run(job: JobRow): Promise<Next> } {
  const { clock, log } = needs
  return {
    kind: deferredSendKind,
    async run({ state }) {
      const since = Number(state.since ?? clock())
      const ref = { mailbox: String(state.mailbox), id: Number(state.item) }
      try {
        const at = await sendIfDue(needs, ref, since)
        return at === undefined ? undefined : { state, due: at }
      } catch (error) {
        // Nothing that fails in here ends the job: the message would stay as one that waits, and nobody would know.
        const isRefusal = error instanceof Refusal
        const line = { event: 'deferred-send', mailbox: ref.mailbox, item: ref.id, ...(isRefusal ? { code: error.code } : { err: error }) }
        log[isRefusal ? 'warn' : 'error'](line, 'a message whose time had come could not be sent now; it is tried again')
        return { state: { ...state, since }, due: clock() + pause }
      }
    },
  }
}

/** Sends the message, or gives it back. When it is to be looked at again; undefined = there is nothing more to do. What fails since less than `patience` is thrown. */
async function sendIfDue(needs: Needs, ref: ItemRef, since: Instant): Promise<Instant | undefined> {
  const { store, directory, mailboxes, clock, log } = needs
  const { row, isDeleted } = await store.read(async (tx) => {
    const row = await tx.items.get(ref.mailbox, ref.id)
    const folder = row && (await tx.folders.get(row.mailbox, row.folder))
    return { row, isDeleted: folder !== undefined && (await placeOf(tx, folder)) !== 'other' }
  })
  const waiting = row && waitingOf(row)
  const at = row && deferredUntil(row.extended, clock())
  // Sent, deleted or taken back meanwhile.
  if (!row || !waiting || at === undefined) return undefined
  if (at > clock()) return at
  const line = { event: 'deferred-send', mailbox: ref.mailbox, item: ref.id }
  try {
    if (isDeleted) {
      await store.write((tx) => takeBackUnchanged(tx, row))
      log.info(line, 'a message whose time had come lies among what is deleted and was not sent')
      return undefined
    }
    const person = await directory.recipient(waiting.organisation, waiting.by)
    if (!person) throw new Refusal('SendAsDenied', 'Whoever handed in the message is not there any more.')
    const { saveTo, answers } = waiting
    const options = { ...(saveTo ? { saveTo } : {}), ...(answers ? { answers } : {}), changeKey: row.change, at: 'now' as const }
    await mailboxes.sendItem(await directory.callerFor(person), ref, options)
    log.info(line, 'a message whose time had come was sent')
  } catch (error) {
    // Changed in this very moment: it is looked at again.
    if (error instanceof Refusal && error.code === 'StaleObject') return clock()
    const isFinal = error instanceof Refusal && error.kind !== 'busy'
    if (!isFinal && clock() - since < patience) throw error
    log.warn({ ...line, err: error }, 'a message whose time had come was not sent; it is a draft again')
    await giveBack(needs, { ref, row, waiting }, error instanceof Refusal ? error.message : 'The server could not send it for a day.')
  }
  return undefined
}

/** What was changed since it was read is left alone → StaleObject. */
async function takeBackUnchanged(tx: WriteTx, row: ItemRow): Promise<void> {
  const now = await tx.items.get(row.mailbox, row.id)
  if (now?.change !== row.change) throw new Refusal('StaleObject', 'The message was changed since it was looked at.')
  await takeBack(tx, now)
}

/**
 * The message is a draft like any other again, and the mailbox hears why it was not sent, in one write: repeated, it happens once. The server does so,
 * whatever rights anybody has. A mailbox that takes no notice, as a full one, has its draft back all the same.
 */
async function giveBack({ store, directory, mailboxes, clock, log }: Needs, { ref, row, waiting }: Due, why: string): Promise<void> {
  const owner = await directory.recipientOfMailbox(waiting.organisation, ref.mailbox)
  const back = (tx: WriteTx) => takeBackUnchanged(tx, row)
  if (!owner) return store.write(back)
  const now = clock()
  const mime = await notice(owner, { subject: row.subject, why, date: now, id: `${ref.mailbox}.${ref.id}` })
  const delivery = { mime, recipient: owner.address, sender: '', receivedAt: now, authAs: 'Internal' } as const
  try {
    await mailboxes.deliver(waiting.organisation, ref.mailbox, delivery, back)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'StaleObject' || error.kind === 'busy') throw error
    log.warn({ event: 'deferred-send', mailbox: ref.mailbox, item: ref.id, code: error.code }, 'the notice of a message that was not sent could not be delivered')
    await store.write(back)
  }
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

import { Refusal } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { placeOf, type Place } from '../folders/place.ts'
import type { Access } from '../permissions/access.ts'
import { keepingOf } from '../recoverable/keeping.ts'
import { makeRoom } from '../recoverable/room.ts'
import { quotasFor, type QuotasOf } from '../settings/quotas.ts'
import { levelOf, lowestOf } from './levels.ts'
import { makeNoticeDue } from './notice-due.ts'
import { recoverableSize } from './usage.ts'

/** A mailbox in one write, held to its quotas. */
export interface Gauge {
  /**
   * So many bytes come into the mailbox. While it holds less than it may, what comes is taken whole (PSDOC Set-Mailbox ProhibitSendReceiveQuota:
   * "If the mailbox reaches or exceeds this size, the mailbox can't send or receive"): it ends at most one item above. Full → QuotaExceeded. A
   * level that is reached by it makes the owner's notice due in the same write. What takes room away is not refused.
   */
  take(bytes: number): Promise<void>
  /** True when so much more leaves the mailbox within its quota: for what it gets beside, like copies that a rule makes. */
  fits(bytes: number): Promise<boolean>
}

/** Reads the mailbox's size within the write, which nobody else changes until its end; folders only where a level is near. No mailbox → NonExistentMailbox. */
export async function gaugeFor(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  mailbox: string,
  quotasOf: QuotasOf,
  full: (mailbox: string) => Refusal = isFull,
): Promise<Gauge> {
  const row = await tx.mailboxes.get(mailbox)
  if (!row) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
  const quotas = quotasOf(row)
  const most = quotas.prohibitSendReceive ?? Infinity
  const lowest = lowestOf(quotas)
  let { size } = row
  let beside: number | undefined
  const used = async () => size - (beside ??= await recoverableSize(tx, mailbox))
  return {
    async take(bytes) {
      if (bytes > 0 && size + bytes >= lowest) {
        const before = await used()
        if (before >= most) throw full(mailbox)
        const reached = levelOf(quotas, before + bytes)
        if (reached && reached !== levelOf(quotas, before)) await makeNoticeDue(tx, row, reached, ctx.clock())
      }
      size += bytes
    },
    fits: async (bytes) => size + bytes <= most || (await used()) + bytes <= most,
  }
}

/**
 * Says in a write that so many bytes are about to come into a folder of a mailbox: into Recoverable Items they count towards its quotas, anywhere
 * else towards the mailbox's. Refuses as `Gauge.take` or `makeRoom`. `of` = the item that grows by them;
 * `place` = where the folder lies, when that is known.
 */
export type Taking = (tx: WriteTx, bytes: number, folder: FolderRow, known?: { of?: ItemRow | undefined; place?: Place }) => Promise<void>

/** What holds a mailbox to its quotas in the writes that follow; to be asked for before them. */
export async function takingInto(ctx: MailboxContext, { mailbox, owner }: Pick<Access, 'mailbox' | 'owner'>): Promise<Taking> {
  const quotasOf = await quotasFor(ctx, owner, mailbox)
  return async (tx, bytes, folder, { of, place } = {}) => {
    if ((place ?? (await placeOf(tx, folder))) !== 'recoverable') return (await gaugeFor(tx, ctx, mailbox, quotasOf)).take(bytes)
    if (bytes > 0) await makeRoom(tx, mailbox, await keepingOf(tx, mailbox), bytes, of?.id)
  }
}

function isFull(mailbox: string): Refusal {
  return new Refusal('QuotaExceeded', 'The mailbox is full: delete something in it first, or have its ProhibitSendReceiveQuota raised.', {
    mailbox,
  })
}

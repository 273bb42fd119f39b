import { isKind, Refusal, type Caller, type EmailAddress, type ItemKind } from '#model'
import type { WriteTx } from '#store'
import { addressesOf } from '../automatic/facts.ts'
import type { Item, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { relocate } from '../recoverable/relocate.ts'
import { storedFolder } from '../folders/resolve.ts'
import { requireItemRight, targetItem } from '../items/target.ts'
import { accessTo, itemRights } from '../permissions/access.ts'
import { readOptions } from '../properties/options.ts'
import { readItem } from '../properties/read.ts'
import type { JunkVerbs } from './contract.ts'
import { junkEmailOf, mostBlocked, namesItself } from './lists.ts'

/** The verb on junk mail, for the protocols. */
export function createJunk(ctx: MailboxContext): JunkVerbs {
  return { markAsJunk: (caller, item, how) => markAsJunk(ctx, caller, item, how) }
}

async function markAsJunk(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  { junk, move }: { junk: boolean; move: boolean },
): Promise<Item> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'Only the owner may say what is junk in a mailbox.')
  const mine = addressesOf(access.owner)
  return ctx.store.write(async (tx) => {
    const target = await targetItem(tx, access, ref)
    requireItemRight(target, 'delete')
    if (!isKind(target.row.kind as ItemKind, 'message') || target.row.associated) {
      throw new Refusal('InvalidOperation', 'Only a message can be marked as junk.', { item: ref.id })
    }
    const { from, sender } = target.row.properties
    const address = ((from ?? sender) as EmailAddress | undefined)?.address?.trim().toLowerCase() ?? ''
    if (address !== '' && !mine.has(address)) await changeBlocked(tx, ref.mailbox, address, junk)
    const folder = move ? await storedFolder(tx, { mailbox: ref.mailbox, kind: junk ? 'junkemail' : 'inbox' }) : target.folder
    const row = folder.id === target.row.folder ? target.row : await relocate(tx, ctx, target.row, target.folder, folder, access)
    return readItem(tx, row, folder, itemRights(access, folder, row), { shape: 'ids' }, readOptions(access))
  })
}

async function changeBlocked(tx: WriteTx, mailbox: string, address: string, blocked: boolean): Promise<void> {
  const row = await tx.mailboxes.get(mailbox)
  if (!row) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
  const junkEmail = junkEmailOf(row.settings)
  const without = (list: readonly string[] = []) => list.filter((one) => one.trim().toLowerCase() !== address)
  const before = junkEmail.BlockedSendersAndDomains ?? []
  const others = without(before)
  const trusts = blocked && namesItself(junkEmail.TrustedSendersAndDomains, address)
  if (others.length < before.length === blocked && !trusts) return
  if (blocked && others.length >= mostBlocked) {
    throw new Refusal('DataSizeLimitExceeded', `A mailbox blocks at most ${mostBlocked} senders. Make a rule for their domains.`)
  }
  const BlockedSendersAndDomains = blocked ? [...others, address] : others
  const trusted = trusts ? { TrustedSendersAndDomains: without(junkEmail.TrustedSendersAndDomains) } : {}
  await tx.mailboxes.saveSettings(mailbox, { ...row.settings, junkEmail: { ...junkEmail, BlockedSendersAndDomains, ...trusted } })
}

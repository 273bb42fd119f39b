import type { Caller, Instant, ItemKind } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { NewItemInput } from '../contract.ts'
import { folderFor } from '../folders/resolve.ts'
import { changeItem } from '../items/change.ts'
import { prepareNew, requireCreate } from '../items/create-item.ts'
import { insertItem } from '../items/stored.ts'
import { requireItemRight, type Target } from '../items/target.ts'
import { itemRights, type Access } from '../permissions/access.ts'
import { takingInto } from '../quotas/gauge.ts'
import { refuseMaking } from '../recoverable/folder.ts'
import { quotasFor, requireMaySend } from '../settings/quotas.ts'
import type { SendOptions } from './contract.ts'
import { asDeferred, makeSendDue, type Waiting } from './deferred.ts'
import type { SenderOf } from './sender.ts'

/** What was looked at before, as it will be again when the time comes. */
interface Ready {
  access: Access
  sender: Pick<SenderOf, 'organisation'>
}

type Handing = Pick<SendOptions, 'saveTo' | 'answers'> & { at: Instant }

/** The draft stays where it is, and the job that sends it is made in the same write. What is to be sent goes out of the drafts: who may not take it from there → AccessDenied. */
async function handIn(
  tx: WriteTx,
  ctx: MailboxContext,
  caller: Caller,
  target: Target,
  { sender }: Ready,
  { at, saveTo, answers }: Handing,
) {
  requireItemRight(target, 'delete')
  const { row } = target
  const waits: Waiting = {
    ...{ item: row.id, organisation: sender.organisation, by: caller.recipient },
    ...(saveTo ? { saveTo: { ...saveTo } } : {}),
    ...(answers ? { answers: { ...answers } } : {}),
  }
  await changeItem(tx, ctx, row, { set: { isSubmitted: true }, extended: asDeferred(at), waits, keepMime: true, modifiedBy: caller })
  await makeSendDue(tx, row.mailbox, waits, at)
}

/** A draft waits for its time. `read` reads it, with what may hinder it, in the write. */
export async function waitToSend(
  ctx: MailboxContext,
  caller: Caller,
  ready: Ready,
  read: (tx: WriteTx) => Promise<Target>,
  handing: Handing,
): Promise<void> {
  const quotasOf = await quotasFor(ctx, ready.access.owner)
  await ctx.store.write(async (tx) => {
    await requireMaySend(tx, ready.access, quotasOf)
    await handIn(tx, ctx, caller, await read(tx), ready, handing)
  })
}

/** A new message waits for its time in Drafts: made and handed in in one write, so that one that is refused leaves nothing behind. */
export async function waitNew(ctx: MailboxContext, caller: Caller, ready: Ready, input: NewItemInput, handing: Handing): Promise<void> {
  const { access } = ready
  const prepared = await prepareNew(ctx, access, input)
  const take = await takingInto(ctx, access)
  const made = async (tx: WriteTx): Promise<Target> => {
    const folder = await folderFor(tx, access, { mailbox: access.mailbox, kind: 'drafts' })
    requireCreate(access, folder, prepared.row.kind as ItemKind, prepared.row.associated)
    const place = await refuseMaking(tx, folder, 'CreateItemAccessDenied')
    await take(tx, prepared.row.size, folder, { place })
    const row: ItemRow = await insertItem(tx, folder.mailbox, folder.id, prepared)
    return { row, folder, rights: itemRights(access, folder, row) }
  }
  await waitToSend(ctx, caller, ready, made, handing)
}

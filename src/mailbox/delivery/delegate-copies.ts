import { isKind, type EmailAddress, type Properties } from '#model'
import type { Recipient } from '#directory'
import type { WriteTx } from '#store'
import { addressOf, delegatesOf } from '../calendar/meetings/delegated.ts'
import type { MailboxContext } from '../context.ts'
import { insertItem } from '../items/stored.ts'
import type { PreparedItem } from '../items/prepare.ts'
import { gaugeFor } from '../quotas/gauge.ts'
import { quotasFor, type QuotasOf } from '../settings/quotas.ts'
import { copiesElsewhere } from './delegated-for.ts'
import type { DeliveryStep, Incoming } from './incoming.ts'

/** A delegate who gets a copy. */
interface Copy {
  delegate: Recipient
  quotasOf: QuotasOf
}

/**
 * Meeting messages go to the delegates too, or to them alone, as the owner has it ([MS-OXWSDLGM] 2.2.4.1 DeliverMeetingRequests, [MS-OXODLGT]
 * 2.2.3). The copies are filed in the same write, those for delegates whose mailboxes are elsewhere queued in it; a delegate without room
 * gets none, and when nobody got one the owner does. A copy is not copied again.
 */
export const delegateCopies: DeliveryStep = async (ctx, incoming) => {
  const { organisation, settings, item, owner } = incoming
  const { users, deliver } = delegatesOf(settings)
  if (!owner || deliver === 'NoForward' || incoming.folder === 'junkemail' || !isKind(item.kind, 'meetingMessage')) return undefined
  const isPrivate = item.properties.sensitivity === 'Private'
  if (item.properties.isDelegated === true) return undefined
  const copies: Copy[] = []
  const elsewhere: Recipient[] = []
  for (const user of users) {
    if (!user.copies || (isPrivate && !user.private)) continue
    const delegate = await ctx.directory.recipient(organisation, user.recipient)
    if (delegate?.mailbox && delegate.mailbox !== incoming.mailbox) copies.push({ delegate, quotasOf: await quotasFor(ctx, delegate) })
    if (delegate?.kind === 'MailUser' && delegate.externalAddress) elsewhere.push(delegate)
  }
  if (copies.length + elsewhere.length === 0) return undefined
  const sent = elsewhere.length > 0 ? [await copiesElsewhere(ctx, incoming, owner, elsewhere)] : []
  return async (tx, writing, prepared) => {
    let filed = sent.length
    writing.outgoing.push(...sent)
    for (const copy of copies) if (await fileCopy(tx, ctx, writing, prepared, owner, copy)) filed++
    if (filed === 0) return
    if (deliver === 'DelegatesOnly') writing.folder = undefined
    // The owner is told, and asked nothing (MS-OXWSMTGS_R75).
    if (deliver === 'DelegatesAndSendInformationToMe' && prepared.row.kind === 'meetingRequest') {
      writing.added.meetingRequestType = 'PrincipalWantsCopy'
    }
  }
}

async function fileCopy(
  tx: WriteTx,
  ctx: MailboxContext,
  { added, mailbox }: Incoming,
  prepared: PreparedItem,
  owner: Recipient,
  { delegate, quotasOf }: Copy,
): Promise<boolean> {
  const inbox = await tx.folders.byKind(delegate.mailbox, 'inbox')
  const gauge = inbox && (await gaugeFor(tx, ctx, delegate.mailbox, quotasOf))
  if (!inbox || !(await gauge?.fits(prepared.row.size))) {
    ctx.log.warn({ mailbox, delegate: delegate.id, full: inbox !== undefined }, 'a delegate got no copy of a meeting message')
    return false
  }
  await gauge?.take(prepared.row.size)
  const properties: Properties = {
    ...prepared.row.properties,
    ...added,
    isDelegated: true,
    receivedBy: { ...addressOf(delegate) },
    receivedRepresenting: { ...addressOf(owner) },
    isFromMe: (prepared.row.properties.from as EmailAddress | undefined)?.address?.toLowerCase() === delegate.address.toLowerCase(),
    $delegatedFor: mailbox,
  }
  await insertItem(tx, delegate.mailbox, inbox.id, { ...prepared, row: { ...prepared.row, properties } })
  return true
}

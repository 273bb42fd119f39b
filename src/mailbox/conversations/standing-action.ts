/**
 * What is to happen to messages of a conversation that are yet to come: an associated message of class IPM.ConversationAction in a folder of
 * its own, one a conversation ([MS-OXOCFG] 2.2.8). It is found by the conversation's id.
 */
import type { PropertyValue } from '#model'
import type { ItemRow, ReadTx, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { prepareItem, type PreparedItem } from '../items/prepare.ts'
import { insertItem, removeItem } from '../items/stored.ts'
import type { ConversationRef } from './contract.ts'

export interface StandingAction {
  categories?: string[]
  /** Number of a folder of the mailbox. */
  moveTo?: number
  /** `hard` = for good. */
  remove?: 'deleteditems' | 'recoverableitemsdeletions' | 'hard'
}

const itemClass = 'IPM.ConversationAction'
const folderName = 'Conversation Action Settings'

async function rowOf(tx: ReadTx, { mailbox, conversation }: ConversationRef): Promise<ItemRow | undefined> {
  const rows = await tx.items.byConversation(mailbox, conversation, { associated: true, limit: 20 })
  return rows.find((row) => row.itemClass === itemClass)
}

/** What is to happen to messages that come; undefined = nothing. */
export async function standingAction(tx: ReadTx, ref: ConversationRef): Promise<StandingAction | undefined> {
  return (await rowOf(tx, ref))?.properties.$conversationAction as StandingAction | undefined
}

/** The message that keeps it, ready for `saveStandingAction`. */
export function prepareStandingAction(ctx: MailboxContext, { conversation }: ConversationRef, modifiedBy: string): Promise<PreparedItem> {
  const properties = { itemClass, conversationId: conversation, subject: 'Conversation action', isRead: true }
  return prepareItem(ctx, { kind: 'message', associated: true, properties }, { creator: '', modifiedBy })
}

/** Makes it from what it was, which it answers; nothing left of it = it goes. */
export async function saveStandingAction(
  tx: WriteTx,
  ctx: MailboxContext,
  ref: ConversationRef,
  prepared: PreparedItem,
  change: (current: StandingAction) => StandingAction,
): Promise<StandingAction> {
  const row = await rowOf(tx, ref)
  const before = (row?.properties.$conversationAction as StandingAction | undefined) ?? {}
  const action = change(before)
  const isNothing = Object.values(action).every((value) => value === undefined)
  if (isNothing) {
    if (row) await removeItem(tx, row)
    return before
  }
  const kept = { $conversationAction: { ...action } as unknown as PropertyValue }
  if (row) {
    await tx.items.update(ref.mailbox, row.id, { properties: { ...row.properties, ...kept } })
    return before
  }
  const folder = await actionsFolder(tx, ctx, ref.mailbox)
  await insertItem(tx, ref.mailbox, folder, { ...prepared, row: { ...prepared.row, properties: { ...prepared.row.properties, ...kept } } })
  return before
}

/** The folder of these messages, made when the first is. */
async function actionsFolder(tx: WriteTx, ctx: MailboxContext, mailbox: string): Promise<number> {
  const top = await tx.folders.byKind(mailbox, 'msgfolderroot')
  if (!top) throw new Error(`the mailbox ${mailbox} has no top of its folders`)
  const there = await tx.folders.childNamed(mailbox, top.id, folderName)
  if (there) return there.id
  const row = { mailbox, parent: top.id, kind: '', name: folderName, folderClass: 'IPF.Configuration', hidden: true, created: ctx.clock() }
  return (await tx.folders.insert(row)).id
}

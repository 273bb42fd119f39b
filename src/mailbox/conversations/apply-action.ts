import { Refusal, type Caller, type Instant } from '#model'
import type { FolderRow, ReadTx } from '#store'
import type { DeleteType, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor } from '../folders/resolve.ts'
import { deleteItem } from '../items/delete-item.ts'
import { copyItem, moveItem } from '../items/move-item.ts'
import { updateItem } from '../items/update-item.ts'
import { accessTo, type Access } from '../permissions/access.ts'
import type { ConversationAction } from './contract.ts'
import { readableMessages, type Readable } from './readable.ts'
import { prepareStandingAction, saveStandingAction, type StandingAction } from './standing-action.ts'

/** The most messages of a conversation that one action takes. */
const mostTaken = 5000
/** Messages that one wrote stay where they are, whatever happens to the conversation from now on. */
const own = new Set(['sentitems', 'drafts', 'outbox'])

/** [MS-OXWSCONV] 3.1.4.1 ApplyConversationAction: what is there at once, what comes as a standing action. */
export async function applyConversationAction(ctx: MailboxContext, caller: Caller, action: ConversationAction): Promise<void> {
  const access = await accessTo(ctx, caller, action.ref.mailbox)
  if (action.action.startsWith('Always') && !access.full) {
    throw new Refusal('AccessDenied', 'What happens to messages to come is decided by the owner of the mailbox.')
  }
  const { messages, target } = await ctx.store.read(async (tx) => ({
    messages: await concerned(tx, access, action),
    target: 'to' in action && action.to ? await targetOf(ctx, caller, tx, access, action) : undefined,
  }))
  const before = await stand(ctx, caller, action, target)
  let first: Refusal | undefined
  for (const message of messages) {
    try {
      await act(ctx, caller, action, message, target, before)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // Whoever took it away in the meantime has settled it.
      if (error.code !== 'ItemNotFound') first ??= error
    }
  }
  if (first) throw first
}

async function targetOf(ctx: MailboxContext, caller: Caller, tx: ReadTx, access: Access, action: ConversationAction): Promise<FolderRow> {
  const to = 'to' in action ? action.to : undefined
  if (!to) throw new Error('the action has no target')
  if (action.action === 'AlwaysMove' && to.mailbox !== action.ref.mailbox) {
    throw new Refusal('InvalidOperation', 'Messages to come are moved within their mailbox alone.')
  }
  const there = to.mailbox === action.ref.mailbox ? access : await accessTo(ctx, caller, to.mailbox)
  return folderFor(tx, there, to, 'ToFolderNotFound')
}

/** Clients say the last delivery as it was told them, to the second. */
const toSecond = (at: Instant): Instant => Math.floor(at / 1000) * 1000

/** The messages that the action is for. Nothing there that the caller may read → ItemNotFound. */
async function concerned(tx: ReadTx, access: Access, { ref, context, upTo, action }: ConversationAction): Promise<Readable[]> {
  const folder = context && (await folderFor(tx, access, context))
  const all = await readableMessages(tx, access, ref, new Map(), mostTaken + 1)
  if (all.length === 0) throw new Refusal('ItemNotFound', 'There is no such conversation.')
  if (all.length > mostTaken) {
    throw new Refusal('ApplyConversationActionFailed', `The conversation has more than ${mostTaken} messages; nothing was done to it.`)
  }
  return all.filter(
    ({ row, folder: at }) =>
      (folder ? at.id === folder.id : action !== 'AlwaysMove' && action !== 'AlwaysDelete' ? true : !own.has(at.kind)) &&
      (upTo === undefined || toSecond(row.received) <= upTo),
  )
}

async function act(
  ctx: MailboxContext,
  caller: Caller,
  action: ConversationAction,
  { row, folder }: Readable,
  target: FolderRow | undefined,
  before: StandingAction,
): Promise<void> {
  const ref: ItemRef = { mailbox: row.mailbox, id: row.id }
  const there = target !== undefined && folder.id === target.id && folder.mailbox === target.mailbox
  const set = (properties: Record<string, unknown>) =>
    updateItem(
      ctx,
      caller,
      ref,
      Object.entries(properties).map(([property, value]) => ({ op: 'set', path: { property }, value })),
      { conflict: 'AlwaysOverwrite' },
    )
  switch (action.action) {
    case 'AlwaysDelete':
    case 'Delete':
      if (action.action === 'AlwaysDelete' && !action.enable) {
        // What was deleted because of the standing action comes back.
        if (before.remove !== 'deleteditems' || folder.kind !== 'deleteditems') return
        return void (await moveItem(ctx, caller, ref, { mailbox: row.mailbox, kind: 'inbox' }))
      }
      // Without a folder it is what lies elsewhere that goes to Deleted Items, not what lies there already.
      if (!action.context && action.deleteType === 'MoveToDeletedItems' && folder.kind === 'deleteditems') return
      return void (await deleteItem(ctx, caller, ref, action.deleteType))
    case 'AlwaysMove':
    case 'Move':
      if (!target || there) return
      return void (await moveItem(ctx, caller, ref, { mailbox: target.mailbox, id: target.id }))
    case 'Copy':
      if (!target || (there && !action.context)) return
      return void (await copyItem(ctx, caller, ref, { mailbox: target.mailbox, id: target.id }))
    case 'SetReadState':
      if (row.isRead === action.isRead) return
      return void (await set({ isRead: action.isRead }))
    case 'SetProperties':
      return void (await set(action.properties))
    case 'AlwaysCategorize':
      return void (await set({ categories: action.categories }))
  }
}

const removals: Readonly<Record<DeleteType, NonNullable<StandingAction['remove']>>> = {
  MoveToDeletedItems: 'deleteditems',
  SoftDelete: 'recoverableitemsdeletions',
  HardDelete: 'hard',
}

/** Keeps what is to happen to messages to come; answers what was to. */
async function stand(
  ctx: MailboxContext,
  caller: Caller,
  action: ConversationAction,
  target: FolderRow | undefined,
): Promise<StandingAction> {
  const change = standing(action, target)
  if (!change) return {}
  const prepared = await prepareStandingAction(ctx, action.ref, caller.name)
  return ctx.store.write((tx) => saveStandingAction(tx, ctx, action.ref, prepared, change))
}

function standing(action: ConversationAction, target: FolderRow | undefined): ((current: StandingAction) => StandingAction) | undefined {
  switch (action.action) {
    case 'AlwaysCategorize':
      return ({ categories: _, ...rest }) => (action.categories.length > 0 ? { ...rest, categories: action.categories } : rest)
    case 'AlwaysDelete':
      return ({ remove: _, moveTo, ...rest }) => (action.enable ? { ...rest, remove: removals[action.deleteType] } : { ...rest, ...(moveTo === undefined ? {} : { moveTo }) }) // prettier-ignore
    case 'AlwaysMove':
      return ({ moveTo: _, remove, ...rest }) => (target ? { ...rest, moveTo: target.id } : { ...rest, ...(remove ? { remove } : {}) })
    default:
      return undefined
  }
}

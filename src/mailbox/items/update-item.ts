import { isKind, Refusal, type Body, type Caller, type ItemKind, type Properties, type PropertyValue, type Zone } from '#model'
import type { ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import { changeOccurrence } from '../calendar/change-occurrence.ts'
import { changesFromICalendar } from '../calendar/from-icalendar.ts'
import { mailboxZone } from '../calendar/mailbox-zone.ts'
import { occurrenceRow } from '../calendar/occurrences.ts'
import type { ConflictResolution, Item, ItemRef, PropertyChange } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { itemFromMime } from '../mime/index.ts'
import { accessTo, itemRights, type Access } from '../permissions/access.ts'
import { readOptions } from '../properties/options.ts'
import { readItem } from '../properties/read.ts'
import { takingInto } from '../quotas/gauge.ts'
import { changeItem, type ItemChange } from './change.ts'
import { resolveChanges, type Changes } from './changes.ts'
import { storedProperties } from './columns.ts'
import { checkConflict, gaveWay } from './conflicts.ts'
import { kindFor } from './kinds.ts'
import { nextTask } from './next-task.ts'
import { prepareBody, type PreparedBody } from './prepare.ts'
import { settleItem } from './settle.ts'
import { loadBody, withOwnKey } from './stored.ts'
import { requireItemRight, seenItem, targetItem, type Target } from './target.ts'

export interface UpdateOptions {
  conflict: ConflictResolution
  changeKey?: number
  suppressReadReceipts?: boolean
  /** Checked and done in the write before the change; answers what else the change is. */
  within?: (tx: WriteTx, target: Target) => Promise<Pick<ItemChange, 'attachments' | 'immutable' | 'unversioned'>>
}

/** What else happens in the write of an update: the rows before and after. */
export type AlsoUpdate = (tx: WriteTx, after: ItemRow, before: ItemRow) => Promise<void>

/**
 * [MS-OXWSCORE] 3.1.4.9 UpdateItem: all changes or none. A stale change key → IrresolvableConflict with NeverOverwrite;
 * AutoResolve merges property by property as `gaveWay` says. Other refusals as `resolveChanges` and the kind's rules.
 */
export async function updateItem(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  changes: PropertyChange[],
  options: UpdateOptions,
  also?: AlsoUpdate,
): Promise<Item> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  // Blobs are staged before the write; what they depend on is read first and checked again inside.
  const first = await ctx.store.read(async (tx) => {
    const target = await seenItem(tx, access, ref)
    const zone = mailboxZone(await tx.mailboxes.get(ref.mailbox))
    return { target, zone, body: changes.some((one) => one.op === 'append') ? await loadBody(tx, target.row) : undefined }
  })
  const resolved = resolve(ctx, access, first.target, changes, first)
  const body = await stagedBody(ctx, resolved.set)
  const content = resolved.set.mimeContent
  const mime =
    typeof content === 'string' && first.target.row.kind !== 'calendar' ? await ctx.store.stage(Buffer.from(content, 'base64')) : undefined
  const take = body || mime ? await takingInto(ctx, access) : undefined
  return ctx.store.write(async (tx) => {
    const target = await targetItem(tx, access, ref)
    requireItemRight(target, 'modify')
    checkConflict(target.row, options)
    await take?.(tx, (mime?.size ?? 0) + (body?.blob.size ?? 0) - target.row.size, target.folder, { of: target.row })
    const more = await options.within?.(tx, target)
    const seen = ref.occurrence === undefined ? target : { ...target, row: occurrenceRow(target.row, ref.occurrence) }
    const { set, extended } = resolve(ctx, access, seen, changes, first)
    const conflicts = gaveWay(set, seen.row, options)
    const { body: given, mimeContent: _, ...properties } = set
    const modifiedBy = caller
    const row =
      ref.occurrence === undefined
        ? await changeItem(tx, ctx, target.row, {
            set: properties,
            modifiedBy,
            folder: target.folder,
            ...(Object.keys(extended).length > 0 ? { extended } : {}),
            ...('body' in set ? { body: body ?? null } : {}),
            ...(mime ? { mime } : {}),
            ...more,
          })
        : await changeItem(tx, ctx, target.row, {
            set: {
              ...changeOccurrence(target.row, ref.occurrence, { ...properties, ...('body' in set ? { body: given } : {}) }, extended),
            },
            modifiedBy,
            folder: target.folder,
          })
    await also?.(tx, row, target.row)
    const besides = [...(more?.attachments ? ['attachments'] : []), ...(more?.immutable ? ['immutable'] : [])]
    await auditUpdated(tx, ctx, access, { row, folder: target.folder }, [...Object.keys(set), ...Object.keys(extended), ...besides])
    const done = await completedOccurrence(tx, ctx, target.row, row, modifiedBy)
    const shown = done ?? (ref.occurrence === undefined ? row : occurrenceRow(row, ref.occurrence))
    const item = await readItem(tx, shown, target.folder, itemRights(access, target.folder, row), { shape: 'ids' }, readOptions(access))
    return conflicts > 0 ? { ...item, conflicts } : item
  })
}

/** What was changed of an item is written down by name, never by value; read or unread alone is no change. */
async function auditUpdated(
  tx: WriteTx,
  ctx: MailboxContext,
  access: Access,
  { row: item, folder }: Pick<Target, 'row' | 'folder'>,
  names: readonly string[],
): Promise<void> {
  const changed = names.filter((name) => name !== 'isRead')
  if (changed.length > 0) await audit(tx, ctx, access, { operation: 'Update', item, folder, changed })
}

/**
 * A recurring task that was completed goes on as its next occurrence, under its own id; what was done stands beside it as a task
 * of its own and is what the answer names ([MS-OXOTASK] 2.2.2.2.8: the copy is the completed one). Undefined for everything else, the last occurrence included.
 */
async function completedOccurrence(
  tx: WriteTx,
  ctx: MailboxContext,
  before: ItemRow,
  after: ItemRow,
  modifiedBy: Caller,
): Promise<ItemRow | undefined> {
  if (after.kind !== 'task' || after.properties.status !== 'Completed' || before.properties.status === 'Completed') return undefined
  const next = nextTask(storedProperties(after), ctx.clock())
  if (!next) return undefined
  const copy = await withOwnKey(tx, await tx.items.copy(after.mailbox, after.id, after.folder, ctx.clock()))
  await changeItem(tx, ctx, after, { set: next, modifiedBy })
  return changeItem(tx, ctx, copy, { set: { taskRecurrence: undefined }, modifiedBy })
}

/** The changes with everything that follows from them by the rules of the kind. */
function resolve(
  ctx: MailboxContext,
  access: Access,
  target: Target,
  changes: readonly PropertyChange[],
  { body, zone }: { body: Body | undefined; zone: Zone },
): Changes {
  const { row } = target
  const kind = row.kind as ItemKind
  const before = storedProperties(row)
  const occurrence = typeof row.properties.$occurrence === 'number'
  const sent = isKind(kind, 'message') && !row.isDraft
  const { set, extended } = resolveChanges(kind, changes, (name) => (name === 'body' ? body : before[name]), sent)
  if (typeof set.mimeContent === 'string') Object.assign(set, fromMime(occurrence ? undefined : kind, set.mimeContent, zone))
  if (typeof set.itemClass === 'string') kindFor(kind, set.itemClass)
  const names = Object.keys(set)
  // What was received counts as unmodified until somebody changes more of it than its read state (MS-OXWSCORE_R1614, R1615).
  const modified: Record<string, PropertyValue> = before.isUnmodified === true ? { isUnmodified: false } : {}
  if (names.length === 0) return { set: Object.keys(extended).length > 0 ? modified : set, extended }
  if (names.length === 1 && names[0] === 'isRead') return { set, extended }
  const after: Properties = { ...before }
  for (const name of names) {
    if (set[name] === undefined || set[name] === null) delete after[name]
    else after[name] = set[name]
  }
  if (occurrence) return { set: withFlagRules(ctx, access, kind, set, names), extended }
  const settled = settleItem(ctx, access, kind, after, names, before)
  const all: Record<string, PropertyValue> = { ...modified, ...set }
  for (const name of new Set([...Object.keys(settled), ...Object.keys(before)])) {
    if (name in set || JSON.stringify(settled[name]) !== JSON.stringify(before[name])) all[name] = settled[name]
  }
  return { set: all, extended }
}

function withFlagRules(ctx: MailboxContext, access: Access, kind: ItemKind, set: Record<string, PropertyValue>, names: string[]) {
  if (!names.includes('flag')) return set
  return { ...set, flag: settleItem(ctx, access, kind, { flag: set.flag }, ['flag'], {}).flag }
}

/** New MIME content of a message, raw iCalendar of a calendar item: everything it says replaces what the item had. */
function fromMime(kind: ItemKind | undefined, content: string, zone: Zone): Record<string, PropertyValue> {
  const bytes = Buffer.from(content, 'base64')
  if (kind === 'calendar') return changesFromICalendar(bytes.toString('utf8'), zone)
  if (!kind || (!isKind(kind, 'message') && kind !== 'post')) {
    throw new Refusal('UnsupportedMimeConversion', 'MimeContent of this kind of item cannot be replaced.')
  }
  const { itemClass: _, ...properties } = itemFromMime(bytes).properties
  return properties
}

async function stagedBody(ctx: MailboxContext, set: Record<string, PropertyValue>): Promise<PreparedBody | undefined> {
  return set.body ? prepareBody(ctx, set.body as Body) : undefined
}

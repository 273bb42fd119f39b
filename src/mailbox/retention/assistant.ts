import { setImmediate } from 'node:timers/promises'
import { isOnRetentionHold, ownerWithin, type Recipient } from '#directory'
import { Refusal, type Instant } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { itemsOfOneWrite } from '../one-write.ts'
import { createDisposer } from '../recoverable/dispose.ts'
import { expireRecoverable, type ExpiryCursor } from '../recoverable/expire.ts'
import type { AssistantJob } from './contract.ts'
import { dueAction } from './due.ts'
import { assistantKind } from './jobs.ts'
import { moveToArchive } from './move-to-archive.ts'
import { retentionPlan, type FolderTags, type RetentionPlan } from './plan.ts'
import { agesFrom } from './tag.ts'
import { folderAfter, foldersToWalk, nextRows, parts, type WalkCursor, type Walked } from './walk.ts'

export interface AssistantNeeds extends Omit<MailboxContext, 'logons' | 'databaseQuotas' | 'searchCounts'> {
  /** Items that one step looks at; absent = as many as are usual. */
  step?: number
}

/** Work limits: items of one step, milliseconds after which it begins nothing more, rows read at once. */
const limits = { step: 5000, time: 2000, read: 250 } as const

/** How far a round over a mailbox is, as its job keeps it. */
interface Round {
  mailbox: string
  /** When it began: nothing that is due later belongs to it, nor anything that is not due yet should the clock be set back. */
  began: Instant
  at?: WalkCursor
  /** Tags are done: Recoverable Items are next, from here. */
  expiring?: { from?: ExpiryCursor }
  seen: number
  moved: number
}

/**
 * The folder assistant: a round over one mailbox, in steps of bounded work, which may die anywhere and be repeated. What its retention policy
 * says is done with what is due, then Recoverable Items let go of what has been kept long enough. A mailbox on retention hold keeps all of it.
 */
export function createAssistant({ step = limits.step, ...ctx }: AssistantNeeds): AssistantJob {
  return {
    kind: assistantKind,
    lease: 5 * 60_000,
    atOnce: 1,
    async run({ organisation, state }) {
      let round = roundOf(state, ctx.clock())
      const owner = await ctx.store.read((tx) => ownerWithin(tx, organisation, round.mailbox))
      // A mailbox that nobody has is disconnected: what lies in it stays, for whoever connects it again.
      if (!owner || !(await ctx.store.read((tx) => tx.mailboxes.get(round.mailbox)))) return undefined
      if (!round.expiring) {
        round = await walkSome(ctx, owner, round, step)
        if (!round.expiring) return { state: { ...round }, due: ctx.clock() }
      }
      const { from } = round.expiring!
      const { next } = await expireRecoverable(ctx, round.mailbox, { ...(from ? { from } : {}), limit: step })
      if (next !== undefined) return { state: { ...round, expiring: { from: next } }, due: ctx.clock() }
      const { mailbox, seen, moved } = round
      ctx.log.info({ event: 'retention', mailbox, seen, moved }, 'the folder assistant has looked at a mailbox')
      return undefined
    },
  }
}

function roundOf(state: Readonly<Record<string, unknown>>, now: Instant): Round {
  const { mailbox, began, at, expiring, seen, moved } = state as Partial<Round>
  return {
    mailbox: String(mailbox),
    began: typeof began === 'number' ? began : now,
    ...(at ? { at } : {}),
    ...(expiring ? { expiring } : {}),
    seen: Number(seen ?? 0),
    moved: Number(moved ?? 0),
  }
}

interface Work {
  ctx: MailboxContext
  owner: Recipient
  plan: RetentionPlan
  /** The archive took nothing more: nothing goes there before the next step. */
  isArchiveFull?: boolean
}

/** Walks on, folder by folder, until the step is full; then, or when nothing is left, says how the round stands. */
async function walkSome(ctx: MailboxContext, owner: Recipient, round: Round, step: number): Promise<Round> {
  const { mailbox } = round
  const over = (): Round => ({ mailbox, began: round.began, expiring: {}, seen: round.seen, moved: round.moved })
  const plan = isOnRetentionHold(owner, ctx.clock()) ? undefined : await retentionPlan(ctx.store, owner, mailbox)
  if (!plan) return over()
  const folders = await ctx.store.read((tx) => foldersToWalk(tx, mailbox))
  const full = round.seen + step
  const until = performance.now() + limits.time
  let at = round.at ?? startOf(folders[0])
  const work: Work = { ctx, owner, plan }
  while (at) {
    if (round.seen >= full || performance.now() >= until) return { ...round, at }
    const next = await walkPart(work, folders, at, round)
    if (next === 'stop') return over()
    at = next
    await setImmediate()
  }
  return over()
}

const startOf = (walked: Walked | undefined): WalkCursor | undefined =>
  walked && { folder: walked.folder.id, deleted: walked.deleted, part: 'aged' }

/** One page of one folder. A folder that is gone, or in which no tag acts, is passed over. `stop` = nothing more can be deleted. */
async function walkPart(work: Work, folders: readonly Walked[], at: WalkCursor, round: Round): Promise<WalkCursor | undefined | 'stop'> {
  const folder = folders.find((walked) => walked.folder.id === at.folder)?.folder
  if (!folder) return startOf(folderAfter(folders, at))
  const { ctx, plan } = work
  const now = Math.min(round.began, ctx.clock())
  const found = await ctx.store.read(async (tx) => {
    const tags = await plan.folder(tx, folder)
    if (tags.place === 'none') return { acts: false, due: [], seen: 0, after: undefined }
    const { rows, after } = await nextRows(tx, plan, folder, tags, at, now, limits.read)
    const due: number[] = []
    for (const row of rows) if (isReadable(work, row, tags) && (await dueAction(tx, plan, tags, row, now))) due.push(row.id)
    return { acts: true, due, seen: rows.length, after }
  })
  round.seen += found.seen
  for (let first = 0; first < found.due.length; first += itemsOfOneWrite) {
    const some = found.due.slice(first, first + itemsOfOneWrite)
    const moved = await actOn(work, folder, some, now)
    if (moved === 'stop') return 'stop'
    round.moved += moved
  }
  if (found.after) return { ...at, after: found.after }
  const part = found.acts ? parts[parts.indexOf(at.part) + 1] : undefined
  return part ? { folder: at.folder, deleted: at.deleted, part } : startOf(folderAfter(folders, at))
}

/** False for an item whose times cannot be read: it stays ("How retention age is calculated": corrupted items are skipped), and the log tells of it. */
function isReadable({ ctx }: Work, row: ItemRow, { place }: FolderTags): boolean {
  try {
    agesFrom(row, place)
    return true
  } catch (error) {
    ctx.log.error(
      { event: 'retention', mailbox: row.mailbox, item: row.id, err: error },
      'the folder assistant passed over a corrupted item',
    )
    return false
  }
}

/** Does what is due with these items; what cannot be done with one of them hinders none of the others. How many went. */
async function actOn(work: Work, folder: FolderRow, ids: readonly number[], now: Instant): Promise<number | 'stop'> {
  try {
    const { moved, archive } = await disposeOf(work, folder, ids, now)
    return moved + (await archiveAll(work, archive))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (ids.length === 1) {
      leave(work, error, ids[0]!)
      // Recoverable Items are full: the next round tries again.
      return error.code === 'QuotaExceeded' ? 'stop' : 0
    }
  }
  let moved = 0
  for (const id of ids) {
    const one = await actOn(work, folder, [id], now)
    if (one === 'stop') return 'stop'
    moved += one
  }
  return moved
}

async function archiveAll(work: Work, rows: readonly ItemRow[]): Promise<number> {
  let moved = 0
  for (const row of rows) {
    if (work.isArchiveFull) break
    try {
      await moveToArchive(work.ctx, work.owner, row, { also: (tx) => requireNoHold(tx, work, row.mailbox) })
      moved++
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      leave(work, error, row.id)
      work.isArchiveFull = error.code === 'QuotaExceeded'
    }
  }
  return moved
}

/** A hold that was acknowledged before this write holds: it refuses InvalidOperation. */
async function requireNoHold(tx: WriteTx, { ctx, owner }: Work, mailbox: string): Promise<void> {
  const now = await ownerWithin(tx, owner.organisation, mailbox)
  if (!now || isOnRetentionHold(now, ctx.clock())) throw new Refusal('InvalidOperation', 'The mailbox is on retention hold.', { mailbox })
}

function leave({ ctx, owner }: Work, { code, message }: Refusal, item: number): void {
  ctx.log.warn({ event: 'retention', mailbox: owner.mailbox, item, code }, `the folder assistant left an item where it is: ${message}`)
}

/**
 * One write: each item as it is now, by the policy, the folder's tags and the hold as they are now: what was acknowledged before holds. What goes to the
 * archive is given back: it is carried over by itself.
 */
async function disposeOf(
  { ctx }: Work,
  { mailbox, id }: FolderRow,
  ids: readonly number[],
  now: Instant,
): Promise<{ moved: number; archive: ItemRow[] }> {
  return ctx.store.write(async (tx) => {
    const archive: ItemRow[] = []
    let moved = 0
    const folder = await tx.folders.get(mailbox, id)
    const owner = await ownerWithin(tx, (await tx.mailboxes.get(mailbox))?.organisation ?? '', mailbox)
    const plan = owner && !isOnRetentionHold(owner, ctx.clock()) ? await retentionPlan(tx, owner, mailbox) : undefined
    if (!folder || !plan) return { moved, archive }
    const tags = await plan.folder(tx, folder)
    const disposer = createDisposer(tx, ctx, mailbox)
    for (const item of ids) {
      const row = await tx.items.get(mailbox, item)
      const tag = row?.folder === id ? await dueAction(tx, plan, tags, row, now) : undefined
      if (!row || !tag) continue
      if (tag.action === 'MoveToArchive') archive.push(row)
      else if (tag.action !== 'MarkAsPastRetentionLimit') {
        await disposer.dispose(row, folder, dispositions[tag.action])
        moved++
      }
    }
    return { moved, archive }
  })
}

/** What each action does, in EWS' words. */
const dispositions = {
  MoveToDeletedItems: 'MoveToDeletedItems',
  DeleteAndAllowRecovery: 'SoftDelete',
  PermanentlyDelete: 'HardDelete',
} as const

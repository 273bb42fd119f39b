import { Refusal, weightOf, type Caller } from '#model'
import type { FolderRow, ItemRow, ReadTx } from '#store'
import type { Item, ItemRef, Outcome, Wanted } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, itemRights, type Access } from '../permissions/access.ts'
import { reducedRow, reducedWanted, seesTimesAlone } from '../permissions/reduced.ts'
import { readOptions } from '../properties/options.ts'
import { readItem, type ReadOptions } from '../properties/read.ts'
import { planFor } from '../retention/shown.ts'
import { seenItem } from './target.ts'

/** A refusal as an outcome; defects go on. */
export async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** [MS-OXWSCORE] 3.1.4.4 GetItem: one outcome per reference, in order. Beyond `wanted.mostBytes` → BatchProcessingStopped. */
export async function getItems(ctx: MailboxContext, caller: Caller, refs: ItemRef[], wanted: Wanted): Promise<Outcome<Item>[]> {
  const accesses = new Map<string, Outcome<Access>>()
  for (const mailbox of new Set(refs.map((ref) => ref.mailbox))) {
    accesses.set(mailbox, await outcome(() => accessTo(ctx, caller, mailbox)))
  }
  const options = new Map<Access, ReadOptions>()
  for (const access of accesses.values()) {
    if (!(access instanceof Refusal)) options.set(access, readOptions(access, false, await planFor(ctx, access, wanted)))
  }
  const answers: Outcome<Item>[] = []
  const seen: Seen[] = []
  let room = wanted.mostBytes ?? Infinity
  for (let done = 0; done < refs.length; done += together) {
    await ctx.store.read(async (tx) => {
      for (const ref of refs.slice(done, done + together)) {
        if (room <= 0) {
          answers.push(new Refusal('BatchProcessingStopped', 'The answer is as large as an answer may be; ask for this item again.'))
          continue
        }
        const answer = await outcome(() => getItem(tx, accesses.get(ref.mailbox), ref, wanted, options, seen))
        room -= answer instanceof Refusal ? 0 : weightOf(answer.properties) + weightOf(answer.extended)
        answers.push(answer)
      }
    })
  }
  for (const [access, found] of Map.groupBy(seen, (one) => one.access)) await ctx.binds?.messages(access, found)
  return answers
}

/** What the mailbox's audit log is to tell that it was read. */
interface Seen {
  access: Access
  row: ItemRow
  folder: FolderRow
}

/** How many items one read of the store takes together. */
const together = 50

async function getItem(
  tx: ReadTx,
  access: Outcome<Access> | undefined,
  ref: ItemRef,
  wanted: Wanted,
  known: ReadonlyMap<Access, ReadOptions>,
  seen: Seen[],
): Promise<Item> {
  if (access instanceof Refusal) throw access
  const options = access && known.get(access)
  if (!access || !options) throw new Refusal('ItemNotFound', 'There is no such item.')
  if (access.guest) return guestItem(tx, access, ref, wanted, options)
  const { row, folder, rights } = await seenItem(tx, access, ref)
  if (access.auditing?.actions.includes('MessageBind')) seen.push({ access, row, folder })
  return readItem(tx, row, folder, rights, wanted, options)
}

/** An item of a folder that is shared with somebody of another organisation: whole, or its times alone. */
async function guestItem(tx: ReadTx, access: Access, ref: ItemRef, wanted: Wanted, options: ReadOptions): Promise<Item> {
  const stored = await tx.items.get(ref.mailbox, ref.id)
  const home = stored && (await tx.folders.get(stored.mailbox, stored.folder))
  if (!stored || !home || ref.occurrence !== undefined || !seesTimesAlone(access, home)) {
    const { row, folder, rights } = await seenItem(tx, access, ref)
    return readItem(tx, row, folder, rights, wanted, options)
  }
  return readItem(tx, reducedRow(access, home, stored), home, itemRights(access, home, stored), reducedWanted(wanted), options)
}

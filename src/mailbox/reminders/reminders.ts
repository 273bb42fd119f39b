import { Refusal, type Caller, type Instant } from '#model'
import type { FolderRow, ItemRow, ReadTx } from '#store'
import type { Item, ItemRef, PropertyChange } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { placeOf } from '../folders/place.ts'
import { targetItem } from '../items/target.ts'
import { updateItem } from '../items/update-item.ts'
import { requireOccurrence } from '../calendar/occurrences.ts'
import { accessTo } from '../permissions/access.ts'
import type { FindReminders, Reminder, ReminderAction, ReminderVerbs } from './contract.ts'
import { afterDismissal, dueOf, type Due } from './due.ts'

/** Items looked through for one answer, and series. */
const mostLooked = 5000
const mostSeries = 2000
const step = 200
const everFrom = -8e15
const everTo = 8e15
/** Nothing in them reminds ([MS-OXOSRCH] reminders search folder). */
const silent = new Set(['junkemail', 'drafts', 'outbox', 'sentitems', 'conflicts', 'localfailures', 'serverfailures', 'syncissues'])

/** The verbs on reminders, for the protocols. */
export function createReminders(ctx: MailboxContext): ReminderVerbs {
  return {
    reminders: (caller, input) => reminders(ctx, caller, input),
    actOnReminder: (caller, item, action) => actOnReminder(ctx, caller, item, action),
  }
}

async function reminders(ctx: MailboxContext, caller: Caller, input: FindReminders): Promise<Reminder[]> {
  const access = await accessTo(ctx, caller, input.mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'Reminders are shown to the owner of the mailbox.')
  const { shown, folders } = await ctx.store.read(async (tx) => {
    const collect = collector(tx, input, ctx.clock())
    const { mailbox, from = everFrom, to = everTo, limit } = input
    // A series may be about a later occurrence than its column says, so they are all looked at.
    for (const row of await tx.items.byReminder(mailbox, { recurring: true, from: everFrom, to, limit: mostSeries }))
      await collect.take(row)
    const series = collect.found.length
    let after: { reminder: Instant; id: number } | undefined
    for (let looked = 0; looked < mostLooked && collect.found.length - series < limit; looked += step) {
      const rows = await tx.items.byReminder(mailbox, { recurring: false, from, to, limit: step, ...(after ? { after } : {}) })
      for (const row of rows) await collect.take(row)
      const last = rows.at(-1)
      if (!last || rows.length < step) break
      after = { reminder: last.reminder ?? 0, id: last.id }
    }
    const shown = collect.found.sort((a, b) => a.at - b.at || a.ref.id - b.ref.id).slice(0, limit)
    return { shown, folders: [...collect.folders.values()].filter((folder) => folder !== undefined) }
  })
  await ctx.binds?.folders(access, folders)
  return shown
}

/** What is found, and the folders that it was found in; undefined = one that nothing reminds in. */
interface Collector {
  found: Reminder[]
  folders: ReadonlyMap<number, FolderRow | undefined>
  take(row: ItemRow): Promise<void>
}

function collector(tx: ReadTx, input: FindReminders, now: Instant): Collector {
  const folders = new Map<number, FolderRow | undefined>()
  const speaks = async (mailbox: string, id: number): Promise<boolean> => {
    if (!folders.has(id)) {
      const folder = await tx.folders.get(mailbox, id)
      const isOne = folder !== undefined && !silent.has(folder.kind) && (await placeOf(tx, folder)) === 'other'
      folders.set(id, isOne ? folder : undefined)
    }
    return folders.get(id) !== undefined
  }
  const found: Reminder[] = []
  const { from = everFrom, to = everTo, which } = input
  return {
    found,
    folders,
    async take(row) {
      const due = dueOf(row, now)
      if (!due || due.at < from || due.at > to || row.associated) return
      if (which !== 'All' && due.end < now !== (which === 'Old')) return
      if (await speaks(row.mailbox, row.folder)) found.push(shown(row, due))
    },
  }
}

function shown(row: ItemRow, { at, start, end, occurrence }: Due): Reminder {
  const master = { mailbox: row.mailbox, id: row.id }
  const properties = { ...row.properties, ...occurrence?.exception?.properties }
  return {
    ref: occurrence ? { ...master, occurrence: occurrence.originalStart } : master,
    change: row.change,
    ...(occurrence ? { master } : {}),
    group: row.kind === 'calendar' ? 'Calendar' : row.kind === 'task' ? 'Task' : undefined,
    subject: String(properties.subject ?? row.subject),
    location: String(properties.location ?? ''),
    at,
    start,
    end,
    uid: row.uid || `${row.mailbox}.${row.id}`,
  }
}

async function actOnReminder(ctx: MailboxContext, caller: Caller, ref: ItemRef, action: ReminderAction): Promise<Item> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const { row } = await ctx.store.read((tx) => targetItem(tx, access, ref))
  const due = dueOf(row, ctx.clock())
  if (!due) throw new Refusal('InvalidArgument', 'The item has no reminder.', { item: ref.id })
  const occurrence = ref.occurrence === undefined ? due.occurrence : requireOccurrence(row, ref.occurrence)
  const start = occurrence?.start ?? due.start
  const set =
    action.action === 'Snooze'
      ? { ...(due.occurrence ? { reminderDueBy: start } : {}), reminderNextTime: action.until }
      : due.occurrence
        ? afterDismissal(row.properties, start)
        : { reminderIsSet: false }
  const changes = Object.entries(set).map(([property, value]): PropertyChange => ({ op: 'set', path: { property }, value }))
  return updateItem(ctx, caller, { mailbox: ref.mailbox, id: ref.id }, changes, { conflict: 'AlwaysOverwrite' })
}

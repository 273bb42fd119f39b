import { isPinned, pinnedUntil, pinOrder, pinTime, type Restriction } from '#model'
import type { FolderRef, Item, PropertyChange } from '#mailbox'
import type { WebContext } from '../verb.ts'
import { itemNumber, shownInRows } from './rows.ts'

/** Messages that stand on top of a folder; what is pinned beyond them stands where it came. */
const mostPinned = 100

/** What is pinned to the top of a folder, the newest first. Costs what is pinned alone. */
export async function pinnedItems({ caller, mailboxes }: WebContext, folder: FolderRef): Promise<Item[]> {
  const { items } = await mailboxes.findItems(caller, {
    ...{ folders: [folder], traversal: 'Shallow', restriction: isPinned },
    sort: [{ path: { property: 'dateTimeReceived' }, descending: true }],
    view: { kind: 'indexed', offset: 0, limit: mostPinned, from: 'Beginning' },
    wanted: { shape: 'ids', paths: shownInRows },
  })
  return items
}

/** Everything but these. */
export const without = (items: readonly Item[]): Restriction => ({
  not: { or: items.map(({ ref }) => ({ compare: itemNumber, is: '=', with: { value: String(ref.id) } })) },
})

/** Pins a message, or lets it go, as Outlook on the web does. */
export const pinning = (pins: boolean): PropertyChange[] =>
  [pinTime, pinOrder].map((extended) =>
    pins ? { op: 'set', path: { extended }, value: { type: extended.type, value: pinnedUntil } } : { op: 'delete', path: { extended } },
  )

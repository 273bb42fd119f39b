import { isRecoverableKind, Refusal, type Caller } from '#model'
import type { ColumnCondition, FolderRow } from '#store'
import type { MailboxContext } from '../context.ts'
import type { Item } from '../contract.ts'
import { findItems, searchFor } from '../find/find-items.ts'
import { scanFound } from '../find/scan.ts'
import { accessTo, type Access } from '../permissions/access.ts'
import { copyFound } from './copy-found.ts'
import type { MailboxSearch, SearchVerbs } from './contract.ts'
import { maySearch } from './search-folder.ts'

/** The verbs that search beyond a folder. */
export function createSearches(ctx: MailboxContext): SearchVerbs {
  return {
    searchMailbox: (caller, search) => searchMailbox(ctx, caller, search),
    async everythingFound(caller, { mailbox, restriction, among, page }) {
      const access = await wholeAccess(ctx, caller, mailbox)
      const folders = await foldersOf(ctx, access, among)
      if (folders.length === 0) return []
      const asked = { traversal: 'Shallow' as const, ...(restriction ? { restriction } : {}) }
      const search = searchFor(access, mailbox, { folders }, asked)
      const found = await scanFound(ctx, page ? { ...search, ...behind(search.where, page) } : search)
      return found.map(({ id, size }) => ({ ref: { mailbox, id }, size }))
    },
    copyFound: (caller, found, to) => copyFound(ctx, caller, found, to),
    async unsearchable(caller, mailbox, after, limit) {
      await wholeAccess(ctx, caller, mailbox)
      return ctx.store.read((tx) => tx.text.problems(mailbox, after, limit))
    },
    async countUnsearchable(caller, mailbox) {
      await wholeAccess(ctx, caller, mailbox)
      return ctx.store.read((tx) => tx.text.countProblems(mailbox))
    },
  }
}

/** Those behind a number alone, in the order of their numbers. */
function behind(where: ColumnCondition | undefined, { after, limit }: { after: number; limit: number }) {
  const and: ColumnCondition[] = [...(where ? [where] : []), { column: 'id', is: '>', value: after }]
  return { where: { and }, order: [{ column: 'id' as const, descending: false }], limit }
}

/** What the caller is to a mailbox that is all theirs. */
async function wholeAccess(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Access> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'Who searches a whole mailbox needs full access to it.', { mailbox })
  return access
}

/** Folders of a mailbox that hold something, all of which the caller looks into. */
async function foldersOf(ctx: MailboxContext, access: Access, among: 'recoverable' | 'others' | undefined): Promise<FolderRow[]> {
  const { mailbox } = access
  const folders = await ctx.store.read(async (tx) => {
    const root = await tx.folders.byKind(mailbox, 'root')
    if (!root) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
    const rows = [root, ...(await tx.folders.tree(mailbox, root.id)).filter((row) => row.id !== root.id)]
    const isMeant = ({ kind }: FolderRow) => among === undefined || isRecoverableKind(kind) === (among === 'recoverable')
    return rows.filter((row) => maySearch(access, row) && row.total > 0 && isMeant(row))
  })
  await ctx.binds?.folders(access, folders)
  return folders
}

async function searchMailbox(
  ctx: MailboxContext,
  caller: Caller,
  search: MailboxSearch,
): Promise<{ items: Item[]; total: number; size: number }> {
  const { mailbox, limit, by = 'dateTimeReceived', descending, withoutRecoverable = false, wanted } = search
  const access = await wholeAccess(ctx, caller, mailbox)
  const folders = await foldersOf(ctx, access, withoutRecoverable ? 'others' : undefined)
  if (folders.length === 0) return { items: [], total: 0, size: 0 }
  const asked = {
    traversal: 'Shallow' as const,
    ...(search.restriction ? { restriction: search.restriction } : {}),
    sort: [{ path: { property: by }, descending }],
  }
  const found = await scanFound(ctx, searchFor(access, mailbox, { folders }, asked))
  const totals = { total: found.length, size: found.reduce((sum, { size }) => sum + size, 0) }
  if (limit <= 0 || found.length === 0) return { items: [], ...totals }
  const { items } = await findItems(ctx, caller, {
    ...asked,
    folders: folders.map(({ id }) => ({ mailbox, id })),
    view: { kind: 'indexed', offset: 0, limit, from: 'Beginning' },
    wanted,
  })
  return { items, ...totals }
}

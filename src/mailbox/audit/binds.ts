import type { Instant } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { Access } from '../permissions/access.ts'
import { writeEntry } from './audit.ts'
import { entryClass, itemKey, recordOf } from './entry.ts'

/** Writes down that somebody looks into folders, and at messages. */
export interface Binds {
  /** The caller reads what lies in the folders. Resolves when it is on disk; at once where it is not audited, or known of the last 24 hours. */
  folders(access: Access, folders: readonly FolderRow[]): Promise<void>
  /** The caller reads messages, each given with the folder that it lies in. */
  messages(access: Access, found: readonly { row: ItemRow; folder: FolderRow }[]): Promise<void>
}

/** Of one person and one folder (or message) one entry in this time ("Mailbox audit logging", FolderBind: entries are consolidated). */
const day = 86_400_000
/** How many are remembered; beyond, the log itself is asked. */
const most = 50_000
/** Entries of one folder that are looked through for somebody's. */
const looked = 200
/** Entries of one write. */
const together = 50

interface Bind {
  operation: 'FolderBind' | 'MessageBind'
  folder: FolderRow
  item?: ItemRow
}

/** What was written down lately is remembered, so that a client that reads a folder again and again costs no write. */
export function createBinds({ store, clock }: Pick<MailboxContext, 'store' | 'clock'>): Binds {
  const until = new Map<string, Instant>()

  async function note(access: Access, binds: readonly Bind[]): Promise<void> {
    const { auditing, mailbox, caller } = access
    if (!auditing) return
    const now = clock()
    const fresh = new Map<string, Bind>()
    for (const bind of binds) {
      const key = `${mailbox} ${aboutOf(bind)} ${auditing.who.id || auditing.who.address}`
      if ((until.get(key) ?? 0) <= now) fresh.set(key, bind)
    }
    if (fresh.size === 0) return
    const all = [...fresh]
    for (let at = 0; at < all.length; at += together) {
      const some = all.slice(at, at + together)
      await store.write(async (tx) => {
        for (const [, bind] of some) {
          if (await isKnown(tx, access, bind, now - day)) continue
          await writeEntry(tx, { clock }, { mailbox, caller, auditing }, bind)
        }
      })
      if (until.size + some.length > most) until.clear()
      for (const [key] of some) until.set(key, now + day)
    }
  }

  return {
    async folders(access, folders) {
      if (!access.auditing?.actions.includes('FolderBind')) return
      await note(access, folders.map((folder) => ({ operation: 'FolderBind', folder }))) // prettier-ignore
    },
    async messages(access, found) {
      if (!access.auditing?.actions.includes('MessageBind')) return
      await note(access, found.map(({ row: item, folder }) => ({ operation: 'MessageBind', item, folder }))) // prettier-ignore
    },
  }
}

const aboutOf = ({ folder, item }: Bind): number => (item ? itemKey(item) : folder.id)

/** True when the log tells already that this person did it since then: this process may be a young one. */
async function isKnown(tx: WriteTx, { mailbox, auditing }: Access, bind: Bind, since: Instant): Promise<boolean> {
  const folder = await tx.folders.byKind(mailbox, 'audits')
  if (!folder) return false
  const rows = await tx.items.rows({
    ...{ mailbox, folders: [folder.id], associated: false, limit: looked },
    order: [
      { column: 'start', descending: true },
      { column: 'id', descending: true },
    ],
    where: {
      and: [
        { column: 'start', is: '=', value: aboutOf(bind) },
        { column: 'itemClass', is: '=', value: `${entryClass}.${bind.operation}` },
        { column: 'received', is: '>', value: since },
      ],
    },
  })
  return rows.map(recordOf).some(({ who }) => who.id === auditing?.who.id && who.address === auditing?.who.address)
}

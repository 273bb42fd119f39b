/**
 * The store contract: what the rooms above know of the database. Two engines keep it (SQLite embedded, PostgreSQL).
 * Promises of every engine:
 * - `write` resolves when its changes are on disk; concurrent writes share one flush (group commit). A body that throws is
 *   rolled back alone. A body awaits nothing but `tx`.
 * - `read` sees committed state only. Reads are bounded: every listing takes a limit and continues by key.
 * - Change numbers grow within a mailbox in commit order: whoever has seen everything up to N misses nothing by asking for > N.
 */
import type { ExtendedValue, Instant, Properties } from '#model'
import type { AttachmentRow, ItemHead, ItemOrder, ItemRow, ItemScan, NewItem, RowScan, SearchText, Tombstone } from './items/contract.ts'
import type { Facets, FoundObjects, JobRow, ObjectLookups, ObjectRow, ObjectSearch } from './objects/contract.ts'
import type { TextReading, TextWriting } from './text/contract.ts'
import type { ConversationReading } from './conversations/contract.ts'
import type { QueuedMessage, QueuedRecipient, QueueReading, QueueWriting, TrackingReading, TrackingWriting } from './mail-flow/contract.ts'
import type { ReplyReading, ReplyWriting } from './replies/contract.ts'

export interface Store {
  readonly engine: 'sqlite' | 'postgres'
  read<T>(body: (tx: ReadTx) => Promise<T>): Promise<T>
  write<T>(body: (tx: WriteTx) => Promise<T>): Promise<T>
  /**
   * The same questions as in a `read`, answered from memory while no object is written: for what every request asks. What this process wrote
   * is seen at once, what another one wrote within moments (at most 5 s). The answers are frozen.
   */
  readonly objects: ObjectLookups
  /**
   * Yields after each commit that touched the mailbox (coalesced; the first value comes at once). Ends with `signal`.
   * The reader then asks for changes beyond its cursor.
   */
  watch(mailbox: string, signal: AbortSignal): AsyncIterable<void>
  /** Wakes whoever waits for jobs or queued mail of any organisation. Coalesced, like `watch`. */
  watchWork(signal: AbortSignal): AsyncIterable<void>
  /**
   * Puts bytes on disk (content-addressed) ahead of the write that refers to them. Small ones are returned to be stored
   * inside the write; large ones are in their file, flushed, when this resolves. Unreferenced blobs are swept later.
   */
  stage(bytes: Uint8Array): Promise<StagedBlob>
  /** Compares counts with rows, finds orphans, re-reads every blob against its digest. Bounded memory. */
  check(progress?: (done: number, total: number) => void): Promise<CheckReport>
  /** Copies the running embedded store to an empty folder, consistent as of one moment. PostgreSQL: refuses, naming pg_dump. */
  backup(folder: string, progress?: (done: number, total: number) => void): Promise<void>
  /** Removes blobs that nothing refers to and that are older than `before`, and what the text index keeps of removed items. Returns how many blobs. */
  sweep(before: Instant): Promise<number>
  metrics(): StoreMetrics
  /** Of the database: `3.51.0` of SQLite, `17.2` of PostgreSQL. */
  version(): Promise<string>
  close(): Promise<void>
}

export interface StoreMetrics {
  commits: number
  writes: number
  flushSeconds: number
  /** Bytes staged since the start. */
  blobBytes: number
}

export interface CheckReport {
  mailboxes: number
  folders: number
  items: number
  blobs: number
  findings: { what: string; where: string }[]
}

export interface StagedBlob {
  /** Lower-case hex SHA-256 of the bytes. */
  digest: string
  size: number
  /** Present when the bytes go into the database with the write. */
  inline?: Uint8Array
}

// ---------------------------------------------------------------------------------------------------------------- rows

export interface MailboxRow {
  /** GUID, lower case. */
  mailbox: string
  organisation: string
  /** The last change number given out; also the source of folder and item ids. */
  change: number
  /** Total bytes of items. */
  size: number
  created: Instant
  /** Time zone, culture, out-of-office and other per-mailbox settings. */
  settings: Record<string, unknown>
}

export interface FolderRow {
  mailbox: string
  /** Never changes, never reused. */
  id: number
  /** 0 for the root. */
  parent: number
  /** Distinguished kind (`inbox`), or empty. */
  kind: string
  name: string
  folderClass: string | null
  hidden: boolean
  created: Instant
  modified: Instant
  /** Change number of the last change of the folder itself (name, parent, properties, permissions). */
  change: number
  /** Change number of the last change of anything inside. */
  contentChange: number
  total: number
  unread: number
  associatedTotal: number
  /** Number of child folders, hidden ones not counted. */
  children: number
  size: number
  /** Further properties by dictionary name, stored extended properties by their key, permissions. */
  properties: Properties
  extended: Record<string, ExtendedValue>
  permissions: FolderPermission[]
}

/** [MS-OXWSFOLD] 2.2.4.13: `user` is a recipient GUID, `default` or `anonymous`. Rights are bits of `#model` folderRights. */
export interface FolderPermission {
  user: string
  rights: number
}

// -------------------------------------------------------------------------------------------------------- transactions

export interface ReadTx {
  mailboxes: {
    get(mailbox: string): Promise<MailboxRow | undefined>
    list(organisation: string, after: string, limit: number): Promise<MailboxRow[]>
  }
  folders: {
    get(mailbox: string, id: number): Promise<FolderRow | undefined>
    byKind(mailbox: string, kind: string): Promise<FolderRow | undefined>
    childNamed(mailbox: string, parent: number, name: string): Promise<FolderRow | undefined>
    /** Children of a folder, by name. */
    children(mailbox: string, parent: number): Promise<FolderRow[]>
    /** The whole tree below a folder, parents first (bounded: a mailbox has at most 10,000 folders). */
    tree(mailbox: string, root: number): Promise<FolderRow[]>
    changedSince(mailbox: string, change: number, limit: number): Promise<FolderRow[]>
    removedSince(mailbox: string, change: number, limit: number): Promise<Tombstone[]>
  }
  items: {
    get(mailbox: string, id: number): Promise<ItemRow | undefined>
    getMany(mailbox: string, ids: number[]): Promise<ItemRow[]>
    heads(scan: ItemScan): Promise<ItemHead[]>
    rows(scan: RowScan): Promise<ItemRow[]>
    /** The key of a row for `ItemScan.after` under the given order. */
    scanKey(row: ItemHead, order: ItemOrder[]): (string | number | null)[]
    /** Exact; with no `where` it is the folder's counter. */
    count(scan: Pick<ItemScan, 'mailbox' | 'folders' | 'associated' | 'where'>): Promise<number>
    /** Items of a folder with `change` > given, ascending. */
    changedSince(mailbox: string, folder: number, change: number, limit: number): Promise<ItemHead[]>
    /** Items that left a folder (deleted or moved) with change > given, ascending. */
    removedSince(mailbox: string, folder: number, change: number, limit: number): Promise<Tombstone[]>
    /** All changes of a mailbox for event subscriptions, ascending by change. */
    mailboxChangesSince(mailbox: string, change: number, limit: number): Promise<ItemHead[]>
    mailboxRemovalsSince(mailbox: string, change: number, limit: number): Promise<Tombstone[]>
    /** Calendar items of a folder that touch [from, to): start < to and (end is null or end > from). Series heads included. */
    overlapping(mailbox: string, folder: number, from: Instant, to: Instant, limit: number): Promise<ItemRow[]>
    /** Items of a folder with the UID, the newest first. */
    byUid(mailbox: string, folder: number, uid: string, limit: number): Promise<ItemRow[]>
    /** Items of the mailbox with the Message-ID, wherever they lie, the oldest first; `after` = the last id of the page before. */
    byMessageId(mailbox: string, messageId: string, limit: number, after?: number): Promise<ItemHead[]>
  } & ConversationReading
  attachments: {
    list(mailbox: string, item: number): Promise<AttachmentRow[]>
    listMany(mailbox: string, items: number[]): Promise<AttachmentRow[]>
    get(mailbox: string, item: number, number: number): Promise<AttachmentRow | undefined>
  }
  blobs: {
    /** The bytes. A blob that a row refers to and that is not there is a defect (`ItemCorrupt`). */
    get(mailbox: string, digest: string): Promise<Uint8Array>
  }
  objects: ObjectLookups & {
    /** By id; `after` is the last id of the page before, or empty. */
    list(organisation: string, kind: string, after: string, limit: number): Promise<ObjectRow[]>
    /** By prefix of a search token (name words, alias, address), for name resolution; case-insensitive. */
    search(organisation: string, prefix: string, kinds: string[], limit: number): Promise<ObjectRow[]>
    /** Objects that have facets, by a condition on them, in an order, page by key. Indexed orders: `name`, `displayName`, `alias`, `address`. */
    find(search: ObjectSearch): Promise<FoundObjects>
    /** Objects whose facets were saved under a version below this one, at most `limit`: an older program wrote them. */
    outdated(organisation: string, kinds: readonly string[], version: number, limit: number): Promise<ObjectRow[]>
  }
  jobs: { get(organisation: string, id: string): Promise<JobRow | undefined>; list(organisation: string, kind: string): Promise<JobRow[]> }
  queue: {
    message(organisation: string, id: string): Promise<QueuedMessage | undefined>
    recipients(organisation: string, message: string): Promise<QueuedRecipient[]>
    list(organisation: string, after: string, limit: number): Promise<QueuedMessage[]>
    /** Waiting recipients by next hop, over all organisations. */
    counts(): Promise<{ route: string; waiting: number }[]>
    /** When the next waiting recipient falls due, over all organisations; a leased one when its lease ends, if that is later. */
    nextDue(): Promise<Instant | undefined>
    blob(organisation: string, digest: string): Promise<Uint8Array>
  } & QueueReading
  tracking: TrackingReading
  text: TextReading
  replies: ReplyReading
}

export interface WriteTx extends ReadTx {
  mailboxes: ReadTx['mailboxes'] & {
    /** Creates the mailbox row alone; `#mailbox` then makes the folders. */
    create(row: Omit<MailboxRow, 'change' | 'size'>): Promise<void>
    /** Takes the next change number and, with it, the mailbox's write lock until the end of the transaction. */
    nextChange(mailbox: string): Promise<number>
    saveSettings(mailbox: string, settings: Record<string, unknown>): Promise<void>
    remove(mailbox: string): Promise<void>
  }
  folders: ReadTx['folders'] & {
    /** The id is the change number taken. A name taken by a sibling (case-insensitive) → Refusal FolderExists. Updates the parent's count. */
    insert(
      row: Pick<FolderRow, 'mailbox' | 'parent' | 'kind' | 'name' | 'folderClass' | 'hidden' | 'created'> &
        Partial<Pick<FolderRow, 'properties' | 'extended' | 'permissions'>>,
    ): Promise<FolderRow>
    /** Rename, move (parent), class, properties, permissions. Takes a change number. */
    update(
      mailbox: string,
      id: number,
      changes: Partial<
        Pick<FolderRow, 'parent' | 'name' | 'folderClass' | 'hidden' | 'properties' | 'extended' | 'permissions' | 'modified'>
      >,
    ): Promise<FolderRow>
    /** Removes one folder that has neither items nor children; leaves a tombstone. */
    remove(mailbox: string, id: number): Promise<void>
  }
  items: ReadTx['items'] & {
    /** The id is the change number taken. Keeps the folder's counters, blob references and the text index (a text alone is its body's). */
    insert(item: NewItem, text: SearchText | string): Promise<ItemRow>
    /** Takes a change number; `contentChange` moves unless only `isRead` changes. `text` absent = the text index stays. */
    update(mailbox: string, id: number, changes: Partial<NewItem>, text?: SearchText | string): Promise<ItemRow>
    /**
     * Moves to another folder of the same mailbox under a new id (a change number), leaving a tombstone; attachments follow. `changed` gives the
     * properties that it has from then on, from those it has; undefined = they stay.
     */
    move(
      mailbox: string,
      id: number,
      folder: number,
      modified: Instant,
      changed?: (properties: Properties) => Properties | undefined,
    ): Promise<ItemRow>
    /** A copy in another folder of the same mailbox, attachments included. */
    copy(mailbox: string, id: number, folder: number, created: Instant): Promise<ItemRow>
    remove(mailbox: string, id: number): Promise<void>
    /** Sets the read state of every item of a folder, in bounded steps; returns the ids changed. `limit` per call. */
    markAll(mailbox: string, folder: number, isRead: boolean, limit: number): Promise<number[]>
    /** Removes up to `limit` items of a folder at once; returns how many. */
    removeSome(mailbox: string, folder: number, limit: number): Promise<number>
    /** Removes those of the items that lie in the folder, at once; returns how many. */
    removeListed(mailbox: string, folder: number, ids: number[]): Promise<number>
  }
  attachments: ReadTx['attachments'] & {
    insert(row: Omit<AttachmentRow, 'number'>): Promise<AttachmentRow>
    update(mailbox: string, item: number, number: number, changes: Partial<AttachmentRow>): Promise<void>
    remove(mailbox: string, item: number, number: number): Promise<void>
  }
  blobs: ReadTx['blobs'] & {
    /** Makes a staged blob part of the mailbox. Call it before the row that names the digest. */
    put(mailbox: string, blob: StagedBlob): Promise<void>
  }
  objects: ReadTx['objects'] & {
    /**
     * Creates or replaces an object. `keys` must be unique within the organisation (those in `globalKeys`: everywhere);
     * a key that another object has → Refusal NameTaken with `detail.key`. `version` given = optimistic check → StaleObject.
     */
    save(
      object: Omit<ObjectRow, 'version'> & {
        version?: number
        keys: string[]
        globalKeys?: string[]
        search?: string[]
        references?: Record<string, string[]>
        /** What `find` goes by, and the version of the list of facets that it follows. Names are words of letters and digits. */
        facets?: { version: number; values: Facets }
      },
    ): Promise<ObjectRow>
    remove(organisation: string, kind: string, id: string): Promise<void>
  }
  jobs: ReadTx['jobs'] & {
    save(job: Omit<JobRow, 'holder' | 'leaseUntil'>): Promise<void>
    /** The job, if there is one, is due at `due` at the latest; its state and lease stay as they are. */
    hurry(organisation: string, id: string, due: Instant): Promise<void>
    /** The job is over, whoever leases it. Nothing when there is none. */
    remove(organisation: string, id: string): Promise<void>
    /** Leases up to `limit` due jobs of the kinds to `holder`. */
    lease(kinds: string[], holder: string, now: Instant, until: Instant, limit: number): Promise<JobRow[]>
    /** Ends a step: new state and due time, lease dropped; `due: null` removes the job. */
    release(organisation: string, id: string, holder: string, state: Record<string, unknown>, due: Instant | null): Promise<void>
  }
  queue: ReadTx['queue'] & {
    add(
      message: QueuedMessage,
      blob: StagedBlob,
      recipients: Pick<QueuedRecipient, 'address' | 'route' | 'due' | 'options'>[],
    ): Promise<void>
    /** Leases up to `limit` due recipients (any organisation), oldest due first, to `holder`. */
    lease(holder: string, now: Instant, until: Instant, limit: number): Promise<QueuedRecipient[]>
    /**
     * Ends an attempt: `waiting` again at `due` (the lease dropped), or done. When no recipient waits any more, the message and its blob
     * reference go. False, and nothing changes, when the recipient does not wait any more or, with `holder` given, is leased to another.
     */
    settle(
      organisation: string,
      message: string,
      address: string,
      outcome: { state: QueuedRecipient['state']; due?: Instant; lastError?: string; holder?: string; nextHop?: string },
    ): Promise<boolean>
    /** Drops all leases of a holder whose process has ended, so that its work is taken up at once. Returns how many. */
    release(holder: string): Promise<number>
  } & QueueWriting
  tracking: TrackingWriting
  text: TextWriting
  replies: ReplyWriting
}

export interface StoreOptions {
  /** Folder of the embedded store; `:memory:` for tests (large blobs then stay in memory too). */
  path?: string
  /** PostgreSQL connection string; then `path` is the folder for large blobs. */
  databaseUrl?: string
  /** Schema (namespace) within the PostgreSQL database, so that sites and tests can share a server. */
  databaseSchema?: string
  clock: () => Instant
  log?: { warn(detail: object, message: string): void; error(detail: object, message: string): void }
}

export type * from './items/contract.ts'
export type * from './objects/contract.ts'
export type { QueuedMessage, QueuedRecipient } from './mail-flow/contract.ts'

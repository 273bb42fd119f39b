/** One mailbox over a store of its own, acted on by plain data: here, or in a process that can be killed. */
import { randomBytes } from 'node:crypto'
import { createConfiguration, createDirectory } from '#directory'
import { createMailboxes, expireRecoverable, type DeleteType, type ExpiryCursor } from '#mailbox'
import { Refusal } from '#model'
import { createStore, type Store, type StoreOptions } from '#store'
import { openVault } from '#trust'

/** A folder by its number or its kind. */
export type Place = number | string

export type Operation =
  | { do: 'createItem'; subject: string; kind: 'message' | 'calendar'; folder: Place }
  | { do: 'createFolder'; name: string; parent: Place }
  | { do: 'renameFolder'; folder: Place; name: string }
  | { do: 'moveItem'; subject: string; to: Place }
  | { do: 'deleteItem'; subject: string; type: DeleteType }
  | { do: 'deleteFolder'; folder: Place; type: DeleteType }
  | { do: 'emptyFolder'; folder: Place; type: DeleteType }
  /** Twice, as somebody does who is not sure. */
  | { do: 'restore'; subject: string }
  | { do: 'keep'; values: Record<string, boolean> }
  | { do: 'expire' }

/** What the store holds of the mailbox. */
export interface Snapshot {
  items: { subject: string; folder: number; stamp: number | undefined }[]
  folders: { number: number; parent: number; kind: string; name: string }[]
}

export interface ActedMailbox {
  /** The code of the refusal, when it was refused. A folder's number, when one was made. */
  perform(operation: Operation, now: number): Promise<{ refused?: string; folder?: number }>
  look(): Promise<Snapshot>
  close(): Promise<void>
}

export type StoreAt = Omit<StoreOptions, 'clock' | 'log'>

/** Opens a store with the mailbox `alias` in it, made when it is not there yet. */
export async function openMailbox(options: StoreAt, alias: string, started: number): Promise<ActedMailbox> {
  const time = { now: started }
  const store = await createStore({ ...options, clock: () => time.now })
  return { ...(await mailboxOn(store, time, alias)), close: () => store.close() }
}

/** The mailbox `alias` of an open store, made when it is not there yet. Nothing of it is to be closed. */
export async function mailboxOn(store: Store, time: { now: number }, alias: string): Promise<ActedMailbox> {
  const clock = () => time.now
  const random = (size: number) => randomBytes(size)
  const directory = createDirectory({ store, clock, random, passwordCost: { memory: 64, passes: 1 } })
  const configuration = createConfiguration({ store, clock, random, ...(await openVault({ random })) })
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const mailboxes = createMailboxes({ store, directory, configuration, clock, random, log: quiet })
  const organisation =
    (await directory.organisationNamed('Contoso')) ??
    (await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' }))
  const recipient =
    (await directory.find(`${alias}@contoso.com`)) ?? (await directory.create(organisation.id, { kind: 'UserMailbox', alias, displayName: alias })) // prettier-ignore
  const { mailbox } = recipient
  await mailboxes.provision(organisation.id, mailbox)
  const caller = await directory.callerFor(recipient)
  const ref = (place: Place) => (typeof place === 'number' ? { mailbox, id: place } : { mailbox, kind: place })
  // What the mailbox remembers of folders that were removed is nobody's item.
  const heads = async () => (await store.read((tx) => tx.items.mailboxChangesSince(mailbox, 0, 10_000))).filter((head) => !head.associated)
  const item = async (subject: string) => ({ mailbox, id: (await heads()).find((head) => head.subject === subject)?.id ?? 0 })

  async function act(operation: Operation): Promise<number | undefined> {
    switch (operation.do) {
      case 'createItem': {
        const times = operation.kind === 'calendar' ? { start: time.now, end: time.now + 3_600_000 } : {}
        await mailboxes.createItem(caller, ref(operation.folder), {
          kind: operation.kind,
          properties: { subject: operation.subject, ...times },
        })
        return undefined
      }
      case 'createFolder':
        return (await mailboxes.createFolder(caller, { parent: ref(operation.parent), name: operation.name })).row.id
      case 'renameFolder': {
        const change = { op: 'set' as const, path: { property: 'folderDisplayName' }, value: operation.name }
        return void (await mailboxes.updateFolder(caller, ref(operation.folder), [change]))
      }
      case 'moveItem':
        return void (await mailboxes.moveItem(caller, await item(operation.subject), ref(operation.to)))
      case 'deleteItem':
        return mailboxes.deleteItem(caller, await item(operation.subject), operation.type).then(() => undefined)
      case 'deleteFolder':
        return mailboxes.deleteFolder(caller, ref(operation.folder), operation.type).then(() => undefined)
      case 'emptyFolder':
        return mailboxes.emptyFolder(caller, ref(operation.folder), operation.type, true).then(() => undefined)
      case 'restore': {
        const { id } = await item(operation.subject)
        for (let time = 0; time < 2; time++) {
          const [outcome] = await mailboxes.restoreItems(caller, mailbox, [id])
          // Out of a folder in Deleted Items it leaves no trace under its old number (docs/decisions/2026-11-28-recovery.md).
          if (outcome instanceof Refusal && !(time === 1 && outcome.code === 'ItemNotFound')) throw outcome
        }
        return undefined
      }
      case 'keep':
        await directory.update(organisation.id, recipient.id, ({ kept }) => ({ kept: { ...kept, ...operation.values } }))
        return undefined
      case 'expire':
        for (let from: ExpiryCursor | undefined, more = true; more;) {
          const { next } = await expireRecoverable({ store, clock }, mailbox, { ...(from ? { from } : {}), limit: 3 })
          from = next
          more = next !== undefined
        }
        return undefined
    }
  }

  return {
    async perform(operation, now) {
      time.now = now
      try {
        const folder = await act(operation)
        return folder === undefined ? {} : { folder }
      } catch (error) {
        if (error instanceof Refusal) return { refused: error.code }
        throw error
      }
    },
    async look() {
      const [found, rows] = [await heads(), await store.read((tx) => tx.folders.tree(mailbox, 0))]
      const items = []
      for (const { id, subject, folder } of found) {
        const row = await store.read((tx) => tx.items.get(mailbox, id))
        items.push({ subject, folder, stamp: row?.properties.$lastActiveParent as number | undefined })
      }
      return { items, folders: rows.map(({ id, parent, kind, name }) => ({ number: id, parent, kind, name })) }
    },
    close: async () => undefined,
  }
}

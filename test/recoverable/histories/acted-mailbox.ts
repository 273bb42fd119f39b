/** One mailbox with its archive over a store of its own, acted on by plain data: here, or in a process that can be killed. */
import { randomBytes } from 'node:crypto'
import { createConfiguration, createDirectory, type Configuration, type Directory, type Recipient } from '#directory'
import {
  createAssistant,
  createMailboxes,
  createTextIndex,
  type DeleteType,
  type ItemRef,
  type Mailboxes,
  type PropertyChange,
} from '#mailbox'
import { isServersOwnKind, Refusal, systemCaller, type Caller } from '#model'
import { createStore, type ItemRow, type Store, type StoreOptions } from '#store'
import { openVault } from '#trust'
import type { Box, Marks } from './model.ts'
import { policies, tagIds, tagOfId, tags, type TagName } from './tags.ts'

/** A folder by its number or its kind. */
export interface Spot {
  box: Box
  folder: number | string
}

/** What an item says. */
export interface Said extends Marks {
  number: number
  topic: string
  body: string
  tag: TagName | undefined
}

export type Operation =
  | { do: 'createItem'; item: Said & { kind: 'message' | 'calendar' }; in: Spot }
  | { do: 'changeItem'; item: number; values: Partial<Omit<Said, 'number'>> & { topic: string } }
  | { do: 'createFolder'; name: string; parent: Spot }
  | { do: 'renameFolder'; folder: Spot; name: string }
  | { do: 'tagFolder'; folder: Spot; tag: TagName | undefined }
  | { do: 'moveItem'; item: number; to: Spot }
  | { do: 'deleteItem'; item: number; type: DeleteType }
  | { do: 'deleteFolder'; folder: Spot; type: DeleteType }
  | { do: 'emptyFolder'; folder: Spot; type: DeleteType }
  /** Twice, as somebody does who is not sure. */
  | { do: 'restoreItem'; item: number; byAdministrator: boolean }
  | { do: 'restoreFolder'; folder: number; byAdministrator: boolean }
  | { do: 'keep'; values: Record<string, boolean | string> }
  /** A hold on what the query finds; without a period there is none. */
  | { do: 'hold'; query: string; period: string | undefined }
  /** The folder assistant looks at both mailboxes until there is nothing left to do. */
  | { do: 'assist' }

export interface SeenItem extends Said {
  box: Box
  folder: number
  isVersion: boolean
  stamp: number | undefined
  deleted: number | undefined
}

/** What the store holds of both mailboxes. */
export interface Snapshot {
  items: SeenItem[]
  folders: { box: Box; number: number; parent: number; kind: string; name: string; tag: TagName | undefined }[]
}

export interface ActedMailbox {
  /** The code of the refusal, when it was refused. */
  perform(operation: Operation, now: number): Promise<{ refused?: string }>
  /** `whole` = bodies are read as they lie there, else what shows of them in lists. */
  look(whole: boolean): Promise<Snapshot>
  close(): Promise<void>
}

export type StoreAt = Omit<StoreOptions, 'clock' | 'log'>

/** Opens a store with the mailbox `alias` in it, made when it is not there yet. */
export async function openMailbox(options: StoreAt, alias: string, started: number): Promise<ActedMailbox> {
  const time = { now: started }
  const store = await createStore({ ...options, clock: () => time.now })
  return { ...(await mailboxOn(store, time, alias)), close: () => store.close() }
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

interface Site {
  store: Store
  time: { now: number }
  directory: Directory
  mailboxes: Mailboxes
  assistant: ReturnType<typeof createAssistant>
  index: ReturnType<typeof createTextIndex>
  owner: Recipient
  callers: { owner: Caller; system: Caller }
}

/** The mailbox `alias` of an open store, made when it is not there yet. Nothing of it is to be closed. */
export async function mailboxOn(store: Store, time: { now: number }, alias: string): Promise<ActedMailbox> {
  const site = await siteOn(store, time, alias)
  return {
    async perform(operation, now) {
      time.now = now
      try {
        await readEverything(site)
        await act(site, operation)
        return {}
      } catch (error) {
        if (error instanceof Refusal) return { refused: error.code }
        throw error
      }
    },
    look: (whole) => look(site, whole),
    close: async () => undefined,
  }
}

async function siteOn(store: Store, time: { now: number }, alias: string): Promise<Site> {
  const clock = () => time.now
  const random = (size: number) => randomBytes(size)
  const directory = createDirectory({ store, clock, random, passwordCost: { memory: 64, passes: 1 } })
  const configuration = createConfiguration({ store, clock, random, ...(await openVault({ random })) })
  const needs = { store, directory, configuration, clock, random, log: quiet }
  const mailboxes = createMailboxes(needs)
  const organisation =
    (await directory.organisationNamed('Contoso')) ??
    (await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' }))
  await makePolicies(configuration, organisation.id)
  const owner =
    (await directory.find(`${alias}@contoso.com`)) ??
    (await directory.create(organisation.id, { kind: 'UserMailbox', alias, displayName: alias, archive: { mailbox: '', name: 'Archive' } }))
  await mailboxes.provision(organisation.id, owner.mailbox)
  await mailboxes.provisionArchive(owner)
  const callers = { owner: await directory.callerFor(owner), system: systemCaller(organisation.id) }
  // So few items at once, that a round takes several steps.
  const [assistant, index] = [createAssistant({ ...needs, step: 5 }), createTextIndex(needs)]
  return { store, time, directory, mailboxes, assistant, index, owner, callers }
}

async function makePolicies(configuration: Configuration, organisation: string): Promise<void> {
  for (const [name, { type, action, age }] of Object.entries(tags)) {
    if (await configuration.find(organisation, 'RetentionPolicyTag', name)) continue
    const limit = age === undefined ? { RetentionEnabled: false } : { AgeLimitForRetention: `${age}.00:00:00` }
    const RetentionId = tagIds[name as TagName]
    await configuration.create(organisation, 'RetentionPolicyTag', {
      Name: name,
      Type: type,
      RetentionAction: action,
      RetentionId,
      ...limit,
    })
  }
  for (const [name, links] of Object.entries(policies)) {
    if (await configuration.find(organisation, 'RetentionPolicy', name)) continue
    await configuration.create(organisation, 'RetentionPolicy', { Name: name, RetentionPolicyTagLinks: [...links] })
  }
}

const boxesOf = ({ owner }: Site): [Box, string][] => [
  ['mailbox', owner.mailbox],
  ['archive', owner.archive!.mailbox],
]
const mailboxOf = ({ owner }: Site, box: Box) => (box === 'mailbox' ? owner.mailbox : owner.archive!.mailbox)
const refOf = (site: Site, { box, folder }: Spot) => {
  const mailbox = mailboxOf(site, box)
  return typeof folder === 'number' ? { mailbox, id: folder } : { mailbox, kind: folder }
}

/** What the text index has not read yet may be what a hold is about: it reads all that waits. */
async function readEverything(site: Site): Promise<void> {
  for (const [, mailbox] of boxesOf(site)) {
    const waiting = await site.store.read((tx) => tx.text.waiting(mailbox, 1))
    if (waiting.length > 0) await site.index.run({ state: { mailbox } })
  }
}

async function rowsOf({ store }: Site, mailbox: string): Promise<{ folders: Snapshot['folders'][number][]; rows: ItemRow[] }> {
  return store.read(async (tx) => {
    const tree = await tx.folders.tree(mailbox, 0)
    const folders = tree.filter(({ kind }) => !isServersOwnKind(kind))
    const order = [{ column: 'id' as const, descending: false }]
    const filled = folders.filter(({ total }) => total > 0).map(({ id }) => id)
    const rows = filled.length > 0 ? await tx.items.rows({ mailbox, folders: filled, associated: false, order, limit: 10_000 }) : []
    return {
      rows,
      folders: folders.map(({ id, parent, kind, name, properties }) => ({
        ...{ box: 'mailbox', number: id, parent, kind, name },
        tag: tagIn(properties.folderPolicyTag, properties.folderArchiveTag),
      })),
    }
  })
}

const numberOf = ({ subject }: Pick<ItemRow, 'subject'>) => Number(subject.slice(subject.indexOf('#') + 1))

/** The item with this number, wherever it lies; one that is gone has a reference that leads nowhere. */
async function itemOf(site: Site, number: number): Promise<ItemRef> {
  for (const [, mailbox] of boxesOf(site)) {
    const { rows, folders } = await rowsOf(site, mailbox)
    const versions = folders.find(({ kind }) => kind === 'recoverableitemsversions')?.number
    const row = rows.find((one) => numberOf(one) === number && one.folder !== versions)
    if (row) return { mailbox, id: row.id }
  }
  return { mailbox: site.owner.mailbox, id: 0 }
}

async function look(site: Site, whole: boolean): Promise<Snapshot> {
  const snapshot: Snapshot = { items: [], folders: [] }
  for (const [box, mailbox] of boxesOf(site)) {
    const { rows, folders } = await rowsOf(site, mailbox)
    snapshot.folders.push(...folders.map((folder) => ({ ...folder, box })))
    const versions = folders.find(({ kind }) => kind === 'recoverableitemsversions')?.number
    for (const row of rows) {
      const { $preview, $lastActiveParent, $deletedOn, categories, policyTag, archiveTag } = row.properties as Record<string, unknown>
      const body = whole ? await site.store.read(async (tx) => Buffer.from(await tx.blobs.get(mailbox, row.body!)).toString()) : String($preview) // prettier-ignore
      snapshot.items.push({
        ...{
          box,
          folder: row.folder,
          isVersion: row.folder === versions,
          number: numberOf(row),
          topic: row.subject.split(' ', 1)[0]!,
          body,
        },
        ...{
          isRead: row.isRead,
          category: (categories as string[])[0]!,
          flagged: row.flagStatus !== 0,
          tag: tagIn(policyTag, archiveTag),
        },
        ...{ stamp: $lastActiveParent as number | undefined, deleted: $deletedOn as number | undefined },
      })
    }
  }
  return snapshot
}

/** A tag as the mailbox keeps it; undefined where it is of the other track. */
function treeOf(track: 'policyTag' | 'archiveTag', tag: TagName | undefined) {
  if (!tag || (tags[tag].action === 'MoveToArchive') !== (track === 'archiveTag')) return undefined
  return { name: track === 'policyTag' ? 'PolicyTag' : 'ArchiveTag', attributes: { IsExplicit: 'true' }, children: [tagIds[tag]] }
}
/** The tag that properties name. */
const tagIn = (policyTag: unknown, archiveTag: unknown) =>
  tagOfId(((policyTag ?? archiveTag) as { children?: string[] } | undefined)?.children?.[0] ?? '')

const changeTo = (property: string, value: unknown): PropertyChange =>
  value === undefined ? { op: 'delete', path: { property } } : { op: 'set', path: { property }, value }

/** Properties as the mailbox keeps them. */
function propertiesOf(values: Partial<Said> & Pick<Said, 'topic' | 'number'>) {
  return {
    subject: `${values.topic} #${values.number}`,
    ...('body' in values ? { body: { type: 'Text', value: values.body } } : {}),
    ...('isRead' in values ? { isRead: values.isRead } : {}),
    ...('category' in values ? { categories: [values.category] } : {}),
    ...('flagged' in values ? { flag: { status: values.flagged ? 'Flagged' : 'NotFlagged' } } : {}),
    ...('tag' in values ? { policyTag: treeOf('policyTag', values.tag), archiveTag: treeOf('archiveTag', values.tag) } : {}),
  }
}

async function act(site: Site, operation: Operation): Promise<void> {
  const { mailboxes, directory, owner, callers, time } = site
  const caller = 'byAdministrator' in operation && operation.byAdministrator ? callers.system : callers.owner
  switch (operation.do) {
    case 'createItem': {
      const { kind, flagged, isRead, ...said } = operation.item
      const times = { start: time.now, end: time.now + 3_600_000 }
      const properties = kind === 'calendar' ? { ...propertiesOf(said), ...times } : propertiesOf({ ...said, flagged, isRead })
      await mailboxes.createItem(caller, refOf(site, operation.in), { kind, properties: present(properties) })
      return
    }
    case 'changeItem': {
      const { item: number, values } = operation
      const changes = Object.entries(propertiesOf({ ...values, number })).map(([property, value]) => changeTo(property, value))
      await mailboxes.updateItem(caller, await itemOf(site, number), changes, { conflict: 'AlwaysOverwrite' })
      return
    }
    case 'createFolder':
      return void (await mailboxes.createFolder(caller, { parent: refOf(site, operation.parent), name: operation.name }))
    case 'renameFolder': {
      const change = { op: 'set' as const, path: { property: 'folderDisplayName' }, value: operation.name }
      return void (await mailboxes.updateFolder(caller, refOf(site, operation.folder), [change]))
    }
    case 'tagFolder': {
      const changes = [
        changeTo('folderPolicyTag', treeOf('policyTag', operation.tag)),
        changeTo('folderArchiveTag', treeOf('archiveTag', operation.tag)),
      ]
      return void (await mailboxes.updateFolder(caller, refOf(site, operation.folder), changes))
    }
    case 'moveItem':
      return void (await mailboxes.moveItem(caller, await itemOf(site, operation.item), refOf(site, operation.to)))
    case 'deleteItem':
      return void (await mailboxes.deleteItem(caller, await itemOf(site, operation.item), operation.type))
    case 'deleteFolder':
      return mailboxes.deleteFolder(caller, refOf(site, operation.folder), operation.type)
    case 'emptyFolder':
      return mailboxes.emptyFolder(caller, refOf(site, operation.folder), operation.type, true)
    case 'restoreItem':
      return restoreTwice(site, caller, operation.item)
    case 'restoreFolder':
      for await (const _ of mailboxes.restoreFolder(caller, owner.mailbox, operation.folder));
      return
    case 'keep':
      await directory.update(owner.organisation, owner.id, ({ kept }) => ({ kept: { ...kept, ...operation.values } }))
      return
    case 'hold': {
      const { query, period } = operation
      const hold = { id: owner.alias, query, mailboxes: [owner.mailbox], created: time.now }
      await mailboxes.changeMailboxHold(callers.system, hold.id, () => ({
        ...hold,
        ...(period === undefined ? { off: true } : { period }),
      }))
      return
    }
    case 'assist':
      return assist(site)
  }
}

const present = <T extends object>(properties: T) =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Record<string, never>

async function restoreTwice(site: Site, caller: Caller, number: number): Promise<void> {
  const { mailbox, id } = await itemOf(site, number)
  for (let time = 0; time < 2; time++) {
    const [outcome] = await site.mailboxes.restoreItems(caller, mailbox, [id])
    // Out of a folder in Deleted Items it leaves no trace under its old number (docs/decisions/2026-11-28-recovery.md).
    if (outcome instanceof Refusal && !(time === 1 && outcome.code === 'ItemNotFound')) throw outcome
  }
}

async function assist(site: Site): Promise<void> {
  const { store, assistant, owner } = site
  const changes = () => store.read((tx) => Promise.all(boxesOf(site).map(async ([, mailbox]) => (await tx.mailboxes.get(mailbox))?.change)))
  for (let before = '', now = JSON.stringify(await changes()); before !== now;) {
    for (const [, mailbox] of boxesOf(site)) {
      let state: Record<string, unknown> | undefined = { mailbox }
      while (state) state = ((await assistant.run({ organisation: owner.organisation, state })) ?? {}).state
    }
    before = now
    now = JSON.stringify(await changes())
  }
}

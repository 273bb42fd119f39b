import type { Folder, FolderRow, FolderWanted } from '#mailbox'
import { asMapiType, extendedKey, mapiAlias, propertiesOf, propertyRow, Refusal, type Properties, type PropertyValue } from '#model'
import type { EwsFolder, ExtendedEntry, FolderElementName } from '#schema'
import type { EwsContext } from '../context.ts'
import { distinguishedNames } from '../folder-reference.ts'
import { folderIdElement } from './item.ts'
import { permissionSetElement } from './permissions.ts'
import { searchParametersOf } from './search-parameters.ts'
import type { Asked } from './shape.ts'

type Getter = (name: string) => unknown

/** The element that a folder's class calls for ([MS-OXWSFOLD] 2.2.4.1 ff.). */
export function folderElement({ folderClass, properties }: Pick<FolderRow, 'folderClass' | 'properties'>): FolderElementName {
  if (properties.searchParameters) return 'SearchFolder'
  const is = (name: string): boolean => {
    const given = folderClass?.toLowerCase() ?? ''
    return given === name || given.startsWith(`${name}.`)
  }
  if (is('ipf.appointment')) return 'CalendarFolder'
  if (is('ipf.contact')) return 'ContactsFolder'
  if (is('ipf.task')) return 'TasksFolder'
  return 'Folder'
}

/** Reads any property of a folder by dictionary name, `$…` for those that MAPI alone has. */
function folderProperty({ row, rights, reading, parentChange }: Folder): (name: string) => unknown {
  return (name) => {
    switch (name) {
      case 'folderId':
        return folderIdElement(row.mailbox, row.id, row.change)
      case 'folderParentId':
        return row.parent === 0 ? undefined : folderIdElement(row.mailbox, row.parent, parentChange)
      case 'folderClass':
        return row.folderClass ?? undefined
      case 'folderDisplayName':
        return row.name
      case 'totalCount':
        return row.total
      case 'unreadCount':
        return row.unread
      case 'childFolderCount':
        return row.children
      case 'folderEffectiveRights':
        return rights
      case 'sharingEffectiveRights':
        return sharedReading(row, reading)
      case 'distinguishedFolderId':
        return distinguishedName(row)
      case 'searchParameters':
        return searchParametersOf(row)
      default:
        return name.startsWith('$') ? mapiOnly(row, name) : row.properties[name]
    }
  }
}

/** [MS-OXWSCDATA] 2.2.5.10: those of an archive have names of their own, where they have any. */
function distinguishedName({ kind, properties }: FolderRow): string | undefined {
  const name = properties.$archive === true ? `archive${kind}` : kind
  return distinguishedNames.has(name) ? name : undefined
}

/** SharingEffectiveRights of calendars, and of contact folders, which are read whole or not at all (MS-OXWSMTGS_R145, MS-OXWSCONT_R216). */
function sharedReading(row: FolderRow, reading: Folder['reading']): Folder['reading'] | undefined {
  const element = folderElement(row)
  if (element === 'CalendarFolder') return reading
  if (element !== 'ContactsFolder') return undefined
  return reading === 'FullDetails' ? reading : 'None'
}

function mapiOnly(row: FolderRow, name: string): unknown {
  switch (name) {
    case '$hidden':
      return row.hidden
    case '$folderType':
      return row.parent === 0 ? 0 : row.properties.searchParameters ? 2 : 1
    case '$hasSubfolders':
      return row.children > 0
    case '$associatedTotal':
      return row.associatedTotal
    case '$size':
      return row.size
    case '$created':
      return row.created
    case '$modified':
      return row.modified
    case '$contentModified':
      // The store keeps the number of the last change inside, not its time: clients only compare (interop 3.5).
      return row.created - (row.created % 1000) + Math.max(row.contentChange, row.change) * 1000
    default:
      return undefined
  }
}

const tagNames = ['folderPolicyTag', 'folderArchiveTag']

/** What the mailbox has to find out of folders for what is asked. */
export function folderWanted(asked: Asked): FolderWanted {
  const names = namesAsked(asked)
  for (const { extended } of asked.extended) for (const name of mapiAlias(extended, 'folder')?.needs ?? []) names.add(name)
  return { tags: tagNames.some((name) => names.has(name)) }
}

function namesAsked(asked: Asked): Set<string> {
  const names = new Set(['folderId'])
  const { shape, paths = [] } = asked.wanted
  if (shape !== 'ids') {
    for (const row of propertiesOf('folder')) {
      const inShape = shape === 'all' ? !row.onRequest : row.inDefault
      if (inShape && !asked.hidden(row.name)) names.add(row.name)
    }
  }
  for (const path of paths) if ('property' in path && propertyRow(path.property).on.includes('folder')) names.add(path.property)
  return names
}

/** A folder as it stands in an answer ([MS-OXWSFOLD] 2.2.4.2). What is asked was told to the mailbox (`folderWanted`). */
export async function ewsFolder(context: EwsContext, folder: Folder, asked: Asked): Promise<EwsFolder> {
  const get = folderProperty(folder)
  const names = namesAsked(asked)
  const properties: Properties = {}
  for (const name of names) {
    const value = name === 'permissionSet' ? await permissions(context, folder) : get(name)
    if (value !== undefined) properties[name] = value as PropertyValue
  }
  const extended = extendedOf(folder.row, await withQuotas(context, folder, asked, get), asked)
  return { element: folderElement(folder.row), properties, ...(extended.length > 0 ? { extended } : {}) }
}

/** The tops of a mailbox speak for all of it to who may know ([MS-OXCSTOR] 2.2.2.1: PidTagMessageSizeExtended is the size of the mailbox). */
async function withQuotas(context: EwsContext, { row }: Folder, asked: Asked, get: Getter): Promise<Getter> {
  const needs = new Set(asked.extended.flatMap(({ extended }) => mapiAlias(extended, 'folder')?.needs ?? []))
  const isTop = row.kind === 'root' || row.kind === 'msgfolderroot'
  if (!isTop || !(needs.has('$size') || [...needs].some((name) => name in quotaOf))) return get
  const found = await context.mailboxes.statistics(context.caller, row.mailbox).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'AccessDenied') return undefined
    throw error
  })
  if (!found) return get
  return (name) => {
    if (name === '$size') return row.kind === 'root' ? found.size : get(name)
    const bytes = name in quotaOf ? found.quotas[quotaOf[name]!] : undefined
    return bytes === undefined ? get(name) : Math.min(largestKilobytes, Math.floor(bytes / 1024))
  }
}

const largestKilobytes = 0x7fffffff
const quotaOf: Readonly<Record<string, 'issueWarning' | 'prohibitSend' | 'prohibitSendReceive'>> = {
  $storageQuotaLimit: 'issueWarning',
  $prohibitSendQuota: 'prohibitSend',
  $prohibitReceiveQuota: 'prohibitSendReceive',
}

/** Permissions are shown to those who may change them. */
async function permissions(context: EwsContext, { row, rights }: Folder): Promise<unknown> {
  return rights.modify ? permissionSetElement(context, row.permissions) : undefined
}

function extendedOf(row: FolderRow, get: (name: string) => unknown, asked: Asked): ExtendedEntry[] {
  const out: ExtendedEntry[] = []
  for (const { extended, form } of asked.extended) {
    const alias = mapiAlias(extended, 'folder')
    const raw = alias ? alias.read(get) : row.extended[extendedKey(extended)]?.value
    const value = raw === undefined ? undefined : asMapiType(raw, extended.type)
    if (value) out.push({ property: extended, ...(form ? { form } : {}), value })
  }
  return out
}

/** The element of an answer that only names a folder, of the right kind. */
export function bareFolder({ row }: Folder): EwsFolder {
  return { element: folderElement(row), properties: { folderId: folderIdElement(row.mailbox, row.id, row.change) } }
}

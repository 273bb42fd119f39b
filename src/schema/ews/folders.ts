import { Refusal, propertiesOf, type Properties, type PropertyRow } from '#model'
import { attribute, bool, choiceNamed, oneOf, optional, refuseAt, string, type Codec, type Infer } from '../kernel/index.ts'
import { ExtendedPropertyElement, type ExtendedEntry } from './extended.ts'
import { BaseFolderIds } from './ids.ts'
import { t } from './namespaces.ts'
import { RestrictionElement } from './restrictions.ts'
import { codecOf, isEmptyValue } from './value-kinds.ts'

export const folderElementNames = ['Folder', 'CalendarFolder', 'ContactsFolder', 'SearchFolder', 'TasksFolder'] as const
export type FolderElementName = (typeof folderElementNames)[number]

/** A folder as it stands on the wire; `properties.permissionSet` is a `PermissionSet`, ids are EWS's own. */
export interface EwsFolder {
  element: FolderElementName
  properties: Properties
  extended?: ExtendedEntry[]
  /** Read alone: what is wrong with this folder while its neighbours may be well. */
  refusal?: Refusal
}

export const UserId = t.record({
  SID: optional(string),
  PrimarySmtpAddress: optional(string),
  DisplayName: optional(string),
  DistinguishedUser: optional(oneOf('Default', 'Anonymous')),
  ExternalUserIdentity: optional(string),
})
export type UserId = Infer<typeof UserId>

const permissionActions = oneOf('None', 'Owned', 'All')
const basePermission = {
  UserId,
  CanCreateItems: optional(bool),
  CanCreateSubFolders: optional(bool),
  IsFolderOwner: optional(bool),
  IsFolderVisible: optional(bool),
  IsFolderContact: optional(bool),
  EditItems: optional(permissionActions),
  DeleteItems: optional(permissionActions),
}
const levels = [
  'None', 'Owner', 'PublishingEditor', 'Editor', 'PublishingAuthor', 'Author', 'NoneditingAuthor', 'Reviewer', 'Contributor', 'Custom',
] as const // prettier-ignore
const calendarLevels = [...levels, 'FreeBusyTimeOnly', 'FreeBusyTimeAndSubjectAndLocation'] as const
export type PermissionLevel = (typeof calendarLevels)[number]

/** Without a level the single rights decide (MS-OXWSFOLD_R123202). */
const Permission = t.record({
  ...basePermission,
  ReadItems: optional(oneOf('None', 'FullDetails')),
  PermissionLevel: optional(oneOf(...levels)),
})
const CalendarPermission = t.record({
  ...basePermission,
  ReadItems: optional(oneOf('None', 'TimeOnly', 'TimeAndSubjectAndLocation', 'FullDetails')),
  CalendarPermissionLevel: optional(oneOf(...calendarLevels)),
})

/** One grant ([MS-OXWSFOLD] 2.2.4.3, 2.2.4.13); the level by one name for all folders. */
export interface FolderPermission extends Omit<Infer<typeof CalendarPermission>, 'CalendarPermissionLevel'> {
  level: PermissionLevel
}
export interface PermissionSet {
  permissions: FolderPermission[]
  /** Entries whose people are no more, as text. */
  unknown?: string[]
}

const unknown = optional(t.list('UnknownEntry', string))
const Permissions = t.record({ Permissions: t.list('Permission', Permission), UnknownEntries: unknown })
const CalendarPermissions = t.record({ CalendarPermissions: t.list('CalendarPermission', CalendarPermission), UnknownEntries: unknown })

/** [MS-OXWSFOLD] 2.2.4.15 SearchParametersType: what a search folder asks, of which folders. */
export const SearchParameters = t.record({
  Restriction: RestrictionElement,
  BaseFolderIds,
  Traversal: optional(attribute(oneOf('Shallow', 'Deep'))),
})
export type SearchParameters = Infer<typeof SearchParameters>

const PlainPermissionSet: Codec<PermissionSet> = {
  shape: { is: 'own', name: 'permissionSet' },
  read: (element, context) => {
    const { Permissions: given, UnknownEntries } = Permissions.read(element, context)
    const permissions = given.map(({ PermissionLevel: level = 'Custom' as const, ...rest }) => ({ ...rest, level }))
    return { permissions, ...(UnknownEntries && { unknown: UnknownEntries }) }
  },
  write: (tag, { permissions, unknown: UnknownEntries }, context) => {
    const rows = permissions.map(({ level, ...rest }) => ({ ...rest, PermissionLevel: level }) as Infer<typeof Permission>)
    return Permissions.write(tag, { Permissions: rows, UnknownEntries }, context)
  },
}
const CalendarPermissionSet: Codec<PermissionSet> = {
  shape: { is: 'own', name: 'calendarPermissionSet' },
  read: (element, context) => {
    const { CalendarPermissions: given, UnknownEntries } = CalendarPermissions.read(element, context)
    const permissions = given.map(({ CalendarPermissionLevel: level = 'Custom' as const, ...rest }) => ({ ...rest, level }))
    return { permissions, ...(UnknownEntries && { unknown: UnknownEntries }) }
  },
  write: (tag, { permissions, unknown: UnknownEntries }, context) => {
    const rows = permissions.map(({ level, ...rest }) => ({ ...rest, CalendarPermissionLevel: level }))
    return CalendarPermissions.write(tag, { CalendarPermissions: rows, UnknownEntries }, context)
  },
}

/** [MS-OXWSFOLD] 2.2.4.2 BaseFolderType, then what each kind adds, in the schema's order. */
const base = [
  'FolderId', 'ParentFolderId', 'FolderClass', 'DisplayName', 'TotalCount', 'ChildFolderCount', 'ExtendedProperty',
  'ManagedFolderInformation', 'EffectiveRights', 'DistinguishedFolderId', 'PolicyTag', 'ArchiveTag', 'ReplicaList',
] as const // prettier-ignore
const ownElements: Readonly<Record<FolderElementName, readonly string[]>> = {
  Folder: ['PermissionSet', 'UnreadCount'],
  CalendarFolder: ['SharingEffectiveRights', 'PermissionSet'],
  ContactsFolder: ['SharingEffectiveRights', 'PermissionSet'],
  SearchFolder: ['PermissionSet', 'UnreadCount', 'SearchParameters'],
  TasksFolder: ['PermissionSet', 'UnreadCount'],
}

interface Row {
  tag: string
  name: string
  codec: Codec<unknown>
}

function rowsOf(element: FolderElementName): (Row | 'extended')[] {
  return [...base, ...ownElements[element]].map((child) => {
    if (child === 'ExtendedProperty') return 'extended'
    const row = propertiesOf('folder').find((candidate) => candidate.element === child)
    if (!row) throw new Error(`the property dictionary has no folder property for ${child}`)
    return { tag: `t:${child}`, name: row.name, codec: folderCodecOf(row, element) }
  })
}

function folderCodecOf(row: PropertyRow, element: FolderElementName): Codec<unknown> {
  if (row.name === 'searchParameters') return SearchParameters as Codec<unknown>
  if (row.kind !== 'permissionSet') return codecOf(row)
  return (element === 'CalendarFolder' ? CalendarPermissionSet : PlainPermissionSet) as Codec<unknown>
}

function folderCodec(name: FolderElementName): Codec<EwsFolder> {
  const rows = rowsOf(name)
  const byTag = new Map(rows.flatMap((row) => (row === 'extended' ? [] : [[row.tag, row] as const])))
  return {
    shape: { is: 'own', name: `folder ${name}` },
    read: (element, context) => {
      const folder: EwsFolder = { element: name, properties: {}, extended: [] }
      for (const child of element.children) {
        if (typeof child === 'string' || !t.namespace.has(child.namespace)) continue
        try {
          const row = byTag.get(`t:${child.name}`)
          if (child.name === 'ExtendedProperty') folder.extended?.push(ExtendedPropertyElement.read(child, context))
          else if (row) {
            if (row.name in folder.properties) refuseAt(child, 'expected only once')
            folder.properties[row.name] = row.codec.read(child, context) as Properties[string]
          } else if (context.unknownElements !== 'skip') refuseAt(child, `unexpected element in ${name}`)
        } catch (error) {
          if (!(error instanceof Refusal) || error.code === 'SchemaValidation') throw error
          folder.refusal ??= error
        }
      }
      return folder
    },
    write: (tag, { properties, extended }, context) => {
      let inner = ''
      for (const row of rows) {
        if (row === 'extended') {
          for (const entry of extended ?? []) inner += ExtendedPropertyElement.write('t:ExtendedProperty', entry, context)
          continue
        }
        const value = properties[row.name]
        if (isEmptyValue(value)) continue
        inner += row.codec.write(row.tag, value, context)
      }
      return inner === '' ? `<${tag}/>` : `<${tag}>${inner}</${tag}>`
    },
  }
}

export const folderElements = Object.fromEntries(folderElementNames.map((name) => [name, folderCodec(name)])) as Record<
  string,
  Codec<EwsFolder>
>
export const elementOfFolder = ({ element }: EwsFolder): string => element
/** `<m:Folders>` and `<t:Folders>`. */
export const AnyFolders: Codec<EwsFolder[]> = t.anyNamed(folderElements, elementOfFolder)
export const NewFolders: Codec<EwsFolder[]> = t.someNamed(folderElements, elementOfFolder)
/** One folder element among a record's members. */
export const anyFolder = choiceNamed(folderElements, elementOfFolder)

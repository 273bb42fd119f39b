/** Asks for SyncFolderItems and SyncFolderHierarchy and reads what they tell. */
import { elementsOf, type XmlElement } from '#wire'
import { at, folderXml, names, text, type Id, type Person } from './person.ts'

/** One answer of a sync. */
export interface Synced {
  state: string
  last: boolean
  /** `Create Message`, `Delete ItemId` … */
  did: string[]
  changes: XmlElement[]
}
const read = (answer: XmlElement, last: string): Synced => {
  const changes = elementsOf(at(answer, 'Changes') ?? answer).filter(({ name }) => /^(Create|Update|Delete|ReadFlagChange)$/.test(name))
  return {
    state: text(answer, 'SyncState') ?? '',
    last: text(answer, last) === 'true',
    did: changes.map((change) => `${change.name} ${names(change)[0] ?? ''}`),
    changes,
  }
}
export const itemsXml = (
  folder: string | Id,
  { state = '', shape = '<t:BaseShape>IdOnly</t:BaseShape>', max = 512, ignore = '', scope = '', window = '' } = {},
) =>
  `<m:SyncFolderItems><m:ItemShape>${shape}</m:ItemShape><m:SyncFolderId>${folderXml(folder)}</m:SyncFolderId>` +
  `${state && `<m:SyncState>${state}</m:SyncState>`}${ignore && `<m:Ignore>${ignore}</m:Ignore>`}<m:MaxChangesReturned>${max}</m:MaxChangesReturned>` +
  `${scope && `<m:SyncScope>${scope}</m:SyncScope>`}${window}</m:SyncFolderItems>`
export const items = async (who: Person, folder: string | Id, options?: Parameters<typeof itemsXml>[1]) =>
  read(await who.done(itemsXml(folder, options)), 'IncludesLastItemInRange')
export const foldersXml = ({ state = '', shape = '<t:BaseShape>IdOnly</t:BaseShape>', below = '' as string | Id } = {}) =>
  `<m:SyncFolderHierarchy><m:FolderShape>${shape}</m:FolderShape>${below && `<m:SyncFolderId>${folderXml(below)}</m:SyncFolderId>`}` +
  `${state && `<m:SyncState>${state}</m:SyncState>`}</m:SyncFolderHierarchy>`
export const folders = async (who: Person, options?: Parameters<typeof foldersXml>[0]) =>
  read(await who.done(foldersXml(options)), 'IncludesLastFolderInRange')

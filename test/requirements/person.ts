/** Somebody who speaks EWS in plain XML, as the requirement documents print it; every answer is held against the XSD. */
import assert from 'node:assert/strict'
import type { RequestHeaders } from '#schema'
import { elementsOf, escapeAttribute, textOf, type XmlElement } from '#wire'
import { ewsClient, until } from '../support/ews-client.ts'
import type { TestSite } from '../support/site.ts'

/** One response message of an answer. */
export interface Message {
  element: XmlElement
  /** `Success`, `Warning` or `Error` */
  as: string
  code: string
}
/** The attributes of an ItemId or FolderId. */
export interface Id {
  Id: string
  ChangeKey: string
}
export interface CreateOptions {
  folder?: string
  disposition?: 'SaveOnly' | 'SendOnly' | 'SendAndSaveCopy' | ''
  invitations?: string
}
export interface UpdateOptions {
  attributes?: string
  conflict?: 'AlwaysOverwrite' | 'AutoResolve' | 'NeverOverwrite'
}

/** The elements at the end of a path of local names below an element. */
export function all(element: XmlElement | undefined, path: string): XmlElement[] {
  let found = element ? [element] : []
  for (const name of path.split('/')) found = found.flatMap((one) => elementsOf(one).filter((child) => child.name === name))
  return found
}
/** The first of them. */
export const at = (element: XmlElement | undefined, path: string): XmlElement | undefined => all(element, path)[0]
/** Its text; undefined where there is no such element. */
export function text(element: XmlElement | undefined, path: string): string | undefined {
  const found = at(element, path)
  return found && textOf(found)
}
/** The texts of all of them. */
export const texts = (element: XmlElement | undefined, path: string): string[] => all(element, path).map(textOf)
/** The names of an element's children, in order. */
export const names = (element: XmlElement | undefined): string[] => (element ? elementsOf(element).map(({ name }) => name) : [])

const inRoot = (name: string) => `<t:DistinguishedFolderId Id="${name}"/>`
/** A folder id: of a distinguished folder by its name, of another by what `idOf` gave. */
export const folderXml = (folder: string | Id): string =>
  typeof folder === 'string' ? inRoot(folder) : `<t:FolderId Id="${escapeAttribute(folder.Id)}" ChangeKey="${folder.ChangeKey}"/>`
export const itemXml = ({ Id, ChangeKey }: Id): string => `<t:ItemId Id="${escapeAttribute(Id)}" ChangeKey="${ChangeKey}"/>`
/** The id in an item or folder element, or in an element above it that holds one alone. */
export function idOf(element: XmlElement | undefined, name: 'ItemId' | 'FolderId' | 'ParentFolderId' | 'AttachmentId' = 'ItemId'): Id {
  const found = at(element, name)
  assert.ok(found, `no ${name} in ${element?.name}`)
  return { Id: found.attributes['Id'] ?? '', ChangeKey: found.attributes['ChangeKey'] ?? '' }
}
export const fieldXml = (uri: string): string => `<t:FieldURI FieldURI="${uri}"/>`
/** One SetItemField: `field` a FieldURI or a path's XML, `item` the item element around the one value. */
export const setXml = (field: string, item: string): string => `<t:SetItemField>${pathXml(field)}${item}</t:SetItemField>`
export const appendXml = (field: string, item: string): string => `<t:AppendToItemField>${pathXml(field)}${item}</t:AppendToItemField>`
/** The same for folders, from those for items. */
const ofFolder = (updates: string) => updates.replaceAll(/(Set|Delete)ItemField>/g, '$1FolderField>')
export const deleteXml = (field: string): string => `<t:DeleteItemField>${pathXml(field)}</t:DeleteItemField>`
const pathXml = (field: string) => (field.startsWith('<') ? field : fieldXml(field))

export type Person = ReturnType<typeof person>

/** Speaks as one of the site's people. */
export function person(site: Pick<TestSite, 'call'>, alias = 'mary', usual: RequestHeaders = { requestServerVersion: 'Exchange2016' }) {
  const client = ewsClient(site, alias, usual)
  /** The answer of an operation whose answer is its one message. */
  const whole = async (operation: string, headers?: RequestHeaders): Promise<XmlElement> => {
    const { answer, body } = await client.post(operation, headers)
    assert.notEqual(body.name, 'Fault', answer.body)
    return body
  }
  /** The response messages of an operation, in the order asked. */
  const ask = async (operation: string, headers?: RequestHeaders): Promise<Message[]> => {
    const { answer, body } = await client.post(operation, headers)
    assert.notEqual(body.name, 'Fault', answer.body)
    const messages = elementsOf(all(body, 'ResponseMessages')[0] ?? body)
    return messages.map((element) => ({
      element,
      as: element.attributes['ResponseClass'] ?? '',
      code: text(element, 'ResponseCode') ?? '',
    }))
  }
  /** The codes of an operation's messages. */
  const codes = async (operation: string, headers?: RequestHeaders): Promise<string[]> =>
    (await ask(operation, headers)).map(({ code }) => code)
  /** The one message of an operation that must not fail. */
  const done = async (operation: string, headers?: RequestHeaders): Promise<XmlElement> => {
    const [message, ...more] = await ask(operation, headers)
    assert.ok(message && more.length === 0, 'one message')
    assert.notEqual(message.as, 'Error', `${message.code}: ${text(message.element, 'MessageText')}\n${operation}`)
    return message.element
  }
  const createXml = (item: string, { folder = '', disposition = 'SaveOnly', invitations = 'SendToNone' }: CreateOptions = {}) =>
    `<m:CreateItem${disposition && ` MessageDisposition="${disposition}"`}${invitations && ` SendMeetingInvitations="${invitations}"`}>` +
    `${folder && `<m:SavedItemFolderId>${folder.startsWith('<') ? folder : inRoot(folder)}</m:SavedItemFolderId>`}<m:Items>${item}</m:Items></m:CreateItem>`
  const getXml = (ids: string, { shape = 'AllProperties', fields = [] as string[], more = '' } = {}) =>
    `<m:GetItem><m:ItemShape><t:BaseShape>${shape}</t:BaseShape>${more}` +
    `${fields.length ? `<t:AdditionalProperties>${fields.map(pathXml).join('')}</t:AdditionalProperties>` : ''}</m:ItemShape>` +
    `<m:ItemIds>${ids}</m:ItemIds></m:GetItem>`
  const updateXml = (id: Id, updates: string, { attributes = '', conflict = 'AlwaysOverwrite' }: UpdateOptions = {}) =>
    `<m:UpdateItem ConflictResolution="${conflict}" MessageDisposition="SaveOnly" SendMeetingInvitationsOrCancellations="SendToNone" ${attributes}>` +
    `<m:ItemChanges><t:ItemChange>${itemXml(id)}<t:Updates>${updates}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`
  const first = (element: XmlElement | undefined): XmlElement => {
    const child = element && elementsOf(element)[0]
    assert.ok(child, `${element?.name} is empty`)
    return child
  }
  return {
    ask,
    whole,
    codes,
    done,
    createXml,
    getXml,
    updateXml,
    /** Makes an item; its id. */
    create: async (item: string, options?: CreateOptions) => idOf(first(at(await done(createXml(item, options)), 'Items'))),
    /** The codes of an item's making. */
    createCodes: (item: string, options?: CreateOptions) => codes(createXml(item, options)),
    get: async (id: Id | string, options?: Parameters<typeof getXml>[1], headers?: RequestHeaders) =>
      first(at(await done(getXml(typeof id === 'string' ? id : itemXml(id), options), headers), 'Items')),
    update: async (id: Id, updates: string, options?: UpdateOptions) =>
      idOf(first(at(await done(updateXml(id, updates, options)), 'Items'))),
    updateCodes: (id: Id, updates: string, options?: UpdateOptions) => codes(updateXml(id, updates, options)),
    find: async (folder: string | Id, { shape = 'IdOnly', fields = [] as string[], more = '', traversal = 'Shallow', view = '' } = {}) => {
      const properties = fields.length ? `<t:AdditionalProperties>${fields.map(pathXml).join('')}</t:AdditionalProperties>` : ''
      const message = await done(
        `<m:FindItem Traversal="${traversal}"><m:ItemShape><t:BaseShape>${shape}</t:BaseShape>${properties}</m:ItemShape>${view}${more}` +
          `<m:ParentFolderIds>${folderXml(folder)}</m:ParentFolderIds></m:FindItem>`,
      )
      const items = at(message, 'RootFolder/Items')
      return items ? elementsOf(items) : []
    },
    remove: (ids: string, type = 'HardDelete', more = '') =>
      codes(`<m:DeleteItem DeleteType="${type}" ${more}><m:ItemIds>${ids}</m:ItemIds></m:DeleteItem>`),
    /** Makes a folder below another; its id. */
    makeFolder: async (folder: string, parent: string | Id = 'msgfolderroot') =>
      idOf(first(at(await done(createFolderXml(folder, parent)), 'Folders')), 'FolderId'),
    makeFolderCodes: (folder: string, parent: string | Id = 'msgfolderroot') => codes(createFolderXml(folder, parent)),
    getFolder: async (folder: string | Id, { shape = 'AllProperties', fields = [] as string[] } = {}) => {
      const properties = fields.length ? `<t:AdditionalProperties>${fields.map(pathXml).join('')}</t:AdditionalProperties>` : ''
      const message = await done(
        `<m:GetFolder><m:FolderShape><t:BaseShape>${shape}</t:BaseShape>${properties}</m:FolderShape><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:GetFolder>`,
      )
      return first(at(message, 'Folders'))
    },
    updateFolderXml: (folder: string | Id, updates: string) =>
      `<m:UpdateFolder><m:FolderChanges><t:FolderChange>${folderXml(folder)}<t:Updates>${ofFolder(updates)}</t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`,
  }
}

const createFolderXml = (folder: string, parent: string | Id) =>
  `<m:CreateFolder><m:ParentFolderId>${folderXml(parent)}</m:ParentFolderId><m:Folders>${folder}</m:Folders></m:CreateFolder>`

/** The item of a subject in a person's folder, as soon as it has come. */
export async function arrived(site: TestSite, alias: string, subject: string, folder = 'inbox'): Promise<XmlElement> {
  const who = person(site, alias)
  const found = async () => (await who.find(folder, { shape: 'Default' })).find((item) => text(item, 'Subject') === subject)
  await until(site, alias, async () => (await found()) !== undefined)
  return who.get(idOf(await found()))
}

import { Refusal, type Base64, type Body, type Flag, type InternetHeader } from '#model'
import { escapeAttribute, escapeText, textOf } from '#wire'
import { attribute, bool, dateTime, oneOf, optional, pathOf, refuseAt, string, text, type Codec } from '../kernel/index.ts'
import { t } from './namespaces.ts'

const BodyForm = oneOf('HTML', 'Text')

/**
 * [MS-OXWSCDATA] 2.2.4.7 BodyType. HTML that a client wrote unescaped, as child elements, is taken as it stands
 * (ews-javascript-api does so).
 */
export const BodyElement: Codec<Body> = {
  shape: { is: 'own', name: 'body' },
  read: (element, context) => {
    const { BodyType, IsTruncated } = element.attributes
    if (BodyType === undefined) refuseAt(element, 'expected the attribute', 'BodyType')
    const type = BodyForm.parse(BodyType, context) ?? refuseAt(element, `expected ${BodyForm.expected}`, 'BodyType')
    const mixed = element.children.some((child) => typeof child !== 'string')
    const body: Body = { type, value: mixed ? element.inner().replace(/\r\n?/g, '\n') : textOf(element) }
    if (IsTruncated === 'true' || IsTruncated === '1') body.truncated = true
    return body
  },
  write: (tag, { type, value, truncated }) => {
    const head = `<${tag} BodyType="${type}"${truncated === undefined ? '' : ` IsTruncated="${truncated}"`}`
    return value === '' ? `${head}/>` : `${head}>${escapeText(value)}</${tag}>`
  },
}

/** MIME, iCalendar or vCard of an item, and the character set the client named or wants to read. */
export interface Mime {
  content: Base64
  characterSet?: string
}
/** [MS-OXWSCORE] 2.2.4.29 MimeContentType. Refuses MimeContentInvalidBase64String. */
export const MimeElement: Codec<Mime> = {
  shape: { is: 'own', name: 'mime' },
  read: (element) => {
    const content = textOf(element).replace(/\s+/g, '')
    if (content.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(content)) {
      throw new Refusal('MimeContentInvalidBase64String', `${pathOf(element)} is not base64.`)
    }
    const { CharacterSet } = element.attributes
    return { content, ...(CharacterSet !== undefined && { characterSet: CharacterSet }) }
  },
  write: (tag, { content, characterSet }) =>
    `<${tag}${characterSet === undefined ? '' : ` CharacterSet="${escapeAttribute(characterSet)}"`}>${content}</${tag}>`,
}

const FlagFields = t.record({
  FlagStatus: oneOf('NotFlagged', 'Flagged', 'Complete'),
  StartDate: optional(dateTime),
  DueDate: optional(dateTime),
  CompleteDate: optional(dateTime),
})
/** [MS-OXWSCORE] 2.2.4.20 FlagType. */
export const FlagElement: Codec<Flag> = {
  shape: { is: 'own', name: 'flag' },
  read: (element, context) => {
    const { FlagStatus, StartDate, DueDate, CompleteDate } = FlagFields.read(element, context)
    const flag: Flag = { status: FlagStatus }
    if (StartDate !== undefined) flag.start = StartDate
    if (DueDate !== undefined) flag.due = DueDate
    if (CompleteDate !== undefined) flag.complete = CompleteDate
    return flag
  },
  write: (tag, { status, start, due, complete }, context) =>
    FlagFields.write(tag, { FlagStatus: status, StartDate: start, DueDate: due, CompleteDate: complete }, context),
}

const Headers = t.list('InternetMessageHeader', t.record({ HeaderName: attribute(string), Value: text(string) }))
/** [MS-OXWSCORE] 2.2.4.32 NonEmptyArrayOfInternetHeadersType. */
export const HeadersElement: Codec<InternetHeader[]> = {
  shape: { is: 'own', name: 'headers' },
  read: (element, context) => Headers.read(element, context).map(({ HeaderName, Value }) => ({ name: HeaderName, value: Value })),
  write: (tag, headers, context) =>
    Headers.write(tag, headers.map(({ name, value }) => ({ HeaderName: name, Value: value })), context), // prettier-ignore
}

const RightsFields = t.record({
  CreateAssociated: bool,
  CreateContents: bool,
  CreateHierarchy: bool,
  Delete: bool,
  Modify: bool,
  Read: bool,
  ViewPrivateItems: optional(bool),
})
/** As the mailbox gives them. */
export interface Rights {
  createAssociated: boolean
  createContents: boolean
  createHierarchy: boolean
  delete: boolean
  modify: boolean
  read: boolean
  viewPrivateItems?: boolean
}
/** [MS-OXWSCDATA] 2.2.4.29 EffectiveRightsType. */
export const RightsElement: Codec<Rights> = {
  shape: { is: 'own', name: 'rights' },
  read: (element, context) => {
    const from = RightsFields.read(element, context)
    return {
      createAssociated: from.CreateAssociated,
      createContents: from.CreateContents,
      createHierarchy: from.CreateHierarchy,
      delete: from.Delete,
      modify: from.Modify,
      read: from.Read,
      ...(from.ViewPrivateItems !== undefined && { viewPrivateItems: from.ViewPrivateItems }),
    }
  },
  write: (tag, rights, context) => {
    const value = {
      CreateAssociated: rights.createAssociated,
      CreateContents: rights.createContents,
      CreateHierarchy: rights.createHierarchy,
      Delete: rights.delete,
      Modify: rights.modify,
      Read: rights.read,
      ViewPrivateItems: rights.viewPrivateItems,
    }
    return RightsFields.write(tag, value, context)
  },
}

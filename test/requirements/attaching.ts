/** The XML of attachments, for the tests of [MS-OXWSATT]. */
import assert from 'node:assert/strict'
import { elementsOf, type XmlElement } from '#wire'
import { all, at, type Id, type Person } from './person.ts'

export const fileXml = (name: string, more = '', content = 'YQ==') =>
  `<t:FileAttachment><t:Name>${name}</t:Name>${more}<t:Content>${content}</t:Content></t:FileAttachment>`
export const attachedXml = (inside: string, name = 'item') => `<t:ItemAttachment><t:Name>${name}</t:Name>${inside}</t:ItemAttachment>`
export const attachXml = (parent: Id, attachments: string) =>
  `<m:CreateAttachment><m:ParentItemId Id="${parent.Id}" ChangeKey="${parent.ChangeKey}"/><m:Attachments>${attachments}</m:Attachments></m:CreateAttachment>`
export const attachmentIdsXml = (ids: readonly string[]) =>
  `<m:AttachmentIds>${ids.map((id) => `<t:AttachmentId Id="${id}"/>`).join('')}</m:AttachmentIds>`
export const getAttachmentXml = (ids: readonly string[], shape = '') =>
  `<m:GetAttachment>${shape && `<m:AttachmentShape>${shape}</m:AttachmentShape>`}${attachmentIdsXml(ids)}</m:GetAttachment>`
export const deleteAttachmentXml = (...ids: string[]) => `<m:DeleteAttachment>${attachmentIdsXml(ids)}</m:DeleteAttachment>`

/** The attachment element of an answer. */
export const attachmentIn = (answer: XmlElement | undefined): XmlElement => {
  const [found] = elementsOf(at(answer, 'Attachments') as XmlElement)
  assert.ok(found)
  return found
}
export const attachmentId = (attachment: XmlElement | undefined): string => at(attachment, 'AttachmentId')?.attributes['Id'] ?? ''
/** The attachments that an item lists, whatever they are. */
export const listed = (item: XmlElement): XmlElement[] => all(item, 'Attachments').flatMap(elementsOf)
export const attach = async (who: Person, parent: Id, xml: string) => attachmentIn(await who.done(attachXml(parent, xml)))
export const getAttachment = async (who: Person, id: string, shape = '') => attachmentIn(await who.done(getAttachmentXml([id], shape)))

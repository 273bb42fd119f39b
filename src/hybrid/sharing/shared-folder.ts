import type { SharedData } from '#mailbox'
import { Refusal } from '#model'
import { childNamed, elementsOf, escapeText, textOf, type XmlElement } from '#wire'

/** What an invitation says of the folder, sealed so that the invited person's organisation alone reads it. */
export interface SharedFolder {
  data: SharedData
  /** Where the folder is read: EWS of the sharer's organisation. Told for others; we ask where our own relationship says. */
  url: string
  /** ApplicationUri of the sharer's organisation. */
  federationUri: string
  folderId: string
  sender: string
  recipients: { address: string; key: string }[]
}

/** The namespaces of [MS-OXSHRMSG] 2.2.5: of the message, and of what Exchange puts into it. */
export const sharingUri = 'http://schemas.microsoft.com/sharing/2008'
export const exchangeSharingUri = 'http://schemas.microsoft.com/exchange/sharing/2008'

const mostRecipients = 1000
const longest = 2048

/** The folder as text, before it is sealed. */
export function writeSharedFolder({ data, url, federationUri, folderId, sender, recipients }: SharedFolder): string {
  const text = (name: string, value: string) => `<${name}>${escapeText(value)}</${name}>`
  const people = recipients.map(({ address, key }) => `<Recipient>${text('SmtpAddress', address)}${text('SharingKey', key)}</Recipient>`)
  return (
    `<SharedFolderData xmlns="${exchangeSharingUri}">${text('DataType', data)}${text('SharingUrl', url)}` +
    `${text('FederationUri', federationUri)}${text('FolderId', folderId)}${text('SenderSmtpAddress', sender)}` +
    `<Recipients>${people.join('')}</Recipients></SharedFolderData>`
  )
}

/** What was sealed; anything else → InvalidSharingData. */
export function readSharedFolder(root: XmlElement): SharedFolder {
  const recipients = elementsOf(childNamed(root, 'Recipients') ?? root).filter(({ name }) => name === 'Recipient')
  const data = sharedData(textIn(root, 'DataType'))
  if (root.name !== 'SharedFolderData' || !data || recipients.length > mostRecipients) throw invalidData('is not about one folder')
  return {
    data,
    url: textIn(root, 'SharingUrl', true),
    federationUri: textIn(root, 'FederationUri', true),
    folderId: textIn(root, 'FolderId'),
    sender: textIn(root, 'SenderSmtpAddress').toLowerCase(),
    recipients: recipients.map((one) => ({ address: textIn(one, 'SmtpAddress').toLowerCase(), key: textIn(one, 'SharingKey') })),
  }
}

/** `calendar` and `Calendar` alike; undefined for anything that is not shared here. */
export const sharedData = (text: string): SharedData | undefined =>
  (['Calendar', 'Contacts'] as const).find((one) => one.toLowerCase() === text.trim().toLowerCase())

export const invalidData = (why: string) => new Refusal('InvalidSharingData', `The sharing data of the invitation ${why}.`)

function textIn(parent: XmlElement, name: string, optional = false): string {
  const child = childNamed(parent, name)
  const value = child ? textOf(child).trim() : ''
  if ((value === '' && !optional) || value.length > longest) throw invalidData(`has no ${name} that can be used`)
  return value
}

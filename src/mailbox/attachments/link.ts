import { parsedJson, Refusal, type AttachmentLink } from '#model'
import { record, text, whole, type Shape } from '../transfer/shapes.ts'

/** Characters of one address or name in a link. */
export const longestUrl = 2048
const short: Shape = (value) => text(value) && (value as string).length <= longestUrl
const flag: Shape = (value) => typeof value === 'boolean'
const isLink = record({
  'attachLongPathName?': short,
  'providerType?': short,
  'providerEndpointUrl?': short,
  'attachmentThumbnailUrl?': short,
  'attachmentPreviewUrl?': short,
  'permissionType?': whole,
  'attachmentIsFolder?': flag,
})

/** A link as the content of its attachment: JSON. One that cannot be kept → PropertyValidationFailure. */
export function linkBytes(link: AttachmentLink): Uint8Array {
  if (!isLink(link)) {
    throw new Refusal('PropertyValidationFailure', `ReferenceAttachment: expected addresses of at most ${longestUrl} characters`)
  }
  return Buffer.from(JSON.stringify(link), 'utf8')
}

/** The link in such content; undefined for bytes that are none, which may come from anybody. */
export function readLink(bytes: Uint8Array): AttachmentLink | undefined {
  const value = parsedJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  return isLink(value) ? (value as AttachmentLink) : undefined
}

/** The link that a stored attachment holds. Bytes that are none → ItemCorrupt. */
export function linkOf(bytes: Uint8Array): AttachmentLink {
  const link = readLink(bytes)
  if (!link) throw new Refusal('ItemCorrupt', 'The link cannot be read.')
  return link
}

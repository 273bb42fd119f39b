import { base64, bool, choiceNamed, dateTime, int, optional, string, type Codec } from '../kernel/index.ts'
import { AttachmentId } from './ids.ts'
import type { EwsAttachment, EwsItem } from './item.ts'
import { t } from './namespaces.ts'

const common = {
  AttachmentId: optional(AttachmentId),
  Name: optional(string),
  ContentType: optional(string),
  ContentId: optional(string),
  ContentLocation: optional(string),
  Size: optional(int),
  LastModifiedTime: optional(dateTime),
  IsInline: optional(bool),
}

/**
 * The attachment elements ([MS-OXWSATT] 2.2.4.1 ArrayOfAttachmentsType). Items hold attachments and attachments hold items,
 * so the elements of items come as an argument.
 */
export function attachmentElements(items: Readonly<Record<string, Codec<EwsItem>>>, elementOf: (item: EwsItem) => string) {
  const records = {
    FileAttachment: t.record({ ...common, IsContactPhoto: optional(bool), Content: optional(base64) }),
    ItemAttachment: t.record({ ...common, Item: optional(choiceNamed(items, elementOf)) }),
    ReferenceAttachment: t.record({
      ...common,
      AttachLongPathName: optional(string),
      ProviderType: optional(string),
      ProviderEndpointUrl: optional(string),
      AttachmentThumbnailUrl: optional(string),
      AttachmentPreviewUrl: optional(string),
      PermissionType: optional(int),
      AttachmentIsFolder: optional(bool),
    }),
  }
  return Object.fromEntries(Object.entries(records).map(([is, record]) => [is, named(is as EwsAttachment['is'], record)]))
}

function named(is: EwsAttachment['is'], record: Codec<object>): Codec<EwsAttachment> {
  return {
    shape: { is: 'own', name: `attachment ${is}` },
    read: (element, context) => ({ ...record.read(element, context), is }) as EwsAttachment,
    write: (tag, value, context) => record.write(tag, value, context),
  }
}

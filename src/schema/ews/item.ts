import type { ItemKind, Properties, Refusal } from '#model'
import type { Mime } from './body.ts'
import type { ExtendedEntry } from './extended.ts'
import type { AttachmentId } from './ids.ts'

/** An item as it stands on the wire. Values are in the shapes of `#model` values.ts, ids and occurrences in EWS's own. */
export interface EwsItem {
  kind: ItemKind
  /** As it was read: `Message`, `CalendarItem` … When writing it follows from the kind. */
  element?: string
  properties: Properties
  extended?: ExtendedEntry[]
  attachments?: EwsAttachment[]
  mime?: Mime
  /** Read alone: what is wrong with this item while its neighbours may be well. Throw it as the item's own answer. */
  refusal?: Refusal
}

/** [MS-OXWSATT] 2.2.4.5 AttachmentType and what extends it. `is` names the element. */
export type EwsAttachment = FileAttachment | ItemAttachment | ReferenceAttachment

interface AnyAttachment {
  AttachmentId?: AttachmentId
  Name?: string
  ContentType?: string
  ContentId?: string
  ContentLocation?: string
  Size?: number
  LastModifiedTime?: number
  IsInline?: boolean
}
export interface FileAttachment extends AnyAttachment {
  is: 'FileAttachment'
  IsContactPhoto?: boolean
  /** Base64. */
  Content?: string
}
export interface ItemAttachment extends AnyAttachment {
  is: 'ItemAttachment'
  Item?: EwsItem
}
export interface ReferenceAttachment extends AnyAttachment {
  is: 'ReferenceAttachment'
  AttachLongPathName?: string
  ProviderType?: string
  ProviderEndpointUrl?: string
  AttachmentThumbnailUrl?: string
  AttachmentPreviewUrl?: string
  PermissionType?: number
  AttachmentIsFolder?: boolean
}

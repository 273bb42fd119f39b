import { bool, int, oneOf, optional, string, type Infer } from '../kernel/index.ts'
import { t } from './namespaces.ts'
import { AdditionalPaths, FieldUris } from './paths.ts'

export const BaseShape = oneOf('IdOnly', 'Default', 'AllProperties')
const BodyForm = oneOf('Best', 'HTML', 'Text')

/** [MS-OXWSCDATA] 2.2.4.38 ItemResponseShapeType. */
export const ItemShape = t.record({
  BaseShape,
  IncludeMimeContent: optional(bool),
  BodyType: optional(BodyForm),
  UniqueBodyType: optional(BodyForm),
  NormalizedBodyType: optional(BodyForm),
  FilterHtmlContent: optional(bool),
  ConvertHtmlCodePageToUTF8: optional(bool),
  InlineImageUrlTemplate: optional(string),
  BlockExternalImages: optional(bool),
  AddBlankTargetToLinks: optional(bool),
  MaximumBodySize: optional(int),
  AdditionalProperties: optional(AdditionalPaths),
})
export type ItemShape = Infer<typeof ItemShape>

/** [MS-OXWSCDATA] 2.2.4.35 FolderResponseShapeType. */
export const FolderShape = t.record({ BaseShape, AdditionalProperties: optional(AdditionalPaths) })
export type FolderShape = Infer<typeof FolderShape>

/** [MS-OXWSATT] 2.2.4.3. */
export const AttachmentShape = t.record({
  IncludeMimeContent: optional(bool),
  BodyType: optional(BodyForm),
  FilterHtmlContent: optional(bool),
  AdditionalProperties: optional(AdditionalPaths),
})
export type AttachmentShape = Infer<typeof AttachmentShape>

/** Of people and conversations, whose properties go by FieldURI alone. */
export const UriShape = t.record({ BaseShape, AdditionalProperties: optional(FieldUris) })

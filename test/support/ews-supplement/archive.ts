/** Archiving, after [MS-OXWSARCH]. */
import { element, inline } from './xsd.ts'

export const types: readonly string[] = []

export const messages: readonly string[] = [
  inline('ArchiveItem', element('ArchiveSourceFolderId', 't:TargetFolderIdType'), element('ItemIds', 't:NonEmptyArrayOfBaseItemIdsType')),
  '<xs:element name="ArchiveItemResponse" type="m:BaseResponseMessageType"/>',
]

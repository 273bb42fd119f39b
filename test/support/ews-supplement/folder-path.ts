/** CreateFolderPath: its answer's message is in the public schema, the operation is not. */
import { element, inline } from './xsd.ts'

export const types: readonly string[] = []

export const messages: readonly string[] = [
  inline(
    'CreateFolderPath',
    element('ParentFolderId', 't:TargetFolderIdType'),
    element('RelativeFolderPath', 't:NonEmptyArrayOfFoldersType'),
  ),
  '<xs:element name="CreateFolderPathResponse" type="m:BaseResponseMessageType"/>',
]

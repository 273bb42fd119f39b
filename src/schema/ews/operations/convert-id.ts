import { attribute, bool, byType, nonEmptyString, oneOf, optional, string, type Infer } from '../../kernel/index.ts'
import { t } from '../namespaces.ts'
import { batch } from '../operation.ts'

const Format = attribute(oneOf('EwsLegacyId', 'EwsId', 'EntryId', 'HexEntryId', 'StoreId', 'OwaId'))
const alternateIds = {
  AlternateId: t.record({ Format, Id: attribute(string), Mailbox: attribute(nonEmptyString), IsArchive: optional(attribute(bool)) }),
  AlternatePublicFolderId: t.record({ Format, FolderId: attribute(string) }),
  AlternatePublicFolderItemId: t.record({ Format, FolderId: attribute(string), ItemId: attribute(string) }),
}
/** [MS-OXWSCVTID] 2.2.4.3: an id in one of its formats. In the answer all are called AlternateId and say by xsi:type what they are. */
const AnsweredId = byType(alternateIds, { prefix: 't:', suffix: 'Type' })
export type AlternateId = Infer<typeof AnsweredId>

export const ConvertId = batch('ConvertId', '[MS-OXWSCVTID] 3.1.4.1', {
  request: { SourceIds: t.someOf(alternateIds), DestinationFormat: Format },
  message: { AlternateId: optional(AnsweredId) },
})

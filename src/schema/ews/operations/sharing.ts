import { nonEmptyString, oneOf, optional, string } from '../../kernel/index.ts'
import { FolderId } from '../ids.ts'
import { t } from '../namespaces.ts'
import { single } from '../operation.ts'
import { opaque } from '../raw.ts'

export const GetSharingFolder = single('GetSharingFolder', '[MS-OXWSMSHR] 3.1.4.1', {
  request: { SmtpAddress: nonEmptyString, DataType: optional(oneOf('Calendar', 'Contacts')), SharedFolderId: optional(nonEmptyString) },
  message: { SharingFolderId: optional(FolderId) },
})

export const RefreshSharingFolder = single('RefreshSharingFolder', '[MS-OXWSMSHR] 3.1.4.3', {
  request: { SharingFolderId: FolderId },
  message: {},
})

const Encrypted = t.record({ Token: opaque, Data: opaque })
const InvalidRecipient = t.record({
  SmtpAddress: nonEmptyString,
  ResponseCode: oneOf(
    'RecipientOrganizationNotFederated',
    'CannotObtainTokenFromSTS',
    'SystemPolicyBlocksSharingWithThisRecipient',
    'RecipientOrganizationFederatedWithUnknownTokenIssuer',
  ),
  MessageText: optional(string),
})
export const GetSharingMetadata = single('GetSharingMetadata', '[MS-OXWSMSHR] 3.1.4.2', {
  request: { IdOfFolderToShare: FolderId, SenderSmtpAddress: nonEmptyString, Recipients: t.nonEmptyList('SmtpAddress', nonEmptyString) },
  message: {
    EncryptedSharedFolderDataCollection: t.list('EncryptedSharedFolderData', Encrypted),
    InvalidRecipients: t.list('InvalidRecipient', InvalidRecipient),
  },
})

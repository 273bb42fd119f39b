import { treeIn, type Codec } from '../../kernel/index.ts'
import { bareOperation } from '../operation.ts'

/**
 * Operations that Exchange has and this server knows by name alone: whoever asks gets a typed refusal in the operation's own
 * answer. A row leaves this list when its messages are declared.
 */
export const bareNames = [
  'DisconnectPhoneCall', 'GetClientExtension', 'GetFederatedDirectoryUser', 'GetPhoneCallInformation', 'GetUserUnifiedGroups', 'PlayOnPhone', 'PostModernGroupItem', 'SetClientExtension', 'UpdateGroupMailbox', 'UpdateMailboxAssociation',
  'CreateUnifiedMailbox', 'GetOMEConfiguration', 'SetOMEConfiguration', 'LogPushNotificationData', 'GetUMPrompt', 'GetUMPromptNames',
] as const // prettier-ignore

const tree: Codec<unknown> = treeIn('t')
export const bareOperations = bareNames.map((name) => bareOperation(name, tree))

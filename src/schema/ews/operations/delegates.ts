import { attribute, bool, oneOf, optional, type Infer } from '../../kernel/index.ts'
import { UserId } from '../folders.ts'
import { EmailAddress } from '../ids.ts'
import { m, t } from '../namespaces.ts'
import { single } from '../operation.ts'
import { responseMessage } from '../response-message.ts'

const Level = optional(oneOf('None', 'Editor', 'Reviewer', 'Author', 'Custom'))
/** [MS-OXWSDLGM] 2.2.4.5 DelegateUserType. */
export const DelegateUser = t.record({
  UserId,
  DelegatePermissions: optional(
    t.record({
      CalendarFolderPermissionLevel: Level,
      TasksFolderPermissionLevel: Level,
      InboxFolderPermissionLevel: Level,
      ContactsFolderPermissionLevel: Level,
      NotesFolderPermissionLevel: Level,
      JournalFolderPermissionLevel: Level,
    }),
  ),
  ReceiveCopiesOfMeetingMessages: optional(bool),
  ViewPrivateItems: optional(bool),
})
export type DelegateUserElement = Infer<typeof DelegateUser>
const DeliverMeetingRequests = optional(oneOf('DelegatesOnly', 'DelegatesAndMe', 'DelegatesAndSendInformationToMe', 'NoForward'))
const DelegateUsers = t.nonEmptyList('DelegateUser', DelegateUser)
const UserIds = t.nonEmptyList('UserId', UserId)

/** One message per delegate asked for, inside the one answer. */
const answers = {
  ResponseMessages: optional(m.nonEmptyList('DelegateUserResponseMessageType', responseMessage({ DelegateUser: optional(DelegateUser) }))),
}

export const GetDelegate = single('GetDelegate', '[MS-OXWSDLGM] 3.1.4.2', {
  request: { Mailbox: EmailAddress, UserIds: optional(UserIds), IncludePermissions: attribute(bool) },
  message: { ...answers, DeliverMeetingRequests },
})
export const AddDelegate = single('AddDelegate', '[MS-OXWSDLGM] 3.1.4.1', {
  request: { Mailbox: EmailAddress, DelegateUsers, DeliverMeetingRequests },
  message: answers,
})
export const UpdateDelegate = single('UpdateDelegate', '[MS-OXWSDLGM] 3.1.4.4', {
  request: { Mailbox: EmailAddress, DelegateUsers: optional(DelegateUsers), DeliverMeetingRequests },
  message: answers,
})
export const RemoveDelegate = single('RemoveDelegate', '[MS-OXWSDLGM] 3.1.4.3', {
  request: { Mailbox: EmailAddress, UserIds },
  message: answers,
})

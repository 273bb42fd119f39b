import { attribute, base64, bool, dateTime, nonEmptyString, oneOf, optional, repeated, string } from '../../kernel/index.ts'
import { BaseFolderIds, EmailAddress } from '../ids.ts'
import { itemElement } from '../items.ts'
import { t } from '../namespaces.ts'
import { batch, single } from '../operation.ts'
import { BaseShape } from '../shapes.ts'
import { pagingAttributes } from '../views.ts'

/** [MS-OXWSRSLNM] 2.2.4.1 ArrayOfResolutionType; the contact is an item of kind `contact`. */
const ResolutionSet = t.record({
  Resolution: optional(repeated(t.record({ Mailbox: EmailAddress, Contact: optional(itemElement('contact')) }))),
  ...pagingAttributes,
})
export const ResolveNames = batch('ResolveNames', '[MS-OXWSRSLNM] 3.1.4.1', {
  request: {
    ParentFolderIds: optional(BaseFolderIds),
    UnresolvedEntry: nonEmptyString,
    ReturnFullContactData: attribute(bool),
    SearchScope: optional(attribute(oneOf('ActiveDirectory', 'ActiveDirectoryContacts', 'Contacts', 'ContactsActiveDirectory'))),
    ContactDataShape: optional(attribute(BaseShape)),
  },
  message: { ResolutionSet: optional(ResolutionSet) },
})

/** [MS-OXWSDLIST] 2.2.4.1 ArrayOfDLExpansionType. */
export const DLExpansion = t.record({ Mailbox: optional(repeated(EmailAddress)), ...pagingAttributes })

export const ExpandDL = batch('ExpandDL', '[MS-OXWSDLIST] 3.1.4.1', {
  request: { Mailbox: EmailAddress },
  message: { DLExpansion: optional(DLExpansion), ...pagingAttributes },
})

export const GetRoomLists = single('GetRoomLists', '[MS-OXWSGTRM] 3.1.4.1', {
  request: {},
  message: { RoomLists: optional(t.list('Address', EmailAddress)) },
})

export const Room = t.record({ Id: optional(EmailAddress) })

export const GetRooms = single('GetRooms', '[MS-OXWSGTRM] 3.1.4.2', {
  request: { RoomList: EmailAddress },
  message: { Rooms: optional(t.list('Room', Room)) },
})

export const GetPasswordExpirationDate = single('GetPasswordExpirationDate', '[MS-OXWSPED] 3.1.4.1', {
  request: { MailboxSmtpAddress: optional(string) },
  message: { PasswordExpirationDate: dateTime },
})

export const GetUserPhoto = single('GetUserPhoto', '[MS-OXWSPHOTO] 3.1.4.1', {
  request: {
    Email: string,
    SizeRequested: oneOf('HR48x48', 'HR64x64', 'HR96x96', 'HR120x120', 'HR240x240', 'HR360x360', 'HR432x432', 'HR504x504', 'HR648x648'),
  },
  message: { HasChanged: bool, PictureData: optional(base64), ContentType: optional(string) },
})

export const SetUserPhoto = single('SetUserPhoto', '[MS-OXWSPHOTO] 3.1.4.2', {
  request: { Email: nonEmptyString, Content: string },
  message: {},
})

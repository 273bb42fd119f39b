import { dateTime, oneOf, optional, type Infer } from '../../kernel/index.ts'
import { m, t } from '../namespaces.ts'
import { own } from '../operation.ts'
import { ExternalAudience, PlainAddress, ReplyBody, underTypes } from '../raw.ts'
import { responseMessage, type ResponseMessage } from '../response-message.ts'

/** [MS-OXWOOF] 2.2.4 UserOofSettings. */
export const UserOofSettings = t.record({
  OofState: oneOf('Disabled', 'Enabled', 'Scheduled'),
  ExternalAudience,
  Duration: optional(t.record({ StartTime: dateTime, EndTime: dateTime })),
  InternalReply: optional(ReplyBody),
  ExternalReply: optional(ReplyBody),
})
export type UserOofSettings = Infer<typeof UserOofSettings>

const Mailbox = underTypes(PlainAddress)
const ResponseMessageElement = responseMessage({})

export const GetUserOofSettings = own('GetUserOofSettings', '[MS-OXWOOF] 3.1.4.1', {
  requestElement: 'GetUserOofSettingsRequest',
  request: m.record({ Mailbox }),
  response: m.record({
    ResponseMessage: ResponseMessageElement,
    OofSettings: optional(underTypes(UserOofSettings)),
    AllowExternalOof: optional(ExternalAudience),
  }),
  refused: (failure) => ({ ResponseMessage: failure as ResponseMessage<object> }),
})

export const SetUserOofSettings = own('SetUserOofSettings', '[MS-OXWOOF] 3.1.4.2', {
  requestElement: 'SetUserOofSettingsRequest',
  request: m.record({ Mailbox, UserOofSettings: underTypes(UserOofSettings) }),
  response: m.record({ ResponseMessage: optional(ResponseMessageElement) }),
  refused: (failure) => ({ ResponseMessage: failure as ResponseMessage<object> }),
})

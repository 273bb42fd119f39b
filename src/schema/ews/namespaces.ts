import { typesIn } from '../kernel/index.ts'

export const messagesUri = 'http://schemas.microsoft.com/exchange/services/2006/messages'
export const typesUri = 'http://schemas.microsoft.com/exchange/services/2006/types'
export const errorsUri = 'http://schemas.microsoft.com/exchange/services/2006/errors'
export const soapUri = 'http://schemas.xmlsoap.org/soap/envelope/'
export const soap12Uri = 'http://www.w3.org/2003/05/soap-envelope'

// Each is read as the other too: Thunderbird writes FlagStatus in the messages namespace inside t:Flag.
/** Types whose children are written with `t:`. */
export const t = typesIn('t', typesUri, [messagesUri])
/** Types whose children are written with `m:`. */
export const m = typesIn('m', messagesUri, [typesUri])

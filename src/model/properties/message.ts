import type { PropertyRow } from './row.ts'

/** One row a property: properties of messages and posts ([MS-OXWSMSG] 2.2.4.1, [MS-OXWSPOST] 2.2.4.1). */
// prettier-ignore
export const messageProperties: readonly PropertyRow[] = [
  { name: 'sender', kind: 'recipient', uri: 'message:Sender', element: 'Sender', on: ['message', 'post'], set: 'client', from: 'bag' },
  { name: 'toRecipients', kind: 'recipients', uri: 'message:ToRecipients', element: 'ToRecipients', on: ['message'], set: 'client', from: 'bag', inDefault: true },
  { name: 'ccRecipients', kind: 'recipients', uri: 'message:CcRecipients', element: 'CcRecipients', on: ['message'], set: 'client', from: 'bag', inDefault: true },
  { name: 'bccRecipients', kind: 'recipients', uri: 'message:BccRecipients', element: 'BccRecipients', on: ['message'], set: 'client', from: 'bag', inDefault: true },
  { name: 'isReadReceiptRequested', kind: 'boolean', uri: 'message:IsReadReceiptRequested', element: 'IsReadReceiptRequested', on: ['message'], set: 'client', from: 'bag', inDefault: true, mapi: { tag: 0x0029, type: 'Boolean' } },
  { name: 'isDeliveryReceiptRequested', kind: 'boolean', uri: 'message:IsDeliveryReceiptRequested', element: 'IsDeliveryReceiptRequested', on: ['message'], set: 'client', from: 'bag', inDefault: true, mapi: { tag: 0x0023, type: 'Boolean' } },
  { name: 'conversationIndex', kind: 'binary', uri: 'message:ConversationIndex', element: 'ConversationIndex', on: ['message', 'post'], set: 'server', from: 'bag', mapi: { tag: 0x0071, type: 'Binary' } },
  { name: 'conversationTopic', kind: 'string', uri: 'message:ConversationTopic', element: 'ConversationTopic', on: ['message', 'post'], set: 'server', from: 'bag', mapi: { tag: 0x0070, type: 'String' } },
  { name: 'from', kind: 'recipient', uri: 'message:From', element: 'From', on: ['message', 'post'], set: 'client', from: 'bag', inDefault: true },
  { name: 'internetMessageId', kind: 'string', uri: 'message:InternetMessageId', element: 'InternetMessageId', on: ['message', 'post'], set: 'create', from: 'column', mapi: { tag: 0x1035, type: 'String' }, column: 'messageId' },
  { name: 'isRead', kind: 'boolean', uri: 'message:IsRead', element: 'IsRead', on: ['message', 'post'], set: 'client', from: 'column', inDefault: true, column: 'isRead' },
  { name: 'isResponseRequested', kind: 'boolean', uri: 'message:IsResponseRequested', element: 'IsResponseRequested', on: ['message'], set: 'client', from: 'bag', inDefault: true, mapi: { tag: 0x0c17, type: 'Boolean' }, mapiBefore: true },
  { name: 'references', kind: 'string', uri: 'message:References', element: 'References', on: ['message', 'post'], set: 'client', from: 'bag', mapi: { tag: 0x1039, type: 'String' } },
  { name: 'replyTo', kind: 'recipients', uri: 'message:ReplyTo', element: 'ReplyTo', on: ['message'], set: 'client', from: 'bag' },
  { name: 'receivedBy', kind: 'recipient', uri: 'message:ReceivedBy', element: 'ReceivedBy', on: ['message'], set: 'server', from: 'bag', since: 'Exchange2010' },
  { name: 'receivedRepresenting', kind: 'recipient', uri: 'message:ReceivedRepresenting', element: 'ReceivedRepresenting', on: ['message'], set: 'server', from: 'bag', since: 'Exchange2010' },
  { name: 'approvalRequestData', kind: 'tree', uri: 'message:ApprovalRequestData', element: 'ApprovalRequestData', on: ['message'], set: 'server', from: 'bag', since: 'Exchange2013', onRequest: true },
  { name: 'votingInformation', kind: 'tree', uri: 'message:VotingInformation', element: 'VotingInformation', on: ['message'], set: 'server', from: 'derived', since: 'Exchange2013', onRequest: true },
  { name: 'reminderMessageData', kind: 'tree', uri: 'message:ReminderMessageData', element: 'ReminderMessageData', on: ['message'], set: 'server', from: 'bag', since: 'Exchange2013_SP1', onRequest: true },
  { name: 'postedTime', kind: 'dateTime', uri: 'postitem:PostedTime', element: 'PostedTime', on: ['post'], set: 'server', from: 'bag' },
]

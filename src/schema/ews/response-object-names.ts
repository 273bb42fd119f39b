/** [MS-OXWSCDATA] 2.2.4.43 NonEmptyArrayOfResponseObjectsType: what can be made of an item, by element. */
export const responseObjectNames = [
  'AcceptItem', 'TentativelyAcceptItem', 'DeclineItem', 'ReplyToItem', 'ForwardItem', 'ReplyAllToItem', 'CancelCalendarItem',
  'RemoveItem', 'SuppressReadReceipt', 'PostReplyItem', 'AcceptSharingInvitation', 'AddItemToMyCalendar', 'ProposeNewTime',
] as const // prettier-ignore
export type ResponseObjectName = (typeof responseObjectNames)[number]

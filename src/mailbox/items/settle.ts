import { checkRecurrence, isKind, type EmailAddress, type Flag, type ItemKind, type Properties, type Recurrence, type Tree } from '#model'
import { checkCalendarItem } from '../calendar/check-item.ts'
import type { MailboxContext } from '../context.ts'
import type { Access } from '../permissions/access.ts'
import { settleContact } from './contact-rules.ts'
import { checkedFlag } from './flag-rules.ts'
import { settleInboxReminders, settleReminder } from './reminder-rules.ts'
import { settleTask } from './task-rules.ts'

/**
 * The rules of an item's kind, one after another: flag, task, contact, calendar, reminder. `given` are the names that the
 * client set, in order; `existing` what the item had before an update. Answers what to store; refuses as the rules do.
 */
export function settleItem(
  ctx: MailboxContext,
  access: Access,
  kind: ItemKind,
  properties: Properties,
  given: readonly string[],
  existing?: Properties,
): Properties {
  const now = ctx.clock()
  const names = new Set(given)
  let item = { ...properties }
  if (names.has('flag')) item.flag = item.flag ? checkedFlag(item.flag as unknown as Flag, now) : undefined
  if (names.has('mentions')) item.mentionedMe = mentionsOwner(item.mentions as EmailAddress[] | undefined, access)
  if (kind === 'task') {
    item = settleTask(item, given, now)
    if (!existing && access.owner) item.owner ??= access.owner.displayName
    // Every change is counted (MS-OXWSTASK_R45); a new task says 1.
    if (existing) item.changeCount = Number(existing.changeCount ?? 1) + 1
  }
  if (kind === 'contact' || kind === 'list') item = settleContact(item, names)
  if (kind === 'calendar' && (!existing || given.some((name) => calendarInputs.has(name)))) {
    const owner = access.owner && { name: access.owner.displayName, address: access.owner.address, routingType: 'SMTP' }
    item = checkCalendarItem(item, existing, { owner, now, random: ctx.random })
  }
  // An invitation that somebody makes up becomes a series when it is accepted (MS-OXWSMTGS_R1196, R1216, R1225, R1234).
  else if (names.has('recurrence') && item.recurrence) checkRecurrence(item.recurrence as Recurrence, false)
  if (names.has('inboxReminders') && item.inboxReminders) item.inboxReminders = settleInboxReminders(item.inboxReminders as Tree)
  if (!existing && isKind(kind, 'message')) item.isDraft ??= true
  if (!existing && kind === 'post') item.postedTime ??= now
  return settleReminder(kind, item, names, existing)
}

/** Is the mailbox's owner among those mentioned (MS-OXWSCORE_R2068)? */
function mentionsOwner(mentions: EmailAddress[] = [], { owner }: Access): boolean {
  const own = new Set(owner?.proxyAddresses.map((proxy) => proxy.replace(/^smtp:/i, '').toLowerCase()))
  return mentions.some(({ address }) => address !== undefined && own.has(address.toLowerCase()))
}

const calendarInputs = new Set([
  'start', 'end', 'isAllDayEvent', 'recurrence', 'startTimeZone', 'endTimeZone', 'meetingTimeZone', 'requiredAttendees', 'optionalAttendees', 'resources',
]) // prettier-ignore

import { isKind, type ItemKind } from '#model'
import { parseMime } from '#wire'
import { mailboxZone } from '../calendar/mailbox-zone.ts'
import { messageProperties, readMeeting, settled } from '../calendar/meetings/read-meeting.ts'
import type { NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { present } from '../items/aliases.ts'

/** A meeting message that came attached to mail, with what its iCalendar says of the meeting; any other item as it is. */
export async function withMeeting(ctx: MailboxContext, mailbox: string, item: NewItemInput): Promise<NewItemInput> {
  const kind = item.kind as ItemKind
  if (!item.mime || !isKind(kind, 'meetingMessage') || item.properties.uid !== undefined) return item
  const [calendar] = parseMime(item.mime).calendar
  const zone = mailboxZone(await ctx.store.read((tx) => tx.mailboxes.get(mailbox)))
  const read = calendar && (await readMeeting(ctx, zone, calendar.text))
  const meeting = read && settled(ctx, read.item, item)
  if (!meeting) return item
  return { ...item, properties: { ...item.properties, ...present(messageProperties(kind, meeting, read.attendee, item)) } }
}

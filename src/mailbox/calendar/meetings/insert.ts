import type { Body, Properties } from '#model'
import type { ItemRow, WriteTx } from '#store'
import type { MailboxContext } from '../../context.ts'
import { bagOf } from '../../items/columns.ts'
import { columnsOf } from '../../items/prepare.ts'
import { searchText } from '../../items/search-text.ts'

/**
 * Puts a calendar item made from a meeting message into a folder of the same mailbox, in the caller's write. It shares the
 * message's body, whose blob the mailbox has already.
 */
export async function insertCalendarItem(
  tx: WriteTx,
  ctx: MailboxContext,
  message: Pick<ItemRow, 'mailbox' | 'body' | 'properties'>,
  folder: number,
  properties: Properties,
  body: Body | undefined,
): Promise<ItemRow> {
  const now = ctx.clock()
  const bag = bagOf('calendar', properties)
  for (const name of ['bodyType', '$preview', '$bodySize', 'lastModifiedName', '$creator']) {
    const value = message.properties[name]
    if (value !== undefined) bag[name] = value
  }
  const row = {
    ...columnsOf({ kind: 'calendar', properties }, properties, now),
    mailbox: message.mailbox,
    folder,
    associated: false,
    hasAttachments: false,
    size: Number(message.properties.$bodySize ?? 0) + JSON.stringify(bag).length,
    properties: bag,
    extended: {},
    mime: null,
    mimeSize: 0,
    body: message.body,
  }
  return tx.items.insert(row, searchText(properties, body, []))
}

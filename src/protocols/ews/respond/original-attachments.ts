import type { AttachmentRow, Item, NewAttachment } from '#mailbox'
import { propertiesOf, type Properties } from '#model'
import type { EwsContext } from '../context.ts'

/** The original's attachments as new ones: all of them for a forward, else those that its HTML shows. */
export async function originalAttachments(context: EwsContext, original: Item, all: boolean): Promise<NewAttachment[]> {
  const rows = ((original.properties.attachments ?? []) as AttachmentRow[]).filter((row) => all || row.inline)
  const out: NewAttachment[] = []
  for (const row of rows) out.push(await copyOf(context, original, row))
  return out
}

async function copyOf(context: EwsContext, original: Item, row: AttachmentRow): Promise<NewAttachment> {
  const common = {
    name: row.name,
    contentType: row.contentType,
    inline: row.inline,
    ...(row.contentId ? { contentId: row.contentId } : {}),
    ...(row.contentLocation ? { contentLocation: row.contentLocation } : {}),
  }
  const paths = [{ property: 'body' }]
  const found = await context.mailboxes.getAttachment(context.caller, original.ref, [row.number], { shape: 'all', paths })
  if (!found.item) return { kind: 'file', ...common, content: found.content ?? new Uint8Array() }
  return { kind: 'item', ...common, item: { kind: found.item.kind, properties: settable(found.item), extended: found.item.extended } }
}

/** What of an attached item a client could have set itself. */
function settable({ kind, properties }: Item): Properties {
  const names = new Set(
    propertiesOf(kind)
      .filter((row) => row.set !== 'server' && row.name !== 'attachments')
      .map((row) => row.name),
  )
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.has(name)))
}

import type { Body, EmailAddress, Properties } from '#model'
import type { ItemRow, ReadTx } from '#store'
import { parseHeaders } from '#wire'
import type { PreparedItem } from '../items/prepare.ts'
import { searchText } from '../items/search-text.ts'
import { loadBody } from '../items/stored.ts'

/** Messages of one Message-ID that are looked at in a mailbox: a client may have made any number of them. */
const most = 20

/** A message's text and MIME as they are, for comparing. */
export interface Content {
  body: Body | undefined
  mime: Uint8Array | undefined
}

/**
 * The message that a prepared one is, where it lies in one of the folders already: the same Message-ID, author, To and Cc, subject, text and
 * attachments. A Message-ID alone proves nothing, since whoever sends chooses it: it would hide one message behind another. `content` = the prepared
 * one's, where markup and MIME have to be the same; left out, the words are enough.
 */
export async function sameMessageIn(
  tx: ReadTx,
  mailbox: string,
  folders: readonly { id: number }[],
  prepared: PreparedItem,
  content?: Content,
): Promise<ItemRow | undefined> {
  const heads = await tx.items.byMessageId(mailbox, prepared.row.messageId, most)
  const here = heads.filter((head) => !head.associated && folders.some(({ id }) => id === head.folder))
  for (const head of here) {
    const row = await tx.items.get(mailbox, head.id)
    if (row && (await isSame(tx, row, prepared, content))) return row
  }
  return undefined
}

async function isSame(tx: ReadTx, row: ItemRow, { row: other, attachments, text }: PreparedItem, content?: Content): Promise<boolean> {
  if (row.subject !== other.subject || peopleIn(row.properties) !== peopleIn(other.properties)) return false
  const beside = await tx.attachments.list(row.mailbox, row.id)
  if (contentsOf(beside) !== contentsOf(attachments)) return false
  if (!content) return row.body === other.body || withoutSpace(searchText({}, await loadBody(tx, row), []).body) === withoutSpace(text.body)
  // What no property says (an invitation's times, a signature) stands in the MIME.
  if (content.mime && row.mime && bodyOf(await tx.blobs.get(row.mailbox, row.mime)) !== bodyOf(content.mime)) return false
  const there = await loadBody(tx, row)
  return row.body === other.body || (there?.type === content.body?.type && withoutSpace(there?.value) === withoutSpace(content.body?.value))
}

/** What stands behind the header, whose fields a server may have changed; line ends and the like left out. */
function bodyOf(mime: Uint8Array): string {
  return withoutSpace(Buffer.from(mime).toString('latin1', parseHeaders(mime).body))
}

const contentsOf = (attachments: readonly { name: string; blob: string }[]): string =>
  attachments
    .map(({ name, blob }) => `${blob} ${name}`)
    .sort()
    .join('\n')

/** Whose message it is and to whom openly, in no order: blind copies are in one of two copies alone. */
function peopleIn({ from, toRecipients, ccRecipients }: Properties): string {
  const lists = [[from], toRecipients, ccRecipients] as ((EmailAddress | undefined)[] | undefined)[]
  return lists.map((people = []) => [...new Set(people.map((one) => one?.address?.toLowerCase() ?? ''))].sort().join()).join('\n')
}

/** Line ends, and HTML and the text made of it, differ in their white space. */
const withoutSpace = (text = ''): string => text.replaceAll(/\s+/g, '')

import type { Body, EmailAddress, Properties } from '#model'
import type { ItemRow, ReadTx } from '#store'
import type { PreparedItem } from '../items/prepare.ts'
import { searchText } from '../items/search-text.ts'
import { loadBody } from '../items/stored.ts'

/** Messages of one Message-ID that are looked at in a mailbox: a client may have made any number of them. */
const most = 20

/**
 * The message that a prepared one is, where it lies in one of the folders already: the same Message-ID, author, To and Cc, subject, text and
 * attachments. A Message-ID alone proves nothing, since whoever sends chooses it: it would hide one message behind another. `body` = the text of the
 * prepared one, markup and all, where that has to be the same; left out, the words are enough.
 */
export async function sameMessageIn(
  tx: ReadTx,
  mailbox: string,
  folders: readonly { id: number }[],
  prepared: PreparedItem,
  body?: Body | 'none',
): Promise<ItemRow | undefined> {
  const heads = await tx.items.byMessageId(mailbox, prepared.row.messageId, most)
  const here = heads.filter((head) => !head.associated && folders.some(({ id }) => id === head.folder))
  for (const head of here) {
    const row = await tx.items.get(mailbox, head.id)
    if (row && (await isSame(tx, row, prepared, body))) return row
  }
  return undefined
}

async function isSame(
  tx: ReadTx,
  row: ItemRow,
  { row: other, attachments, text }: PreparedItem,
  body: Body | 'none' | undefined,
): Promise<boolean> {
  if (row.subject !== other.subject || peopleIn(row.properties) !== peopleIn(other.properties)) return false
  const beside = await tx.attachments.list(row.mailbox, row.id)
  if (contentsOf(beside) !== contentsOf(attachments)) return false
  if (row.body === other.body) return true
  const there = await loadBody(tx, row)
  if (!body) return withoutSpace(searchText({}, there, []).body) === withoutSpace(text.body)
  return body !== 'none' && there?.type === body.type && withoutSpace(there.value) === withoutSpace(body.value)
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

import { createHash } from 'node:crypto'
import type { Body, EmailAddress, Properties } from '#model'
import type { ItemHead, ItemRow, ReadTx } from '#store'
import { parseHeaders } from '#wire'
import type { PreparedItem } from '../items/prepare.ts'
import { searchText } from '../items/search-text.ts'
import { loadBody } from '../items/stored.ts'

/** Messages of one Message-ID that are compared, and that are looked for in a mailbox: a client may have made any number of them. */
const most = 20
const mostLooked = 5_000
const pageSize = 500

/** What a message says, in three digests without white space: of what stands behind the header of its MIME, of its text and of its words. */
interface Digests {
  /** The blobs that they are of: others were put in their place since where these are not the item's. */
  of: string
  mime: string
  text: string
  words: string
}

/**
 * The prepared message with its digests beside it, so that a write that looks for the same one reads nothing large. To be called before the
 * transaction. The item's size is that of what people wrote.
 */
export function withDigests(prepared: PreparedItem, body: Body | undefined, mime: Uint8Array | undefined): PreparedItem {
  const { row, text } = prepared
  const $content = { ...digestsOf(row, body, row.mime === null ? undefined : mime, text.body ?? '') }
  return { ...prepared, row: { ...row, properties: { ...row.properties, $content } } }
}

const blobsOf = ({ mime, body }: Pick<ItemRow, 'mime' | 'body'>): string => `${mime ?? ''} ${body ?? ''}`

function digestsOf(row: Pick<ItemRow, 'mime' | 'body'>, body: Body | undefined, mime: Uint8Array | undefined, words: string): Digests {
  return {
    of: blobsOf(row),
    mime: mime ? digest(bodyOf(mime)) : '',
    text: body ? digest(`${body.type} ${withoutSpace(body.value)}`) : '',
    words: digest(withoutSpace(words)),
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The digests of an item as it is. Of what came here in another way than by a client's saving it, they are made here. */
async function storedDigests(tx: ReadTx, row: ItemRow): Promise<Digests> {
  const kept = row.properties.$content as Digests | undefined
  if (kept?.of === blobsOf(row)) return kept
  const body = await loadBody(tx, row)
  return digestsOf(row, body, row.mime ? await tx.blobs.get(row.mailbox, row.mime) : undefined, searchText({}, body, []).body ?? '')
}

/**
 * The message that a prepared one is, where it lies in one of the folders already: the same Message-ID, author, To and Cc, subject, text and
 * attachments. A Message-ID alone proves nothing, since whoever sends chooses it: it would hide one message behind another. `exact`: markup and MIME
 * have to be the same; else the words are enough. The prepared one has its digests.
 */
export async function sameMessageIn(
  tx: ReadTx,
  mailbox: string,
  folders: readonly { id: number }[],
  prepared: PreparedItem,
  { exact = false }: { exact?: boolean } = {},
): Promise<ItemRow | undefined> {
  for (const head of await headsIn(tx, mailbox, folders, prepared.row.messageId)) {
    const row = await tx.items.get(mailbox, head.id)
    if (row && (await isSame(tx, row, prepared, exact))) return row
  }
  return undefined
}

/** The messages of a Message-ID in the folders, the oldest first: any number may lie elsewhere, as versions that are kept do. */
async function headsIn(tx: ReadTx, mailbox: string, folders: readonly { id: number }[], messageId: string): Promise<ItemHead[]> {
  const here: ItemHead[] = []
  for (let looked = 0, after: number | undefined; here.length < most && looked < mostLooked;) {
    const page = await tx.items.byMessageId(mailbox, messageId, pageSize, after)
    here.push(...page.filter((head) => !head.associated && folders.some(({ id }) => id === head.folder)))
    if (page.length < pageSize) break
    looked += page.length
    after = page.at(-1)?.id
  }
  return here.slice(0, most)
}

async function isSame(tx: ReadTx, row: ItemRow, { row: other, attachments }: PreparedItem, exact: boolean): Promise<boolean> {
  if (row.subject !== other.subject || peopleIn(row.properties) !== peopleIn(other.properties)) return false
  const beside = await tx.attachments.list(row.mailbox, row.id)
  if (contentsOf(beside) !== contentsOf(attachments)) return false
  const [there, here] = [await storedDigests(tx, row), other.properties.$content as Digests | undefined]
  const isText = row.body === other.body || (exact ? there.text === here?.text : there.words === here?.words)
  // What no property says (an invitation's times, a signature) stands in the MIME.
  return isText && (!exact || !there.mime || !here?.mime || there.mime === here.mime)
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
const withoutSpace = (text: string): string => text.replaceAll(/\s+/g, '')

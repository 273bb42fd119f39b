import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
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
/** Characters or bytes that are digested between two turns of the event loop. */
const piece = 1024 * 1024

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
 * transaction: others have their turn after each piece of a long one. The item's size is that of what people wrote.
 */
export async function withDigests(prepared: PreparedItem, body: Body | undefined, mime: Uint8Array | undefined): Promise<PreparedItem> {
  const { row, text } = prepared
  const steps = digesting(row, body, row.mime === null ? undefined : mime, text.body ?? '')
  let step = steps.next()
  for (; !step.done; step = steps.next()) await setImmediate()
  return { ...prepared, row: { ...row, properties: { ...row.properties, $content: { ...step.value } } } }
}

const blobsOf = ({ mime, body }: Pick<ItemRow, 'mime' | 'body'>): string => `${mime ?? ''} ${body ?? ''}`

/** Makes the digests in steps, each of a piece. */
function* digesting(
  row: Pick<ItemRow, 'mime' | 'body'>,
  body: Body | undefined,
  mime: Uint8Array | undefined,
  words: string,
): Generator<undefined, Digests> {
  return {
    of: blobsOf(row),
    mime: mime ? yield* digest('', bodyOf(mime)) : '',
    text: body ? yield* digest(`${body.type} `, body.value) : '',
    words: yield* digest('', words),
  }
}

/** Of what is said without white space, bytes taken for characters: line ends, and HTML and the text made of it, differ in that. */
function* digest(first: string, content: string | Buffer): Generator<undefined, string> {
  const hash = createHash('sha256').update(first)
  for (let at = 0, end; at < content.length; at = end) {
    end = Math.min(at + piece, content.length)
    if (typeof content === 'string' && isHighSurrogate(content.charCodeAt(end - 1))) end++
    const part = typeof content === 'string' ? content.slice(at, end) : content.toString('latin1', at, end)
    hash.update(part.replaceAll(/\s+/g, ''))
    if (end < content.length) yield
  }
  return hash.digest('base64url')
}

/** The first half of a character, which is not to be torn from the second. */
const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff

/** The digests of an item as it is. Of what came here in another way than by a client's saving it, they are made here. */
async function storedDigests(tx: ReadTx, row: ItemRow): Promise<Digests> {
  const kept = row.properties.$content as Digests | undefined
  if (kept?.of === blobsOf(row)) return kept
  const body = await loadBody(tx, row)
  const mime = row.mime ? await tx.blobs.get(row.mailbox, row.mime) : undefined
  const steps = digesting(row, body, mime, searchText({}, body, []).body ?? '')
  // Within a transaction nobody else has a turn.
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
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

/** What stands behind the header, whose fields a server may have changed. */
const bodyOf = (mime: Uint8Array): Buffer => Buffer.from(mime.buffer, mime.byteOffset, mime.byteLength).subarray(parseHeaders(mime).body)

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

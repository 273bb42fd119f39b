import type { Instant, Properties } from '#model'
import { textIndexJob, type AttachmentRow, type ItemRow, type JobRow, type SearchText } from '#store'
import { parseAttachedItem } from '../attachments/prepare.ts'
import type { Log, MailboxContext } from '../context.ts'
import { storedProperties } from '../items/columns.ts'
import { searchText, wordsOfBody } from '../items/search-text.ts'
import { loadBody } from '../items/stored.ts'
import { hasText } from './extract.ts'
import { createExtractor, type Extracted, type Extractor } from './extractor.ts'

interface Needs extends Pick<MailboxContext, 'store' | 'clock'> {
  log: Pick<Log, 'warn'>
  extractor?: Extractor
  /** Items of one step; absent = as many as are usual. */
  step?: number
}

const atOnce = 20
const usualStep = 500
/** Milliseconds after which a step begins no further item: reading a large one may take long. */
const longestStep = 60_000
/** Attachments of one item that are read, bytes of one, characters of all. */
const most = { attachments: 100, bytes: 32 * 1024 * 1024, text: 1_000_000 } as const

/**
 * The job that makes the words of a mailbox's waiting items: of items whose attachments changed, and of all that an older program wrote. It
 * works in steps, so that other mailboxes have their turn between and one that died is soon taken up; what it cannot read is left out, noted
 * beside the item and said once in the log.
 */
export function createTextIndex({ store, clock, log, extractor = createExtractor(), step = usualStep }: Needs): {
  kind: string
  run(job: Pick<JobRow, 'state'>): Promise<void | { state: Record<string, unknown>; due: Instant }>
} {
  async function indexOne(row: ItemRow): Promise<void> {
    const { text, problem } = await wordsOf(row)
    await store.write((tx) => tx.text.index(row, text, problem))
    if (problem)
      log.warn({ event: 'textIndex', mailbox: row.mailbox, item: row.id, problem }, 'the text of an attachment could not be read')
  }

  /** What of an item can be read. Content that is missing or damaged is a problem of this item alone. */
  async function wordsOf(row: ItemRow): Promise<{ text: SearchText; problem: string }> {
    try {
      const { body, attachments } = await store.read(async (tx) => ({
        body: await loadBody(tx, row),
        attachments: await tx.attachments.list(row.mailbox, row.id),
      }))
      const { texts, problem } = await textsOf(row, attachments)
      return { text: searchText(storedProperties(row), body, texts), problem }
    } catch (error) {
      const problem = error instanceof Error ? error.message.slice(0, 500) : 'it cannot be read'
      return { text: searchText(storedProperties(row), undefined, []), problem }
    }
  }

  async function textsOf(row: ItemRow, attachments: AttachmentRow[]): Promise<{ texts: string[]; problem: string }> {
    const texts = attachments.map(({ name }) => name)
    let problem = ''
    let length = 0
    for (const attachment of attachments.slice(0, most.attachments)) {
      if (length >= most.text) break
      // One that cannot be read takes nothing else of the item away.
      const found = await attachmentText(row, attachment).catch((error: unknown): Extracted => ({ problem: String(error) }))
      if ('problem' in found) problem ||= `${attachment.name.slice(0, 200)}: ${found.problem}`.slice(0, 500)
      else {
        texts.push(found.text)
        length += found.text.length
      }
    }
    return { texts, problem }
  }

  async function attachmentText({ mailbox }: ItemRow, { kind, name, contentType, size, blob, photo }: AttachmentRow): Promise<Extracted> {
    if (photo || kind === 'reference' || (kind === 'file' && !hasText({ name, contentType }))) return { text: '' }
    if (size > most.bytes) return { problem: `it is larger than ${most.bytes} bytes` }
    const bytes = await store.read((tx) => tx.blobs.get(mailbox, blob))
    if (kind === 'file') return extractor.read({ name, contentType, bytes })
    const { properties } = parseAttachedItem(bytes)
    const { subject = '', body } = properties as Properties & { subject?: string }
    return { text: `${subject}\n${wordsOfBody(body as Parameters<typeof wordsOfBody>[0])}` }
  }

  return {
    kind: textIndexJob,
    async run({ state }) {
      const mailbox = String(state.mailbox)
      const began = performance.now()
      for (let done = 0; done < step && performance.now() - began < longestStep;) {
        const rows = await store.read((tx) => tx.text.waiting(mailbox, Math.min(atOnce, step - done)))
        if (rows.length === 0 && (await store.write((tx) => tx.text.isDone(mailbox)))) return undefined
        for (const row of rows) {
          if (performance.now() - began >= longestStep) break
          await indexOne(row)
          done++
        }
      }
      return { state: { mailbox }, due: clock() }
    },
  }
}

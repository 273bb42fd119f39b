/** What searches over mailboxes leave in the mailbox that takes what they find: folders for copies, and messages that tell of them. */
import type { FolderRef, ItemRef, Mailboxes } from '#mailbox'
import { ByteSize, Refusal, type Caller, type Instant } from '#model'

export type ResultVerbs = Pick<Mailboxes, 'createFolder' | 'childFolder' | 'createItem' | 'getItems' | 'copyFound'>

/** How much is told: nothing, what was asked and found, or a list of it too. */
export const logLevels = ['Suppress', 'Basic', 'Full'] as const
export type LogLevel = (typeof logLevels)[number]

/** Items of which a list tells at most. */
export const mostListed = 10_000
/** Items that are read at a time; names that are tried for a folder. */
const most = { together: 200, names: 100 } as const

/** A folder by its number. */
export type ResultFolder = Extract<FolderRef, { id: number }>

/** The folder of a name below another (absent = below the top), made where it is not. */
export async function resultsFolder(
  verbs: ResultVerbs,
  caller: Caller,
  mailbox: string,
  name: string,
  below?: FolderRef,
): Promise<ResultFolder> {
  const parent = below ?? { mailbox, kind: 'msgfolderroot' }
  try {
    return { mailbox, id: (await verbs.childFolder(caller, parent, name)).row.id }
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'FolderNotFound') throw error
  }
  return { mailbox, id: (await verbs.createFolder(caller, { parent, name })).row.id }
}

/** A new folder below another for what is found in one mailbox: `Mary Jensen-11/28/2026 2:05:00 PM` (UTC), with a number when that is taken. */
export async function freshFolder(
  verbs: ResultVerbs,
  caller: Caller,
  parent: FolderRef,
  whose: string,
  at: Instant,
): Promise<ResultFolder> {
  const name = folderName(whose, at)
  for (let number = 1; ; number++) {
    try {
      const { row } = await verbs.createFolder(caller, { parent, name: number === 1 ? name : `${name} (${number})` })
      return { mailbox: parent.mailbox, id: row.id }
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'FolderExists' || number === most.names) throw error
    }
  }
}

/** The name of the folder for what is found in somebody's mailbox, as Exchange writes it. */
function folderName(whose: string, at: Instant): string {
  const time = new Date(at).toLocaleString('en-US', { timeZone: 'UTC' }).replace(/[\s,]+/g, ' ')
  return `${whose.slice(0, 200)}-${time}`
}

/** What a message tells of a search. */
export interface SearchTold {
  name: string
  query: string
  by: string
  mailboxes: readonly string[]
  started: Instant
  ended: Instant
  items: number
  size: number
  /** Items that were gone before they were copied; absent = nothing was to be copied. */
  gone?: number
}

/** Files a message that tells of a search; with `Full`, the list of what was found is in it as a CSV file. */
export async function tell(
  verbs: ResultVerbs,
  caller: Caller,
  to: FolderRef,
  level: LogLevel,
  told: SearchTold,
  found: readonly ItemRef[],
): Promise<void> {
  if (level === 'Suppress') return
  const { name, query, by, mailboxes, started, ended, items, size, gone } = told
  const lines = [
    `${items} items were found (${new ByteSize(size).toString()}).`,
    ...(gone === undefined ? ['Nothing was copied.'] : [`${items - gone} were copied${gone > 0 ? `; ${gone} went meanwhile` : ''}.`]),
    `Query: ${query || '(everything)'}`,
    `Mailboxes: ${mailboxes.slice(0, 1000).join('; ')}`,
    `By: ${by}`,
    `Started: ${new Date(started).toISOString()}`,
    `Ended: ${new Date(ended).toISOString()}`,
    ...(level === 'Full' && found.length > mostListed ? [`The list has the first ${mostListed}.`] : []),
  ]
  const attachments = level === 'Full' ? [await listOf(verbs, caller, found)] : []
  const subject = `${name}: ${query}`.slice(0, 255)
  await verbs.createItem(caller, to, {
    kind: 'post',
    properties: { subject, body: { type: 'Text', value: lines.join('\r\n') } },
    attachments,
  })
}

async function listOf(verbs: ResultVerbs, caller: Caller, found: readonly ItemRef[]) {
  const lines = ['Subject,From,Received,Size']
  const paths = ['subject', 'from'].map((property) => ({ property }))
  for (let at = 0; at < Math.min(found.length, mostListed); at += most.together) {
    const refs = found.slice(at, Math.min(at + most.together, mostListed))
    for (const item of await verbs.getItems(caller, refs, { shape: 'ids', paths })) {
      if (item instanceof Refusal) continue
      const from = item.properties.from as { name?: string; address?: string } | undefined
      lines.push([item.head.subject, from?.address ?? from?.name ?? '', new Date(item.head.received).toISOString(), String(item.head.size)].map(quoted).join(',')) // prettier-ignore
    }
  }
  const content = Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf8')
  return { kind: 'file' as const, name: 'Search Results.csv', contentType: 'text/csv', content }
}

/** A field of a CSV file that a spreadsheet takes for text, whatever somebody wrote in a subject. */
function quoted(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${plain.replaceAll('"', '""')}"`
}

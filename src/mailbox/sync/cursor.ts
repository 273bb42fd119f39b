import { Refusal } from '#model'

/** What a sync state holds: opaque to clients. `after` = where the first listing stands, in ids going down; `associated` = it lists those now. */
export interface Cursor {
  /** `i` items of a folder, `f` the folder hierarchy. */
  kind: 'i' | 'f'
  mailbox: string
  folder: number
  /** Everything up to this change number is known to the client. */
  change: number
  after?: number
  associated?: boolean
}

const version = 1

/** The cursor as the text that clients keep. */
export function writeCursor(cursor: Cursor): string {
  const { kind, mailbox, folder, change, after, associated } = cursor
  const fields = [version, kind, mailbox, folder, change, after ?? -1, associated ? 1 : 0]
  return Buffer.from(JSON.stringify(fields), 'utf8').toString('base64')
}

/** Reads a client's sync state; undefined for the empty one. Not ours, or of another folder → InvalidSyncStateData (interop 1.13). */
export function readCursor(text: string, kind: Cursor['kind'], mailbox: string, folder: number): Cursor | undefined {
  if (text.trim() === '') return undefined
  const fields = parse(text.trim())
  const [given, ofKind, ofMailbox, ofFolder, change, after, associated] = fields
  const numbers = [ofFolder, change, after].every((one) => typeof one === 'number' && Number.isSafeInteger(one))
  if (given !== version || ofKind !== kind || ofMailbox !== mailbox || ofFolder !== folder || !numbers) throw invalid()
  return {
    kind,
    mailbox,
    folder,
    change: change as number,
    ...((after as number) >= 0 ? { after: after as number } : {}),
    ...(associated === 1 ? { associated: true } : {}),
  }
}

function parse(text: string): unknown[] {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length > 4096) throw invalid()
  try {
    const fields: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'))
    if (Array.isArray(fields)) return fields
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw invalid()
}

function invalid(): Refusal {
  return new Refusal('InvalidSyncStateData', 'The sync state is not one of this folder; begin anew with an empty one.')
}

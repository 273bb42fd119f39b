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

function parse(text: string, longest = 4096): unknown[] {
  if (text.length > longest || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw invalid()
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

/** The state of a sync of a search folder: what it holds hangs on what is asked and not on where items lie, so the ids told are kept. */
export interface SearchCursor {
  mailbox: string
  folder: number
  /** Changes of what was told are known up to this number. */
  change: number
  /** True when an answer told all there was. */
  complete: boolean
  /** What was told, ascending. */
  ids: readonly number[]
}

/** The most ids of one state: some thirty kilobytes of it. */
export const mostKnown = 10_000

/** The cursor as the text that clients keep. */
export function writeSearchCursor({ mailbox, folder, change, complete, ids }: SearchCursor): string {
  const fields = [version, 's', mailbox, folder, change, complete ? 1 : 0, distances(ids)]
  return Buffer.from(JSON.stringify(fields), 'utf8').toString('base64')
}

/** Reads it; undefined for the empty one. Not ours, or of another folder → InvalidSyncStateData. */
export function readSearchCursor(text: string, mailbox: string, folder: number): SearchCursor | undefined {
  if (text.trim() === '') return undefined
  const [given, kind, ofMailbox, ofFolder, change, complete, ids] = parse(text.trim(), 256 * 1024)
  if (given !== version || kind !== 's' || ofMailbox !== mailbox || ofFolder !== folder) throw invalid()
  if (typeof change !== 'number' || !Number.isSafeInteger(change) || typeof ids !== 'string') throw invalid()
  return { mailbox, folder, change, complete: complete === 1, ids: fromDistances(ids) }
}

/** Ascending numbers as base64 of the distance of each from the one before, seven bits a byte, the least first. */
function distances(ids: readonly number[]): string {
  const bytes: number[] = []
  let before = 0
  for (const id of ids) {
    let rest = id - before
    before = id
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
    bytes.push(rest)
  }
  return Buffer.from(bytes).toString('base64')
}

function fromDistances(text: string): number[] {
  const ids: number[] = []
  let at = 0
  let distance = 0
  let weight = 1
  for (const byte of Buffer.from(text, 'base64')) {
    distance += (byte % 128) * weight
    weight *= 128
    if (weight > Number.MAX_SAFE_INTEGER) throw invalid()
    if (byte > 127) continue
    at += distance
    if (distance === 0 || !Number.isSafeInteger(at) || ids.length >= mostKnown) throw invalid()
    ids.push(at)
    distance = 0
    weight = 1
  }
  if (weight > 1) throw invalid()
  return ids
}

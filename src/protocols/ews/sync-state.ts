import { Refusal } from '#model'

/** What a sync state is of. */
type SyncKind = 'folders' | 'items' | 'conversation'

/**
 * The text of a sync state: opaque to clients, base64 of its kind, the folder it is of and the mailbox's cursor
 * ([MS-OXWSSYNC] 2.2.4.8).
 */
export function syncStateText(kind: SyncKind, folder: string, cursor: string): string {
  return Buffer.from(JSON.stringify([kind, folder, cursor])).toString('base64')
}

/** The cursor in a sync state; none or empty = from the start. Of another kind or folder, or not ours → InvalidSyncStateData. */
export function cursorOf(kind: SyncKind, folder: string, text: string | undefined): string {
  if (text === undefined || text === '') return ''
  const invalid = (): Refusal => new Refusal('InvalidSyncStateData', 'The SyncState is not one of this folder; start again without one.')
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === 0 || bytes.toString('base64') !== text) throw invalid()
  let parts: unknown
  try {
    parts = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid()
    throw error
  }
  if (!Array.isArray(parts) || parts.length !== 3 || parts[0] !== kind || parts[1] !== folder || typeof parts[2] !== 'string')
    throw invalid()
  return parts[2]
}

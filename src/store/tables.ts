/**
 * The tables as Kysely sees them. Column names are those of the contract. In both engines flags are 0 and 1, instants and
 * numbers 64-bit integers, JSON is text, bytes are bytes; text compares by code point.
 */
import type { Generated } from 'kysely'
import type { AttachmentRow, FolderRow, ItemRow, JobRow, MailboxRow, ObjectRow, QueuedMessage, QueuedRecipient } from './contract.ts'
import type { TrackingRow } from './mail-flow/contract.ts'

/** How a contract type lies in a column: flags as numbers, structures as JSON text. */
type Stored<T> = { [K in keyof T]: T[K] extends boolean ? number : T[K] extends string | number | null ? T[K] : string }

export interface Tables {
  meta: { name: string; value: string }
  mailboxes: Stored<MailboxRow>
  folders: Stored<FolderRow> & { nameKey: string }
  items: Stored<ItemRow> & { row: Generated<number>; lastAttachment: Generated<number> }
  attachments: Stored<AttachmentRow>
  tombstones: { mailbox: string; change: number; what: number; id: number; folder: number }
  blobs: { owner: string; digest: string; size: number; refs: Generated<number>; staged: number; content: Uint8Array | null }
  objects: Stored<ObjectRow>
  objectKeys: { organisation: string; key: string; kind: string; id: string }
  globalKeys: { key: string; organisation: string; kind: string; id: string }
  objectTokens: { organisation: string; token: string; kind: string; id: string }
  objectReferences: { organisation: string; reference: string; target: string; kind: string; id: string }
  objectFacets: { organisation: string; kind: string; id: string; version: number; facets: string }
  jobs: Stored<JobRow>
  queueMessages: Stored<QueuedMessage>
  queueRecipients: Stored<QueuedRecipient>
  queueSuspensions: { organisation: string; nextHop: string; since: number }
  tracking: Stored<TrackingRow>
  replies: { mailbox: string; kind: string; about: string; at: number }
}

/** `tombstones.what`. */
export const removedItem = 0
export const removedFolder = 1

/** Text as both engines can hold it: PostgreSQL has no NUL character. */
export function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text
}

/** ASCII lower case, as `lower()` of both engines does it. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

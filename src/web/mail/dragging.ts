/** Messages under way from the list to a folder, and folders to another one. */
import type { DragEvent } from 'react'
import type { Actable, ItemPlace } from './mail-tools.ts'

const type = 'application/x-isthmus-messages'
const folderType = 'application/x-isthmus-folder'
/** `mailbox number mailbox number …`: an address has no blanks in it. */
const blank = ' '

export function dragRows({ dataTransfer }: DragEvent, rows: readonly Actable[]): void {
  dataTransfer.effectAllowed = 'move'
  dataTransfer.setData(type, rows.flatMap(({ items }) => items.flatMap(({ mailbox, id }) => [mailbox, id])).join(blank)) // prettier-ignore
}

export function dragFolder({ dataTransfer }: DragEvent, { mailbox, id }: ItemPlace): void {
  dataTransfer.effectAllowed = 'move'
  dataTransfer.setData(folderType, [mailbox, id].join(blank))
}

/** What is dragged can be dropped on a folder. */
export const isDragging = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer.types.includes(type) || dataTransfer.types.includes(folderType)

/** The folder that was dropped; undefined when it is none. */
export function draggedFolder({ dataTransfer }: DragEvent): ItemPlace | undefined {
  const [mailbox, id] = dataTransfer.getData(folderType).split(blank)
  return mailbox ? { mailbox, id: Number(id) } : undefined
}

/** What was dropped; nothing when it is no message. */
export function draggedRows({ dataTransfer }: DragEvent): Actable[] {
  const parts = dataTransfer.getData(type).split(blank)
  const items = parts.flatMap((mailbox, at) => (at % 2 === 0 && mailbox ? [{ mailbox, id: Number(parts[at + 1]) }] : []))
  return items.length > 0 ? [{ items }] : []
}

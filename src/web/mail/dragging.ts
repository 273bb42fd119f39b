/** Messages under way from the list to a folder. */
import type { DragEvent } from 'react'
import type { Actable } from './mail-tools.ts'

const type = 'application/x-isthmus-messages'
/** `mailbox number mailbox number …`: an address has no blanks in it. */
const blank = ' '

export function dragRows({ dataTransfer }: DragEvent, rows: readonly Actable[]): void {
  dataTransfer.effectAllowed = 'move'
  dataTransfer.setData(type, rows.flatMap(({ items }) => items.flatMap(({ mailbox, id }) => [mailbox, id])).join(blank)) // prettier-ignore
}

export const isDraggingRows = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes(type)

/** What was dropped; nothing when it is no message. */
export function draggedRows({ dataTransfer }: DragEvent): Actable[] {
  const parts = dataTransfer.getData(type).split(blank)
  const items = parts.flatMap((mailbox, at) => (at % 2 === 0 && mailbox ? [{ mailbox, id: Number(parts[at + 1]) }] : []))
  return items.length > 0 ? [{ items }] : []
}

import { z } from 'zod'
import type { RecoverableItem } from '#mailbox'
import { verb } from '../verb.ts'

const mostRows = 2000
const instant = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
/** The item class of each kind that people know; those below a class are meant too. */
const classes = {
  message: 'IPM.Note',
  meeting: 'IPM.Schedule.*',
  appointment: 'IPM.Appointment',
  contact: 'IPM.Contact',
  list: 'IPM.DistList',
  task: 'IPM.Task',
  note: 'IPM.StickyNote',
} as const
const kinds = Object.keys(classes) as [keyof typeof classes, ...(keyof typeof classes)[]]
const recoverableKinds = z.enum(kinds)

const input = z.object({
  /** In the subject or the sender's name. */
  text: z.string().max(200).optional(),
  kind: recoverableKinds.optional(),
  /** When it was deleted, both ends included. */
  from: instant.optional(),
  to: instant.optional(),
  limit: z.number().int().min(1).max(mostRows),
})

/** What the caller deleted beyond Deleted Items and can bring back, the newest deletion first. `more`: there is more than was asked for. */
export const findRecoverable = verb(input, async ({ caller, mailboxes, mailbox }, { text, kind, from, to, limit }) => {
  const query = {
    sources: ['RecoverableItems' as const],
    ...(text ? { contains: text } : {}),
    ...(kind ? { itemClass: classes[kind] } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
  const items: ReturnType<typeof rowOf>[] = []
  for await (const page of mailboxes.findRecoverable(caller, await mailbox(), query)) {
    items.push(...page.map(rowOf))
    if (items.length > limit) break
  }
  return { items: items.slice(0, limit), more: items.length > limit }
})

function rowOf({ ref, subject, from, itemClass, deletedOn, modified, lastParent, size, hasAttachments }: RecoverableItem) {
  return {
    id: ref.id,
    ...{ subject, from, size, hasAttachments },
    kind: kinds.find((one) => isOf(itemClass, classes[one].replace('.*', ''))),
    deleted: deletedOn ?? modified,
    /** Names of its original folder from the top; absent where nobody knows it. */
    folder: lastParent?.path,
    /** False when it goes to the default folder of its type instead. */
    returns: lastParent?.exists === true,
  }
}

const isOf = (itemClass: string, wanted: string) => `${itemClass}.`.toLowerCase().startsWith(`${wanted}.`.toLowerCase())

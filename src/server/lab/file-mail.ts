import { extendedKey, type ExtendedValue, type Instant, type Properties } from '#model'
import type { FolderRef, Mailboxes } from '#mailbox'
import type { Dice } from './dice.ts'
import type { Residents } from './residents.ts'
import type { LabMessage } from './write-mail.ts'

const receivedKey = extendedKey({ tag: 0x0e06, type: 'SystemTime' })
const flagsKey = extendedKey({ tag: 0x0e07, type: 'Integer' })
const day = 86_400_000

/** The work of putting one message into the mailboxes of those who got it and of the one who wrote it. */
export function fileMail(
  { mailboxes }: { mailboxes: Mailboxes },
  { people }: Residents,
  message: LabMessage,
  dice: Dice,
  now: Instant,
): (() => Promise<void>)[] {
  const work: (() => Promise<void>)[] = []
  const file = (alias: string, kind: 'inbox' | 'sentitems', received: Instant, isRead: boolean, properties: Properties) => {
    const resident = people.get(alias)
    if (!resident) return
    const { mailbox } = resident.recipient
    const filed = kind === 'inbox' && isRead ? resident.folders.get(message.folder[alias] ?? '') : undefined
    const folder: FolderRef = filed === undefined ? { mailbox, kind } : { mailbox, id: filed }
    const extended: Record<string, ExtendedValue> = {
      [receivedKey]: { type: 'SystemTime', value: received },
      [flagsKey]: { type: 'Integer', value: isRead ? 1 : 0 },
    }
    work.push(async () => {
      await mailboxes.createItem(resident.caller, folder, { kind: 'message', properties, extended, mime: message.mime })
    })
  }
  for (const alias of message.readers) {
    const received = message.sent + (2 + dice.below(20)) * 1000
    const age = now - received
    const isRead = dice.chance(age > 7 * day ? 0.97 : age > 2 * day ? 0.75 : 0.35)
    const properties: Properties = {
      ...(message.category && dice.chance(0.7) ? { categories: [message.category] } : {}),
      ...(dice.chance(0.08) ? { flag: flag(dice, now) } : {}),
    }
    file(alias, 'inbox', received, isRead, properties)
  }
  if (message.writer) file(message.writer, 'sentitems', message.sent, true, {})
  return work
}

function flag(dice: Dice, now: Instant) {
  const start = now - dice.below(3) * day
  return dice.chance(0.3) ? { status: 'Complete', complete: start } : { status: 'Flagged', start, due: start + 4 * day }
}

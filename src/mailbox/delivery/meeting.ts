import { isKind } from '#model'
import { meetingDelivery } from '../calendar/meetings/deliver-meeting.ts'
import { delegatedFor, delegatedProperties } from './delegated-for.ts'
import type { DeliveryStep } from './incoming.ts'

/** A meeting's message is filed in the calendar too, unless it is the copy of a delegate, whose meeting it is not. */
export const meeting: DeliveryStep = async (ctx, incoming) => {
  const { organisation, mailbox, item, parsed, delivery } = incoming
  const [calendar] = parsed.calendar
  if (!calendar || !isKind(item.kind, 'meetingMessage') || incoming.folder === 'junkemail') return undefined
  const found = await meetingDelivery(ctx, organisation, mailbox, item, calendar.text, delivery.authAs === 'Anonymous')
  if (!found) return undefined
  incoming.item = found.input
  const represented = delegatedFor(parsed)
  if (represented) {
    const copy = await delegatedProperties(ctx, organisation, represented)
    incoming.item = { ...found.input, properties: { ...found.input.properties, ...copy } }
    return undefined
  }
  return async (tx, { added }, prepared) => void Object.assign(added, await found.process(tx, prepared))
}

import * as apps from './apps.ts'
import * as attachments from './attachments.ts'
import * as availability from './availability.ts'
import * as configuration from './configuration.ts'
import * as conversations from './conversations.ts'
import * as convertId from './convert-id.ts'
import * as delegates from './delegates.ts'
import * as discovery from './discovery.ts'
import * as folders from './folders.ts'
import * as im from './im.ts'
import * as inboxRules from './inbox-rules.ts'
import * as instantSearch from './instant-search.ts'
import * as items from './items.ts'
import * as mailTips from './mail-tips.ts'
import * as names from './names.ts'
import * as notifications from './notifications.ts'
import * as outOfOffice from './out-of-office.ts'
import * as people from './people.ts'
import * as reminders from './reminders.ts'
import * as search from './search.ts'
import * as sharing from './sharing.ts'
import * as sync from './sync.ts'
import * as timeZones from './time-zones.ts'
import * as tracking from './tracking.ts'
import * as transfer from './transfer.ts'
import { bareOperations } from './bare.ts'
import type { EwsOperation } from '../operation.ts'

const rooms: readonly object[] = [
  apps,
  attachments,
  availability,
  configuration,
  conversations,
  convertId,
  delegates,
  discovery,
  folders,
  im,
  inboxRules,
  instantSearch,
  items,
  mailTips,
  names,
  notifications,
  outOfOffice,
  people,
  reminders,
  search,
  sharing,
  sync,
  timeZones,
  tracking,
  transfer,
]

/** Every operation, by the element of its request (`GetItem`, `GetUserAvailabilityRequest`). */
export const ewsOperations: ReadonlyMap<string, EwsOperation> = new Map(
  [...rooms.flatMap((room): unknown[] => Object.values(room)).filter(isOperation), ...bareOperations].map((operation) => [
    operation.requestElement,
    operation,
  ]),
)

function isOperation(value: unknown): value is EwsOperation {
  return typeof value === 'object' && value !== null && 'requestElement' in value
}

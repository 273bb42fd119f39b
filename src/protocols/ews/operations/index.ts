import type { EwsVerb } from '../verb.ts'
import { appVerbs } from './apps/index.ts'
import { archiveVerbs } from './archive/index.ts'
import { attachmentVerbs } from './attachments/index.ts'
import { calendarVerbs } from './calendar/index.ts'
import { conversationVerbs } from './conversations/index.ts'
import { delegateVerbs } from './delegates/index.ts'
import { discoveryVerbs } from './discovery/index.ts'
import { folderVerbs } from './folders/index.ts'
import { idVerbs } from './ids/index.ts'
import { imVerbs } from './im/index.ts'
import { itemVerbs } from './items/index.ts'
import { notificationVerbs } from './notifications/index.ts'
import { peopleVerbs } from './people/index.ts'
import { reminderVerbs } from './reminders/index.ts'
import { ruleVerbs } from './rules/index.ts'
import { searchVerbs } from './search/index.ts'
import { settingVerbs } from './settings/index.ts'
import { sharingVerbs } from './sharing/index.ts'
import { syncVerbs } from './sync/index.ts'
import { trackingVerbs } from './tracking/index.ts'
import { transferVerbs } from './transfer/index.ts'

/** Every operation that is served, by the element of its request. Those that `#schema` knows and this table does not answer ErrorInvalidRequest. */
export const verbs: ReadonlyMap<string, EwsVerb> = new Map(
  [
    ...itemVerbs,
    ...folderVerbs,
    ...attachmentVerbs,
    ...appVerbs,
    ...archiveVerbs,
    ...syncVerbs,
    ...calendarVerbs,
    ...conversationVerbs,
    ...settingVerbs,
    ...peopleVerbs,
    ...reminderVerbs,
    ...notificationVerbs,
    ...searchVerbs,
    ...ruleVerbs,
    ...delegateVerbs,
    ...discoveryVerbs,
    ...idVerbs,
    ...imVerbs,
    ...transferVerbs,
    ...trackingVerbs,
    ...sharingVerbs,
  ].map((one) => [one.operation.requestElement, one]),
)

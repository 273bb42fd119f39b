import type { EwsVerb } from '../verb.ts'
import { attachmentVerbs } from './attachments/index.ts'
import { calendarVerbs } from './calendar/index.ts'
import { discoveryVerbs } from './discovery/index.ts'
import { folderVerbs } from './folders/index.ts'
import { idVerbs } from './ids/index.ts'
import { itemVerbs } from './items/index.ts'
import { notificationVerbs } from './notifications/index.ts'
import { peopleVerbs } from './people/index.ts'
import { searchVerbs } from './search/index.ts'
import { settingVerbs } from './settings/index.ts'
import { syncVerbs } from './sync/index.ts'

/** Every operation that is served, by the element of its request. Those that `#schema` knows and this table does not answer ErrorInvalidRequest. */
export const verbs: ReadonlyMap<string, EwsVerb> = new Map(
  [
    ...itemVerbs,
    ...folderVerbs,
    ...attachmentVerbs,
    ...syncVerbs,
    ...calendarVerbs,
    ...settingVerbs,
    ...peopleVerbs,
    ...notificationVerbs,
    ...searchVerbs,
    ...discoveryVerbs,
    ...idVerbs,
  ].map((one) => [one.operation.requestElement, one]),
)

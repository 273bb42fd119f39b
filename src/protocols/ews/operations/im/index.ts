import type { EwsVerb } from '../../verb.ts'
import { contactVerbs } from './contacts.ts'
import { groupVerbs } from './groups.ts'
import { getImItemList, getImItems, setImListMigrationCompleted } from './list.ts'

export const imVerbs: readonly EwsVerb[] = [getImItemList, getImItems, setImListMigrationCompleted, ...groupVerbs, ...contactVerbs]

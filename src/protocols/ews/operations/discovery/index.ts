import type { EwsVerb } from '../../verb.ts'
import { getSearchableMailboxes } from './get-searchable-mailboxes.ts'
import { findMailboxStatisticsByKeywords } from './keyword-statistics.ts'
import { getDiscoverySearchConfiguration, getHoldOnMailboxes, setHoldOnMailboxes } from './holds.ts'
import { getNonIndexableItemDetails, getNonIndexableItemStatistics } from './non-indexable.ts'
import { searchMailboxes } from './search-mailboxes.ts'

export const discoveryVerbs: readonly EwsVerb[] = [
  getSearchableMailboxes,
  searchMailboxes,
  findMailboxStatisticsByKeywords,
  getDiscoverySearchConfiguration,
  getHoldOnMailboxes,
  setHoldOnMailboxes,
  getNonIndexableItemStatistics,
  getNonIndexableItemDetails,
]

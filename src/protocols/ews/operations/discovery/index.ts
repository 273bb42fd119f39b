import type { EwsVerb } from '../../verb.ts'
import { getSearchableMailboxes } from './get-searchable-mailboxes.ts'
import { getDiscoverySearchConfiguration, getHoldOnMailboxes, setHoldOnMailboxes } from './holds.ts'
import { searchMailboxes } from './search-mailboxes.ts'

export const discoveryVerbs: readonly EwsVerb[] = [
  getSearchableMailboxes,
  searchMailboxes,
  getDiscoverySearchConfiguration,
  getHoldOnMailboxes,
  setHoldOnMailboxes,
]

import { matchesFilter, type Directory, type RecipientFilter } from '#directory'
import { Refusal } from '#model'
import type { Test } from './rights.ts'

/**
 * The test of a scope's filter. Not to be read → InvalidParameter; so is one that asks for membership in groups, which is not a property of the
 * recipient: whoever may change the group would change the scope.
 */
export async function readScopeFilter(directory: Pick<Directory, 'readFilter'>, organisation: string, text: string): Promise<Test> {
  const filter = await directory.readFilter(organisation, text)
  if (asksForGroups(filter.condition)) {
    throw new Refusal(
      'InvalidParameter',
      'A scope cannot be a matter of group membership (MemberOfGroup): filter on properties of the recipients.',
      {
        parameter: 'RecipientRestrictionFilter',
      },
    )
  }
  return (recipient) => matchesFilter(filter, recipient)
}

function asksForGroups(condition: RecipientFilter['condition']): boolean {
  if ('and' in condition) return condition.and.some(asksForGroups)
  if ('or' in condition) return condition.or.some(asksForGroups)
  if ('not' in condition) return asksForGroups(condition.not)
  return 'referredBy' in condition
}

import { isLike } from '#model'
import type { Facets, ObjectCondition } from '#store'
import type { Recipient } from '../contract.ts'
import type { RecipientFilter } from './contract.ts'
import { facetsOf } from './facets.ts'
import { byCodePoint } from './fold.ts'

/**
 * Whether a filter is true of a recipient: what `search` would say of it. `groups` are GUIDs of the groups that it is a direct member of, for
 * filters that ask for MemberOfGroup; left out, it is in none.
 */
export function matchesFilter(filter: RecipientFilter, recipient: Recipient, groups: readonly string[] = []): boolean {
  return holds(filter.condition, facetsOf(recipient), groups)
}

function holds(condition: ObjectCondition, facets: Facets, groups: readonly string[]): boolean {
  if ('and' in condition) return condition.and.every((part) => holds(part, facets, groups))
  if ('or' in condition) return condition.or.some((part) => holds(part, facets, groups))
  if ('not' in condition) return !holds(condition.not, facets, groups)
  if ('referredBy' in condition) return groups.includes(condition.referredBy)
  const found = facets[condition.property]
  if (condition.many) {
    const members = Array.isArray(found) ? found : []
    if ('is' in condition && condition.is === '<>') return !members.includes(String(condition.value))
    return members.some((member) => isSo(member, condition))
  }
  return isSo(Array.isArray(found) ? undefined : found, condition)
}

function isSo(found: string | number | boolean | undefined, condition: Extract<ObjectCondition, { property: string }>): boolean {
  if ('present' in condition) return found !== undefined && found !== ''
  if ('like' in condition) return typeof found === 'string' && isLike(found, condition.like)
  const { is, value } = condition
  if (is === '<>') return !isSo(found, { ...condition, is: '=' })
  if (typeof value === 'boolean') return is === '=' && (found === true) === value
  if (typeof found !== typeof value) return false
  return compares(typeof value === 'string' ? byCodePoint(found as string, value) : (found as number) - value, is)
}

function compares(difference: number, is: '=' | '<' | '<=' | '>' | '>='): boolean {
  if (difference === 0) return is === '=' || is === '<=' || is === '>='
  return difference < 0 ? is === '<' || is === '<=' : is === '>' || is === '>='
}

import { createHash } from 'node:crypto'
import type { Item } from '#mailbox'
import type { Caller, Restriction } from '#model'
import type { EwsContext } from '../../context.ts'

/** A mailbox with what is searched for in it. */
export interface Searched {
  mailbox: string
  address: string
  query?: Restriction
}

/** Message-IDs that are looked for at once. */
const together = 100

/** What two copies of one message have in common ([MS-OXWSEDISC] 2.2.3 UniqueHash). */
export const hashOf = (messageId: string): string => createHash('sha256').update(messageId).digest('base64')

/**
 * Those of the items of which another copy was found that stands for all ([MS-OXWSEDISC] 3.1.4.6 Deduplication): the first one made in the
 * mailbox that was named first. A copy that the query does not find stands for none. Items without a Message-ID are each their own.
 */
export async function duplicatesIn(
  { mailboxes }: EwsContext,
  caller: Caller,
  searched: readonly Searched[],
  items: readonly Item[],
): Promise<ReadonlySet<Item>> {
  const ids = [...new Set(items.flatMap(({ head }) => (head.messageId ? [head.messageId] : [])))]
  const first = new Map<string, string>()
  for (const { mailbox, query } of searched) {
    const open = ids.filter((id) => !first.has(id))
    for (let at = 0; at < open.length; at += together) {
      const or = open
        .slice(at, at + together)
        .map((value): Restriction => ({ compare: { property: 'internetMessageId' }, is: '=', with: { value } }))
      const restriction: Restriction = query ? { and: [query, { or }] } : { or }
      const search = { mailbox, by: 'dateTimeCreated' as const, descending: false, wanted: { shape: 'ids' as const }, limit: 1000 }
      const { items: copies } = await mailboxes.searchMailbox(caller, { ...search, restriction })
      for (const { ref, head } of copies) if (!first.has(head.messageId)) first.set(head.messageId, `${ref.mailbox} ${ref.id}`)
    }
  }
  const isDouble = ({ ref, head }: Item) => first.has(head.messageId) && first.get(head.messageId) !== `${ref.mailbox} ${ref.id}`
  return new Set(items.filter(isDouble))
}

import { z } from 'zod'
import { Refusal, type InternetHeader } from '#model'
import { itemRef, plainRef } from '../references.ts'
import { verb } from '../verb.ts'

/** The header of a message as it came. */
export const messageDetails = verb(z.object({ item: itemRef }), async ({ caller, mailboxes }, { item: ref }) => {
  const paths = ['internetMessageHeaders', 'internetMessageId', 'size', 'itemClass'].map((property) => ({ property }))
  const [item] = await mailboxes.getItems(caller, [plainRef(ref)], { shape: 'ids', paths })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The message is not there any more.')
  return {
    headers: ((item.properties.internetMessageHeaders ?? []) as InternetHeader[]).map(({ name, value }) => ({ name, value })),
    size: item.properties.size as number | undefined,
    itemClass: item.properties.itemClass as string | undefined,
  }
})

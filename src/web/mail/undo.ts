/** What was moved last, so that it can go back. */
import { ask } from '../app/api.ts'
import type { ItemPlace } from './mail-tools.ts'

/** Messages that were moved: where each lies now, by the number of the folder that it came from. */
export interface Moved {
  /** Where they went, by number; undefined = to Deleted Items. */
  to: number | undefined
  back: ReadonlyMap<number, ItemPlace[]>
}

/** What one question takes. */
const atOnce = 200

/** Moves everything back where it came from. What was refused, in words. */
export async function takeBack({ back }: Moved): Promise<string[]> {
  const refused: string[] = []
  for (const [folder, items] of back) {
    for (let from = 0; from < items.length; from += atOnce) {
      const some = items.slice(from, from + atOnce)
      const to = { mailbox: some[0]?.mailbox ?? '', id: folder }
      const { outcomes } = await ask('actOnMessages', { items: some, action: { do: 'move', to } })
      for (const { error } of outcomes) if (error) refused.push(error.message)
    }
  }
  return refused
}

/** What was moved last, so that it can go back. */
import { ask } from '../app/api.ts'
import { atOnce } from './actions.ts'
import type { ItemPlace } from './mail-tools.ts'

/** Messages that were moved: where each lies now, by the number of the folder that it came from. */
export interface Moved {
  /** Where they went, by number; undefined = to Deleted Items. */
  to: number | undefined
  back: ReadonlyMap<number, ItemPlace[]>
}

/** Moves everything back where it came from. What did not go back, and why. */
export async function takeBack({ to, back }: Moved): Promise<{ left: Moved; why: string[] }> {
  const left = new Map<number, ItemPlace[]>()
  const why: string[] = []
  for (const [folder, items] of back) {
    for (let from = 0; from < items.length; from += atOnce) {
      const some = items.slice(from, from + atOnce)
      const stay = (stayed: ItemPlace[], because: string) => {
        left.set(folder, [...(left.get(folder) ?? []), ...stayed])
        why.push(because)
      }
      try {
        const { outcomes } = await ask('actOnMessages', {
          items: some,
          action: { do: 'move', to: { mailbox: some[0]?.mailbox ?? '', id: folder } },
        })
        for (const { item, error } of outcomes) if (error) stay([item], error.message)
      } catch (error) {
        stay(some, (error as Error).message)
      }
    }
  }
  return { left: { to, back: left }, why }
}

import type { Item } from '#mailbox'
import { extendedKey, type PropertyPath } from '#model'
import type { EwsItem } from '#schema'

/** Items that come sorted by a property, put in groups of equal value ([MS-OXWSSRCH] 2.2.4.15 GroupByType). */
export function grouped(items: Item[], elements: EwsItem[], path: PropertyPath): { GroupIndex: string; Items: EwsItem[] }[] {
  const groups = new Map<string, EwsItem[]>()
  items.forEach((item, at) => {
    const value = 'extended' in path ? item.extended[extendedKey(path.extended)]?.value : valueOf(item, path.property)
    const key = JSON.stringify(value ?? null)
    const element = elements[at]
    if (!element) return
    const group = groups.get(key)
    if (group) group.push(element)
    else groups.set(key, [element])
  })
  return [...groups].map(([key, Items]) => ({ GroupIndex: textOf(key), Items }))
}

function valueOf(item: Item, property: string): unknown {
  return item.properties[property] ?? (item.head as unknown as Record<string, unknown>)[property]
}

function textOf(key: string): string {
  const value: unknown = JSON.parse(key)
  return typeof value === 'string' ? value : key
}

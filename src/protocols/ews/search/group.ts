import type { EwsItem } from '#schema'

/** Items that come in groups, as the answer holds them ([MS-OXWSSRCH] 2.2.4.15 GroupByType): one entry a group, in their order. */
export function grouped(elements: EwsItem[], groups: readonly string[]): { GroupIndex: string; Items: EwsItem[] }[] {
  const found: { GroupIndex: string; Items: EwsItem[] }[] = []
  elements.forEach((element, at) => {
    const GroupIndex = groups[at] ?? ''
    const last = found.at(-1)
    if (last?.GroupIndex === GroupIndex) last.Items.push(element)
    else found.push({ GroupIndex, Items: [element] })
  })
  return found
}

import type { Facets } from '#store'
import type { Recipient } from '../contract.ts'
import { foldedText } from './fold.ts'
import { filterProperties } from './properties.ts'

/** What the store finds a recipient by: every filterable property that it has, folded. */
export function facetsOf(recipient: Recipient): Facets {
  const facets: Facets = {}
  for (const { facet, get } of filterProperties) {
    const value = get(recipient)
    if (value === undefined) continue
    if (typeof value === 'string') {
      const folded = foldedText(value)
      if (folded !== '') facets[facet] = folded
    } else if (typeof value === 'object') {
      const folded = value.map(foldedText).filter((member) => member !== '')
      if (folded.length > 0) facets[facet] = folded
    } else facets[facet] = value
  }
  return facets
}

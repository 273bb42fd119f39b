import { complexity, propertyRow, Refusal, type PropertyPath, type Restriction } from '#model'

/** The most conditions and the deepest nesting of a restriction. */
export const restrictionLimits = { conditions: 1000, depth: 100 } as const

/** A restriction ready to be evaluated: within the limits, choices by their number. Beyond → RestrictionTooComplex. */
export function checkedRestriction(restriction: Restriction): Restriction {
  const { conditions, depth } = complexity(restriction)
  if (conditions > restrictionLimits.conditions || depth > restrictionLimits.depth) {
    throw new Refusal(
      'RestrictionTooComplex',
      `A restriction has at most ${restrictionLimits.conditions} conditions, ${restrictionLimits.depth} deep.`,
    )
  }
  return numbered(restriction)
}

/** Choices compare by number (Low < Normal < High): their names in constants are replaced. */
function numbered(restriction: Restriction): Restriction {
  if ('and' in restriction) return { and: restriction.and.map(numbered) }
  if ('or' in restriction) return { or: restriction.or.map(numbered) }
  if ('not' in restriction) return { not: numbered(restriction.not) }
  if (!('compare' in restriction) || !('value' in restriction.with)) return restriction
  const choices = choicesOf(restriction.compare)
  const index = choices?.indexOf(restriction.with.value) ?? -1
  return index < 0 ? restriction : { ...restriction, with: { value: String(index) } }
}

function choicesOf(path: PropertyPath): readonly string[] | undefined {
  return 'property' in path ? propertyRow(path.property).choices : undefined
}

const ofNumber = 16
const ofEntry = 24
const deepest = 30

/** Roughly how many bytes a value takes, with all that is in it: for bounding answers, not for billing. */
export function weightOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return ofEntry + value.length
  if (typeof value !== 'object' || value === null) return ofNumber
  if (value instanceof Uint8Array) return ofEntry + value.byteLength
  if (depth > deepest) return ofEntry
  let weight = ofEntry
  if (Array.isArray(value)) for (const one of value) weight += weightOf(one, depth + 1)
  else for (const key in value) weight += ofEntry + weightOf((value as Record<string, unknown>)[key], depth + 1)
  return weight
}

/** Properties of objects as people read them. */
import { inFull, inShort } from '../app/times.ts'
import type { Given } from './cmdlets.ts'

const isMark = (name: string) => /@(odata|data)\.type$/.test(name)

/** Names of an object's properties, without the marks of their types. */
export const propertiesOf = (object: Given): string[] => Object.keys(object).filter((name) => !isMark(name))

/** A property as text; `truth` are the words for yes and no. In a list times are short. */
export function shownValue(object: Given, name: string, truth: { yes: string; no: string }, isShort = false): string {
  const isTime = object[`${name}@data.type`] === 'System.DateTime'
  const show = (value: unknown): string => {
    if (value === null || value === undefined) return ''
    if (typeof value === 'boolean') return value ? truth.yes : truth.no
    if (Array.isArray(value)) return value.map(show).join(', ')
    if (typeof value === 'object') {
      const inner = value as Given
      if (typeof inner.Name === 'string') return inner.Name
      return propertiesOf(inner).map((key) => `${key}: ${shownValue(inner, key, truth)}`).join('; ') // prettier-ignore
    }
    const instant = isTime ? Date.parse(String(value)) : Number.NaN
    return Number.isNaN(instant) ? String(value) : isShort ? inShort(instant) : inFull(instant)
  }
  return show(object[name])
}

/** What names an object to the cmdlets about it. */
export function identityOf(object: Given, property: string): string {
  const found = object[property] ?? object.Identity ?? object.Name
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

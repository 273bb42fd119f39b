import { createHash } from 'node:crypto'

/** A GUID made of a text: the same in every process (RFC 9562 5.8). */
export function fixedGuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The GUID of one of several objects of a kind that are there from the start. */
export const builtInGuid = (organisation: string, kind: string, name: string): string => fixedGuid(`${organisation} ${kind} ${name}`)

import type { ExtendedProperty } from '../extended.ts'
import type { ItemKind } from '../properties/row.ts'
import type { ExtendedValue, PropertyValue } from '../values.ts'

/** Reads a first-class property by name, or one of the pseudo-properties `#mailbox` gives (`$id`, `$folder…`). */
export type Getter = (name: string) => unknown

/** A MAPI property that is another view on first-class ones. */
export interface MapiAlias {
  property: ExtendedProperty
  /** The kinds of item that have it (and those that extend them), or folders. */
  on: readonly (ItemKind | 'folder')[]
  /** The first-class properties it is made of, so that whoever reads can load them first. */
  needs: readonly string[]
  /** The value in the form of its MAPI type; undefined = absent. */
  read: (get: Getter) => ExtendedValue['value'] | undefined
  /** The changes of first-class properties that setting it (undefined: deleting it) means; absent = read-only. */
  write?: (value: ExtendedValue['value'] | undefined, get: Getter) => Record<string, PropertyValue>
}

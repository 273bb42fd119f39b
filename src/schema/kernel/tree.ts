import type { Tree } from '#model'
import { treeOf, writeTree } from '#wire'
import type { Codec } from './codec.ts'

/** An element kept as it came; its child elements are written under the one prefix. The outer name is the place's. */
export function treeIn(prefix: string, name = ''): Codec<Tree> {
  return {
    shape: { is: 'own', name: `tree ${name}`.trim() },
    read: (element) => treeOf(element),
    write: (tag, value) => writeTree(value, prefix, tag),
  }
}

/** A type that refers to itself, by a function that is called on first use. */
export function recursive<T>(of: () => Codec<T>): Codec<T> {
  let known: Codec<T> | undefined
  const codec = () => (known ??= of())
  return {
    shape: { is: 'recursive', of: codec as () => Codec<unknown> },
    read: (element, context) => codec().read(element, context),
    write: (tag, value, context) => codec().write(tag, value, context),
  }
}

const nil = '{http://www.w3.org/2001/XMLSchema-instance}nil'
/** An element that may say xsi:nil instead of having a value. */
export function nullable<T>(of: Codec<T>): Codec<T | null> {
  return {
    shape: { is: 'nullable', of: of as Codec<unknown> },
    read: (element, context) => (element.attributes[nil] === 'true' || element.attributes[nil] === '1' ? null : of.read(element, context)),
    write: (tag, value, context) =>
      value === null ? `<${tag} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>` : of.write(tag, value, context),
  }
}

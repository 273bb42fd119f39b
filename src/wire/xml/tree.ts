import type { Tree } from '#model'
import type { XmlElement } from './element.ts'

/**
 * An element kept as it came, as plain JSON: local names, attributes without prefix, text. White space between elements
 * is left out; text beside elements stays.
 */
export function treeOf(element: XmlElement): Tree {
  const tree: Tree = { name: element.name }
  const attributes = Object.entries(element.attributes).filter(([name]) => !name.startsWith('{'))
  if (attributes.length) tree.attributes = Object.fromEntries(attributes)
  const mixed = element.children.some((child) => typeof child !== 'string')
  const children: (Tree | string)[] = []
  for (const child of element.children) {
    if (typeof child !== 'string') children.push(treeOf(child))
    else if (!mixed || child.trim() !== '') children.push(child)
  }
  if (children.length) tree.children = children
  return tree
}

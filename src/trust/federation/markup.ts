import { escapeAttribute, escapeText } from '#wire'
import { namespaces, type Prefix } from './names.ts'

/** An element to be written; `tag` and attribute names carry prefixes of `namespaces`. */
export interface Markup {
  tag: string
  attributes: Readonly<Record<string, string>>
  children: readonly (Markup | Raw | string)[]
  /** Prefixes to declare although only text uses them (fault codes). */
  declare?: readonly Prefix[]
}

/** XML put in as it is; it declares its own prefixes. */
export interface Raw {
  xml: string
}

/** An element to be written. */
export function element(tag: string, attributes: Readonly<Record<string, string>> = {}, ...children: (Markup | Raw | string)[]): Markup {
  return { tag, attributes, children }
}

/**
 * The element as text in its exclusive canonical form (Exclusive XML Canonicalization 1.0), `declared` being the prefixes
 * that ancestors have declared. Written with none it is what a signature digests, wherever the element then stands, except
 * for raw parts and what `declare` adds.
 */
export function write(node: Markup, declared: ReadonlySet<string> = new Set()): string {
  const names = Object.keys(node.attributes).toSorted(byNamespace)
  const used = [node.tag, ...names].map(prefixOf).filter((prefix) => prefix !== '' && prefix !== 'xml')
  const fresh = [...new Set([...used, ...(node.declare ?? [])])].filter((prefix) => !declared.has(prefix)).toSorted()
  const inside = fresh.length ? new Set([...declared, ...fresh]) : declared
  let text = `<${node.tag}`
  for (const prefix of fresh) text += ` xmlns:${prefix}="${namespaceOf(prefix)}"`
  for (const name of names) text += ` ${name}="${escapeAttribute(node.attributes[name] ?? '').replaceAll('&gt;', '>')}"`
  text += '>'
  for (const child of node.children) {
    if (typeof child === 'string') text += escapeText(child)
    else text += 'xml' in child ? child.xml : write(child, inside)
  }
  return `${text}</${node.tag}>`
}

function prefixOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(':')))
}

function namespaceOf(prefix: string): string {
  if (prefix === 'xml') return 'http://www.w3.org/XML/1998/namespace'
  if (prefix in namespaces) return namespaces[prefix as Prefix]
  throw new Error(`no namespace has the prefix '${prefix}'`)
}

/** Attributes without prefix first, by name; then by namespace and name. */
function byNamespace(a: string, b: string): number {
  const [left, right] = [a, b].map((name) =>
    name.includes(':') ? `${namespaceOf(prefixOf(name))} ${name.slice(name.indexOf(':') + 1)}` : name,
  )
  if (a.includes(':') !== b.includes(':')) return a.includes(':') ? 1 : -1
  return (left ?? '') < (right ?? '') ? -1 : 1
}

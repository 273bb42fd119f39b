/** An element as it was read: namespaces resolved, position known, inner text as written still at hand. */
export interface XmlElement {
  /** Local name, without prefix. */
  readonly name: string
  /** Namespace URI, or empty. */
  readonly namespace: string
  /** Attributes without prefix by their name; prefixed ones by `{namespace}name`. Namespace declarations are not among them. */
  readonly attributes: Readonly<Record<string, string>>
  /** Elements and text in document order. Text runs are joined; comments and processing instructions are gone. */
  readonly children: (XmlElement | string)[]
  readonly parent: XmlElement | undefined
  /** Where the start tag ends, 1-based. */
  readonly line: number
  readonly column: number
  /** Everything between start and end tag, as written. */
  readonly inner: () => string
}

/** The text of the element's own text children, joined. */
export function textOf(element: XmlElement): string {
  const { children } = element
  if (children.length === 0) return ''
  if (children.length === 1) return typeof children[0] === 'string' ? children[0] : ''
  let text = ''
  for (const child of children) if (typeof child === 'string') text += child
  return text
}

/** The child elements, in order. */
export function elementsOf(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => typeof child !== 'string')
}

/** The first child element of the local name, in any namespace unless one is given. */
export function childNamed(element: XmlElement, name: string, namespace?: string): XmlElement | undefined {
  for (const child of element.children) {
    if (typeof child !== 'string' && child.name === name && (namespace === undefined || child.namespace === namespace)) return child
  }
  return undefined
}

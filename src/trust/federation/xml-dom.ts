// xmldom and the canonicaliser of xml-crypto, typed by what is used of them: their own declarations bring in all of lib.dom.
import { createRequire } from 'node:module'
import { Flaw, flawed } from './flaw.ts'
import { namespaces, type Prefix } from './names.ts'

const require = createRequire(import.meta.url)

/** An element of xmldom. */
export interface DomElement {
  readonly localName: string | null
  readonly namespaceURI: string | null
  readonly parentNode: DomElement | null
  readonly childNodes: ArrayLike<DomElement>
  readonly attributes: ArrayLike<{ localName: string | null; value: string }> | undefined
  removeChild(child: DomElement): void
}

interface DomDocument extends DomElement {
  getElementsByTagNameNS(namespace: string, name: string): Iterable<DomElement>
}

interface XmlCrypto {
  ExclusiveCanonicalization: new () => { process(node: DomElement, options: object): string }
}

interface XmlDom {
  DOMParser: new () => { parseFromString(text: string, type: 'text/xml'): DomDocument }
}

const { ExclusiveCanonicalization } = require('xml-crypto') as XmlCrypto
const { DOMParser } = require('@xmldom/xmldom') as XmlDom

/** A document that `readStrict` has read already, as DOM. */
export function domOf(text: string): DomDocument {
  return orFlaw(() => new DOMParser().parseFromString(text, 'text/xml'))
}

/** The elements of this name within an element of that name and namespace. */
export function domElements(
  document: DomDocument,
  prefix: Prefix,
  name: string,
  parent: { name: string; namespace: string },
): DomElement[] {
  return Array.from(document.getElementsByTagNameNS(namespaces[prefix], name)).filter(
    ({ parentNode }) => parentNode?.localName === parent.name && parentNode.namespaceURI === parent.namespace,
  )
}

/** The elements with the id. */
export function domElementsOfId(node: DomElement, id: string): DomElement[] {
  const own = Array.from(node.attributes ?? []).filter(({ localName, value }) => value === id && isIdName(localName ?? ''))
  return [...own.map(() => node), ...Array.from(node.childNodes ?? []).flatMap((child) => domElementsOfId(child, id))]
}

/** Whether an attribute of this local name gives an element its id: wsu:Id, AssertionID and all that look like one. */
export function isIdName(localName: string): boolean {
  return /^(id|assertionid)$/i.test(localName)
}

/** The element in exclusive canonical form, without comments ([Exclusive XML Canonicalization 1.0]). */
export function canonicalText(node: DomElement): string {
  return orFlaw(() => new ExclusiveCanonicalization().process(node, {}))
}

/** What these libraries throw is about the document. */
function orFlaw<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof Flaw) throw error
    return flawed(`is read differently by another parser (${(error as Error).message.slice(0, 200)})`)
  }
}

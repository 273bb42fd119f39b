import { SaxesParser, type SaxesTagNS } from 'saxes'
import { Refusal } from '#model'
import { xmlText } from './decode.ts'
import type { XmlElement } from './element.ts'

export interface XmlLimits {
  /** Bytes (or characters) of the document. */
  size?: number
  /** Elements within elements. */
  depth?: number
  /** Elements and attributes together. */
  nodes?: number
  /** Attributes of one element. */
  attributes?: number
}

const defaults: Required<XmlLimits> = { size: 64 * 1024 * 1024, depth: 200, nodes: 400_000, attributes: 256 }

interface Open extends XmlElement {
  /** Offsets into the document of what lies between the tags. */
  from: number
  to: number
}

/**
 * Reads a document into a tree, namespaces resolved. Refuses SchemaValidation for what is not well-formed, for a document
 * type (so there are no entities to expand) and beyond the limits on depth and count; RequestStreamTooBig beyond the size.
 * The refusal's detail says `line` and `column`. Time and memory grow with the size alone.
 */
export function readXml(input: Uint8Array | string, limits: XmlLimits = {}): XmlElement {
  const limit = { ...defaults, ...limits }
  if (input.length > limit.size) {
    throw new Refusal('RequestStreamTooBig', `The request is larger than ${limit.size} bytes.`, { limit: limit.size })
  }
  const text = typeof input === 'string' ? input.replace(/^\ufeff/, '') : xmlText(input)
  const parser = new SaxesParser({ xmlns: true })
  const refuse = (why: string): never => {
    throw new Refusal('SchemaValidation', `The request is not valid XML: ${why} (line ${parser.line}, column ${parser.column}).`, {
      line: parser.line,
      column: parser.column,
    })
  }
  let root: Open | undefined
  let open: Open | undefined
  let depth = 0
  let nodes = 0
  const tooMany = () => refuse(`more than ${limit.nodes} elements and attributes`)
  let ofTag = 0

  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '')))
  parser.on('doctype', () => refuse('a document type declaration is not allowed'))
  parser.on('opentagstart', () => {
    ofTag = 0
    if (++depth > limit.depth) refuse(`elements are nested deeper than ${limit.depth}`)
    if (++nodes > limit.nodes) tooMany()
  })
  parser.on('attribute', () => {
    if (++ofTag > limit.attributes) refuse(`an element has more than ${limit.attributes} attributes`)
    if (++nodes > limit.nodes) tooMany()
  })
  parser.on('opentag', (tag) => {
    const element: Open = {
      name: tag.local,
      namespace: tag.uri,
      attributes: attributesOf(tag),
      children: [],
      parent: open,
      line: parser.line,
      column: parser.column,
      from: parser.position,
      to: parser.position,
      inner: () => text.slice(element.from, element.to),
    }
    if (open) open.children.push(element)
    else root = element
    open = element
  })
  parser.on('closetag', (tag) => {
    depth--
    if (!open) return
    if (!tag.isSelfClosing) open.to = text.lastIndexOf('</', parser.position - 1)
    open = open.parent as Open | undefined
  })
  const addText = (value: string): void => {
    if (!open) return
    const at = open.children.length - 1
    const last = open.children[at]
    if (typeof last === 'string') open.children[at] = last + value
    else open.children.push(value)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.write(text).close()
  return root ?? refuse('there is no element')
}

const none: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)

function attributesOf(tag: SaxesTagNS): Readonly<Record<string, string>> {
  let attributes: Record<string, string> | undefined
  for (const key in tag.attributes) {
    const attribute = tag.attributes[key]
    if (!attribute || attribute.prefix === 'xmlns' || attribute.name === 'xmlns') continue
    attributes ??= Object.create(null) as Record<string, string>
    attributes[attribute.uri ? `{${attribute.uri}}${attribute.local}` : attribute.local] = attribute.value
  }
  return attributes ?? none
}

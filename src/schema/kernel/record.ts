import { escapeAttribute, escapeText, textOf, type XmlElement } from '#wire'
import { refuseAt, type Codec, type Field, type ReadContext, type TextCodec, type WriteContext } from './codec.ts'
import { isField, type Fields, type RecordValue } from './field.ts'
import type { Namespace } from './namespace.ts'

type Value = Record<string, unknown>
interface TaggedValue {
  is: string
  value: unknown
}
/** What to do with a child element of some name. */
interface Slot {
  key: string
  codec: Codec<unknown>
  /** Set for choices: the value says which one it is. */
  tag: boolean
  many: boolean
}
interface Part {
  key: string
  field: Field<unknown>
  write: (value: never, context: WriteContext) => string
}

/**
 * An element with attributes and child elements. Order of the table is the order written; read in any order. Refuses
 * SchemaValidation with the path: what is missing, what is there twice, what the table does not have in a known namespace.
 */
export function recordIn<const F extends Fields>(namespace: Namespace, fields: F): Codec<RecordValue<F>> {
  const table = Object.fromEntries(Object.entries(fields).map(([key, of]) => [key, asField(of)]))
  const attributes = Object.entries(table).filter(([, field]) => field.place === 'attribute')
  const content = Object.entries(table).filter(([, field]) => field.place !== 'attribute')
  const textKey = content.find(([, field]) => field.place === 'text')
  const slots = slotsOf(content)
  const required = content.filter(([, field]) => !field.optional && field.place !== 'text')

  const readChild = (value: Value, child: XmlElement, context: ReadContext): void => {
    const slot = namespace.has(child.namespace) ? slots.get(child.name) : undefined
    if (!slot) {
      if (namespace.has(child.namespace) && context.unknownElements !== 'skip') refuseAt(child, 'unexpected element')
      return
    }
    const read = slot.codec.read(child, context)
    const one = slot.tag ? { is: child.name, value: read } : read
    const before = value[slot.key]
    if (!slot.many) {
      if (before !== undefined) refuseAt(child, slots.has(slot.key) ? 'expected only once' : 'expected only one of the choices')
      value[slot.key] = one
    } else if (Array.isArray(before)) before.push(one)
    else value[slot.key] = [one]
  }

  return {
    shape: { is: 'record', fields: table },
    read: (element, context) => {
      const value: Value = {}
      for (const [key, field] of attributes) {
        const raw = element.attributes[key]
        if (raw !== undefined) value[key] = parseAttribute(element, key, raw, field, context)
        else if (!field.optional) refuseAt(element, 'expected the attribute', key)
      }
      for (const child of element.children) if (typeof child !== 'string') readChild(value, child, context)
      if (textKey) value[textKey[0]] = parseText(element, textKey[1], context)
      for (const [key, field] of required) if (value[key] === undefined) refuseAt(element, `expected ${nameOf(key, field)}`)
      return value as RecordValue<F>
    },
    write: writer(attributes, content, namespace),
  }
}

function asField(of: Codec<unknown> | Field<unknown>): Field<unknown> {
  return isField(of) ? of : { place: 'element', optional: false, codec: of }
}

function slotsOf(content: [string, Field<unknown>][]): Map<string, Slot> {
  const slots = new Map<string, Slot>()
  for (const [key, { place, codec, choices, nameOf }] of content) {
    if (place === 'text') continue
    const many = place === 'repeated' || place === 'choices'
    if (codec) slots.set(key, { key, codec, tag: false, many })
    for (const [name, of] of Object.entries(choices ?? {})) slots.set(name, { key, codec: of, tag: !nameOf, many })
  }
  return slots
}

function nameOf(key: string, field: Field<unknown>): string {
  return field.choices ? Object.keys(field.choices).join('|') : key
}

function parseAttribute(element: XmlElement, key: string, raw: string, field: Field<unknown>, context: ReadContext): unknown {
  const codec = field.codec as TextCodec<unknown>
  const parsed = codec.parse(raw, context)
  return parsed === undefined ? refuseAt(element, `expected ${codec.expected}`, key) : parsed
}

function parseText(element: XmlElement, field: Field<unknown>, context: ReadContext): unknown {
  const codec = field.codec as TextCodec<unknown>
  const parsed = codec.parse(textOf(element), context)
  return parsed === undefined ? refuseAt(element, `expected ${codec.expected}`) : parsed
}

function writer(attributes: [string, Field<unknown>][], content: [string, Field<unknown>][], { prefix }: Namespace) {
  const heads: Part[] = attributes.map(([key, field]) => {
    const codec = field.codec as TextCodec<unknown>
    return { key, field, write: (value: never, context) => ` ${key}="${escapeAttribute(codec.print(value, context))}"` }
  })
  const bodies: Part[] = content.map(([key, field]) => ({ key, field, write: contentWriter(key, field, prefix) }))
  return (tag: string, value: object, context: WriteContext): string => {
    const from = value as Record<string, never>
    let head = `<${tag}`
    for (const { key, write } of heads) if (from[key] !== undefined && from[key] !== null) head += write(from[key], context)
    let inner = ''
    for (const { key, write, field } of bodies) {
      const one = from[key]
      if (one !== undefined && (one !== null || field.codec?.shape.is === 'nullable')) inner += write(one, context)
      else if (!field.optional) throw new Error(`<${tag}> cannot be written without ${key}`)
    }
    return inner === '' ? `${head}/>` : `${head}>${inner}</${tag}>`
  }
}

function contentWriter(key: string, { place, codec, choices, nameOf }: Field<unknown>, prefix: string): Part['write'] {
  const tagOf = (name: string) => (prefix ? `${prefix}:${name}` : name)
  const tag = tagOf(key)
  const writeTagged = (one: TaggedValue, context: WriteContext): string => {
    const name = nameOf ? nameOf(one) : one.is
    const of = choices?.[name]
    if (!of) throw new Error(`${key} cannot be '${name}'`)
    return of.write(tagOf(name), nameOf ? one : one.value, context)
  }
  if (codec && place === 'element') return (value: unknown, context) => codec.write(tag, value, context)
  if (codec && place === 'text') return (value: unknown, context) => escapeText((codec as TextCodec<unknown>).print(value, context))
  if (codec) return (values: unknown[], context) => values.reduce<string>((out, value) => out + codec.write(tag, value, context), '')
  if (place === 'choice') return writeTagged
  return (values: TaggedValue[], context) => values.reduce((out, value) => out + writeTagged(value, context), '')
}

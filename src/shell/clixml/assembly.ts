import { Table, Thing, type Value } from '../values.ts'
import { toText } from '../format/text.ts'
import { decodeText } from './escape.ts'
import { primitives, textTypes } from './primitives.ts'

type Refuse = (why: string, code?: 'ScriptProblem' | 'ScriptLimit' | 'UnsupportedTypeForConversion') => never

/** What an element within another means. `members` are the properties of an object, `items` the elements of a list. */
type Role =
  'primitive' | 'object' | 'reference' | 'types' | 'type' | 'typesReference' | 'text' | 'members' | 'items' | 'dictionary' | 'entry'

const roles: Readonly<Record<string, Role>> = {
  Obj: 'object',
  Ref: 'reference',
  TN: 'types',
  T: 'type',
  TNRef: 'typesReference',
  ToString: 'text',
  Props: 'members',
  MS: 'members',
  LST: 'items',
  IE: 'items',
  QUE: 'items',
  STK: 'items',
  DCT: 'dictionary',
  En: 'entry',
}

/** Which roles may stand in which; `undefined` is the document itself. Values are primitives, objects and references. */
const values: readonly Role[] = ['primitive', 'object', 'reference']
const allowed: Readonly<Record<Role | 'document', readonly Role[]>> = {
  document: values,
  object: ['types', 'typesReference', 'text', 'members', 'items', 'dictionary', 'primitive'],
  members: [...values, 'members'],
  items: values,
  dictionary: ['entry'],
  entry: values,
  types: ['type'],
  primitive: [],
  reference: [],
  type: [],
  typesReference: [],
  text: [],
}

interface Frame {
  element: string
  role: Role
  name: string | undefined
  refId: string | undefined
  /** Text of an element that holds text alone. */
  text: string
  /** Of an object: its type names, and what it is once that is known. */
  types: string[]
  value?: Value
  asText?: string
  isThing?: boolean
  /** Of an entry of a dictionary. */
  key?: string
  entry?: Value
}

/** Most type names of one object. */
const longestTypes = 100

/** Puts the values of a document together from its elements; knows nothing of XML but their names. */
export class Assembly {
  readonly #refuse: Refuse
  readonly #mostObjects: number
  readonly #open: Frame[] = []
  readonly #objects = new Map<string, Value>()
  /** Objects whose end has not come: they may be referred to from within. */
  readonly #unfinished = new Map<string, Frame>()
  readonly #typeLists = new Map<string, string[]>()
  #complete: Value[] = []
  #count = 0

  constructor(refuse: Refuse, mostObjects: number) {
    this.#refuse = refuse
    this.#mostObjects = mostObjects
  }

  /** The values completed since it was asked last. */
  take(): Value[] {
    const complete = this.#complete
    this.#complete = []
    return complete
  }

  open(element: string, encodedName: string | undefined, refId: string | undefined): void {
    const parent = this.#open.at(-1)
    if (element === 'SS') return this.#refuse(this.#secret(encodedName), 'UnsupportedTypeForConversion')
    const role: Role | undefined = Object.hasOwn(primitives, element)
      ? 'primitive'
      : Object.hasOwn(roles, element)
        ? roles[element]
        : undefined
    if (!role) return this.#refuse(`the element <${element}> is not known`)
    if (!allowed[parent?.role ?? 'document'].includes(role)) this.#refuse(`<${element}> may not stand in <${parent?.element ?? 'Objs'}>`)
    const name = encodedName === undefined ? undefined : decodeText(encodedName)
    if ((parent?.role === 'members' || parent?.role === 'entry') && name === undefined)
      this.#refuse(`<${element}> in <${parent.element}> has no name (N)`)
    const frame: Frame = { element, role, name, refId, text: '', types: [] }
    this.#open.push(frame)
    if (role === 'object') this.#begin(frame)
    else if (parent?.role === 'object') this.#into(parent, frame)
  }

  text(text: string): void {
    const frame = this.#open.at(-1)
    if (frame && !allowed[frame.role].length) frame.text += text
    else if (text.trim()) this.#refuse(`there is text in <${frame?.element ?? 'Objs'}>`)
  }

  close(): void {
    const frame = this.#open.pop()!
    const parent = this.#open.at(-1)
    switch (frame.role) {
      case 'primitive':
        return this.#deliver(frame, this.#primitive(frame), parent)
      case 'reference':
        return this.#deliver(frame, this.#referred(frame), parent)
      case 'object':
        return this.#deliver(frame, this.#finished(frame), parent)
      case 'type':
        if (parent!.types.push(decodeText(frame.text)) > longestTypes) this.#refuse(`there are more than ${longestTypes} type names`)
        return
      case 'types':
        frame.types = frame.types.map(deserialized)
        if (frame.refId !== undefined) this.#typeLists.set(frame.refId, frame.types)
        return this.#setTypes(parent!, frame.types)
      case 'typesReference':
        return this.#setTypes(parent!, this.#typesReferred(frame))
      case 'text':
        parent!.asText = decodeText(frame.text)
        if (parent!.isThing) Object.assign(parent!.value as Thing, { text: parent!.asText })
        return
      case 'entry':
        if (frame.key === undefined || frame.entry === undefined) return this.#refuse('an entry of a dictionary lacks its key or its value')
        return (this.#owner().value as Table).set(frame.key, frame.entry)
      case 'members':
      case 'items':
      case 'dictionary':
    }
  }

  #secret(name: string | undefined): string {
    const which = name === undefined ? 'a secret text' : `${decodeText(name)} is a secret text`
    return `${which} (SecureString), which only the account and machine that wrote it can read`
  }

  #begin(frame: Frame): void {
    if (++this.#count > this.#mostObjects) this.#refuse(`there are more than ${this.#mostObjects} objects`, 'ScriptLimit')
    if (frame.refId === undefined) return
    if (this.#objects.has(frame.refId) || this.#unfinished.has(frame.refId))
      this.#refuse(`two objects have the RefId ${shortened(frame.refId)}`)
    this.#unfinished.set(frame.refId, frame)
  }

  /** What an object is shows in the element that it holds, in whatever order they come ([MS-PSRP] 2.2.5.2.2). */
  #into(object: Frame, { element, role }: Frame): void {
    const isContents = role === 'items' || role === 'dictionary' || role === 'primitive'
    if (isContents && object.value !== undefined && !object.isThing) this.#refuse(`an object has more than one value: <${element}>`)
    if (role === 'items') object.value = []
    else if (role === 'dictionary')
      object.value = new Table(
        [],
        object.types.some((type) => type.endsWith('.OrderedDictionary')),
      )
    else if (role === 'members') this.#thing(object)
    if (isContents) object.isThing = false
  }

  /** The object that is being read, as a thing with properties unless it is something else already. */
  #thing(object: Frame): Value {
    if (object.value !== undefined) return object.value
    object.isThing = true
    return (object.value = new Thing([], object.types, object.asText))
  }

  #setTypes(object: Frame, types: string[]): void {
    if (object.types.length) this.#refuse('an object has its type names twice')
    if (object.value === undefined && types.length) object.types = types
    else object.types.push(...types)
  }

  #primitive(frame: Frame): Value {
    const read = primitives[frame.element]!
    const exact = read(frame.text)
    const value = exact === undefined ? read(frame.text.trim()) : exact
    if (value === undefined) return this.#refuse(`"${shortened(frame.text)}" is no value of <${frame.element}>`)
    return value
  }

  #referred({ refId }: Frame): Value {
    const found = this.#objects.get(refId ?? '')
    if (found !== undefined) return found
    const unfinished = this.#unfinished.get(refId ?? '')
    if (unfinished) return this.#thing(unfinished)
    return this.#refuse(`it refers to the object ${shortened(refId ?? '')}, which does not come before`)
  }

  #typesReferred({ refId }: Frame): string[] {
    return (
      this.#typeLists.get(refId ?? '') ?? this.#refuse(`it refers to the type names ${shortened(refId ?? '')}, which do not come before`)
    )
  }

  /** An object at its end: a value here where it is one, else the object with its properties. */
  #finished(frame: Frame): Value {
    const value = this.#known(frame) ?? this.#thing(frame)
    if (frame.refId !== undefined) {
      this.#unfinished.delete(frame.refId)
      this.#objects.set(frame.refId, value)
    }
    return value
  }

  #known(frame: Frame): Value | undefined {
    const types = frame.types.map((type) => type.replace(/^Deserialized\./, ''))
    if (frame.asText === undefined) return undefined
    if (frame.isThing === false && types.includes('System.Enum')) return frame.asText
    if (frame.value !== undefined) return undefined
    for (const type of types) if (Object.hasOwn(textTypes, type)) return textTypes[type]!(frame.asText)
    return undefined
  }

  #deliver(frame: Frame, value: Value, parent: Frame | undefined): void {
    if (!parent) return void this.#complete.push(value)
    switch (parent.role) {
      case 'object':
        parent.value = value
        return
      case 'items':
        return void (this.#owner().value as Value[]).push(value)
      case 'members':
        return this.#setMember(frame.name!, value)
      case 'entry':
        return this.#setEntry(parent, frame.name!, value)
      default:
        return this.#refuse(`<${frame.element}> may not stand in <${parent.element}>`)
    }
  }

  #setEntry(entry: Frame, name: string, value: Value): void {
    if (name === 'Key' && entry.key === undefined) entry.key = toText(value)
    else if (name === 'Value' && entry.entry === undefined) entry.entry = value
    else this.#refuse('an entry of a dictionary has one Key and one Value')
  }

  /** Members of property sets count as the object's own; those added to a primitive or a list are left out: values here have none. */
  #setMember(name: string, value: Value): void {
    const owner = this.#owner()
    if (owner.isThing) (owner.value as Thing).set(name, value)
  }

  /** The innermost object that is open. */
  #owner(): Frame {
    for (let at = this.#open.length - 1; at >= 0; at--) if (this.#open[at]!.role === 'object') return this.#open[at]!
    return this.#refuse('there is no object')
  }
}

/** Type names of what was read say so, once. */
function deserialized(type: string): string {
  return type.startsWith('Deserialized.') ? type : `Deserialized.${type}`
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text).slice(1, -1)
}

import { refuseAt, type Codec } from './codec.ts'
import type { Choices } from './field.ts'
import type { Namespace } from './namespace.ts'

/** An element that holds only a run of elements of one name; the value is an array. */
export function listIn<T>(namespace: Namespace, name: string, of: Codec<T>, nonEmpty: boolean): Codec<T[]> {
  const tag = tagIn(namespace, name)
  return {
    shape: { is: 'list', choices: { [name]: of as Codec<unknown> }, as: 'plain', nonEmpty },
    read: (element, context) => {
      const values: T[] = []
      for (const child of element.children) {
        if (typeof child === 'string') continue
        const known = namespace.has(child.namespace)
        if (known && child.name === name) values.push(of.read(child, context))
        else if (known && context.unknownElements !== 'skip') refuseAt(child, `expected ${name}`)
      }
      if (nonEmpty && values.length === 0) refuseAt(element, `expected ${name}`)
      return values
    },
    write: (outer, values, context) => {
      let inner = ''
      for (const value of values) inner += of.write(tag, value, context)
      return inner === '' ? `<${outer}/>` : `<${outer}>${inner}</${outer}>`
    },
  }
}

/** An element that holds a run of elements of several names; each value says which it is, tagged or by `nameOf`. */
export function choiceListIn<T>(namespace: Namespace, choices: Choices, nonEmpty: boolean, nameOf?: (value: T) => string): Codec<T[]> {
  const table = new Map(Object.entries(choices).map(([name, of]) => [name, { of, tag: tagIn(namespace, name) }]))
  const expected = `expected ${Object.keys(choices).join('|')}`
  return {
    shape: { is: 'list', choices, as: nameOf ? 'named' : 'tagged', nonEmpty },
    read: (element, context) => {
      const values: unknown[] = []
      for (const child of element.children) {
        if (typeof child === 'string') continue
        const known = namespace.has(child.namespace)
        const row = known ? table.get(child.name) : undefined
        if (row) {
          const value = row.of.read(child, context)
          values.push(nameOf ? value : { is: child.name, value })
        } else if (known && context.unknownElements !== 'skip') refuseAt(child, expected)
      }
      if (nonEmpty && values.length === 0) refuseAt(element, expected)
      return values as T[]
    },
    write: (outer, values, context) => {
      let inner = ''
      for (const value of values) {
        const name = nameOf ? nameOf(value) : (value as TaggedValue).is
        const row = table.get(name)
        if (!row) throw new Error(`<${outer}> cannot hold '${name}'`)
        inner += row.of.write(row.tag, nameOf ? value : (value as TaggedValue).value, context)
      }
      return inner === '' ? `<${outer}/>` : `<${outer}>${inner}</${outer}>`
    },
  }
}
interface TaggedValue {
  is: string
  value: unknown
}

function tagIn({ prefix }: Namespace, name: string): string {
  return prefix ? `${prefix}:${name}` : name
}

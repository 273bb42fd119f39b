import { refuseAt, type Codec } from './codec.ts'
import type { Choices, Tagged } from './field.ts'

const instance = 'http://www.w3.org/2001/XMLSchema-instance'
const typeName = `{${instance}}type`

/**
 * An element that says by xsi:type which of some types it has; the value is `{ is, value }`. `prefix` and `suffix` stand
 * around the name on the wire (`t:AlternateIdType`). Without xsi:type the first is read.
 */
export function byType<const C extends Choices>(choices: C, { prefix = '', suffix = '' } = {}): Codec<Tagged<C>> {
  const [first = ''] = Object.keys(choices)
  return {
    shape: { is: 'byType', choices },
    read: (element, context) => {
      const said = element.attributes[typeName]?.replace(/^.*:/, '')
      const is = said === undefined ? first : said.endsWith(suffix) ? said.slice(0, said.length - suffix.length) : said
      const codec = Object.hasOwn(choices, is) ? choices[is] : undefined
      if (!codec) return refuseAt(element, `expected ${Object.keys(choices).join('|')}`, 'type')
      return { is, value: codec.read(element, context) } as Tagged<C>
    },
    write: (tag, { is, value }, context) => {
      const codec = choices[is]
      if (!codec) throw new Error(`<${tag}> cannot be '${is}'`)
      const xml = codec.write(tag, value, context)
      return `<${tag} xmlns:i="${instance}" i:type="${prefix}${is}${suffix}"${xml.slice(tag.length + 1)}`
    },
  }
}

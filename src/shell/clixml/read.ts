import { SaxesParser, type SaxesTagNS } from 'saxes'
import { Refusal } from '#model'
import type { Value } from '../values.ts'
import { textOf, type TextSource } from '../text-source.ts'
import { Assembly } from './assembly.ts'
import { namespace } from './primitives.ts'

export interface CliXmlReadLimits {
  /** Characters (bytes of bytes) of a document: 64 MB. */
  size?: number
  /** Elements within elements: 300. */
  depth?: number
  /** Elements: 4 million. */
  elements?: number
  /** Objects (`Obj`), all of which are kept to be referred to: 500,000. */
  objects?: number
}

/** Characters given to the parser at once, so that values are passed on while a large piece is read. */
const slice = 65_536

/**
 * The values of a CLIXML document ([MS-PSRP] 2.2.5), each as soon as it is complete, as Import-CliXml gives them: objects with their type names
 * prefixed by `Deserialized.`, lists, queues and stacks as arrays, dictionaries as `@{…}`, values of enumerations by their names. Nothing in the
 * document is run or fetched.
 *
 * Refuses ScriptProblem, with line and column, for what is not well-formed, a document type, an unknown element, a text that its type does not have
 * and a reference to what is not there; ScriptLimit beyond the limits; UnsupportedTypeForConversion for a secret text, which only the account and
 * machine that wrote it can read.
 */
export async function* readCliXml(source: TextSource, limits: CliXmlReadLimits = {}): AsyncGenerator<Value> {
  const limit = { size: 64 * 1024 * 1024, depth: 300, elements: 4_000_000, objects: 500_000, ...limits }
  const parser = new SaxesParser({ xmlns: true })
  const refuse = (why: string, code: 'ScriptProblem' | 'ScriptLimit' | 'UnsupportedTypeForConversion' = 'ScriptProblem'): never => {
    const { line, column } = parser
    throw new Refusal(code, `The CLIXML document is not read: ${why} (line ${line}, column ${column}).`, { line, column })
  }
  const assembly = new Assembly(refuse, limit.objects)
  let depth = 0
  let elements = 0
  let begun = false

  parser.on('error', (error) => refuse(error.message.replace(/^(\d+:\d+: )+/, '')))
  parser.on('doctype', () => refuse('a document type declaration is not allowed'))
  parser.on('opentagstart', () => {
    if (++depth > limit.depth) refuse(`elements are nested deeper than ${limit.depth}`, 'ScriptLimit')
    if (++elements > limit.elements) refuse(`there are more than ${limit.elements} elements`, 'ScriptLimit')
  })
  parser.on('opentag', (tag) => {
    if (tag.uri !== namespace) refuse(`<${tag.name}> is not in the namespace ${namespace}`)
    if (depth > 1) return assembly.open(tag.local, attribute(tag, 'N'), attribute(tag, 'RefId'))
    if (tag.local !== 'Objs') refuse(`the document begins with <${tag.local}>, not <Objs>`)
    checkVersion(attribute(tag, 'Version'), refuse)
    begun = true
  })
  parser.on('closetag', () => {
    if (depth-- > 1) assembly.close()
  })
  parser.on('text', (text) => assembly.text(text))
  parser.on('cdata', (text) => assembly.text(text))

  for await (const piece of textOf(source, 'The CLIXML document', limit.size)) {
    for (let at = 0; at < piece.length; at += slice) {
      parser.write(piece.slice(at, at + slice))
      yield* assembly.take()
    }
  }
  parser.close()
  if (!begun) refuse('it is empty')
  yield* assembly.take()
}

function attribute(tag: SaxesTagNS, name: string): string | undefined {
  const found = tag.attributes[name]
  return found?.prefix ? undefined : found?.value
}

/** [MS-PSRP] 2.2.5: 1.1.0.1; any 1.x has these elements. */
function checkVersion(version: string | undefined, refuse: (why: string) => never): void {
  if (!/^1(\.\d{1,9}){1,3}$/.test(version ?? '')) refuse(`its version is ${JSON.stringify(version ?? null).slice(0, 40)}, not 1.1.0.1`)
}

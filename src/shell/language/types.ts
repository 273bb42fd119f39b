// table
/** The .NET types that scripts may name, by the names in lower case without `System.`; what each is for stands in `convert.ts` and `statics.ts`. */

import { ByteSize, TimeSpan } from '#model'
import { Block, GenericList, Guid, SecureText, Table, Thing, type Value } from '../values.ts'

/** Exceptions that a script may make and catch, as .NET writes their names. */
export const exceptionNames = [
  'System.Exception', 'System.ApplicationException', 'System.ArgumentException', 'System.ArgumentNullException', 'System.ArgumentOutOfRangeException',
  'System.FormatException', 'System.InvalidCastException', 'System.InvalidOperationException', 'System.NotImplementedException',
  'System.NotSupportedException', 'System.TimeoutException', 'System.UnauthorizedAccessException', 'System.IO.FileNotFoundException',
  'System.IO.IOException', 'System.Management.Automation.ItemNotFoundException', 'System.Management.Automation.RuntimeException',
] // prettier-ignore

/** A name of .NET as scripts may write it and the tables have it: lower case, without `System.`. */
export const shortName = (name: string) => name.toLowerCase().replace(/^system\./, '')

/** Names that mean the same type. */
export const typeNames: Readonly<Record<string, string>> = {
  string: 'string', char: 'char', bool: 'bool', boolean: 'bool', switch: 'switch', switchparameter: 'switch',
  'management.automation.switchparameter': 'switch',
  int: 'int', int32: 'int', int16: 'int', uint16: 'int', uint32: 'int', short: 'int', long: 'long', int64: 'long', uint64: 'long', byte: 'byte',
  double: 'double', float: 'double', single: 'double', decimal: 'double',
  datetime: 'datetime', timespan: 'timespan', guid: 'guid', uri: 'uri', version: 'version', mailaddress: 'mailaddress', 'net.mail.mailaddress': 'mailaddress',
  bytequantifiedsize: 'bytesize', 'microsoft.exchange.data.bytequantifiedsize': 'bytesize',
  array: 'array', 'object[]': 'array', 'string[]': 'string[]', 'int[]': 'int[]', 'int32[]': 'int[]', 'byte[]': 'byte[]', 'char[]': 'char[]',
  hashtable: 'hashtable', 'collections.hashtable': 'hashtable', ordered: 'ordered',
  'collections.specialized.ordereddictionary': 'ordered',
  pscustomobject: 'pscustomobject', psobject: 'pscustomobject', 'management.automation.pscustomobject': 'pscustomobject',
  object: 'object', void: 'void', scriptblock: 'scriptblock',
  regex: 'regex', 'text.regularexpressions.regex': 'regex',
  pscredential: 'pscredential', 'management.automation.pscredential': 'pscredential',
  'collections.arraylist': 'list', arraylist: 'list', 'collections.generic.list': 'genericlist',
  stringcomparison: 'enumeration', midpointrounding: 'enumeration', stringsplitoptions: 'enumeration',
  math: 'math', convert: 'convert', environment: 'environment', 'io.file': 'file',
  'io.path': 'path', dayofweek: 'dayofweek', 'security.securestring': 'securestring', securestring: 'securestring',
  'text.encoding': 'encoding',
  'management.automation.host.choicedescription': 'choice', 'management.automation.host.choicedescription[]': 'array',
  ...Object.fromEntries(exceptionNames.map((name) => [shortName(name), 'exception'])),
} // prettier-ignore

const castable = new Set([
  'string', 'char', 'bool', 'switch', 'int', 'long', 'byte', 'double', 'datetime', 'timespan', 'guid', 'bytesize', 'array', 'string[]', 'int[]',
  'byte[]', 'char[]', 'hashtable', 'ordered', 'pscustomobject', 'object', 'void', 'scriptblock', 'regex', 'pscredential', 'list', 'genericlist', 'exception', 'version', 'uri', 'mailaddress',
]) // prettier-ignore
const withMembers = new Set([
  'string', 'char', 'bool', 'int', 'long', 'byte', 'double', 'datetime', 'timespan', 'guid', 'array', 'math', 'convert', 'environment', 'file',
  'path', 'regex', 'encoding', 'bytesize', 'object', 'enumeration', 'list', 'genericlist', 'version', 'uri', 'mailaddress', 'choice', 'hashtable', 'pscustomobject', 'pscredential', 'exception',
]) // prettier-ignore

const namesOf = (kinds: ReadonlySet<string>) => new Set(Object.keys(typeNames).filter((name) => kinds.has(typeNames[name]!)))
/** May stand before a value. */
export const castTypes: ReadonlySet<string> = namesOf(castable)
/** May stand before `::`, or alone. */
export const staticTypes: ReadonlySet<string> = namesOf(withMembers)

/** The one name of a type; what is not in the table is itself. */
export function typeOfName(name: string): string {
  const short = shortName(name).replace(/^collections\.generic\.list(\[[\w.]+\]|`1.*)$/, 'collections.generic.list')
  return Object.hasOwn(typeNames, short) ? typeNames[short]! : name.toLowerCase()
}

/** .NET's full name of a value's type. */
export function typeName(value: Value): string {
  if (value === null) return 'System.Management.Automation.Internal.AutomationNull'
  if (value instanceof GenericList) return 'System.Collections.Generic.List`1[System.Object]'
  if (Array.isArray(value)) return 'System.Object[]'
  if (value instanceof Thing) return value.types[0] ?? 'System.Management.Automation.PSCustomObject'
  if (value instanceof Table) return value.ordered ? 'System.Collections.Specialized.OrderedDictionary' : 'System.Collections.Hashtable'
  if (value instanceof Uint8Array) return 'System.Byte[]'
  if (value instanceof Date) return 'System.DateTime'
  if (value instanceof Guid) return 'System.Guid'
  if (value instanceof TimeSpan) return 'System.TimeSpan'
  if (value instanceof ByteSize) return 'Microsoft.Exchange.Data.ByteQuantifiedSize'
  if (value instanceof SecureText) return 'System.Security.SecureString'
  if (value instanceof Block) return 'System.Management.Automation.ScriptBlock'
  if (typeof value === 'number')
    return !Number.isSafeInteger(value) ? 'System.Double' : (value | 0) === value ? 'System.Int32' : 'System.Int64'
  return { boolean: 'System.Boolean', bigint: 'System.Int64', string: 'System.String' }[typeof value as 'boolean' | 'bigint' | 'string']
}

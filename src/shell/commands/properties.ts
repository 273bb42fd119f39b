import type { Column } from '../contract.ts'
import { toPlainNumber, toText } from '../language/convert.ts'
import { getProperty, ownPropertyNames } from '../language/members.ts'
import { ScriptError } from '../language/problem.ts'
import type { Frame } from '../language/runtime.ts'
import { isWildcard, wildcard } from '../language/wildcard.ts'
import { Block, Table, Thing, type Value } from '../values.ts'

/** A property as Select-Object, Sort-Object and the views take it: a name, a block, or `@{Name=…; Expression=…}`. */
export interface PropertyOf {
  name: string
  /** Has `*` or `?`: every property that fits. */
  isWild: boolean
  isCalculated: boolean
  descending: boolean | undefined
  value(object: Value): Promise<Value>
  table: Table | undefined
}

const keysOf = {
  name: ['Name', 'N', 'Label', 'L'],
  expression: ['Expression', 'E'],
  width: ['Width', 'W'],
  alignment: ['Alignment', 'A', 'Align'],
  format: ['FormatString', 'F', 'Format'],
  descending: ['Descending', 'D'],
  ascending: ['Ascending', 'Asc'],
}

export function keyed(table: Table, key: keyof typeof keysOf): Value | undefined {
  const found = [...table.entries.values()].find(([name]) => {
    const [full, ...short] = keysOf[key]
    const word = name.toLowerCase()
    return short.some((one) => one.toLowerCase() === word) || (full!.toLowerCase().startsWith(word) && word.length > 0)
  })
  return found?.[1]
}

export function propertyOf(given: Value, frame: Frame): PropertyOf {
  if (given instanceof Block) return calculated(given.source.trim(), given, frame)
  if (given instanceof Table) {
    const expression = keyed(given, 'expression') ?? keyed(given, 'name')
    if (expression === undefined || expression === null) throw new ScriptError('A calculated property needs @{Name=…; Expression={…}}.', { id: 'MissingExpressionKey', category: 'InvalidArgument' }) // prettier-ignore
    const name = keyed(given, 'name') ?? (expression instanceof Block ? expression.source.trim() : expression)
    const isDescending = keyed(given, 'descending') ?? (keyed(given, 'ascending') === false ? true : undefined)
    const descending = isDescending === undefined ? undefined : isDescending !== false
    if (expression instanceof Block) return { ...calculated(toText(name), expression, frame), descending, table: given }
    return { ...named(toText(expression)), name: toText(name), isWild: false, isCalculated: true, descending, table: given }
  }
  return named(toText(given))
}

function named(name: string): PropertyOf {
  return {
    name,
    isWild: isWildcard(name),
    isCalculated: false,
    descending: undefined,
    value: async (object) => getProperty(object, name),
    table: undefined,
  }
}

/** A block that fails gives $null, as PowerShell has it. */
function calculated(name: string, block: Block, frame: Frame): PropertyOf {
  const value = async (object: Value): Promise<Value> => {
    try {
      return await frame.run.evaluator.blockValue(block, { ...frame, trying: true }, { item: object, sameScope: true })
    } catch (thrown) {
      if (thrown instanceof ScriptError) return null
      throw thrown
    }
  }
  return { name, isWild: false, isCalculated: true, descending: undefined, value, table: undefined }
}

/** The properties that an object has, with their values. */
export function propertiesOf(object: Value): [string, Value][] {
  if (object instanceof Thing) return [...object.properties.values()]
  if (object instanceof Table) return [...object.entries.values()]
  return ownPropertyNames(object).map((name) => [name, getProperty(object, name)])
}

export function matching(object: Value, pattern: string): [string, Value][] {
  const fits = wildcard(pattern)
  return propertiesOf(object).filter(([name]) => fits(name))
}

export function columnOf(given: Value, frame: Frame): Column {
  const property = propertyOf(given, frame)
  const { table } = property
  const width = table && keyed(table, 'width')
  const alignment = table && keyed(table, 'alignment')
  const format = table && keyed(table, 'format')
  return {
    name: property.name,
    ...(property.isCalculated ? { value: (object: Value) => property.value(object) } : {}),
    ...(width === undefined || width === null ? {} : { width: toPlainNumber(width) }),
    ...(alignment === undefined || alignment === null ? {} : { alignment: alignmentOf(toText(alignment)) }),
    ...(format === undefined || format === null ? {} : { format: toText(format) }),
  }
}

function alignmentOf(word: string): 'left' | 'center' | 'right' {
  const found = (['left', 'center', 'right'] as const).find((one) => one === word.toLowerCase())
  if (!found) throw new ScriptError(`An alignment is Left, Center or Right, not '${word.slice(0, 40)}'.`, { id: 'InvalidAlignment' })
  return found
}

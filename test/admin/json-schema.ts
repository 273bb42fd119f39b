/** As much of JSON Schema 2020-12 as the OpenAPI document uses; a keyword beyond it fails the test. */
export interface Schema {
  $ref?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  additionalProperties?: boolean
  unevaluatedProperties?: boolean
  required?: string[]
  items?: Schema
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  minimum?: number
  maximum?: number
  minLength?: number
}

const known = new Set(['$ref', 'type', 'const', 'enum', 'properties', 'patternProperties', 'additionalProperties', 'unevaluatedProperties', 'required', 'items', 'allOf', 'anyOf', 'oneOf', 'minimum', 'maximum', 'minLength', 'description', 'examples', 'format', 'writeOnly', 'contentEncoding', 'discriminator']) // prettier-ignore

/** What does not fit, and where; undefined = it fits. */
export function fits(document: unknown, schema: Schema, value: unknown, at = ''): string | undefined {
  for (const keyword of Object.keys(schema)) if (!known.has(keyword)) throw new Error(`${at}: the keyword ${keyword} is not known`)
  const below = (part: Schema, some: unknown, where = at) => fits(document, part, some, where)
  if (schema.$ref) return below(referred(document, schema.$ref), value)
  const wrong = fitsItself(schema, value)
  if (wrong) return `${at}: ${wrong}`
  for (const part of schema.allOf ?? []) {
    const problem = below(part, value)
    if (problem) return problem
  }
  if (schema.anyOf && schema.anyOf.every((part) => below(part, value))) return `${at}: none of anyOf`
  if (schema.oneOf && schema.oneOf.filter((part) => !below(part, value)).length !== 1) return `${at}: not one of oneOf`
  if (Array.isArray(value) && schema.items) {
    for (const each of value) {
      const problem = below(schema.items, each, `${at}[]`)
      if (problem) return problem
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return fitsProperties(document, schema, value as Record<string, unknown>, at)
}

function referred(document: unknown, ref: string): Schema {
  const found = ref.slice(2).split('/').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document) // prettier-ignore
  if (!found) throw new Error(`${ref} is not there`)
  return found as Schema
}

function fitsProperties(document: unknown, schema: Schema, value: Record<string, unknown>, at: string): string | undefined {
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) return `${at}: ${name} is missing`
  const evaluated = evaluatedBy(document, schema)
  for (const [name, each] of Object.entries(value)) {
    const own = schema.properties?.[name]
    const problem = own && fits(document, own, each, `${at}/${name}`)
    if (problem) return problem
    if (schema.unevaluatedProperties === false && !evaluated(name)) return `${at}: ${name} is not known`
  }
  return undefined
}

function evaluatedBy(document: unknown, schema: Schema): (name: string) => boolean {
  if (schema.$ref) return evaluatedBy(document, referred(document, schema.$ref))
  const parts = (schema.allOf ?? []).map((part) => evaluatedBy(document, part))
  return (name) =>
    Object.hasOwn(schema.properties ?? {}, name) ||
    Object.keys(schema.patternProperties ?? {}).some((pattern) => new RegExp(pattern, 'u').test(name)) ||
    parts.some((part) => part(name))
}

function fitsItself({ type, minimum, maximum, minLength, ...schema }: Schema, value: unknown): string | undefined {
  if ('const' in schema && value !== schema.const) return `not ${JSON.stringify(schema.const)}`
  if (schema.enum && !schema.enum.includes(value)) return `none of ${schema.enum.join(', ')}`
  if (type !== undefined && !isOf(type, value)) return `no ${type}`
  if (typeof value === 'number' && (value < (minimum ?? -Infinity) || value > (maximum ?? Infinity))) return 'out of bounds'
  if (typeof value === 'string' && value.length < (minLength ?? 0)) return 'too short'
  return undefined
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}

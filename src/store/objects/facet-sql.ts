/** What the engines say differently about facets: JSON in a `jsonb` of their own each. Names of facets are words, never values. */
import type { ObjectOrder } from '../contract.ts'

type EngineName = 'sqlite' | 'postgres'

/** The name of a facet as part of a statement. Anything but a word is a defect. */
export function facetName(name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9]{0,62}$/.test(name)) throw new Error(`"${name}" cannot name a facet`)
  return name
}

/** A text; what is absent is the empty text. */
export function textSql(engine: EngineName, property: string): string {
  const name = facetName(property)
  return engine === 'sqlite' ? `coalesce(json_extract("facets", '$.${name}'), '')` : `coalesce("facets" ->> '${name}', '') collate "C"`
}

/** A number; null when absent. */
export function numberSql(engine: EngineName, property: string): string {
  const name = facetName(property)
  if (engine === 'sqlite') return `json_extract("facets", '$.${name}')`
  return `(case when jsonb_typeof("facets" -> '${name}') = 'number' then cast("facets" -> '${name}' as double precision) end)`
}

/** A flag; what is absent is false. */
export function flagSql(engine: EngineName, property: string): string {
  const name = facetName(property)
  return engine === 'sqlite'
    ? `coalesce(json_extract("facets", '$.${name}'), 0)`
    : `coalesce(cast("facets" ->> '${name}' as boolean), false)`
}

/** Rows with the column `value`, one a member of a list. */
export function membersSql(engine: EngineName, property: string): string {
  const name = facetName(property)
  if (engine === 'sqlite') return `json_each("facets", '$.${name}') as "member"`
  const list = `case jsonb_typeof("facets" -> '${name}') when 'array' then "facets" -> '${name}' else '[]'::jsonb end`
  return `jsonb_array_elements_text(${list}) as "member" ("value")`
}

/** What is sorted by: what is absent comes first. */
export function sortSql(engine: EngineName, { property, number }: Pick<ObjectOrder, 'property' | 'number'>): string {
  return number ? `coalesce(${numberSql(engine, property)}, -1e300)` : textSql(engine, property)
}

import type { Wanted } from '#mailbox'
import { propertyRow, type PropertyPath, type PropertyRow, type Refusal } from '#model'
import type { AdditionalProperties, EwsPath } from '#schema'
import { goneAfter, notSince } from '../version.ts'

/** What a response shape asks for, split in what the mailbox must read and what only the answer's form needs. */
export interface Asked {
  wanted: Wanted
  /** Extended properties in the words they were asked for in. */
  extended: Extract<EwsPath, { extended: unknown }>[]
  /** Names (lower case) when single headers were asked for and not all of them. */
  headers?: ReadonlySet<string>
  /** The answer of each item instead, when a property was named wrongly. */
  refusal?: Refusal
  /** Is a property of the base shape left out, since the client's schema version does not know it? */
  hidden: (name: string) => boolean
}

type BodyType = 'Best' | 'HTML' | 'Text'
interface Shape {
  BaseShape: 'IdOnly' | 'Default' | 'AllProperties'
  IncludeMimeContent?: boolean
  BodyType?: BodyType
  UniqueBodyType?: BodyType
  NormalizedBodyType?: BodyType
  FilterHtmlContent?: boolean
  ConvertHtmlCodePageToUTF8?: boolean
  BlockExternalImages?: boolean
  AddBlankTargetToLinks?: boolean
  MaximumBodySize?: number
  AdditionalProperties?: AdditionalProperties
}

/** Roughly how many bytes one answer holds; what was asked for beyond is refused. One item is always given, however large. */
export const largestAnswer = 256 * 1024 * 1024

const forms = { Best: 'best', HTML: 'HTML', Text: 'Text' } as const
const shapes = { IdOnly: 'ids', Default: 'default', AllProperties: 'all' } as const

/**
 * Reads a response shape ([MS-OXWSCDATA] 2.2.4.44, [MS-OXWSCORE] 2.2.4.26). Property names that Isthmus does not know are
 * passed over, as those are that do not fit the item's kind; an extended property named wrongly refuses each item.
 */
export function askedBy(shape: Shape, version: number): Asked {
  const given = shape.AdditionalProperties?.paths ?? []
  const extended = given.filter((path) => 'extended' in path)
  const paths: PropertyPath[] = []
  const headers = new Set<string>()
  const named = new Set<string>()
  for (const path of given) {
    if ('extended' in path) paths.push({ extended: path.extended })
    else if (path.property === 'internetMessageHeaders' && path.key !== undefined) headers.add(path.key.toLowerCase())
    else {
      paths.push(path)
      named.add(path.property)
    }
  }
  const everyHeader = shape.BaseShape === 'AllProperties' || named.has('internetMessageHeaders')
  if (headers.size > 0 && !everyHeader) paths.push({ property: 'internetMessageHeaders' })
  const refusal = shape.AdditionalProperties?.refusal
  return {
    wanted: {
      shape: shapes[shape.BaseShape],
      paths,
      bodyType: forms[shape.BodyType ?? 'Best'],
      ...(shape.UniqueBodyType ? { uniqueBodyType: forms[shape.UniqueBodyType] } : {}),
      ...(shape.NormalizedBodyType ? { normalizedBodyType: forms[shape.NormalizedBodyType] } : {}),
      mostBytes: largestAnswer,
      ...(shape.IncludeMimeContent ? { mime: true } : {}),
      ...(shape.FilterHtmlContent ? { filterHtml: true } : {}),
      // MS-OXWSCDATA_R1498
      ...(shape.ConvertHtmlCodePageToUTF8 === false ? {} : { namedUtf8: true }),
      ...(shape.BlockExternalImages ? { blockImages: true } : {}),
      ...(shape.AddBlankTargetToLinks ? { blankTargets: true } : {}),
      ...(shape.MaximumBodySize !== undefined ? { maxBodySize: shape.MaximumBodySize } : {}),
    },
    extended,
    ...(headers.size > 0 && !everyHeader ? { headers } : {}),
    ...(refusal && refusal.code !== 'InvalidPropertyRequest' ? { refusal } : {}),
    hidden: (name) => !named.has(name) && isHidden(propertyRow(name), version),
  }
}

/** What a version does not have unasked: what came later, and what its time had done with (MS-OXWSMTGS_R7151, R7061, R2185, R2191). */
const isHidden = ({ since, until }: PropertyRow, version: number): boolean => notSince(since, version) || goneAfter(until, version)

/** The shape that says nothing but ids. */
export const idsOnly: Asked = { wanted: { shape: 'ids' }, extended: [], hidden: () => false }

import {
  asMapiType, extendedKey, hasProperty, mapiAlias, propertiesOf, type Body, type ExtendedValue, type ItemKind, type Properties,
  type PropertyPath,
} from '#model' // prettier-ignore
import type { FolderRow, ItemRow, ReadTx } from '#store'
import { filterAndCut, htmlLimit, namedUtf8, textToHtmlDocument } from '#wire'
import type { EffectiveRights, Item, ItemRef, Wanted } from '../contract.ts'
import { loadContent, type ContentPart } from './content.ts'
import { asText } from './derived.ts'
import { partsFor, propertyOf, valueAt, type ItemView } from './view.ts'

/** What reading needs besides the store; one for a whole list of items. */
export interface ReadOptions {
  /** Lists leave bodies and attachments out unless they are asked for by name. */
  list?: boolean
  /** True when `find` has to be asked for some of these names. */
  asks: (names: ReadonlySet<string>) => boolean
  /** Finds values of `calendar/` for the names asked for. */
  find: (tx: ReadTx, row: ItemRow, names: ReadonlySet<string>) => Promise<Record<string, unknown>>
  /** What has been worked out so far for what is wanted of each kind. */
  plans: Map<Wanted, Map<ItemKind, Plan>>
}

/** What an answer takes from items of one kind. */
interface Plan {
  names: ReadonlySet<string>
  paths: readonly PropertyPath[]
  needed: ReadonlySet<string>
  parts: ReadonlySet<ContentPart>
  /** True when the row alone answers. */
  light: boolean
}

const heavy = new Set(['body', 'attachments', 'internetMessageHeaders', 'mimeContent', 'conflictingMeetings', 'adjacentMeetings'])

/** The names of all properties that the shape and the paths ask for, of those the kind has. */
export function namesWanted(kind: ItemKind, wanted: Wanted, list: boolean): Set<string> {
  const names = new Set<string>()
  if (wanted.shape !== 'ids') {
    for (const row of propertiesOf(kind)) {
      const inShape = wanted.shape === 'all' ? !row.onRequest : row.inDefault
      if (inShape && !(list && heavy.has(row.name))) names.add(row.name)
    }
  }
  for (const path of pathsWanted(kind, wanted, list)) {
    if ('property' in path && path.key === undefined) names.add(path.property)
  }
  if (wanted.mime) names.add('mimeContent')
  return names
}

/** The paths of what the kind has; header fields are told by GetItem alone (MS-OXWSCORE_R2030). */
function pathsWanted(kind: ItemKind, { paths = [] }: Wanted, list: boolean): PropertyPath[] {
  return paths.filter(
    (path) => 'extended' in path || (hasProperty(kind, path.property) && !(list && path.property === 'internetMessageHeaders')),
  )
}

function planFor(kind: ItemKind, wanted: Wanted, options: ReadOptions): Plan {
  let plans = options.plans.get(wanted)
  if (!plans) options.plans.set(wanted, (plans = new Map()))
  let plan = plans.get(kind)
  if (!plan) {
    const names = namesWanted(kind, wanted, options.list ?? false)
    const paths = pathsWanted(kind, wanted, options.list ?? false)
    const needed = new Set([...names, ...paths.flatMap((path) => [...neededBy(path, kind)])])
    const parts = contentParts(needed)
    // Entries of dictionary properties and extended ones are added path by path; the rest is in `names` already.
    const single = paths.filter((path) => 'extended' in path || path.key !== undefined)
    plan = { names, paths: single, needed, parts, light: parts.size === 0 && !options.asks(needed) }
    plans.set(kind, plan)
  }
  return plan
}

/** Reads what is wanted of one row, for a caller with these rights; at once when the row says it all. */
export function readItem(
  tx: ReadTx,
  row: ItemRow,
  folder: FolderRow,
  rights: EffectiveRights,
  wanted: Wanted,
  options: ReadOptions,
): Item | Promise<Item> {
  const plan = planFor(row.kind as ItemKind, wanted, options)
  if (plan.light) return itemSeen({ row, folder, rights, content: {}, found: {} }, plan.names, plan.paths, wanted)
  return readWhole(tx, { row, folder, rights }, plan, wanted, options)
}

async function readWhole(
  tx: ReadTx,
  item: Pick<ItemView, 'row' | 'folder' | 'rights'>,
  plan: Plan,
  wanted: Wanted,
  options: ReadOptions,
): Promise<Item> {
  const content = await loadContent(tx, item.row, plan.parts)
  const found = await options.find(tx, item.row, plan.needed)
  return itemSeen({ ...item, content, found }, plan.names, plan.paths, wanted)
}

/** What is wanted of an item whose content has been read. */
export function itemSeen(view: ItemView, names: ReadonlySet<string>, paths: readonly PropertyPath[], wanted: Wanted): Item {
  const { row, rights } = view
  const kind = row.kind as ItemKind
  const get = propertyOf(view)
  const properties: Properties = {}
  for (const name of names) {
    const value = shaped(name, get(name), wanted)
    if (value !== undefined) properties[name] = value as Properties[string]
  }
  const extended: Record<string, ExtendedValue> = {}
  for (const path of paths) addPath(path, { kind, row, get, properties, extended, names })
  return { ref: refOf(row), head: row, bodySize: Number(row.properties.$bodySize ?? 0), kind, properties, extended, rights }
}

/** What names a row: its id, and which occurrence it is. */
export function refOf(row: ItemRow): ItemRef {
  const occurrence = row.isRecurring ? row.properties.$occurrence : undefined
  return typeof occurrence === 'number' ? { mailbox: row.mailbox, id: row.id, occurrence } : { mailbox: row.mailbox, id: row.id }
}

/** The dictionary names that must be read for a path. */
export function neededBy(path: PropertyPath, kind: ItemKind | 'folder'): readonly string[] {
  return 'extended' in path ? (mapiAlias(path.extended, kind)?.needs ?? []) : [path.property]
}

/** The parts of the content that the named properties are read from. */
export function contentParts(names: Iterable<string>): Set<ContentPart> {
  const parts = new Set<ContentPart>()
  for (const name of names) for (const part of partsFor(name)) parts.add(part)
  return parts
}

function addPath(
  path: PropertyPath,
  into: {
    kind: ItemKind
    row: ItemRow
    get: (name: string) => unknown
    properties: Properties
    extended: Record<string, ExtendedValue>
    names: ReadonlySet<string>
  },
): void {
  if ('extended' in path) {
    const key = extendedKey(path.extended)
    const alias = mapiAlias(path.extended, into.kind)
    const value = alias ? alias.read(into.get) : into.row.extended[key]?.value
    const typed = value === undefined ? undefined : asMapiType(value, path.extended.type)
    if (typed) into.extended[key] = typed
    return
  }
  if (path.key === undefined || into.names.has(path.property)) return
  const value = valueAt(into.get(path.property), path)
  if (value === undefined) return
  const entries = (into.properties[path.property] ?? {}) as Record<string, unknown>
  const entry = path.part === undefined ? value : { ...(entries[path.key] as object | undefined), [path.part]: value }
  into.properties[path.property] = { ...entries, [path.key]: entry }
}

/** Which form of what is wanted decides about each body. */
const bodies = {
  body: ({ bodyType }: Wanted) => bodyType,
  uniqueBody: ({ uniqueBodyType, bodyType }: Wanted) => uniqueBodyType ?? bodyType,
  normalizedBody: ({ normalizedBodyType, bodyType }: Wanted) => normalizedBodyType ?? bodyType,
} as const
const isBody = (name: string): name is keyof typeof bodies => Object.hasOwn(bodies, name)

function shaped(name: string, value: unknown, wanted: Wanted): unknown {
  // Of the answer, not of the item: what it blocks, and whether that was anything (MS-OXWSCORE_R1058, R1059).
  if (name === 'blockStatus') return wanted.blockImages === true
  if (name === 'hasBlockedImages') return wanted.blockImages === true && value === true
  if (!isBody(name) || value === undefined) return value
  let body = value as Body
  const form = bodies[name](wanted)
  const { blockImages = false, blankTargets = false } = wanted
  const isFiltered = form !== 'Text' && (wanted.filterHtml === true || blockImages || blankTargets)
  // What is filtered is cut in any case: the rest need not be made into HTML before.
  if (isFiltered && body.type === 'Text' && form === 'HTML' && body.value.length > htmlLimit)
    body = { ...body, value: body.value.slice(0, htmlLimit), truncated: true }
  if (form === 'Text') body = asText(body) as Body
  else if (form === 'HTML' && body.type === 'Text') body = { ...body, type: 'HTML', value: textToHtmlDocument(body.value) }
  if (body.type === 'HTML' && wanted.namedUtf8) body = { ...body, value: namedUtf8(body.value) }
  if (body.type === 'HTML' && isFiltered) {
    const { html, isCut } = filterAndCut(body.value, { blockImages, blankTargets })
    body = { ...body, value: html, ...(isCut ? { truncated: true } : {}) }
  }
  const limit = wanted.maxBodySize
  if (limit !== undefined && limit > 0 && body.value.length > limit) body = { ...body, value: body.value.slice(0, limit), truncated: true }
  return body
}

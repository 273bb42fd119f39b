import { Refusal } from '#model'
import type { ObjectCondition, ObjectOrder, Store } from '#store'
import type { Directory } from './contract.ts'
import { createIdentifying } from './identify.ts'
import { compileFilter } from './filter/compile.ts'
import { foldedText } from './filter/fold.ts'
import { filterProperty, filterVersion } from './filter/properties.ts'
import { readFilterText } from './filter/read.ts'
import { recipientTypes, type RecipientTypeRow } from './recipient-types.ts'
import { recipientKinds, recipientObject, recipientOf } from './rows.ts'

const refreshed = 100

/** Filters and searches. What an older program stored is brought up to date before the first search of its organisation. */
export function createSearching({
  store,
  find,
}: {
  store: Store
  find: Directory['find']
}): Pick<Directory, 'search' | 'readFilter' | 'identify'> {
  const ready = new Map<string, Promise<void>>()

  async function refresh(organisation: string): Promise<void> {
    for (;;) {
      const old = await store.read((tx) => tx.objects.outdated(organisation, recipientKinds, filterVersion, refreshed))
      if (old.length === 0) return
      await store.write(async (tx) => {
        for (const { kind, id } of old) {
          const row = await tx.objects.get(organisation, kind, id)
          if (row) await tx.objects.save(recipientObject(recipientOf(row)))
        }
      })
    }
  }

  function upToDate(organisation: string): Promise<void> {
    const known = ready.get(organisation)
    if (known) return known
    const made = refresh(organisation).catch((error: unknown) => {
      ready.delete(organisation)
      throw error
    })
    ready.set(organisation, made)
    return made
  }

  const { identify } = createIdentifying({ store, find, upToDate })
  return {
    identify,
    async readFilter(organisation, text) {
      const lookUp = async (identity: string) => {
        const named = await identify(organisation, identity)
        return named.length === 1 ? named[0]!.id : undefined
      }
      return { text, condition: await compileFilter(readFilterText(text), lookUp) }
    },
    async search({ organisation, types, filter, sortBy = 'Name', descending, after, limit }) {
      await upToDate(organisation)
      const order = { ...orderBy(sortBy), ...(descending ? { descending } : {}) }
      const rows = typesNamed(types)
      const conditions = [typeCondition(rows), filter?.condition].filter((each) => each !== undefined)
      const where = conditions.length > 1 ? { and: conditions } : conditions[0]
      const kinds = rows.map(({ kind }) => kind)
      const found = await store.read((tx) =>
        tx.objects.find({ organisation, kinds, ...(where ? { where } : {}), order, ...(after ? { after } : {}), limit }),
      )
      return { recipients: found.rows.map(recipientOf), ...(found.next ? { next: found.next } : {}) }
    },
  }
}

function orderBy(name: string): ObjectOrder {
  const property = filterProperty(name)
  if (property && !property.many && property.type !== 'recipient' && property.type !== 'flag') {
    return { property: property.facet, ...(property.type === 'instant' || property.type === 'size' ? { number: true } : {}) }
  }
  const why = property ? 'it has no order' : 'there is no such property'
  throw new Refusal('InvalidParameter', `Recipients cannot be sorted by '${name.slice(0, 60)}': ${why}.`, { parameter: 'SortBy' })
}

function typesNamed(types: readonly string[]): RecipientTypeRow[] {
  const wanted = new Set(types)
  return recipientTypes.filter(({ details }) => wanted.has(details))
}

/** What tells the types wanted from others of the same kinds; nothing when all of the kinds are. */
function typeCondition(wanted: readonly RecipientTypeRow[]): ObjectCondition | undefined {
  const kinds = new Set(wanted.map(({ kind }) => kind))
  if (recipientTypes.every((row) => wanted.includes(row) || !kinds.has(row.kind))) return undefined
  const { facet } = filterProperty('RecipientTypeDetails')!
  return { or: wanted.map(({ details }) => ({ property: facet, is: '=', value: foldedText(details) })) }
}

/** Configuration objects of the directory: rows with unique keys, search tokens and references. */
import { sql, type Kysely } from 'kysely'
import { Refusal } from '#model'
import type { ObjectRow, ReadTx, WriteTx } from '../contract.ts'
import { objectsTouched } from '../news.ts'
import type { Placeholder, Session } from '../session.ts'
import { clean, type Tables } from '../tables.ts'
import { findObjects, ofObject, saveFacets, staleObjects } from './find.ts'

type Db = Kysely<Tables>
type Key = { organisation: string; kind: string; id: string }
type SaveInput = Parameters<WriteTx['objects']['save']>[0]

const byId = (db: Db, p: Placeholder<Key>) =>
  db.selectFrom('objects').selectAll().where('organisation', '=', p('organisation')).where('kind', '=', p('kind')).where('id', '=', p('id'))
// The object in one question, not its key first.
const byKey = (db: Db, p: Placeholder<{ organisation: string; key: string }>) =>
  db
    .selectFrom('objectKeys')
    .innerJoin('objects', ofObject('objectKeys'))
    .selectAll('objects')
    .where('objectKeys.organisation', '=', p('organisation'))
    .where('objectKeys.key', '=', p('key'))
const byGlobalKey = (db: Db, p: Placeholder<{ key: string }>) =>
  db.selectFrom('globalKeys').innerJoin('objects', ofObject('globalKeys')).selectAll('objects').where('globalKeys.key', '=', p('key'))
const page = (db: Db, p: Placeholder<{ organisation: string; kind: string; after: string; limit: number }>) =>
  db
    .selectFrom('objects')
    .selectAll()
    .where('organisation', '=', p('organisation'))
    .where('kind', '=', p('kind'))
    .where('id', '>', p('after'))
    .orderBy('id')
    .limit(p('limit'))
const referring = (db: Db, p: Placeholder<{ organisation: string; reference: string; target: string }>) =>
  db
    .selectFrom('objectReferences')
    .innerJoin('objects', ofObject('objectReferences'))
    .selectAll('objects')
    .where('objectReferences.organisation', '=', p('organisation'))
    .where('objectReferences.reference', '=', p('reference'))
    .where('objectReferences.target', '=', p('target'))
    .orderBy('objects.id')
const upsert = (db: Db, p: Placeholder<Tables['objects']>) =>
  db
    .insertInto('objects')
    .values({
      organisation: p('organisation'),
      kind: p('kind'),
      id: p('id'),
      name: p('name'),
      version: p('version'),
      data: p('data'),
    })
    .onConflict((conflict) =>
      conflict.columns(['organisation', 'kind', 'id']).doUpdateSet((row) => ({
        name: row.ref('excluded.name'),
        data: row.ref('excluded.data'),
        version: sql<number>`"objects"."version" + 1`,
      })),
    )
    .returning('version')

function decode(row: Tables['objects']): ObjectRow {
  return { organisation: row.organisation, kind: row.kind, id: row.id, name: row.name, version: row.version, data: JSON.parse(row.data) }
}

export function readObjects(session: Session): ReadTx['objects'] {
  const get: ReadTx['objects']['get'] = async (organisation, kind, id) => {
    const row = await session.first(byId, { organisation, kind, id })
    return row && decode(row)
  }
  return {
    get,
    async byKey(organisation, key) {
      const row = await session.first(byKey, { organisation, key })
      return row && decode(row)
    },
    async anywhere(key) {
      const row = await session.first(byGlobalKey, { key })
      return row && decode(row)
    },
    async list(organisation, kind, after, limit) {
      return (await session.all(page, { organisation, kind, after, limit })).map(decode)
    },
    async search(organisation, prefix, kinds, limit) {
      const start = tokenOf(prefix)
      if (start === '' || kinds.length === 0) return []
      const found = await session.db
        .selectFrom('objectTokens')
        .select((select) => ['kind', 'id', select.fn.min('token').as('first')])
        .where('organisation', '=', organisation)
        .where('token', '>=', start)
        .where('token', '<', `${start}\u{10ffff}`)
        .where('kind', 'in', kinds)
        .groupBy(['kind', 'id'])
        .orderBy('first')
        .orderBy('id')
        .limit(limit)
        .execute()
      const rows: ObjectRow[] = []
      for (const { kind, id } of found) {
        const row = await get(organisation, kind, id)
        if (row) rows.push(row)
      }
      return rows
    },
    async referring(organisation, reference, target) {
      return (await session.all(referring, { organisation, reference, target })).map(decode)
    },
    find: findObjects(session, decode),
    outdated: staleObjects(session, decode),
  }
}

const tokensAtOnce = 100

function tokenOf(text: string): string {
  return clean(text).normalize('NFC').toLowerCase()
}

const sides = ['objectKeys', 'globalKeys', 'objectTokens', 'objectReferences', 'objectFacets'] as const

export function writeObjects(session: Session): WriteTx['objects'] {
  const { db } = session
  const reads = readObjects(session)

  /** Rows of one side table that belong to the object. */
  const removeSide = (side: (typeof sides)[number], key: Key) =>
    db.deleteFrom(side).where('organisation', '=', key.organisation).where('kind', '=', key.kind).where('id', '=', key.id).execute()

  /** Brings the keys of an object to what is wanted. A key that another object has → NameTaken. */
  async function saveKeys(side: 'objectKeys' | 'globalKeys', object: Key, wanted: string[]): Promise<void> {
    const { organisation, kind, id } = object
    const had = await db
      .selectFrom(side)
      .select('key')
      .where('organisation', '=', organisation)
      .where('kind', '=', kind)
      .where('id', '=', id)
      .execute()
    const old = new Set(had.map(({ key }) => key))
    const now = new Set(wanted)
    for (const key of old) {
      if (!now.has(key)) await db.deleteFrom(side).where('key', '=', key).where('organisation', '=', organisation).execute()
    }
    for (const key of now) {
      if (old.has(key)) continue
      const made = await db
        .insertInto(side)
        .values({ organisation, key, kind, id })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (Number(made.numInsertedOrUpdatedRows ?? 0) === 0) throw new Refusal('NameTaken', `"${key}" is taken already.`, { key })
    }
  }

  async function saveTokens(object: Key, wanted: string[]): Promise<void> {
    const { organisation, kind, id } = object
    await removeSide('objectTokens', object)
    const tokens = [...new Set(wanted.map(tokenOf))].filter((token) => token !== '')
    for (let at = 0; at < tokens.length; at += tokensAtOnce) {
      const some = tokens.slice(at, at + tokensAtOnce).map((token) => ({ organisation, token, kind, id }))
      await db.insertInto('objectTokens').values(some).execute()
    }
  }

  async function saveReferences(object: Key, wanted: Record<string, string[]>): Promise<void> {
    const { organisation, kind, id } = object
    const had = await db
      .selectFrom('objectReferences')
      .select(['reference', 'target'])
      .where('organisation', '=', organisation)
      .where('kind', '=', kind)
      .where('id', '=', id)
      .execute()
    const nameOf = (reference: string, target: string) => JSON.stringify([reference, target])
    const old = new Map(had.map((row) => [nameOf(row.reference, row.target), row]))
    const now = new Map(
      Object.entries(wanted).flatMap(([reference, targets]) => targets.map((target) => [nameOf(reference, target), { reference, target }])),
    )
    for (const [name, row] of old) {
      if (now.has(name)) continue
      await db
        .deleteFrom('objectReferences')
        .where('organisation', '=', organisation)
        .where('reference', '=', row.reference)
        .where('target', '=', row.target)
        .where('kind', '=', kind)
        .where('id', '=', id)
        .execute()
    }
    for (const [name, row] of now)
      if (!old.has(name))
        await db
          .insertInto('objectReferences')
          .values({ organisation, kind, id, ...row })
          .execute()
  }

  async function save(object: SaveInput): Promise<ObjectRow> {
    const key = { organisation: object.organisation, kind: object.kind, id: object.id }
    const stored = { ...key, name: clean(object.name), version: 1, data: JSON.stringify(object.data) }
    const saved = await session.first(upsert, stored)
    if (!saved) throw new Error('an upsert gave no row')
    // The version just written is one more than the one that was replaced; a new object has 1.
    if (object.version !== undefined && saved.version !== object.version + 1) {
      throw new Refusal('StaleObject', `"${object.name}" was changed by someone else meanwhile; read it again.`, { id: object.id })
    }
    session.touched.add(objectsTouched)
    const global = object.globalKeys ?? []
    await saveKeys('objectKeys', key, [...object.keys, ...global])
    await saveKeys('globalKeys', key, global)
    await saveTokens(key, object.search ?? [])
    await saveReferences(key, object.references ?? {})
    if (object.facets) await saveFacets(session, key, object.facets)
    return decode({ ...stored, version: saved.version })
  }

  return {
    ...reads,
    save,
    async remove(organisation, kind, id) {
      const key = { organisation, kind, id }
      session.touched.add(objectsTouched)
      for (const side of sides) await removeSide(side, key)
      await db.deleteFrom('objects').where('organisation', '=', organisation).where('kind', '=', kind).where('id', '=', id).execute()
    },
  }
}

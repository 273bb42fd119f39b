import type { ReadTx, WriteTx } from '#store'
import { stateOf } from './state.ts'
import { places, type RolesEdit, type RolesState, type StoredKind } from './model.ts'

/** Counts the changes to an organisation's rights: read at each use, so that what is remembered of them is never stale. */
const versionKind = 'RolesVersion'
const kinds = Object.keys(places) as StoredKind[]
const pageSize = 500
/** More objects than this an organisation does not have, of one kind. */
const most = 20_000

type Reads = Pick<ReadTx, 'objects'>

/** 0 = nobody has looked at the organisation's rights yet. */
export async function versionOf(tx: Reads, organisation: string): Promise<number> {
  return (await tx.objects.get(organisation, versionKind, organisation))?.version ?? 0
}

/** Everything that is stored, with the version it is of. */
export async function load(tx: Reads, organisation: string): Promise<RolesState> {
  const version = await versionOf(tx, organisation)
  const edits: RolesEdit[] = []
  for (const kind of kinds) {
    for (let after = '', found = 0; found < most; found += pageSize) {
      const rows = await tx.objects.list(organisation, kind, after, pageSize)
      for (const { id, name, data } of rows) {
        edits.push({ kind, id, value: data.removed === true ? undefined : { ...data, id, name } } as RolesEdit)
      }
      if (rows.length < pageSize) break
      after = rows.at(-1)!.id
    }
  }
  return stateOf(organisation, version, edits)
}

/** Writes changes to the state of this version; someone else changed it meanwhile → StaleObject. What is shipped and taken away stays away. */
export async function save(tx: WriteTx, before: RolesState, edits: readonly RolesEdit[]): Promise<void> {
  const { organisation, version } = before
  await tx.objects.save({ organisation, kind: versionKind, id: organisation, name: versionKind, version, data: {}, keys: [] })
  for (const { kind, id, value } of edits) {
    const known = before[places[kind]].get(id)
    if (value) {
      const { id: _, name, ...data } = value
      await tx.objects.save({ organisation, kind, id, name, data: { ...data }, keys: [] })
    } else if (known?.builtIn) {
      await tx.objects.save({ organisation, kind, id, name: known.name, data: { removed: true }, keys: [] })
    } else await tx.objects.remove(organisation, kind, id)
  }
}

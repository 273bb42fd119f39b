/** Step 2: what objects are found by. Objects that are there already get an empty row of version 0, for their room to fill. */
import { sortSql } from '../objects/facet-sql.ts'
import type { Dialect } from './steps.ts'

const recipients = ['UserMailbox', 'SharedMailbox', 'RoomMailbox', 'EquipmentMailbox', 'MailUser', 'MailContact', 'DistributionGroup', 'RoomList'] // prettier-ignore
const indexed = ['name', 'displayName', 'alias', 'address']

export function objectFacets({ engine }: Dialect): string[] {
  const sqlite = engine === 'sqlite'
  const text = sqlite ? 'text' : 'text collate "C"'
  const columns = ['organisation', 'kind', 'id'].map((name) => `"${name}" ${text} not null`).join(', ')
  const number = sqlite ? 'integer' : 'bigint'
  const json = sqlite ? 'blob' : 'jsonb'
  const empty = sqlite ? `jsonb('{}')` : `'{}'::jsonb`
  const kinds = recipients.map((kind) => `'${kind}'`).join(', ')
  return [
    `create table "objectFacets" (${columns}, "version" ${number} not null, "facets" ${json} not null, primary key ("organisation", "kind", "id")) ${sqlite ? 'strict' : ''}`,
    `insert into "objectFacets" select "organisation", "kind", "id", 0, ${empty} from "objects" where "kind" in (${kinds})`,
    'create index "objectFacetsByVersion" on "objectFacets" ("organisation", "kind", "version")',
    ...indexed.map(
      (facet) =>
        `create index "objectFacetsBy${facet}" on "objectFacets" ("organisation", "kind", (${sortSql(engine, { property: facet })}), "id")`,
    ),
  ]
}

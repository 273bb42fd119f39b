import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createDirectory } from '#directory'
import { createStore, type Facets, type ObjectCondition, type Store } from '#store'
import { steps } from '../../src/store/migrations/steps.ts'
import { runBeside } from '../support/beside.ts'
import { engines } from '../support/engines.ts'

const people: Record<string, Facets> = {
  ann: { alias: 'ann', department: 'sales', tags: ['a_b', 'c%d'], born: 10, hidden: true },
  bob: { alias: 'bob', department: 'sales and more', tags: [], born: 20 },
  cid: { alias: 'ćid', department: "o'neil \\ 100%", born: -5, hidden: false, extra: 'x' },
  dot: { alias: 'dot' },
}

async function filled(store: Store): Promise<void> {
  await store.write(async (tx) => {
    for (const [id, values] of Object.entries(people)) {
      const kind = id === 'dot' ? 'Contact' : 'Person'
      await tx.objects.save({ organisation: 'contoso', kind, id, name: id, data: { id }, keys: [], facets: { version: 1, values } })
    }
    await tx.objects.save({ organisation: 'fabrikam', kind: 'Person', id: 'eve', name: 'eve', data: {}, keys: [], facets: { version: 1, values: people.ann! } }) // prettier-ignore
    await tx.objects.save({ organisation: 'contoso', kind: 'Group', id: 'staff', name: 'staff', data: {}, keys: [], references: { member: ['ann', 'dot'] } }) // prettier-ignore
  })
}

const cases: [ObjectCondition, string][] = [
  [{ property: 'department', is: '=', value: 'sales' }, 'ann'],
  [{ property: 'department', is: '<>', value: 'sales' }, 'bob cid dot'],
  [{ not: { property: 'department', is: '=', value: 'sales' } }, 'bob cid dot'],
  [{ property: 'department', is: '<', value: 'sales' }, 'cid'],
  [{ property: 'department', is: '>=', value: 'sales' }, 'ann bob'],
  [{ not: { property: 'department', is: '>=', value: 'sales' } }, 'cid dot'],
  [{ property: 'department', like: 'sales*' }, 'ann bob'],
  [{ property: 'department', like: '*more' }, 'bob'],
  [{ property: 'department', like: 's*and*e' }, 'bob'],
  [{ property: 'department', like: '*%*' }, 'cid'],
  [{ property: 'department', like: '*_*' }, ''],
  [{ property: 'department', like: '*\\*' }, 'cid'],
  [{ property: 'department', like: '*' }, 'ann bob cid'],
  [{ property: 'department', is: '=', value: "x' or 1=1 --" }, ''],
  [{ property: 'department', is: '=', value: "o'neil \\ 100%" }, 'cid'],
  [{ property: 'department', present: true }, 'ann bob cid'],
  [{ property: 'tags', many: true, present: true }, 'ann'],
  [{ property: 'tags', many: true, is: '=', value: 'a_b' }, 'ann'],
  [{ property: 'tags', many: true, is: '<>', value: 'a_b' }, 'bob cid dot'],
  [{ property: 'tags', many: true, like: 'a_*' }, 'ann'],
  [{ property: 'tags', many: true, like: 'a%*' }, ''],
  [{ property: 'born', is: '>', value: -5.5 }, 'ann bob cid'],
  [{ property: 'born', is: '<=', value: 10 }, 'ann cid'],
  [{ not: { property: 'born', is: '<=', value: 10 } }, 'bob dot'],
  [{ property: 'hidden', is: '=', value: false }, 'bob cid dot'],
  [{ property: 'hidden', is: '<>', value: false }, 'ann'],
  [{ reference: 'member', referredBy: 'staff' }, 'ann dot'],
  [{ and: [] }, 'ann bob cid dot'],
  [{ or: [] }, ''],
  [{ and: [{ property: 'department', present: true }, { or: [{ property: 'alias', is: '=', value: 'bob' }, { property: 'born', is: '<', value: 0 }] }] }, 'bob cid'], // prettier-ignore
]

for (const engine of engines) {
  test(`objects are found by conditions on their facets (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    await filled(store)
    for (const [where, expected] of cases) {
      const { rows } = await store.read((tx) =>
        tx.objects.find({ organisation: 'contoso', kinds: ['Person', 'Contact'], where, limit: 10 }),
      )
      assert.equal(rows.map((row) => row.id).join(' '), expected, JSON.stringify(where))
    }
    await assert.rejects(
      store.read((tx) =>
        tx.objects.find({ organisation: 'contoso', kinds: ['Person'], where: { property: "x'", is: '=', value: 'x' }, limit: 1 }),
      ),
      /cannot name a facet/,
    )
    assert.deepEqual((await store.check()).findings, [])
  })

  test(`pages go on by key in the order asked, over several kinds (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    await filled(store)
    const orders = [
      [undefined, 'ann bob cid dot'],
      [{ property: 'alias' }, 'ann bob dot cid'],
      [{ property: 'alias', descending: true }, 'cid dot bob ann'],
      [{ property: 'born', number: true }, 'dot cid ann bob'],
      [{ property: 'department', descending: true }, 'bob ann cid dot'],
    ] as const
    for (const [order, expected] of orders)
      for (const limit of [1, 2, 3, 4, 5]) {
        const found: string[] = []
        let after: readonly [string | number, string] | undefined
        do {
          const page = await store.read((tx) =>
            tx.objects.find({
              organisation: 'contoso',
              kinds: ['Person', 'Contact'],
              ...(order ? { order } : {}),
              ...(after ? { after } : {}),
              limit,
            }),
          )
          assert.ok(page.rows.length <= limit)
          found.push(...page.rows.map(({ id }) => id))
          after = page.next
        } while (after)
        assert.equal(found.join(' '), expected, JSON.stringify([order, limit]))
      }
  })

  test(`facets follow their object, and what an older program wrote is told (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    await filled(store)
    const where: ObjectCondition = { property: 'department', is: '=', value: 'sales' }
    const ids = async () =>
      (await store.read((tx) => tx.objects.find({ organisation: 'contoso', kinds: ['Person'], where, limit: 10 }))).rows.map(({ id }) => id)
    await store.write(async (tx) => {
      const bob = { organisation: 'contoso', kind: 'Person', id: 'bob', name: 'bob', data: {}, keys: [] }
      await tx.objects.save({ ...bob, facets: { version: 2, values: { department: 'sales' } } })
      await tx.objects.remove('contoso', 'Person', 'ann')
      const { rows } = await tx.objects.find({ organisation: 'contoso', kinds: ['Person'], where, limit: 10 })
      assert.deepEqual(
        rows.map(({ id }) => id),
        ['bob'],
        'a transaction sees what it wrote',
      )
    })
    assert.deepEqual(await ids(), ['bob'])
    const old = await store.read((tx) => tx.objects.outdated('contoso', ['Person', 'Contact'], 2, 10))
    assert.deepEqual(old.map(({ id }) => id).sort(), ['cid', 'dot'])
    assert.deepEqual((await store.check()).findings, [])
  })
}

/** A recipient as the first version stored it. */
const oldRecipient = (index: number) => ({
  alias: `u${index}`,
  displayName: `U ${index}`,
  department: 'Sales',
  address: `u${index}@contoso.com`,
  proxyAddresses: [`SMTP:u${index}@contoso.com`],
  ...{ mailbox: `m${index}`, legacyExchangeDn: `/o=Contoso/cn=u${index}`, userPrincipalName: '', sid: `S-1-5-${index}` },
  ...{ fullAccess: [], sendAs: [], sendOnBehalf: [], members: [], managedBy: [], roles: [] },
})

for (const engine of engines) {
  test(`recipients of a database of version 1 are found as those of a new one (${engine.name})`, async () => {
    const options = await engine.options()
    const [first] = steps
    const rows = Array.from(
      { length: 120 },
      (_, index) => `insert into "objects" values ('o', 'UserMailbox', 'r${index}', 'U', 1, '${JSON.stringify(oldRecipient(index))}')`,
    )
    await runBeside(options, [
      ...(options.databaseSchema ? [`create schema "${options.databaseSchema}"`] : []),
      'create table "meta" ("name" text not null primary key, "value" text not null)',
      ...first!.up({ engine: engine.name }),
      `insert into "meta" values ('version', '1')`,
      ...rows,
    ])
    const store = await createStore(options)
    const directory = createDirectory({ store, clock: options.clock, random: (size) => randomBytes(size) })
    assert.equal((await store.read((tx) => tx.objects.outdated('o', ['UserMailbox'], 1, 200))).length, 120)
    const filter = await directory.readFilter('o', "Department -eq 'sales'")
    const { recipients } = await directory.search({ organisation: 'o', types: ['UserMailbox'], filter, limit: 1000 })
    assert.equal(recipients.length, 120)
    assert.deepEqual((await directory.identify('o', 'u 7')).map(({ alias }) => alias), ['u7']) // prettier-ignore
    assert.deepEqual(await store.read((tx) => tx.objects.outdated('o', ['UserMailbox'], 1, 200)), [])
    assert.deepEqual((await store.check()).findings, [])
    await store.close()
  })
}

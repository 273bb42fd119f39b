import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#model'
import { engines } from '../support/engines.ts'

const mary = {
  organisation: 'contoso',
  kind: 'recipient',
  id: 'r-mary',
  name: 'Mary',
  data: { title: 'Dr.' },
  keys: ['address:mary@contoso.com', 'alias:mary'],
}
const refused = (code: string, key?: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code && (key === undefined || error.detail.key === key)

for (const engine of engines) {
  test(`objects are found by id, unique key and across organisations (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const saved = await store.write((tx) => tx.objects.save(mary))
    assert.deepEqual(saved, { organisation: 'contoso', kind: 'recipient', id: 'r-mary', name: 'Mary', version: 1, data: { title: 'Dr.' } })
    await store.write((tx) =>
      tx.objects.save({
        organisation: 'contoso',
        kind: 'domain',
        id: 'd1',
        name: 'contoso.com',
        data: {},
        keys: [],
        globalKeys: ['domain:contoso.com'],
      }),
    )
    await store.read(async (tx) => {
      assert.deepEqual(await tx.objects.get('contoso', 'recipient', 'r-mary'), saved)
      assert.equal(await tx.objects.get('fabrikam', 'recipient', 'r-mary'), undefined)
      assert.equal((await tx.objects.byKey('contoso', 'alias:mary'))?.id, 'r-mary')
      assert.equal(await tx.objects.byKey('fabrikam', 'alias:mary'), undefined)
      assert.equal((await tx.objects.anywhere('domain:contoso.com'))?.organisation, 'contoso')
      assert.equal((await tx.objects.byKey('contoso', 'domain:contoso.com'))?.id, 'd1')
      assert.equal(await tx.objects.anywhere('alias:mary'), undefined)
    })
    await assert.rejects(
      store.write((tx) => tx.objects.save({ ...mary, id: 'r-other' })),
      refused('NameTaken', 'address:mary@contoso.com'),
    )
    assert.equal(await store.read((tx) => tx.objects.get('contoso', 'recipient', 'r-other')), undefined)
    await store.write((tx) => tx.objects.save({ ...mary, organisation: 'fabrikam' }))
    await assert.rejects(
      store.write((tx) => tx.objects.save({ ...mary, organisation: 'fabrikam', id: 'd2', keys: [], globalKeys: ['domain:contoso.com'] })),
      refused('NameTaken', 'domain:contoso.com'),
    )
    // A key that was given up is free.
    const renamed = await store.write((tx) => tx.objects.save({ ...mary, keys: ['alias:mary2'] }))
    assert.equal(renamed.version, 2)
    await store.write((tx) => tx.objects.save({ ...mary, id: 'r-other', keys: ['alias:mary'] }))
    await store.write((tx) => tx.objects.remove('contoso', 'recipient', 'r-other'))
    assert.equal(await store.read((tx) => tx.objects.byKey('contoso', 'alias:mary')), undefined)
    assert.deepEqual((await store.check()).findings, [])
  })

  test(`of concurrent savers of one key one wins, and a stale version is refused (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => store.write((tx) => tx.objects.save({ ...mary, id: `r${n}`, keys: ['alias:same'] }))),
    )
    assert.equal(tries.filter((outcome) => outcome.status === 'fulfilled').length, 1)
    const saved = await store.write((tx) => tx.objects.save(mary))
    await store.write((tx) => tx.objects.save({ ...mary, version: saved.version, name: 'Mary B.' }))
    await assert.rejects(
      store.write((tx) => tx.objects.save({ ...mary, version: saved.version, name: 'Lost' })),
      refused('StaleObject'),
    )
    assert.equal((await store.read((tx) => tx.objects.get('contoso', 'recipient', 'r-mary')))?.name, 'Mary B.')
    await assert.rejects(
      store.write((tx) => tx.objects.save({ ...mary, id: 'new', keys: [], version: 4 })),
      refused('StaleObject'),
    )
    const fresh = await store.write((tx) => tx.objects.save({ ...mary, id: 'new', keys: [], version: 0 }))
    assert.equal(fresh.version, 1)
  })

  test(`names are found by prefix, members by reference, kinds page by id (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const person = (id: string, search: string[], extra: object = {}) =>
      store.write((tx) =>
        tx.objects.save({ organisation: 'contoso', kind: 'recipient', id, name: id, data: {}, keys: [], search, ...extra }),
      )
    await person('ann', ['Ann', 'Árnadóttir', 'ann@contoso.com'])
    await person('anton', ['Anton', 'Brown'])
    await person('bob', ['Bob', 'Brown', '100%_x'])
    await store.write((tx) =>
      tx.objects.save({
        organisation: 'contoso',
        kind: 'group',
        id: 'staff',
        name: 'Staff',
        data: {},
        keys: [],
        search: ['anyone'],
        references: { member: ['ann', 'bob'] },
      }),
    )
    const search = async (prefix: string, kinds = ['recipient'], limit = 10) =>
      (await store.read((tx) => tx.objects.search('contoso', prefix, kinds, limit))).map((row) => row.id)
    assert.deepEqual(await search('an'), ['ann', 'anton'])
    assert.deepEqual(await search('AN', ['recipient', 'group']), ['ann', 'anton', 'staff'])
    assert.deepEqual(await search('árna'), ['ann'])
    assert.deepEqual(await search('brown', ['recipient'], 1), ['anton'])
    assert.deepEqual(await search('100%_'), ['bob'])
    assert.deepEqual([await search('%'), await search('')], [[], []])
    const groups = async (member: string) =>
      (await store.read((tx) => tx.objects.referring('contoso', 'member', member))).map((row) => row.id)
    assert.deepEqual([await groups('ann'), await groups('anton')], [['staff'], []])
    await store.write((tx) =>
      tx.objects.save({
        organisation: 'contoso',
        kind: 'group',
        id: 'staff',
        name: 'Staff',
        data: {},
        keys: [],
        references: { member: ['anton'] },
      }),
    )
    assert.deepEqual([await groups('ann'), await groups('anton')], [[], ['staff']])
    const page = await store.read((tx) => tx.objects.list('contoso', 'recipient', 'ann', 1))
    assert.deepEqual(
      page.map((row) => row.id),
      ['anton'],
    )
  })
}

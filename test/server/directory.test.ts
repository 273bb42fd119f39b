import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createDirectory, type Directory } from '#directory'
import { Refusal } from '#model'
import { quickEngines, type TestEngine } from '../support/engines.ts'

const quick = { memory: 64, passes: 1 }

async function open(engine: TestEngine, clock = Date.now) {
  const opened = await engine.use()
  const make = () => createDirectory({ store: opened.store, clock, random: randomBytes, passwordCost: quick })
  const directory = make()
  const organisation = await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' })
  return { directory, again: make, organisation, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
}
const user = (alias: string, displayName: string) => ({ kind: 'UserMailbox', alias, displayName }) as const
const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

for (const engine of quickEngines) {
  test(`a recipient is found by every one of its identities (${engine.name})`, async () => {
    await using site = await open(engine)
    const { directory, organisation } = site
    const mary = await directory.create(organisation.id, {
      ...user('mary', 'Mary Jensen'),
      proxyAddresses: ['smtp:Mary.Jensen@contoso.com', 'X500:/o=Old/cn=mary'],
    })
    assert.equal(mary.address, 'mary@contoso.com')
    assert.deepEqual(mary.proxyAddresses, ['SMTP:mary@contoso.com', 'smtp:mary.jensen@contoso.com', 'X500:/o=Old/cn=mary'])
    const identities = [
      'MARY@contoso.com',
      'SMTP:mary@contoso.com',
      'mary.jensen@contoso.com',
      mary.sid,
      mary.legacyExchangeDn.toUpperCase(),
      'X500:/o=old/CN=mary',
    ]
    for (const identity of identities) assert.equal((await directory.find(identity))?.id, mary.id, identity)
    assert.equal((await directory.find('mary', organisation.id))?.id, mary.id)
    assert.equal(await directory.find('mary'), undefined)
    assert.equal((await directory.recipientOfMailbox(organisation.id, mary.mailbox))?.id, mary.id)
    await assert.rejects(
      directory.create(organisation.id, { ...user('mj', 'M J'), address: 'mary.jensen@contoso.com' }),
      refused('NameTaken'),
    )
    await assert.rejects(
      directory.create(organisation.id, { ...user('x', 'X'), address: 'x@elsewhere.example' }),
      refused('InvalidSmtpAddress'),
    )
  })

  test(`a changed primary address keeps the old one, and what is removed is gone (${engine.name})`, async () => {
    await using site = await open(engine)
    const { directory, organisation } = site
    const rob = await directory.create(organisation.id, user('rob', 'Rob Young'))
    const changed = await directory.update(organisation.id, rob.id, { address: 'robert@contoso.com', kind: 'SharedMailbox' })
    assert.deepEqual(changed.proxyAddresses, ['SMTP:robert@contoso.com', 'smtp:rob@contoso.com'])
    assert.equal((await directory.find('rob@contoso.com'))?.kind, 'SharedMailbox')
    assert.deepEqual(
      (await directory.list(organisation.id, ['SharedMailbox', 'UserMailbox'], '', 10)).map((one) => one.id),
      [rob.id],
    )
    await directory.remove(organisation.id, rob.id)
    assert.equal(await directory.find('rob@contoso.com'), undefined)
    await assert.rejects(directory.update(organisation.id, rob.id, { title: 'x' }), refused('UnknownRecipient'))
  })

  test(`names resolve by prefixes of every word, without accents, hidden ones left out (${engine.name})`, async () => {
    await using site = await open(engine)
    const { directory, organisation } = site
    const resolve = async (text: string) => (await directory.resolve(organisation.id, text, 10)).map((one) => one.alias)
    await directory.create(organisation.id, user('mary', 'Mary Jensen'))
    await directory.create(organisation.id, user('marc', 'Marc Jönsson'))
    await directory.create(organisation.id, { ...user('ghost', 'Mary Ghost'), hiddenFromAddressLists: true })
    assert.deepEqual(await resolve('mar'), ['marc', 'mary'])
    assert.deepEqual(await resolve('jen mar'), ['mary'])
    assert.deepEqual(await resolve('jonsson'), ['marc'])
    assert.deepEqual(await resolve('mary@contoso.com'), ['mary'])
    assert.deepEqual(await resolve('=mary'), ['mary'])
    assert.deepEqual(await resolve('ghost'), [])
    assert.deepEqual(await resolve('  '), [])
  })

  test(`groups within groups end although they contain each other (${engine.name})`, async () => {
    await using site = await open(engine)
    const { directory, organisation } = site
    const group = (alias: string, members: string[]) =>
      directory.create(organisation.id, { kind: 'DistributionGroup', alias, displayName: alias, members })
    const mary = await directory.create(organisation.id, user('mary', 'Mary Jensen'))
    const rob = await directory.create(organisation.id, user('rob', 'Rob Young'))
    const inner = await group('inner', [mary.id])
    const outer = await group('outer', [inner.id, rob.id, mary.id])
    const looped = await directory.update(organisation.id, inner.id, {
      members: [mary.id, outer.id, '00000000-0000-4000-8000-000000000000'],
    })
    assert.deepEqual(
      (await directory.members(looped)).map((one) => one.alias),
      ['mary', 'outer'],
    )
    assert.deepEqual((await directory.expand(outer, 100)).map((one) => one.alias).toSorted(), ['mary', 'rob'])
    assert.equal((await directory.expand(outer, 1)).length, 1)
    assert.deepEqual((await directory.groupsOf(organisation.id, mary.id)).toSorted(), [inner.id, outer.id].toSorted())
    assert.deepEqual((await directory.callerFor(rob)).groups.toSorted(), [inner.id, outer.id].toSorted())
    const shared = await directory.create(organisation.id, {
      kind: 'SharedMailbox',
      alias: 'sales',
      displayName: 'Sales',
      fullAccess: [outer.id],
    })
    assert.deepEqual(
      (await directory.mailboxesOpenTo(mary)).map((one) => one.id),
      [shared.id],
    )
  })

  test(`a password is checked, remembered, and forgotten when it changes anywhere (${engine.name})`, async () => {
    await using site = await open(engine)
    const { directory, organisation } = site
    const mary = await directory.create(organisation.id, user('mary', 'Mary Jensen'))
    assert.equal(await directory.checkPassword(mary, 'one'), false)
    await directory.setPassword(mary, 'one')
    assert.equal(await directory.checkPassword(mary, 'one'), true)
    assert.equal(await directory.checkPassword(mary, 'one'), true)
    assert.equal(await directory.checkPassword(mary, 'One'), false)
    const elsewhere: Directory = site.again()
    assert.equal(await elsewhere.checkPassword(mary, 'one'), true)
    await elsewhere.setPassword(mary, 'two')
    assert.equal(await directory.checkPassword(mary, 'one'), false)
    assert.equal(await directory.checkPassword(mary, 'two'), true)
    assert.equal(await directory.checkPassword(undefined, 'two'), false)
    assert.equal(await directory.checkPassword(mary, 'x'.repeat(100_000)), false)
    await assert.rejects(directory.setPassword(mary, ''), refused('InvalidArgument'))
  })

  test(`photos are kept beside the recipient and have an etag (${engine.name})`, async () => {
    await using site = await open(engine)
    const { directory, organisation } = site
    const mary = await directory.create(organisation.id, user('mary', 'Mary Jensen'))
    assert.equal(await directory.photo(mary), undefined)
    const data = Buffer.from([0x89, 0x50, 0x4e, 0x47]).toString('base64')
    await directory.setPhoto(mary, { contentType: 'image/png', data })
    const photo = await directory.photo(mary)
    assert.equal(photo?.data, data)
    assert.match(photo?.etag ?? '', /^[0-9a-f]{32}$/)
    await assert.rejects(directory.setPhoto(mary, { contentType: 'text/html', data }), refused('InvalidArgument'))
    await directory.setPhoto(mary, undefined)
    assert.equal(await directory.photo(mary), undefined)
    await directory.setPhoto(mary, { contentType: 'image/png', data })
    await directory.remove(organisation.id, mary.id)
    assert.equal(await directory.photo(mary), undefined)
  })

  test(`organisations and their domains are unique over the store (${engine.name})`, async () => {
    await using site = await open(engine)
    const { directory, organisation } = site
    await directory.addAcceptedDomain({ organisation: organisation.id, domain: 'Contoso.ORG', type: 'InternalRelay' })
    assert.deepEqual(
      (await directory.acceptedDomains(organisation.id)).map((one) => one.domain),
      ['contoso.com', 'contoso.org'],
    )
    assert.equal((await directory.acceptedDomain('CONTOSO.org'))?.type, 'InternalRelay')
    await assert.rejects(directory.createOrganisation({ name: 'CONTOSO', defaultDomain: 'other.example' }), refused('NameTaken'))
    await assert.rejects(directory.createOrganisation({ name: 'Fabrikam', defaultDomain: 'contoso.com' }), refused('NameTaken'))
    await assert.rejects(directory.createOrganisation({ name: 'Fabrikam', defaultDomain: 'not a domain' }), refused('InvalidArgument'))
    const fabrikam = await directory.createOrganisation({ name: 'Fabrikam', defaultDomain: 'fabrikam.example' })
    assert.deepEqual((await directory.organisations()).map((one) => one.name).toSorted(), ['Contoso', 'Fabrikam'])
    const carla = await directory.create(fabrikam.id, user('mary', 'Another Mary'))
    assert.equal((await directory.find('mary@fabrikam.example'))?.id, carla.id)
    assert.equal(await directory.find('mary@fabrikam.example', organisation.id), undefined)
  })
}

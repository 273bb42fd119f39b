import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import { createSignInRules } from '#access'
import { createConfiguration, createDirectory } from '#directory'
import { systemCaller } from '#model'
import type { Store } from '#store'
import { openVault } from '#trust'
import { quickEngines } from '../support/engines.ts'
import { refusal } from '../admin/desk.ts'
import { client, person, signInSite, tokensFor, type Person, type SignInSite } from './program.ts'

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

const published = async (site: SignInSite) => JSON.parse((await site.call('/oauth2/jwks')).body) as JSONWebKeySet
const kids = async (site: SignInSite) => (await published(site)).keys.map(({ kid }) => String(kid))
const kidOf = (token: string | undefined) => String(decodeProtectedHeader(token ?? '').kid)

/** Signs in with another browser and another factor: what time has done to sessions is not what these tests are about. */
async function identityToken(site: SignInSite, who: Person): Promise<string> {
  const { id_token = '' } = await tokensFor(site, { ...who, browser: person(site).browser })
  return id_token
}
/** The provider tells the time by the machine's clock, the site's own clock is ahead of it by what the test says. */
const verify = async (site: SignInSite, token: string) =>
  jwtVerify(token, createLocalJWKSet(await published(site)), {
    ...{ issuer: `${site.url}/oauth2`, audience: client },
  })

for (const engine of quickEngines) {
  test(`the key of identity tokens rolls over by its age, and what was signed before stays good (OIDC Core 10.1.1) (${engine.name})`, async () => {
    await using site = await signInSite({ engine, config: { signIn: { identityKeyDays: 30 } } })
    const who = person(site)
    const first = await tokensFor(site, who).then(({ id_token = '' }) => id_token)
    const [old = ''] = await kids(site)
    assert.deepEqual([await kids(site), kidOf(first)], [[old], old])
    for (const key of (await published(site)).keys) assert.ok(!('d' in key), 'the private part is published')

    site.clock.now += 30 * day
    // The next one is published before it signs.
    const [, next = '', ...more] = await kids(site)
    assert.deepEqual([(await kids(site))[0], more], [old, []])
    const before = await identityToken(site, who)
    assert.equal(kidOf(before), old)
    site.clock.now += hour - 2 * minute
    const last = await identityToken(site, who)
    assert.equal(kidOf(last), old)
    site.clock.now += 2 * minute
    const after = await identityToken(site, who)
    assert.equal(kidOf(after), next)
    assert.deepEqual((await kids(site)).toSorted(), [old, next].toSorted())
    for (const token of [last, after]) await verify(site, token)

    // Until the end of the last token that the old one signed.
    site.clock.now += hour - 5 * minute
    await verify(site, last)
    site.clock.now += 20 * minute
    assert.deepEqual(await kids(site), [next])
    await assert.rejects(verify(site, last))
  })

  test(`an administrator sees the keys and rolls them over; a compromised one is gone at once (${engine.name})`, async () => {
    await using site = await signInSite({ engine, config: { organisations: [{ name: 'Fabrikam', domain: 'fabrikam.com' }] } })
    const run = async (name: string, args = {}) =>
      (await Array.fromAsync(site.admin.invoke(systemCaller(site.organisation.id), name, args))) as Record<string, unknown>[]
    const who = person(site)
    const first = await tokensFor(site, who).then(({ id_token = '' }) => id_token)
    const [shown] = await run('Get-SignInKey')
    assert.deepEqual(Object.keys(shown!), ['Identity', 'WhenCreated', 'SignsFrom', 'PublishedUntil'])
    assert.equal(shown!.Identity, kidOf(first))
    const rolled = await run('New-SignInKey')
    assert.equal(rolled.length, 2)
    assert.equal((await run('New-SignInKey')).length, 2, 'one that waits is the successor')
    assert.equal(Number(rolled[1]!.SignsFrom), site.clock.now + hour)
    site.clock.now += hour
    await verify(site, first)
    assert.equal(kidOf(await identityToken(site, who)), rolled[1]!.Identity)

    const [fresh] = await run('New-SignInKey', { Compromised: true })
    site.clock.now += 2 * minute
    assert.deepEqual(await kids(site), [fresh!.Identity])
    assert.equal(kidOf(await identityToken(site, who)), fresh!.Identity)
    await assert.rejects(verify(site, first))

    // The keys are the site's: no administrator of a tenant sees or changes them, and none without the role.
    const tenant = site.tenants[0]!.id
    const chief = await site.directory.create(tenant, { kind: 'UserMailbox', alias: 'chief', displayName: 'Chief' })
    await site.roles.give(tenant, chief.id, ['Organization Management'])
    const signedIn = { by: 'token', secondFactor: true, at: site.clock.now } as const
    const foreign = { ...(await site.directory.callerFor(chief)), signedIn }
    for (const caller of [foreign, await site.caller('mary')]) {
      for (const name of ['Get-SignInKey', 'New-SignInKey']) {
        await assert.rejects(Array.fromAsync(site.admin.invoke(caller, name, {})), refusal('AccessDenied'), name)
      }
    }
  })

  test(`processes of one site have the same keys, whoever rolls them over (${engine.name})`, async () => {
    await using store = await opened(engine)
    const clock = { now: Date.UTC(2030, 0, 7, 9) }
    const vault = await openVault({ random: randomBytes })
    const process = () => {
      const needs = { store: store.store, clock: () => clock.now, random: (size: number) => randomBytes(size) }
      return createSignInRules({
        ...{ ...needs, vault, directory: createDirectory(needs), configuration: createConfiguration({ ...needs, ...vault }) },
        ...{ wait: async () => {}, audit: () => undefined, isAdministrator: async () => false },
      }).siteKeys
    }
    const processes = [process(), process(), process()]
    const same = async () => {
      const all = await Promise.all(processes.map((each) => each.current()))
      for (const keys of all) assert.deepEqual(keys, all[0])
      return all[0]!
    }
    const made = await same()
    clock.now += 90 * day
    const rolled = await same()
    assert.deepEqual([rolled.cookies, rolled.forms, rolled.identity[0]], [made.cookies, made.forms, made.identity[0]])
    assert.equal(rolled.identity.length, 2)
    clock.now += hour
    const signing = await same()
    assert.deepEqual(signing.identity, [rolled.identity[1], rolled.identity[0]])
    await Promise.all(processes.map((each) => each.renew({ compromised: false })))
    assert.equal((await same()).identity.length, 3)

    // The one key of before keys had an age goes on signing while its successor is published.
    const [row] = await store.store.read((tx) => tx.objects.list('', 'SignInKeys', '', 10))
    const sealed = vault.seal(JSON.stringify({ ...made, identity: made.identity[0] }), 'SignInKeys')
    await store.store.write((tx) => tx.objects.save({ organisation: '', kind: 'SignInKeys', id: row!.id, name: 'SignInKeys', data: { sealed }, keys: [], version: row!.version })) // prettier-ignore
    const carried = await same()
    assert.deepEqual([carried.identity[0], carried.identity.length], [made.identity[0], 2])
  })
}

async function opened(engine: (typeof quickEngines)[number]): Promise<AsyncDisposable & { store: Store }> {
  const store = await engine.open()
  return { store, [Symbol.asyncDispose]: () => store.close() }
}

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { describe, test } from 'node:test'
import { Refusal } from '#model'
import { authorityOrganisation } from '#trust'
import { quickEngines } from '../support/engines.ts'
import { connectSites, names, sideOf, startHybridSites, type HybridSites, type HybridSitesInput } from '../support/hybrid-sites.ts'
import { testPassword } from '../support/site.ts'
import { askFreeBusy, personOf, window } from './ask.ts'
import { askBy, directions, endsOf, serviceAccounts } from './routes.ts'
import { startStranger } from './stranger.ts'

const minutes = 60_000

/** Asks for several people as the EWS operation does: the code of each, and the trace. */
async function askAll(sites: HybridSites, from: string, people: readonly string[]) {
  const { site, caller } = await personOf(sites, from)
  const { outcomes, trace } = await site.hybrid.freeBusy(caller, people, window, { view: 'DetailedMerged' })
  return { codes: outcomes.map((one) => (one instanceof Refusal ? `Error${one.code}` : 'NoError')), trace }
}

function forget({ onPremises, online }: HybridSites): void {
  onPremises.hybrid.forget()
  online.hybrid.forget()
}

/** Two premises, connected, with what is asked of the auth service counted. */
async function startCounted(input: HybridSitesInput = {}) {
  const asked = { tokens: 0, delegations: 0 }
  const sites = await startHybridSites({
    ...input,
    people: { onPremises: [serviceAccounts.onPremises], online: [serviceAccounts.online, moved] },
    around: (place, route) => ({
      ...route,
      handle(request) {
        if (place === 'auth' && request.path.endsWith('/tokens/oauth/2')) asked.tokens++
        if (place === 'auth' && request.path === '/extsts.srf') asked.delegations++
        return (input.around?.(place, route) ?? route).handle(request)
      },
    }),
  })
  return { sites, asked, [Symbol.asyncDispose]: () => sites[Symbol.asyncDispose]() }
}

/** Lives online as far as on-premises knows, but has moved on to another organisation. */
const moved = {
  address: `gus@${names.online.domain}`,
  displayName: 'Gus Moved',
  kind: 'mailUser' as const,
  externalAddress: `gus@${names.online.fabrikam}`,
}

for (const engine of quickEngines) {
  describe(`${engine.name}: tokens`, () => {
    test('application tokens are cached for the organisation, not for each person; who asks at once waits for the same one', async () => {
      await using counted = await startCounted({ engine })
      const { sites, asked } = counted
      await connectSites(sites)
      const together = await Promise.all(['mary', 'rob', 'mary', 'rob'].map((alias) => askFreeBusy(sites, alias, 'joe@contoso.com')))
      assert.deepEqual(together.map(({ generation, code }) => `${generation} ${code}`), Array(4).fill('OAuth NoError')) // prettier-ignore
      assert.equal(asked.tokens, 1)
      const later = await askFreeBusy(sites, 'rob', 'joe@contoso.com')
      assert.equal(asked.tokens, 1)
      const cached = later.trace.branches.flatMap(({ hops }) => hops).find(({ what }) => what === 'application token taken from the cache')
      assert.match(String(cached?.token?.aud), /outlook\.online\.example/)
      // Autodiscover and EWS of on-premises are two hosts: a token for each.
      await askFreeBusy(sites, 'joe', 'mary@contoso.com')
      assert.equal(asked.tokens, 3)
      // Nobody knows Zoe on-premises: no other token would help her, and the one that there is stays good for the others.
      const unknown = await askFreeBusy(sites, 'zoe', 'rob@contoso.com')
      assert.equal(unknown.code, 'ErrorProxyRequestProcessingFailed')
      assert.match(unknown.causes.join('\n'), /invalid_user.*Synchronise the person who asks to the other side/)
      assert.equal((await askFreeBusy(sites, 'joe', 'rob@contoso.com')).code, 'NoError')
      assert.equal(asked.tokens, 3)
      assert.equal(asked.delegations, 0)
    })

    test('a tenant is not given another tenant’s token', async () => {
      await using counted = await startCounted({ engine })
      const { sites, asked } = counted
      await connectSites(sites)
      assert.equal((await askFreeBusy(sites, 'joe', 'mary@contoso.com')).code, 'NoError')
      const { organisation } = await personOf(sites, 'fay')
      const { invoke } = sideOf(sites.online, 'fabrikam', organisation)
      await invoke('New-AuthServer', { Name: 'ACS', AuthMetadataUrl: `https://${names.auth}/${organisation}/metadata/json/1` })
      const DiscoveryEndpoint = `https://${names.onPremises.autodiscover}/autodiscover/autodiscover.svc`
      await invoke('New-IntraOrganizationConnector', { Name: 'Contoso', TargetAddressDomains: ['mail.contoso.com'], DiscoveryEndpoint })
      const before = asked.tokens
      const { generation, code, causes } = await askFreeBusy(sites, 'fay', 'mary@mail.contoso.com')
      assert.deepEqual([generation, code, asked.tokens - before], ['OAuth', 'ErrorProxyRequestProcessingFailed', 1])
      assert.match(
        causes.join('\n'),
        new RegExp(`invalid_resource.*not registered as a service principal name in the realm ${organisation}`),
      )
    })

    test('delegation tokens are for each person, and are used again while they are good', async () => {
      await using counted = await startCounted({ engine })
      const { sites, asked } = counted
      await connectSites(sites)
      await askBy(sites, 'to online', 'DAuth')
      for (const alias of ['mary', 'rob', 'mary', 'rob']) {
        assert.equal((await askFreeBusy(sites, alias, 'joe@contoso.com')).code, 'NoError')
      }
      assert.equal(asked.delegations, 2)
      sites.clock.skew += 10 * minutes
      assert.equal((await askFreeBusy(sites, 'mary', 'joe@contoso.com')).code, 'NoError')
      assert.equal(asked.delegations, 3)
    })

    for (const [generation, good, over] of [
      ['OAuth', 50, 15],
      ['DAuth', 8, 5],
    ] as const) {
      test(`${generation}: the auth service dies; what is cached goes on until the token ends, then the trace says why`, async () => {
        await using counted = await startCounted({ engine })
        const { sites } = counted
        await connectSites(sites)
        await askBy(sites, 'to online', generation)
        const ask = () => askFreeBusy(sites, 'mary', 'joe@contoso.com')
        assert.equal((await ask()).code, 'NoError')
        await sites.auth.close()
        assert.deepEqual([(await ask()).generation, (await ask()).code], [generation, 'NoError'])
        sites.clock.skew += good * minutes
        forget(sites)
        assert.equal((await ask()).code, 'NoError')
        sites.clock.skew += over * minutes
        const { code, causes, trace } = await ask()
        assert.equal(code, 'ErrorProxyRequestProcessingFailed', causes.join('\n'))
        assert.match(causes.join('\n'), /Unable to connect to login\.online\.example \(ECONNREFUSED\)/)
        const failed = trace.branches.flatMap(({ hops }) => hops).filter(({ verdict }) => verdict === 'failed')
        assert.deepEqual(failed.map(({ what }) => /ask the auth service for an? (application )?token/.test(what)), [true]) // prettier-ignore
      })
    }
  })
}

for (const engine of quickEngines) {
  describe(`${engine.name}: a slow organisation`, () => {
    const deadline = 700

    /** Takes connections and says nothing, not even hello. */
    async function startMute(sites: HybridSites, name: string): Promise<{ server: Server } & AsyncDisposable> {
      const sockets = new Set<{ destroy(): void }>()
      const server = createServer((socket) => {
        socket.on('error', () => undefined)
        sockets.add(socket)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      sites.zone.set(name, { address: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 })
      return {
        server,
        async [Symbol.asyncDispose]() {
          for (const socket of sockets) socket.destroy()
          server.close()
          await once(server, 'close')
        },
      }
    }

    test('delays no local answer past the deadline, and no other organisation’s', async () => {
      await using counted = await startCounted({ engine, deadline, allow: ['mute.example', 'silent.example'] })
      const { sites } = counted
      await using _mute = await startMute(sites, 'mute.example')
      await using silent = await startStranger(sites, 'silent.example')
      silent.answer = () => undefined
      await connectSites(sites)
      const { invoke } = sideOf(sites.onPremises, 'on-premises')
      const Credentials = { UserName: 'forest@silent.example', Password: testPassword }
      for (const ForestName of ['mute.example', 'silent.example']) {
        const TargetAutodiscoverEpr = `https://${ForestName}/autodiscover/autodiscover.xml`
        await invoke('Add-AvailabilityAddressSpace', { ForestName, AccessMethod: 'OrgWideFB', Credentials, TargetAutodiscoverEpr })
      }
      const people = ['someone@mute.example', 'rob@contoso.com', 'someone@silent.example', 'joe@contoso.com', 'other@mute.example']
      const from = performance.now()
      const { codes, trace } = await askAll(sites, 'mary', people)
      const ms = performance.now() - from
      assert.ok(ms < deadline + 2000, `${ms} ms`)
      const [late, good] = ['ErrorAutoDiscoverFailed', 'NoError']
      assert.deepEqual(codes, [late, good, late, good, late])
      for (const { people: of, hops, ms: took } of trace?.branches ?? []) {
        if (!of.some((address) => /mute|silent/.test(address))) continue
        assert.ok(took >= deadline - 50, `${took} ms`)
        assert.match(hops.at(-1)?.cause ?? '', /did not answer in time/)
        assert.match(hops.at(-1)?.remedy ?? '', /look at which step took the time/)
      }
      assert.equal(silent.requests.length, 1)
    })

    test('whose EWS accepts a question and never answers is given up', async () => {
      let silent = false
      await using counted = await startCounted({
        engine,
        deadline,
        around: (place, route) =>
          place === 'online' && route.protocol === 'ews'
            ? { ...route, handle: async (request) => (silent ? untilGone(request.signal) : route.handle(request)) }
            : route,
      })
      const { sites } = counted
      await connectSites(sites)
      for (const generation of ['OAuth', 'DAuth', 'CrossForest'] as const) {
        await askBy(sites, 'to online', generation)
        silent = true
        const { codes, trace } = await askAll(sites, 'mary', ['joe@contoso.com', 'rob@contoso.com'])
        assert.deepEqual(codes, ['ErrorProxyRequestProcessingFailed', 'NoError'], generation)
        assert.match(JSON.stringify(trace?.branches), /did not answer in time/)
        silent = false
        assert.deepEqual((await askAll(sites, 'mary', ['joe@contoso.com'])).codes, ['NoError'], generation)
      }
    })

    /** Answers when the other side has gone away. */
    async function untilGone(signal: AbortSignal) {
      if (!signal.aborted) await once(signal, 'abort')
      return { status: 503, headers: {}, body: '' }
    }
  })
}

for (const engine of quickEngines) {
  test(`${engine.name}: a request that came from outside goes no further, by any generation`, async () => {
    await using counted = await startCounted({ engine })
    const { sites } = counted
    await connectSites(sites)
    // Online knows a way to where Gus went; it is not for others' questions.
    const { invoke } = sideOf(sites.online, 'online')
    await invoke('New-OrganizationRelationship', {
      Name: 'Fabrikam',
      DomainNames: [names.online.fabrikam],
      TargetApplicationUri: 'x.example',
    })
    for (const generation of ['OAuth', 'DAuth', 'CrossForest'] as const) {
      await askBy(sites, 'to online', generation)
      const { codes } = await askAll(sites, 'mary', ['joe@contoso.com', moved.address, `zoe@${names.online.domain}`])
      assert.deepEqual(codes, ['NoError', 'ErrorProxyRequestNotAllowed', 'NoError'], generation)
      const [answered, ...rest] = sites.online.hybrid.traces.list(sites.online.organisation.id, 5)
      assert.equal(answered?.role, 'answered')
      assert.match(JSON.stringify(answered.branches), /a request from outside goes no further.*check its routing address there/)
      assert.deepEqual(rest.filter(({ role }) => role === 'asked'), []) // prettier-ignore
      // Asked for alone, Autodiscover already leads to where nobody of ours may be asked.
      forget(sites)
      assert.deepEqual((await askAll(sites, 'mary', [moved.address])).codes, ['ErrorAutoDiscoverFailed'], generation)
    }
    // Our own people may ask there, as far as the auth service knows the place.
    const own = await askFreeBusy(sites, 'joe', moved.address)
    assert.equal(own.generation, 'DAuth')
    assert.match(own.causes.join('\n'), /auth service refused the token/)
  })
}

for (const engine of quickEngines) {
  describe(`${engine.name}: certificates rolled over while lookups are under way`, () => {
    for (const direction of directions) {
      for (const end of ['from', 'to'] as const) {
        test(`the federation certificate of the ${end === 'from' ? 'asking' : 'answering'} side, ${direction}`, async () => {
          await using counted = await startCounted({ engine })
          const { sites } = counted
          await connectSites(sites)
          await askBy(sites, direction, 'DAuth')
          const { asker, target, [end]: rolled } = endsOf(sites, direction)
          const ask = async (when: string) => {
            const { code, causes } = await askFreeBusy(sites, asker.alias, target.address)
            assert.equal(code, 'NoError', `${when}: ${causes.join('; ')}`)
          }
          await ask('before')
          const [trust] = await rolled.side.invoke('Get-FederationTrust', {})
          const Identity = trust?.Name
          const [made] = await rolled.side.invoke('New-ExchangeCertificate', { SubjectName: 'CN=Federation 2', Services: ['Federation'] })
          await rolled.side.invoke('Set-FederationTrust', { Identity, Thumbprint: made?.Thumbprint })
          await ask('the next one is there')
          const publishing = rolled.side.invoke('Set-FederationTrust', { Identity, PublishFederationCertificate: true })
          await Promise.all([publishing, ...Array.from({ length: 6 }, (_, index) => ask(`under way ${index}`))])
          await ask('with a token from before')
          sites.clock.skew += 11 * minutes
          await ask('with a token from after')
          const [after] = await rolled.side.invoke('Get-FederationTrust', {})
          assert.deepEqual([after?.OrgPrivCertificate, after?.OrgPrevPrivCertificate], [made?.Thumbprint, trust?.OrgPrivCertificate])
        })
      }
    }
  })
}

/** Rolls the auth service's own key over: the old one stays the previous. Gives what makes a staged one the current one. */
async function stageKey({ auth }: HybridSites): Promise<() => Promise<unknown>> {
  const { CurrentCertificateThumbprint: old } = await auth.configuration.get(authorityOrganisation, 'AuthConfig')
  const made = await auth.keyRing.make(authorityOrganisation, { subject: 'Isthmus Auth Service 2', services: ['ServerToServer'] })
  const set = (changes: Record<string, string | null>) => auth.configuration.update(authorityOrganisation, 'AuthConfig', undefined, changes)
  await set({ NextCertificateThumbprint: made.thumbprint })
  return () => set({ CurrentCertificateThumbprint: made.thumbprint, PreviousCertificateThumbprint: old, NextCertificateThumbprint: null })
}

/** The hourly round on each side, when what is known of the auth service has become old. */
async function refreshTrusts({ onPremises, online, clock }: HybridSites): Promise<void> {
  clock.skew += 9 * 60 * minutes
  for (const { hybrid } of [onPremises, online]) assert.deepEqual(await hybrid.refreshTrust(), [])
}

for (const engine of quickEngines) {
  describe(`${engine.name}: the key of the auth service rolled over`, () => {
    for (const generation of ['OAuth', 'DAuth'] as const) {
      test(`${generation}: staged and known beforehand, nobody notices`, async () => {
        await using counted = await startCounted({ engine })
        const { sites } = counted
        await connectSites(sites)
        await askBy(sites, 'to online', generation)
        const ask = async (when: string) => {
          const { code, causes } = await askFreeBusy(sites, 'mary', 'joe@contoso.com')
          assert.equal(code, 'NoError', `${when}: ${causes.join('; ')}`)
        }
        await ask('before')
        const publish = await stageKey(sites)
        await refreshTrusts(sites)
        await ask('staged')
        await Promise.all([publish(), ...Array.from({ length: 6 }, (_, index) => ask(`under way ${index}`))])
        await ask('with a token of the key before')
        sites.clock.skew += 61 * minutes
        await ask('with a token of the new key')
      })

      test(`${generation}: all at once, what is cached goes on; then the trace says what to refresh`, async () => {
        await using counted = await startCounted({ engine })
        const { sites } = counted
        await connectSites(sites)
        await askBy(sites, 'to online', generation)
        const ask = () => askFreeBusy(sites, 'mary', 'joe@contoso.com')
        assert.equal((await ask()).code, 'NoError')
        await (
          await stageKey(sites)
        )()
        assert.equal((await ask()).code, 'NoError')
        sites.clock.skew += 61 * minutes
        const { code, causes } = await ask()
        assert.equal(code, 'ErrorAutoDiscoverFailed', causes.join('\n'))
        const wanted = {
          OAuth: /refused the token, invalid_signature.*refresh the metadata of its AuthServer there/,
          DAuth: /InvalidSecurity/,
        }
        assert.match(causes.join('\n'), wanted[generation])
        await refreshTrusts(sites)
        assert.equal((await ask()).code, 'NoError')
      })
    }
  })
}

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type TLSSocket } from 'node:tls'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { Refusal } from '#model'
import { serverCertificate } from '#trust'
import { isPublicAddress, type FindHost } from '../../src/hybrid/remote/addresses.ts'
import { createRemoteHttp, failureOf, RemoteFailure, type RemoteHttp } from '../../src/hybrid/remote/http.ts'
import { createTimedCache } from '../../src/hybrid/tokens/timed-cache.ts'
import { connectSites, names, sideOf, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { askFreeBusy, personOf, window } from './ask.ts'
import { startStranger } from './stranger.ts'

const host = 'raw.example'

/** A TLS server that answers every request with these bytes, and a sender that trusts it. */
async function startRaw(answer: (socket: TLSSocket) => void, findHost?: FindHost) {
  const { cert, key, ca } = await serverCertificate({ organisation: 'Raw', names: [host], clock: Date.now })
  const sockets = new Set<TLSSocket>()
  const server = createServer({ cert, key }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => answer(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const authorities = [ca]
  const http = createRemoteHttp({
    findHost: findHost ?? (async () => [{ address: '127.0.0.1', port }]),
    allowed: () => true,
    ca: () => authorities,
  })
  return {
    http,
    authorities,
    async [Symbol.asyncDispose]() {
      http.close()
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What a request ended with. */
async function failureOfAsking(http: RemoteHttp, signal: AbortSignal = AbortSignal.timeout(20_000)): Promise<unknown> {
  return http.send({ url: `https://${host}/`, body: 'a question', signal }).then(
    ({ status }) => `answered ${status}`,
    (error: unknown) => error,
  )
}

function isFailure(error: unknown, cause: RemoteFailure['cause'], words: RegExp): void {
  assert.ok(error instanceof RemoteFailure, String(error))
  assert.deepEqual([error.cause, words.test(error.message)], [cause, true], error.message)
}

test('a server that switches protocols gives no answer, at once', async () => {
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'
  await using raw = await startRaw((socket) => socket.write(upgrade))
  isFailure(await failureOfAsking(raw.http), 'broken', /raw\.example switched to another protocol/)
})

test('a server that hangs up before an answer gives none', async () => {
  await using raw = await startRaw((socket) => socket.end())
  isFailure(await failureOfAsking(raw.http), 'connect', /Unable to connect to raw\.example/)
})

test('the signal ends a request that waits for a name, for an answer, or for the rest of one', async () => {
  const late = () => AbortSignal.timeout(200)
  await using mute = await startRaw(() => undefined)
  isFailure(await failureOfAsking(mute.http, late()), 'timeout', /did not answer in time/)
  await using half = await startRaw((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'))
  isFailure(await failureOfAsking(half.http, late()), 'timeout', /did not answer in time/)
  await using lost = await startRaw(() => undefined, () => new Promise(() => undefined)) // prettier-ignore
  isFailure(await failureOfAsking(lost.http, late()), 'timeout', /did not answer in time/)
  isFailure(await failureOfAsking(mute.http, AbortSignal.abort()), 'timeout', /did not answer in time/)
})

test('an answer that breaks off, or cannot be read, is a broken one', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n'
  for (const bytes of [`${head}\r\nhalf`, `${head}content-encoding: gzip\r\n\r\n0123456789`, 'no HTTP at all\r\n\r\n']) {
    await using raw = await startRaw((socket) => socket.end(bytes))
    isFailure(await failureOfAsking(raw.http), 'broken', /The answer of raw\.example (broke off|cannot be read)/)
  }
  const zipped = gzipSync('good')
  await using good = await startRaw((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n\r\n`)
    socket.write(zipped)
  })
  assert.equal(await failureOfAsking(good.http), 'answered 200')
})

test('whatever goes wrong with the name or the network is no answer; a mistake of ours stays one', async () => {
  const failing = (code: string) => async () => {
    throw Object.assign(new Error(`queryA ${code} ${host}`), { code })
  }
  for (const code of ['ESERVFAIL', 'ETIMEOUT', 'EREFUSED', 'ENOTFOUND', 'EBADNAME']) {
    await using raw = await startRaw(() => undefined, failing(code))
    isFailure(await failureOfAsking(raw.http), 'name', /The remote name could not be resolved: 'raw\.example'/)
  }
  const network = (code: string, began = false) => failureOf(Object.assign(new Error(code), { code }), host, began)
  for (const code of [
    ...['INVALID_PURPOSE', 'INVALID_CA', 'PATH_LENGTH_EXCEEDED', 'CERT_HAS_EXPIRED', 'CERT_REVOKED', 'CERT_CHAIN_TOO_LONG'],
    ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
    ...['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_OSSL_EVP_UNSUPPORTED', 'EPROTO', 'CRL_HAS_EXPIRED', 'UNSPECIFIED'],
  ])
    isFailure(network(code), 'tls', new RegExp(`secure channel to raw\\.example \\(${code}\\)`))
  for (const code of ['ECONNRESET', 'EHOSTDOWN', 'ENETDOWN', 'EACCES']) {
    isFailure(network(code), 'connect', /Unable to connect to raw\.example/)
    isFailure(network(code, true), 'broken', /The answer of raw\.example broke off/)
  }
  isFailure(network('ERR_SOMETHING_NEW'), 'broken', /cannot be read \(ERR_SOMETHING_NEW\)/)
  const mistake = new TypeError('a mistake')
  assert.equal(failureOf(mistake, host, false), mistake)
  assert.equal(failureOf(Object.assign(mistake, { code: 'ERR_INVALID_ARG_TYPE' }), host, false), mistake)
})

test('authorities that come later are trusted, those that go are not', async () => {
  await using raw = await startRaw((socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
  const [ca = ''] = raw.authorities.splice(0)
  isFailure(await failureOfAsking(raw.http), 'tls', /secure channel/)
  raw.authorities.push(ca)
  assert.equal(await failureOfAsking(raw.http), 'answered 204')
  raw.authorities.pop()
  isFailure(await failureOfAsking(raw.http), 'tls', /secure channel/)
})

test('addresses are public that are global unicast and lead nowhere else', () => {
  const own = [
    '::',
    '::1',
    '::127.0.0.1',
    '2002:7f00:1::1',
    '64:ff9b:1::a00:1',
    '64:ff9b::a00:1',
    'fec0::1',
    'fe80::1',
    'fe80::1%lo',
    'fd00::1',
  ]
  const setAside = [
    'ff02::1',
    '100::1',
    '2001::1',
    '2001:1ff:ffff::1',
    '2001:db8::1',
    '3fff::1',
    '5f00::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
  ]
  const old = [
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '172.31.255.255',
    '192.168.0.1',
    '224.0.0.1',
    '255.255.255.255',
  ]
  for (const address of [...own, ...setAside, ...old, 'name.example', '']) assert.equal(isPublicAddress(address), false, address)
  for (const address of ['8.8.8.8', '52.96.0.1', '::ffff:8.8.8.8', '2603:1036::1', '2001:200::1', '2a00:1450:4001::1'])
    assert.equal(isPublicAddress(address), true, address)
})

/** A making that the test ends. */
function making<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<{ value: T; until: number }>()
  return { make: () => promise, resolve, reject }
}

test('who waits for another’s making shares its success alone', async () => {
  const cache = createTimedCache<string>({ clock: () => 0, most: 10 })
  const first = making<string>()
  const asked = cache.get('key', first.make)
  let own = 0
  const joined = ['a', 'b'].map((value) => cache.get('key', async () => (own++, { value, until: 1 })))
  first.reject(new Error('user does not exist (mary)'))
  await assert.rejects(asked, /mary/)
  assert.deepEqual(await Promise.all(joined), [{ value: 'a', fresh: true }, { value: 'b', fresh: true }]) // prettier-ignore
  assert.equal(own, 2)
  const known = await cache.get('key', async () => ({ value: 'again', until: 1 }))
  assert.deepEqual(known, { value: 'b', fresh: false })
  const failed = cache.get('other', () => Promise.reject(new Error('first')))
  const failedToo = cache.get('other', () => Promise.reject(new Error('second')))
  await assert.rejects(failed, /first/)
  await assert.rejects(failedToo, /second/)
})

test('a making that never ends holds up nobody who comes a minute later; what was forgotten meanwhile is not kept', async () => {
  let now = 0
  const cache = createTimedCache<string>({ clock: () => now, most: 10 })
  const stuck = making<string>()
  const asked = cache.get('key', stuck.make)
  now += 61_000
  assert.deepEqual(await cache.get('key', async () => ({ value: 'good', until: now + 10 })), { value: 'good', fresh: true })
  stuck.resolve({ value: 'late', until: now + 10 })
  assert.deepEqual(await asked, { value: 'late', fresh: true })
  assert.equal((await cache.get('key', async () => ({ value: 'new', until: now }))).value, 'good')
  const slow = making<string>()
  const old = cache.get('second', slow.make)
  cache.forget('second')
  slow.resolve({ value: 'old', until: now + 10 })
  await old
  assert.equal((await cache.get('second', async () => ({ value: 'new', until: now + 10 }))).value, 'new')
})

/** Two premises, connected; where on-premises thinks that online's Autodiscover is for OAuth, a stranger answers. Tokens are counted. */
async function startWithStranger() {
  const asked = { tokens: 0 }
  const sites = await startHybridSites({
    allow: ['odd.online.example'],
    around: (place, route) => ({
      ...route,
      handle(request) {
        if (place === 'auth' && request.path.endsWith('/tokens/oauth/2')) asked.tokens++
        return route.handle(request)
      },
    }),
  })
  const stranger = await startStranger(sites, 'odd.online.example')
  await connectSites(sites)
  return {
    sites,
    stranger,
    asked,
    async [Symbol.asyncDispose]() {
      await stranger[Symbol.asyncDispose]()
      await sites[Symbol.asyncDispose]()
    },
  }
}

/** Where the connector looks for Autodiscover. */
function lead({ onPremises }: HybridSites, host: string): Promise<unknown> {
  const DiscoveryEndpoint = `https://${host}/autodiscover/autodiscover.svc`
  return sideOf(onPremises, 'on-premises').invoke('Set-IntraOrganizationConnector', { Identity: 'HybridIOC', DiscoveryEndpoint })
}

/** The resolver fails for the names. */
function breakNames({ zone }: HybridSites, ...broken: string[]): void {
  const { has } = zone
  zone.has = (name) => {
    if (broken.includes(name)) throw Object.assign(new Error(`queryA ESERVFAIL ${name}`), { code: 'ESERVFAIL' })
    return has.call(zone, name)
  }
}

test('a resolver that fails leaves what is known of the auth services as it is, and is told of', async () => {
  await using sites = await startHybridSites()
  await connectSites(sites)
  breakNames(sites, names.auth)
  sites.clock.skew += 30 * 3_600_000
  const failed = await sites.onPremises.hybrid.refreshTrust()
  assert.match(failed.join('\n'), /ACS: .*could not be resolved: 'login\.online\.example' \(ESERVFAIL\)/)
})

test('a resolver or a server that fails spoils nobody else’s answer, and the trace says why', async () => {
  await using opened = await startWithStranger()
  const { sites, stranger } = opened
  const { invoke } = sideOf(sites.onPremises, 'on-premises')
  const Credentials = { UserName: 'forest@odd.online.example', Password: 'Isthmus!2026' }
  for (const [ForestName, host] of [['odd.example', 'odd.online.example'], ['servfail.example', 'servfail.example']]) // prettier-ignore
    await invoke('Add-AvailabilityAddressSpace', { ForestName, AccessMethod: 'OrgWideFB', Credentials, TargetAutodiscoverEpr: `https://${host}/autodiscover.xml` }) // prettier-ignore
  breakNames(sites, 'servfail.example')
  stranger.answer = () => ({ status: 101, headers: { connection: 'upgrade', upgrade: 'websocket' } })
  const { site, caller } = await personOf(sites, 'mary')
  for (let round = 0; round < 2; round++) {
    const people = ['a@servfail.example', 'joe@contoso.com', 'b@odd.example', 'rob@contoso.com']
    const { outcomes, trace } = await site.hybrid.freeBusy(caller, people, window, { view: 'DetailedMerged' })
    const lost = 'AutoDiscoverFailed'
    assert.deepEqual(outcomes.map((one) => (one instanceof Refusal ? one.code : 'NoError')), [lost, 'NoError', lost, 'NoError']) // prettier-ignore
    assert.match(JSON.stringify(trace), /could not be resolved: 'servfail\.example' \(ESERVFAIL\).*Check the address/)
    assert.match(JSON.stringify(trace), /odd\.online\.example switched to another protocol/)
  }
})

test('OAuth: what was learnt of whom the other side trusts is asked again when nobody here is of them', async () => {
  await using opened = await startWithStranger()
  const { sites, stranger } = opened
  await lead(sites, 'odd.online.example')
  let issuers = '00000009-0000-0000-c000-000000000000@*'
  stranger.answer = () => ({
    status: 401,
    headers: { 'www-authenticate': `Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="${issuers}"` },
  })
  const ask = async () => (await askFreeBusy(sites, 'mary', 'joe@contoso.com')).causes.join('\n')
  assert.match(await ask(), /No enabled AuthServer is one of those that the other side trusts/)
  assert.equal(stranger.requests.length, 1)
  assert.match(await ask(), /No enabled AuthServer is one of those that the other side trusts/)
  assert.equal(stranger.requests.length, 2)
  issuers = '00000001-0000-0000-c000-000000000000@*'
  assert.doesNotMatch(await ask(), /No enabled AuthServer/)
})

test('OAuth: a token from before a new certificate, realm or AuthServer is not used again', async () => {
  await using opened = await startWithStranger()
  const { sites, asked } = opened
  const { invoke } = sideOf(sites.onPremises, 'on-premises')
  const ask = async (tokens: number) => {
    const { generation, code, causes } = await askFreeBusy(sites, 'mary', 'joe@contoso.com')
    assert.deepEqual([generation, code, asked.tokens], ['OAuth', 'NoError', tokens], causes.join('\n'))
  }
  await ask(1)
  await ask(1)
  const [made] = await invoke('New-ExchangeCertificate', { SubjectName: 'CN=Auth 2', Services: ['ServerToServer'] })
  await invoke('Set-AuthConfig', { CertificateThumbprint: made?.Thumbprint })
  await connectSites(sites)
  await ask(2)
  const [server] = await invoke('Get-AuthServer', {})
  await invoke('Remove-AuthServer', { Identity: server?.Name })
  await invoke('New-AuthServer', { Name: 'Another name', AuthMetadataUrl: server?.AuthMetadataUrl })
  await ask(3)
  const [config] = await invoke('Get-AuthConfig', {})
  await invoke('Set-AuthConfig', { Realm: '11111111-2222-3333-4444-555555555555' })
  assert.equal((await askFreeBusy(sites, 'mary', 'joe@contoso.com')).code, 'ErrorProxyRequestProcessingFailed')
  await invoke('Set-AuthConfig', { Realm: config?.Realm || null })
  await ask(4)
})

test('OAuth: who asks about somebody unknown there spoils no other question that waits for the same', async () => {
  const nobody = `nobody@${names.online.domain}`
  let second: ReturnType<typeof askFreeBusy> | undefined
  await using sites: HybridSites = await startHybridSites({
    around: (place, route) => ({
      ...route,
      async handle(request) {
        const isFirst = place === 'online' && !second && request.body.includes(nobody)
        if (isFirst) {
          second = askFreeBusy(sites, 'rob', 'joe@contoso.com')
          // Nothing but what is cached lies before the place where it waits for the first question's Autodiscover.
          for (let turn = 0; turn < 50; turn++) await setImmediate()
        }
        return route.handle(request)
      },
    }),
  })
  await connectSites(sites)
  assert.equal((await askFreeBusy(sites, 'mary', nobody)).code, 'ErrorAutoDiscoverFailed')
  const { generation, code, causes } = (await second) ?? assert.fail('nobody asked Autodiscover')
  assert.deepEqual([generation, code], ['OAuth', 'NoError'], causes.join('\n'))
})

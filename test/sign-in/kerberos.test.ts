import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { decrypt, encrypt, nFold } from '../../src/access/negotiate/etypes.ts'
import { readKeytab } from '../../src/access/negotiate/keytab.ts'
import { createReplayCache } from '../../src/access/negotiate/replay.ts'
import { systemCaller } from '#model'
import { quickEngines, type TestEngine } from '../support/engines.ts'
import { kerberosToken, writeKeytab, type TestKey, type TokenWishes } from '../support/keytab.ts'
import { bindingsOf, keptConnection } from '../support/ntlm-client.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite } from '../support/site.ts'

const inbox =
  '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Body><m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder></s:Body></s:Envelope>'
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const keyOf = (etype: number, version = 3, service = 'HTTP/mail.contoso.com', realm = 'CONTOSO.COM'): TestKey => ({
  ...{ realm, service, version, etype, key: randomBytes([17, 19].includes(etype) ? 16 : 32) },
})
const keys = [17, 18, 19, 20].map((etype) => keyOf(etype))
const hostKey = keyOf(18, 3, 'host/mail.contoso.com')
const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function keytabFile(all: readonly TestKey[], mode = 0o600): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-keytab-'))
  folders.push(folder)
  const path = join(folder, 'http.keytab')
  await writeFile(path, writeKeytab(all))
  await chmod(path, mode)
  return path
}

async function withKerberos(engine: TestEngine, realms: Record<string, string> = {}, more: TestKey[] = []) {
  const clock = { now: Date.now() }
  const keytab = await keytabFile([...keys, hostKey, ...more])
  const config = { signIn: { kerberos: { keytab, realms } } }
  const site = await startTestSite({ engine, config, outside: { clock: () => clock.now } })
  const connection = keptConnection(site)
  const post = (token: Buffer) => connection.post(inbox, { authorization: `Negotiate ${token.toString('base64')}` })
  const ask = async (wishes: Partial<TokenWishes> = {}) => post(kerberosToken({ now: clock.now, key: keys[1]!, ...wishes }))
  const close = async () => {
    connection[Symbol.dispose]()
    await site.close()
  }
  return { site, clock, connection, post, ask, [Symbol.asyncDispose]: close }
}

test('RFC 3961 A.1: n-fold', () => {
  for (const [text, bytes, folded] of [
    ['012345', 8, 'be072631276b1955'],
    ['password', 7, '78a07b6caf85fa'],
    ['kerberos', 16, '6b65726265726f737b9b5b2b93132b93'],
    ['MASSACHVSETTS INSTITVTE OF TECHNOLOGY', 24, 'db3b0d8f0b061e603282b308a50841229ad798fab9540c1b'],
  ] as const)
    assert.equal(nFold(Buffer.from(text), bytes).toString('hex'), folded, text)
})

test('RFC 8009 A: what aes128-cts-hmac-sha256-128 makes of nothing and of six bytes', () => {
  const key = hex('3705D96080C17728A0E800EAB6E0D23C')
  const empty = encrypt(19, key, 2, Buffer.alloc(0), hex('7E5895EAF2672435BAD817F545A37148'))
  assert.equal(empty.toString('hex'), 'ef85fb890bb8472f4dab20394dca781dad877eda39d50c870c0d5a0a8e48c718')
  const six = encrypt(19, key, 2, hex('000102030405'), hex('7BCA285E2FD4130FB55B1A5C83BC5B24'))
  assert.equal(six.toString('hex'), '84d7f30754ed987bab0bf3506beb09cfb55402cef7e6877ce99e247e52d16ed4421dfdf8976c')
})

test('every kind of key opens what it sealed, of any length, and nothing that was changed', () => {
  for (const { etype, key } of keys) {
    for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 100]) {
      const text = randomBytes(length)
      const sealed = encrypt(etype, key, 11, text, randomBytes(16))
      assert.deepEqual(decrypt(etype, key, 11, sealed), text)
      assert.equal(decrypt(etype, key, 12, sealed), undefined)
      sealed[length % sealed.length]! ^= 1
      assert.equal(decrypt(etype, key, 11, sealed), undefined)
    }
  }
  assert.equal(decrypt(23, randomBytes(16), 2, randomBytes(64)), undefined)
})

test('a keytab gives its AES keys; what is cut off ends it', () => {
  const bytes = writeKeytab([...keys, { ...keyOf(18), version: 300 }, { ...keyOf(23), key: randomBytes(16) }])
  const read = readKeytab(bytes)
  assert.deepEqual(read.slice(0, 4), keys)
  assert.deepEqual([read.length, read[4]?.version], [5, 300])
  for (let length = 2; length < bytes.length; length++) assert.ok(readKeytab(bytes.subarray(0, length)).length <= 5)
  assert.throws(() => readKeytab(Buffer.from('text')), /no keytab/)
})

test('authenticators are remembered for as long as they would be taken, and no more than there is room for', () => {
  const clock = { now: 0 }
  const cache = createReplayCache({ clock: () => clock.now, holds: 1000, most: 2 })
  assert.deepEqual([cache.add('a'), cache.add('a'), cache.add('b'), cache.add('c')], ['new', 'seen', 'new', 'full'])
  clock.now = 1000
  assert.deepEqual([cache.add('c'), cache.add('a')], ['new', 'new'])
})

test('a keytab that is missing, open to everybody or without a key for HTTP hinders the start, with what to do', async () => {
  for (const [path, why] of [
    ['/nowhere/http.keytab', /cannot be used: ENOENT/],
    [await keytabFile(keys, 0o644), /everybody on this machine/],
    [await keytabFile([hostKey]), /no AES key of a service HTTP/],
  ] as const)
    await assert.rejects(startTestSite({ config: { signIn: { kerberos: { keytab: path } } } }), why)
})

for (const engine of quickEngines) {
  test(`a ticket opens the mailbox, whichever of the four kinds seals it, and the server shows that it could read it (${engine.name})`, async () => {
    await using world = await withKerberos(engine)
    const { site, ask, connection } = world
    const bare = await site.call('/EWS/Exchange.asmx', { method: 'POST' })
    assert.match(String(bare.headers['www-authenticate']), /^Negotiate, Basic/)
    for (const key of keys) {
      for (const sessionEtype of [17, 18, 19, 20]) {
        const answer = await ask({ key, sessionEtype })
        assert.equal(answer.status, 200, answer.body)
        assert.match(String(answer.headers['www-authenticate']), /^Negotiate o[XY]/)
      }
    }
    assert.match(String((await ask({ bare: true })).headers['www-authenticate']), /^Negotiate Y[GHI]/)
    assert.equal((await ask({ bare: true, mutual: false })).headers['www-authenticate'], undefined)
    // A ticket is for one request.
    assert.equal((await connection.post(inbox)).status, 401)
    assert.equal((await ask({ bindings: bindingsOf(connection.endPoint()) })).status, 200)
    assert.equal((await ask({ address: Buffer.from([127, 0, 0, 1]) })).status, 200)
    assert.equal((await ask({ clock: world.clock.now - 200_000 })).status, 200)
  })

  test(`RFC 4120 3.2.3: tickets that are not taken, each with its reason (${engine.name})`, async () => {
    await using world = await withKerberos(engine)
    const { clock, ask, post } = world
    const { now } = clock
    const hour = 3_600_000
    const bad: [Partial<TokenWishes>, RegExp][] = [
      [{ key: keyOf(18) }, /not sealed with the key of the keytab/],
      [{ key: keyOf(18, 4) }, /key 4 of encryption type 18/],
      [{ key: hostKey }, /no key of that service/],
      [{ service: ['HTTP', 'other.contoso.com'] }, /no key of that service/],
      [{ claims: 'rob' }, /names somebody else/],
      [{ clock: now - 301_000 }, /more than five minutes apart/],
      [{ clock: now + 302_000 }, /more than five minutes apart/],
      [{ starts: now + hour }, /does not hold yet/],
      [{ invalid: true }, /does not hold yet/],
      [{ starts: now - 2 * hour, ends: now - hour }, /has expired/],
      [{ address: Buffer.from([192, 0, 2, 1]) }, /another network address/],
      [{ clientRealm: 'FABRIKAM.COM' }, /clients of the realm FABRIKAM.COM/],
      [{ client: ['mary', 'admin'] }, /not the name of a person/],
      [{ client: ['nobody'] }, /nobody here is nobody@CONTOSO.COM/],
      [{ client: ['rob@contoso.com'] }, /nobody here is/],
      [{ bindings: bindingsOf(Buffer.alloc(32, 9)) }, /not bound to this TLS connection/],
      [{ noChecksum: true }, /checksum of GSS-API is missing/],
      [{ userToUser: true }, /not one between users/],
      [{ first: Buffer.from('2b06010401823702020a', 'hex') }, /not the first choice/],
    ]
    for (const [wishes, why] of bad) {
      const answer = await ask(wishes)
      assert.equal(answer.status, 401, String(why))
      assert.match(answer.body, why)
      assert.match(String(answer.headers['www-authenticate']), /^Negotiate, Basic/)
    }
    const token = kerberosToken({ now, key: keys[0]! })
    assert.deepEqual([(await post(token)).status, (await post(token)).status], [200, 401])
    assert.match((await post(token)).body, /it came before/)
    for (const nonsense of [Buffer.alloc(0), Buffer.from([0x60]), token.subarray(0, 40), randomBytes(500)])
      assert.equal((await post(nonsense)).status, 401)
  })

  test(`whom a principal is: the UPN before the alias, by the domain of its realm; switches and policies hold (${engine.name})`, async () => {
    const corp = keyOf(18, 1, 'HTTP/mail.contoso.com', 'CORP.LOCAL')
    await using world = await withKerberos(engine, { 'CORP.LOCAL': 'contoso.com' }, [corp])
    const { site, ask, clock } = world
    const { rob, mary } = site.people
    assert.ok(rob && mary)
    const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
    // Rob's sign-in name is mary's alias, and mary's another one.
    await site.directory.update(site.organisation.id, mary.id, { userPrincipalName: 'mj@contoso.com' })
    await site.directory.update(site.organisation.id, rob.id, { userPrincipalName: 'mary@contoso.com' })
    const folder = (body: string) => /FolderId Id="([^"]+)"/.exec(body)?.[1]
    const inboxOf = async (user: string) => folder((await site.call('/EWS/Exchange.asmx', { method: 'POST', user, body: inbox })).body)
    assert.equal(folder((await ask({ key: corp })).body), await inboxOf('rob@contoso.com'))
    assert.equal(folder((await ask({ client: ['mj'] })).body), await inboxOf('mj@contoso.com'))
    assert.equal(folder((await ask({ client: ['Ann'] })).body), await inboxOf('ann@contoso.com'))
    await run('Set-WebServicesVirtualDirectory "EWS (Default Web Site)" -ExtendedProtectionTokenChecking Require')
    assert.match((await ask()).body, /not bound to this TLS connection/)
    await run(
      'Set-WebServicesVirtualDirectory "EWS (Default Web Site)" -ExtendedProtectionTokenChecking None -WindowsAuthentication $false',
    )
    assert.match((await ask()).body, /WindowsAuthentication is switched off for ews/)
    await run('Set-WebServicesVirtualDirectory "EWS (Default Web Site)" -WindowsAuthentication $true')
    await run('New-AuthenticationPolicy Strict -SecondFactor Everybody -AllowBasicAuthWebServices')
    await run('Set-User ann -AuthenticationPolicy Strict')
    clock.now += 6000
    assert.match((await ask({ client: ['ann'] })).body, /second factor is required/)
    await site.directory.update(site.organisation.id, rob.id, { accountDisabled: true })
    assert.match((await ask()).body, /nobody here is mary@CONTOSO.COM/)
  })
}

/** Debian's MIT Kerberos: a KDC of the test's own on the loopback address, tickets by kinit, and a client with GSS-API and SPNEGO. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { startTestSite } from '../support/site.ts'
import { freePorts, requireProgram, startProgram } from './programs.ts'

const run = promisify(execFile)
const realm = 'CONTOSO.COM'
/** Each kind of encryption that the acceptor takes, as MIT Kerberos calls it. */
const kinds = ['aes128-cts-hmac-sha1-96', 'aes256-cts-hmac-sha1-96', 'aes128-cts-hmac-sha256-128', 'aes256-cts-hmac-sha384-192'] as const
/** A service for each, whose only key is of that kind. */
const hostOf = (kind: string) => `${kind}.contoso.com`

interface Told {
  offered: string[]
  bare: number
  status: number
  complete: boolean
  body: string
  again: number
  why: string
}

/** A realm whose people have the password `secret`, with a keytab for the site that has a service for each kind of key. */
async function startRealm(folder: string) {
  for (const program of ['/usr/sbin/krb5kdc', '/usr/sbin/kdb5_util', '/usr/sbin/kadmin.local']) requireProgram(program, 'krb5-kdc')
  requireProgram('/usr/bin/kinit', 'krb5-user')
  requireProgram('/usr/bin/python3', 'python3-gssapi')
  const [port = 0] = await freePorts(1)
  const at = (name: string) => join(folder, name)
  const env = { ...process.env, KRB5_CONFIG: at('krb5.conf'), KRB5_KDC_PROFILE: at('kdc.conf'), KRB5CCNAME: `FILE:${at('tickets')}` }
  const config = (kind: string) =>
    `[libdefaults]\ndefault_realm = ${realm}\ndns_lookup_kdc = false\ndns_lookup_realm = false\ndns_canonicalize_hostname = false\nrdns = false\n` +
    `default_tkt_enctypes = ${kind}\ndefault_tgs_enctypes = ${kind}\npermitted_enctypes = ${kinds.join(' ')}\nudp_preference_limit = 1\n` +
    `[realms]\n${realm} = {\nkdc = 127.0.0.1:${port}\n}\n[domain_realm]\ncontoso.com = ${realm}\n.contoso.com = ${realm}\n`
  const speak = (kind: string) => writeFile(at('krb5.conf'), config(kind))
  await speak(kinds.join(' '))
  const keySalts = kinds.map((kind) => `${kind}:normal`).join(' ')
  await writeFile(
    at('kdc.conf'),
    `[kdcdefaults]\nkdc_listen = 127.0.0.1:${port}\nkdc_tcp_listen = 127.0.0.1:${port}\n[realms]\n${realm} = {\ndatabase_name = ${at('principal')}\n` +
      `key_stash_file = ${at('stash')}\nacl_file = ${at('acl')}\nsupported_enctypes = ${keySalts}\nmaster_key_type = aes256-cts-hmac-sha1-96\n}\n` +
      `[logging]\nkdc = FILE:${at('kdc.log')}\n`,
  )
  await run('/usr/sbin/kdb5_util', ['create', '-s', '-r', realm, '-P', 'master'], { env })
  const administer = (line: string) => run('/usr/sbin/kadmin.local', ['-r', realm, '-q', line], { env })
  for (const person of ['mary', 'nobody']) await administer(`addprinc -pw secret ${person}`)
  for (const kind of kinds) {
    await administer(`addprinc -randkey -e ${kind}:normal HTTP/${hostOf(kind)}`)
    await administer(`ktadd -k ${at('http.keytab')} -norandkey HTTP/${hostOf(kind)}`)
  }
  await chmod(at('http.keytab'), 0o600)
  const kdc = startProgram('/usr/sbin/krb5kdc', ['-n', '-r', realm, '-P', at('kdc.pid')], env)
  await until(port, () => kdc.output())
  return {
    keytab: at('http.keytab'),
    env,
    stop: () => kdc.stop(),
    /** A ticket for the person, whose tickets for services will be sealed with this kind of key. */
    async kinit(person: string, kind: string): Promise<void> {
      await speak(kind)
      const asking = run('/usr/bin/kinit', [`${person}@${realm}`], { env })
      asking.child.stdin?.end('secret\n')
      await asking
    },
  }
}

/** Connects until the port answers; fails with what the program said. */
async function until(port: number, output: () => string): Promise<void> {
  for (const end = Date.now() + 20_000; ;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    assert.ok(Date.now() < end, `the KDC does not listen\n${output()}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('MIT Kerberos', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-kdc-'))
  await using ended = new AsyncDisposableStack()
  ended.defer(() => rm(folder, { recursive: true, force: true }))
  const kdc = await startRealm(folder)
  ended.defer(() => kdc.stop())
  const site = await startTestSite({ config: { signIn: { kerberos: { keytab: kdc.keytab, realms: {} } } } })
  ended.defer(() => site.close())
  const caFile = join(folder, 'ca.pem')
  await writeFile(caFile, site.ca)
  const env = { ...kdc.env, HOST: 'localhost', PORT: String(site.ports.https), CA_FILE: caFile }
  const ask = async (kind: string, ...wish: string[]): Promise<Told> => {
    const { stdout } = await run('/usr/bin/python3', ['-B', join(import.meta.dirname, 'kerberos_ask.py'), ...wish], {
      env: { ...env, SERVICE: hostOf(kind) },
    })
    return JSON.parse(stdout) as Told
  }

  for (const kind of kinds) {
    await context.test(`a ticket with ${kind} opens mary's inbox, once, and the server is who it says`, async () => {
      await kdc.kinit('mary', kind)
      const told = await ask(kind)
      assert.deepEqual([told.bare, told.status, told.complete, told.again], [401, 200, true, 401], told.body)
      assert.ok(told.offered.includes('Negotiate'))
      assert.match(told.body, /NoError/)
      assert.match(told.why, /it came before/)
      const { stdout } = await run('/usr/bin/klist', ['-e'], { env })
      assert.match(stdout.split(hostOf(kind)).at(-1) ?? '', new RegExp(`Etype \\(skey, tkt\\): ${kind}, ${kind}`))
    })
  }
  await context.test(
    'without channel bindings and without mutual authentication it is taken, with those of another channel not',
    async () => {
      await kdc.kinit('mary', kinds[1])
      assert.equal((await ask(kinds[1], 'unbound')).status, 200)
      const oneWay = await ask(kinds[1], 'one-way')
      assert.equal(oneWay.status, 200)
      const other = await ask(kinds[1], 'other-channel')
      assert.equal(other.status, 401)
      assert.match(other.body, /not bound to this TLS connection/)
    },
  )
  await context.test('who is nobody here gets nothing with a good ticket', async () => {
    await kdc.kinit('nobody', kinds[1])
    const told = await ask(kinds[1])
    assert.equal(told.status, 401)
    assert.match(told.body, /nobody here is nobody@CONTOSO.COM/)
  })
})

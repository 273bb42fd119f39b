/** The credentials of `Update-HybridConfiguration`: where they go, whom they let in, and that nothing keeps them. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Refusal, type Caller } from '#model'
import { administratorToken } from '../../src/server/lab/administrator-token.ts'
import { refusal } from '../admin/desk.ts'
import { folderFor } from '../support/command-line.ts'
import { names } from '../support/hybrid-sites.ts'
import { assertJoinedByOAuth } from './ask.ts'
import { administrator, answers, boss, invoke, start, token, update } from './hybrid-update.ts'

test('the other side’s address is called by the rules of all outgoing calls: no private address', async () => {
  await using sites = await start()
  const TenantAccessToken = await token(sites)
  // A name that leads to this machine and that the configuration does not allow.
  sites.zone.set('inside.example', { address: '127.0.0.1', port: sites.online.ports.https! })
  for (const TenantUrl of ['https://inside.example', 'https://127.0.0.1:1', 'https://[::1]', 'https://169.254.169.254']) {
    await invoke(sites, (await sites.onPremises.configuration.list(sites.onPremises.organisation.id, 'HybridConfiguration')).length ? 'Set-HybridConfiguration' : 'New-HybridConfiguration', { ...answers, TenantUrl }) // prettier-ignore
    await assert.rejects(
      update(sites, { TenantAccessToken }),
      refusal('ServiceDiscoveryFailed', /Step \d+, ".*": online, .* not a public address; it is not called/),
      TenantUrl,
    )
  }
})

test('a redirect of the other side, and an answer that is none, end the step; the credentials go nowhere else', async () => {
  const got: string[] = []
  let answer: { status: number; headers: Record<string, string>; body: string } | undefined
  await using sites = await start({
    around: (place, route) => ({
      ...route,
      async handle(request) {
        if (place === 'auth') got.push(String(request.headers.authorization ?? ''))
        return place === 'online' && answer && request.path.startsWith('/adminapi') ? answer : route.handle(request)
      },
    }),
  })
  await invoke(sites, 'New-HybridConfiguration', { ...answers, FederationEnabled: false })
  const TenantAccessToken = await token(sites)
  const location = `https://${names.auth}/adminapi/v2.0/x/InvokeCommand`
  for (const [status, body] of [
    [307, ''],
    [200, '<html>not a site</html>'],
    [200, '{"object":{"Name":"x"}}\n'],
    [500, `${'x'.repeat(5000)}`],
    [200, '{"error":{"code":"Unauthenticated","message":"no"}}\n'],
  ] as const) {
    answer = { status, headers: { location, 'content-type': 'application/x-ndjson' }, body }
    await assert.rejects(update(sites, { TenantAccessToken }), (error) => {
      assert.ok(error instanceof Refusal && /^Step \d+, ".*": online, /.test(error.message), String(error))
      assert.ok(error.message.length < 1000 && error.code !== 'Unauthenticated' && error.code !== 'InternalServerError', error.code)
      return true
    })
  }
  assert.ok(got.every((one) => !one.includes(TenantAccessToken)))
  answer = undefined
  await update(sites, { TenantAccessToken })
  await assertJoinedByOAuth(sites)
})

test('wrong credentials, and those of somebody who may not, are refused with the step and the side; nothing of them is logged', async (t) => {
  const file = join(await folderFor(t), 'log')
  const secrets: string[] = []
  {
    await using sites = await start({ log: (place) => ({ level: 'debug', file: `${file}.${place}` }) })
    const { online, onPremises } = sites
    await invoke(sites, 'New-HybridConfiguration', answers)
    const wrong = 'N0-such-token-'.repeat(4)
    const stale = await administratorToken(online, online.organisation.id, boss, { at: Date.now() - 3_600_000 })
    const plain = await administratorToken(online, online.organisation.id, boss, { secondFactor: false })
    const clerk = await token(sites, 'clerk@contoso.online.example')
    const nobody = await token(sites, 'joe@contoso.com')
    const { password } = await online.signIn.appPasswords.create((await online.directory.find(boss, online.organisation.id))!, 'Wizard')
    secrets.push(wrong, stale, plain, clerk, nobody, password, 'pass-word-that-is-wrong')
    const refused = async (given: object, message: RegExp, caller?: Caller) =>
      assert.rejects(update(sites, given, caller ? { caller } : {}), refusal('AccessDenied', message))
    await refused({ TenantAccessToken: wrong }, /^Step \d+, ".*": online, .*credentials are not taken there/)
    await refused({ TenantCredentials: { UserName: boss, Password: 'pass-word-that-is-wrong' } }, /: online, .*credentials are not taken/)
    await refused({ TenantAccessToken: plain }, /: online, .*second factor/)
    await refused({ TenantAccessToken: nobody }, /: online, .*refuses/)
    await refused({ TenantAccessToken: clerk }, /: online, .*refuses .*is for holders of/)
    await refused({ TenantAccessToken: stale }, /Step 6, .*: online, New-AuthServer: .*Sign in there again/)
    // An app password where the policy lets it: all but what is dangerous, which is named.
    await refused({ TenantCredentials: { UserName: boss, Password: password } }, /: online, .*credentials are not taken/)
    await online.configuration.create(online.organisation.id, 'AuthenticationPolicy', { Name: 'Scripts', AllowBasicAuthPowershell: true })
    await online.configuration.update(online.organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: 'Scripts' })
    await refused({ TenantCredentials: { UserName: boss, Password: password } }, /Step 6, .*New-AuthServer.*not for app passwords/)
    // On this side the caller's own rights count, and the factors that the caller has shown.
    const good = await token(sites)
    secrets.push(good)
    await refused({ TenantAccessToken: good }, /^Step 1, .*: on-premises, /, await administrator(sites, 'sharer'))
    await refused({ TenantAccessToken: good }, /is for holders of/, await administrator(sites, 'mary'))
    const late = await administrator(sites)
    await assert.rejects(
      update(sites, { TenantAccessToken: good }, { caller: { ...late, signedIn: { ...late.signedIn!, at: Date.now() - 3_600_000 } } }),
      refusal('StepUpRequired'),
    )
    const warnings: string[] = []
    await update(sites, { TenantAccessToken: good, OnPremisesCredentials: { UserName: 'x', Password: password } }, { warn: (text) => void warnings.push(text) }) // prettier-ignore
    assert.match(warnings.join('\n'), /-OnPremisesCredentials .* not needed/)
    await assertJoinedByOAuth(sites)
    // With everything there, an app password is enough.
    assert.deepEqual(await update(sites, { TenantCredentials: { UserName: boss, Password: password } }), [])
    for (const site of [onPremises, online]) {
      const all = await site.store.read((tx) => tx.objects.list(site.organisation.id, 'AdminAuditLog', '', 1000))
      assert.ok(all.length > 10)
      for (const secret of secrets) assert.ok(!JSON.stringify(all).includes(secret), secret)
    }
  }
  for (const place of ['onPremises', 'online', 'auth']) {
    const text = await readFile(`${file}.${place}`, 'utf8')
    assert.ok(text.length > 0)
    for (const secret of secrets)
      for (const form of [secret, Buffer.from(`${boss}:${secret}`).toString('base64')]) assert.ok(!text.includes(form), `${place}: ${form}`)
  }
})

test('another side that says the credentials back brings them into no message and no log', async () => {
  await using sites = await start({
    around: (place, route) => ({
      ...route,
      async handle(request) {
        if (place !== 'online' || !request.path.startsWith('/adminapi')) return route.handle(request)
        const authorization = String(request.headers.authorization)
        const all = `${authorization} ${Buffer.from(authorization.slice(6), 'base64').toString()}`
        const lines = [{ warning: `You sent ${all}` }, { error: { code: 'NameTaken', message: `${'x'.repeat(480)}${all}` } }]
        return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: lines.map((line) => JSON.stringify(line)).join('\n') + '\n' }
      },
    }),
  }) // prettier-ignore
  await invoke(sites, 'New-HybridConfiguration', answers)
  const { configuration, directory, organisation: there, signIn } = sites.online
  await configuration.create(there.id, 'AuthenticationPolicy', { Name: 'Scripts', AllowBasicAuthPowershell: true })
  await configuration.update(there.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: 'Scripts' })
  const { password: Password } = await signIn.appPasswords.create((await directory.find(boss, there.id))!, 'Wizard')
  const given = [{ TenantAccessToken: await token(sites) }, { TenantCredentials: { UserName: boss, Password } }]
  const secrets = [given[0]!.TenantAccessToken!, Password, Buffer.from(`${boss}:${Password}`).toString('base64')]
  const said: string[] = []
  for (const one of given)
    await assert.rejects(update(sites, one, { warn: (text) => void said.push(text) }), (error) => {
      said.push(String(error))
      return error instanceof Refusal && error.code === 'NameTaken'
    })
  const { store, organisation } = sites.onPremises
  said.push(JSON.stringify(await store.read((tx) => tx.objects.list(organisation.id, 'AdminAuditLog', '', 1000))))
  assert.match(said.join('\n'), /You sent Bearer \*{6}/)
  for (const secret of secrets) assert.ok(!said.join('\n').includes(secret.slice(0, 16)), secret)
})

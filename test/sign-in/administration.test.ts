import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { testPassword } from '../support/site.ts'
import { client, person, post, signInSite, tokensFor, type SignInSite } from './program.ts'

/** Runs a cmdlet over REST; the status and the refusal's code. */
async function invoke(
  site: SignInSite,
  authorization: string | undefined,
  CmdletName: string,
  Parameters: object = {},
  organisation = 'contoso.com',
) {
  const answer = await site.call(`/adminapi/v2.0/${organisation}/InvokeCommand`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    body: JSON.stringify({ CmdletInput: { CmdletName, Parameters } }),
  })
  const isJson = String(answer.headers['content-type']).startsWith('application/json')
  const { error } = (isJson ? JSON.parse(answer.body) : {}) as { error?: { code: string } }
  return { status: answer.status, code: error?.code, challenges: answer.headers['www-authenticate'] }
}
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

for (const engine of quickEngines) {
  test(`no cmdlet runs without the second factor, and none that is dangerous without it anew (${engine.name})`, async () => {
    await using site = await signInSite({ engine, config: { organisations: [{ name: 'Fabrikam', domain: 'fabrikam.com' }] } })
    const { configuration, organisation, people, signIn } = site
    const bare = await invoke(site, undefined, 'Get-AcceptedDomain')
    assert.deepEqual([bare.status, String(bare.challenges).includes('Bearer realm=')], [401, true])
    assert.equal((await invoke(site, basic('boss@contoso.com', testPassword), 'Get-AcceptedDomain')).status, 401)

    // Signed in while nobody needed a factor; then the organisation asks for it.
    await configuration.create(organisation.id, 'AuthenticationPolicy', { Name: 'Lax', SecondFactor: 'Nobody' })
    await configuration.update(organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: 'Lax' })
    const lax = `Bearer ${(await tokensFor(site, person(site))).access_token}`
    assert.equal((await invoke(site, lax, 'Get-AcceptedDomain')).status, 200)
    await configuration.update(organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: null })
    assert.deepEqual(await invoke(site, lax, 'Get-AcceptedDomain'), { status: 401, code: 'SecondFactorRequired', challenges: undefined })

    const who = person(site)
    const full = `Bearer ${(await tokensFor(site, who)).access_token}`
    assert.equal((await invoke(site, full, 'Get-AcceptedDomain')).status, 200)
    assert.equal((await invoke(site, full, 'New-AppPassword', { Identity: 'mary', Name: 'One' })).status, 200)
    site.clock.now += 16 * 60_000
    assert.equal((await invoke(site, full, 'Get-AcceptedDomain')).status, 200)
    assert.equal((await invoke(site, full, 'New-AppPassword', { Identity: 'mary', Name: 'Two' })).code, 'StepUpRequired')
    const anew = `Bearer ${(await tokensFor(site, who, { acr_values: 'urn:isthmus:step-up' })).access_token}`
    assert.equal((await invoke(site, anew, 'New-AppPassword', { Identity: 'mary', Name: 'Two' })).status, 200)

    // A token of this organisation opens no other.
    assert.equal((await invoke(site, anew, 'Get-AcceptedDomain', {}, 'fabrikam.com')).status, 403)
    assert.equal((await invoke(site, `${anew}x`, 'Get-AcceptedDomain')).status, 401)

    // Scripts come with app passwords where the policy lets them, and do nothing dangerous.
    const { password } = await signIn.appPasswords.create(people.boss!, 'Script')
    const script = basic('boss@contoso.com', password)
    assert.equal((await invoke(site, script, 'Get-AcceptedDomain')).status, 401)
    await configuration.create(organisation.id, 'AuthenticationPolicy', { Name: 'Scripts', AllowBasicAuthPowershell: true })
    await site.directory.update(organisation.id, people.boss!.id, { authenticationPolicy: 'Scripts' })
    assert.equal((await invoke(site, script, 'Get-AcceptedDomain')).status, 200)
    assert.equal((await invoke(site, script, 'New-AppPassword', { Identity: 'mary', Name: 'Three' })).code, 'AccessDenied')
    assert.equal((await invoke(site, basic('boss@contoso.com', testPassword), 'Get-AcceptedDomain')).status, 401)
    await signIn.sessions.revoke(people.boss!)
    assert.equal((await invoke(site, anew, 'Get-AcceptedDomain')).status, 401)
  })
}

test('a begun page of results is given no more once the token is revoked, or the policy asks for what was not shown', async () => {
  await using site = await signInSite()
  const { configuration, organisation } = site
  const page = (token: string, path = '/adminapi/v2.0/contoso.com/InvokeCommand') =>
    site.call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, prefer: 'odata.maxpagesize=1' },
      body: JSON.stringify({ CmdletInput: { CmdletName: 'Get-Recipient', Parameters: {} } }),
    })
  const linkOf = ({ body }: { body: string }) => {
    const { pathname, search } = new URL(String((JSON.parse(body) as Record<string, unknown>)['@odata.nextLink']))
    return pathname + search
  }
  await configuration.create(organisation.id, 'AuthenticationPolicy', { Name: 'Lax', SecondFactor: 'Nobody' })
  await configuration.update(organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: 'Lax' })
  const { access_token: lax = '' } = await tokensFor(site, person(site))
  const [one, other] = [await page(lax), await page(lax)]
  const two = await page(lax, linkOf(one))
  assert.equal(two.status, 200)
  await configuration.update(organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: null })
  const asked = await page(lax, linkOf(two))
  assert.deepEqual([asked.status, (JSON.parse(asked.body) as { error: { code: string } }).error.code], [401, 'SecondFactorRequired'])
  await post(site, '/oauth2/token/revocation', { client_id: client, token: lax })
  assert.equal((await page(lax, linkOf(other))).status, 401)
})

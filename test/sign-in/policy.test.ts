import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callerBy } from '../support/caller-by.ts'
import { quickEngines } from '../support/engines.ts'
import { testPassword } from '../support/site.ts'
import { callerOf, person, signInSite, tokensFor, type SignInSite } from './program.ts'

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
const at = (site: SignInSite, protocol: string, user: string, password: string) =>
  callerBy(site.access, basic(user, password), { remoteAddress: '192.0.2.1', protocol })
const no = (message: RegExp) => ({ code: 'Unauthenticated', message })

for (const engine of quickEngines) {
  test(`Basic is let in as the policies of the organisation and the person say (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const { configuration, directory, organisation, people } = site
    const mary = ['mary@contoso.com', testPassword] as const
    const caller = await at(site, 'ews', ...mary)
    const { credential, ...signedIn } = caller?.signedIn ?? {}
    assert.deepEqual(signedIn, { by: 'password', secondFactor: false, at: site.clock.now })
    assert.equal(credential?.scheme, 'basic')
    await assert.rejects(at(site, 'admin', ...mary), no(/takes no password alone/))
    await assert.rejects(at(site, 'admin', mary[0], 'wrong'), no(/user name or password is wrong/))

    await configuration.create(organisation.id, 'AuthenticationPolicy', { Name: 'Modern', AllowBasicAuthSmtp: true })
    await configuration.update(organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: 'Modern' })
    await assert.rejects(at(site, 'ews', ...mary), no(/authentication policy of mary@contoso\.com takes no Basic credentials at ews/))
    await assert.rejects(at(site, 'ews', mary[0], 'wrong'), no(/user name or password is wrong/))
    assert.ok(await at(site, 'submission', ...mary))
    assert.ok(await at(site, 'smtp', ...mary))
    assert.equal((await site.ews('<m:GetServerTimeZones/>')).status, 401)

    await configuration.create(organisation.id, 'AuthenticationPolicy', { Name: 'Old programs', AllowBasicAuthWebServices: true })
    await directory.update(organisation.id, people.mary!.id, { authenticationPolicy: 'Old programs' })
    assert.ok(await at(site, 'ews', ...mary))
    await assert.rejects(at(site, 'submission', ...mary), no(/takes no Basic/))
    await assert.rejects(at(site, 'ews', 'rob@contoso.com', testPassword), no(/takes no Basic/))
    // A default that is gone opens nothing.
    await configuration.update(organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: 'nowhere' })
    await assert.rejects(at(site, 'submission', 'rob@contoso.com', testPassword), no(/takes no Basic/))
    // The person's own policy is taken away: the organisation's holds.
    await configuration.remove(organisation.id, 'AuthenticationPolicy', 'Old programs')
    await assert.rejects(at(site, 'ews', ...mary), no(/takes no Basic/))
  })

  test(`an app password opens what the policy opens to Basic, and no more (${engine.name})`, async () => {
    await using site = await signInSite({ engine })
    const { configuration, organisation, people, signIn } = site
    const mary = people.mary!
    const made = await signIn.appPasswords.create(mary, 'Old phone')
    assert.match(made.password, /^([a-z]{4}-){4}[a-z]{4}$/)
    assert.equal((await at(site, 'ews', mary.address, made.password))?.signedIn?.by, 'app-password')
    assert.equal((await at(site, 'ews', mary.address, made.password.replaceAll('-', '')))?.signedIn?.by, 'app-password')
    await assert.rejects(at(site, 'ews', 'rob@contoso.com', made.password), no(/wrong/))
    await assert.rejects(
      at(
        site,
        'ews',
        mary.address,
        made.password.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
      ),
      no(/wrong/),
    )
    await assert.rejects(at(site, 'admin', mary.address, made.password), no(/takes no Basic/))
    await assert.rejects(signIn.appPasswords.create(mary, 'OLD PHONE'), { code: 'NameTaken' })

    await configuration.create(organisation.id, 'AuthenticationPolicy', {
      ...{ Name: 'Scripts', AllowBasicAuthPowershell: true, AllowBasicAuthWebServices: true, SecondFactor: 'Everybody' },
    })
    await configuration.update(organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: 'Scripts' })
    const script = await at(site, 'admin', mary.address, made.password)
    assert.deepEqual([script?.signedIn?.by, script?.signedIn?.secondFactor], ['app-password', false])
    await assert.rejects(at(site, 'admin', mary.address, testPassword), no(/takes no password alone/))
    // Where everybody needs a second factor the password alone opens nothing.
    await assert.rejects(at(site, 'ews', mary.address, testPassword), no(/use an app password/))
    assert.ok(await at(site, 'ews', mary.address, made.password))

    await configuration.update(organisation.id, 'AuthenticationPolicy', 'Scripts', { AppPasswordsAllowed: false })
    await assert.rejects(at(site, 'ews', mary.address, made.password), no(/wrong/))
    await assert.rejects(signIn.appPasswords.create(mary, 'Another'), { code: 'InvalidOperation' })
    await configuration.update(organisation.id, 'AuthenticationPolicy', 'Scripts', { AppPasswordsAllowed: true })
    await signIn.appPasswords.remove(mary, 'old PHONE')
    await assert.rejects(at(site, 'ews', mary.address, made.password), no(/wrong/))
    await assert.rejects(signIn.appPasswords.remove(mary, 'Old phone'), { code: 'ObjectNotFound' })
  })
}

test('who must show a second factor is what the policy says', async () => {
  await using site = await signInSite()
  const { configuration, organisation, people, signIn } = site
  const needs = async () =>
    Promise.all([
      (await signIn.policies.of(people.boss!)).secondFactorRequired(),
      (await signIn.policies.of(people.mary!)).secondFactorRequired(),
      (await signIn.policies.of(people.administrator!)).secondFactorRequired(),
    ])
  assert.deepEqual(await needs(), [true, false, false])
  await configuration.create(organisation.id, 'AuthenticationPolicy', {
    Name: 'P',
    SecondFactor: 'Everybody',
    StepUpMinutes: 5,
  })
  await configuration.update(organisation.id, 'OrganizationConfig', undefined, { DefaultAuthenticationPolicy: 'P' })
  assert.deepEqual(await needs(), [true, true, true])
  assert.equal((await signIn.policies.of(people.mary!)).stepUpMinutes, 5)
  await configuration.update(organisation.id, 'AuthenticationPolicy', 'P', { SecondFactor: 'Nobody' })
  assert.deepEqual(await needs(), [false, false, false])
  const tokens = await tokensFor(site, person(site))
  assert.equal((await callerOf(site, tokens.access_token!))?.signedIn?.secondFactor, false)
  // A policy that asks for more holds for sessions that stand already.
  await configuration.update(organisation.id, 'AuthenticationPolicy', 'P', { SecondFactor: 'Administrators' })
  const who = person(site)
  await tokensFor(site, who)
  assert.ok(who.secret)
})

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createAccess, createRoles, readCredentials, type SignInEvent } from '#access'
import { createDirectory } from '#directory'
import { Refusal } from '#model'
import { callerBy } from '../support/caller-by.ts'
import { engines } from '../support/engines.ts'

const [engine] = engines
const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

async function open() {
  const opened = await engine!.use()
  const time = { now: 1_700_000_000_000 }
  const clock = () => time.now
  const directory = createDirectory({ store: opened.store, clock, random: randomBytes, passwordCost: { memory: 64, passes: 1 } })
  const organisation = await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' })
  const events: SignInEvent[] = []
  const waits: number[] = []
  const roles = createRoles({ store: opened.store, directory, clock, random: randomBytes })
  const access = createAccess({
    directory,
    roles,
    clock,
    wait: async (ms) => void waits.push(ms),
    audit: (event) => events.push(event),
    realm: 'contoso.com',
    lockout: { account: 3, address: 6, window: 60_000, firstDelay: 100, longestDelay: 1000 },
    defaultOrganisation: organisation.id,
  })
  const mary = await directory.create(organisation.id, {
    kind: 'UserMailbox',
    alias: 'mary',
    displayName: 'Mary Jensen',
    userPrincipalName: 'mj@contoso.com',
  })
  await directory.setPassword(mary, 'pässword')
  const from = { remoteAddress: '192.0.2.1', protocol: 'ews', client: 'test/1' }
  return {
    access,
    roles,
    directory,
    organisation,
    mary,
    events,
    waits,
    time,
    from,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

test('people sign in with their address, UPN, alias or DOMAIN\\alias', async () => {
  await using site = await open()
  const { access, mary, from } = site
  for (const user of ['mary@contoso.com', 'MJ@contoso.com', 'mary', 'CONTOSO\\mary', 'contoso.com\\Mary']) {
    const caller = await callerBy(access, basic(user, 'pässword'), from)
    assert.equal(caller?.recipient, mary.id, user)
    assert.equal(caller?.client, 'test/1')
  }
  const latin = `Basic ${Buffer.from('mary:pässword', 'latin1').toString('base64')}`
  assert.equal((await callerBy(access, latin, from))?.recipient, mary.id)
})

test('no credentials are nobody; other schemes are refused by name', async () => {
  await using site = await open()
  const { access, from } = site
  for (const header of [
    undefined,
    '',
    'Basic',
    'Basic !!!',
    `Basic ${Buffer.from('nocolon').toString('base64')}`,
    'Basic ' + 'A'.repeat(20_000),
  ]) {
    assert.equal(await access.authenticate(header, from), undefined)
  }
  await assert.rejects(access.authenticate('Bearer abc', from), refused('Unauthenticated'))
  await assert.rejects(access.authenticate('Negotiate abc', from), refused('Unauthenticated'))
  assert.deepEqual(await access.challenges('ews'), ['Basic realm="contoso.com", charset="UTF-8"'])
  assert.deepEqual(readCredentials('bearer  abc '), { scheme: 'bearer', token: 'abc' })
})

test('an account is locked after its failures, slowly reached, and opens again with time', async () => {
  await using site = await open()
  const { access, from, waits, events, time } = site
  for (let attempt = 0; attempt < 3; attempt++) await assert.rejects(access.signIn('mary', 'wrong', from), refused('Unauthenticated'))
  assert.deepEqual(waits, [100, 200, 400])
  await assert.rejects(access.signIn('mary@contoso.com', 'pässword', { ...from, remoteAddress: '192.0.2.9' }), refused('AccountLockedOut'))
  assert.deepEqual(
    events.map((event) => event.outcome),
    ['failure', 'failure', 'failure', 'locked'],
  )
  assert.ok(!JSON.stringify(events).includes('wrong') && !JSON.stringify(events).includes('pässword'))
  time.now += 60_001
  assert.ok(await access.signIn('mary', 'pässword', from))
})

test('guessing from elsewhere does not lock people out where they are known, and their own sign-ins do not help it', async () => {
  await using site = await open()
  const { access, from } = site
  const elsewhere = { ...from, remoteAddress: '192.0.2.66' }
  assert.ok(await access.signIn('mary', 'pässword', from))
  for (let attempt = 0; attempt < 3; attempt++) {
    await assert.rejects(access.signIn('mary', 'wrong', elsewhere), refused('Unauthenticated'))
    assert.ok(await access.signIn('mary', 'pässword', from))
  }
  await assert.rejects(access.signIn('mary', 'pässword', elsewhere), refused('AccountLockedOut'))
  assert.ok(await access.signIn('mary', 'pässword', from))
  for (let attempt = 0; attempt < 3; attempt++) await assert.rejects(access.signIn('mary', 'wrong', from), refused('Unauthenticated'))
  await assert.rejects(access.signIn('mary', 'pässword', from), refused('AccountLockedOut'))
})

test('an unknown account is refused and locked like a known one', async () => {
  await using site = await open()
  const { access, from, waits } = site
  for (let attempt = 0; attempt < 3; attempt++)
    await assert.rejects(access.signIn('nobody@contoso.com', 'x', from), refused('Unauthenticated'))
  await assert.rejects(access.signIn('nobody@contoso.com', 'x', from), refused('AccountLockedOut'))
  assert.deepEqual(waits.slice(0, 3), [100, 200, 400])
})

test('an address that guesses at many accounts is refused for all of them', async () => {
  await using site = await open()
  const { access, from } = site
  for (let attempt = 0; attempt < 6; attempt++)
    await assert.rejects(access.signIn(`user${attempt}@contoso.com`, 'x', from), refused('Unauthenticated'))
  await assert.rejects(access.signIn('mary', 'pässword', from), refused('AccountLockedOut'))
  assert.ok(await access.signIn('mary', 'pässword', { ...from, remoteAddress: '192.0.2.2' }))
})

test('impersonation needs the role, and tells nobody else who exists', async () => {
  await using site = await open()
  const { access, directory, organisation, mary, from } = site
  const admin = await directory.create(organisation.id, {
    kind: 'UserMailbox',
    alias: 'admin',
    displayName: 'Admin',
  })
  await site.roles.give(organisation.id, admin.id, ['ApplicationImpersonation'])
  await directory.setPassword(admin, 'p')
  const caller = await access.signIn('admin', 'p', from)
  const acting = await access.impersonate(caller, { by: 'SmtpAddress', identity: 'mary@contoso.com' })
  assert.equal(acting.recipient, mary.id)
  assert.deepEqual(acting.actor, { recipient: admin.id, address: 'admin@contoso.com' })
  assert.equal((await access.impersonate(caller, { by: 'SID', identity: mary.sid })).recipient, mary.id)
  await assert.rejects(access.impersonate(caller, { by: 'SmtpAddress', identity: 'nobody@contoso.com' }), refused('NonExistentMailbox'))
  const plain = await access.signIn('mary', 'pässword', from)
  for (const target of ['admin@contoso.com', 'nobody@contoso.com']) {
    await assert.rejects(access.impersonate(plain, { by: 'SmtpAddress', identity: target }), refused('ImpersonateUserDenied'))
  }
})

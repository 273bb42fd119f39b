/** Who asks at the federation's endpoints, and for another forest, and what they may (source R4(a), R4(b); hybrid reference 3.5 and 5). */
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { ewsOperations } from '#schema'
import { freeBusyAction, type IssuedToken } from '#trust'
import { connectSites, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { testPassword } from '../support/site.ts'
import { forge } from '../trust/federation-forge.ts'
import { createItem, entry, findItem, levels, mail, named } from './attack.ts'
import { delegationToken, ewsAs, ewsSecured, federationOf, isRefusal, securedText, standalone, types } from './federation-attack.ts'
import { codesOf, envelope, ewsPath, freeBusyOf, issuerKey, mailTipsOf, send, type Reply } from './hybrid-attack.ts'

let sites: HybridSites
let token: IssuedToken
const zoe = 'zoe@contoso.online.example'

before(async () => {
  const online = [
    { address: 'asker@contoso.online.example', displayName: 'Asker' },
    { address: 'deep@contoso.online.example', displayName: 'Deep' },
    {
      address: 'boss@contoso.online.example',
      displayName: 'Boss',
      rights: { roles: ['ApplicationImpersonation', 'Organization Management'] },
    },
  ]
  sites = await startHybridSites({ people: { online } })
  await connectSites(sites)
  token = await delegationToken(sites)
})
after(() => sites[Symbol.asyncDispose]())

/** By password, as `asker`, `deep`, `boss` or `zoe`, with any SOAP headers. */
const signedIn = (alias: string, operation: string, headers = ''): Promise<Reply> =>
  send(sites.online, ewsPath, {
    headers: { authorization: `Basic ${Buffer.from(`${alias}@contoso.online.example:${testPassword}`).toString('base64')}` },
    body: envelope(operation, headers),
  })

test('source R4(b) step 8: a partner asks for free/busy and MailTips, and nothing else', async () => {
  assert.deepEqual(codesOf((await ewsAs(sites, token, freeBusyOf(zoe))).body), ['NoError'])
  assert.equal(codesOf((await ewsAs(sites, token, mailTipsOf(zoe))).body).at(-1), 'NoError')
  const open = new Set(['GetUserAvailabilityRequest', 'GetMailTips', 'GetServiceConfiguration'])
  const others = [...ewsOperations.keys()].filter((name) => !open.has(name))
  assert.ok(others.length > 40)
  for (const name of [...others, 'NoSuchOperation', '__proto__']) {
    assert.deepEqual(codesOf((await ewsAs(sites, token, `<m:${name}/>`)).body), ['ErrorProxyRequestNotAllowed'], name)
  }
  const to = `<t:ToRecipients><t:Mailbox><t:EmailAddress>${zoe}</t:EmailAddress></t:Mailbox></t:ToRecipients>`
  const whole = [findItem(named('calendar', zoe)), findItem(named('inbox')), createItem('', mail('x', to), 'MessageDisposition="SendOnly"')]
  for (const operation of whole) assert.deepEqual(codesOf((await ewsAs(sites, token, operation)).body), ['ErrorProxyRequestNotAllowed'])
})

test('a partner becomes nobody else: by impersonation, roles, proxy headers or a password beside the token', async () => {
  const impersonation = `<t:ExchangeImpersonation xmlns:t="${types}"><t:ConnectingSID><t:PrimarySmtpAddress>${zoe}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`
  const headers: [header: string, code: string][] = [
    [impersonation, 'ErrorImpersonateUserDenied'],
    [
      `<t:ManagementRole xmlns:t="${types}"><t:UserRoles><t:Role>MailboxSearch</t:Role></t:UserRoles></t:ManagementRole>`,
      'ErrorInvalidManagementRoleHeader',
    ],
    [`<t:RequestType xmlns:t="${types}">CrossForest</t:RequestType>`, 'ErrorProxyRequestNotAllowed'],
    [
      `<t:SerializedSecurityContext xmlns:t="${types}"><t:UserSid>S-1-5-18</t:UserSid><t:PrimarySmtpAddress>${zoe}</t:PrimarySmtpAddress></t:SerializedSecurityContext>`,
      'ErrorProxyRequestNotAllowed',
    ],
  ]
  for (const [header, code] of headers) assert.deepEqual(codesOf((await ewsAs(sites, token, freeBusyOf(zoe), header)).body), [code])
  const authorization = `Basic ${Buffer.from(`boss@contoso.online.example:${testPassword}`).toString('base64')}`
  const body = securedText(token, standalone(findItem(named('inbox'))))
  assert.deepEqual(codesOf((await send(sites.online, ewsSecured, { headers: { authorization }, body })).body), [
    'ErrorProxyRequestNotAllowed',
  ])
  isRefusal(
    await send(sites.online, ewsSecured, { headers: { authorization }, body: envelope(findItem(named('inbox'))) }),
    'a password alone',
  )
  const other = await ewsAs(sites, token, freeBusyOf('fay@fabrikam.online.example', 'nobody@contoso.online.example', 'rob@contoso.com'))
  assert.ok(codesOf(other.body).length === 3 && codesOf(other.body).every((code) => code.startsWith('Error')), other.body)
  assert.doesNotMatch(other.body, /WorkingHours|MergedFreeBusy>/)
})

const crossForest = '<t:RequestType>CrossForest</t:RequestType>'
const context = (sid: string, address: string, groups: string[] = []) =>
  `<t:SerializedSecurityContext><t:UserSid>${sid}</t:UserSid>${groups.length ? `<t:GroupSids>${groups.map((one) => `<t:GroupIdentifier Attributes="7"><t:SecurityIdentifier>${one}</t:SecurityIdentifier></t:GroupIdentifier>`).join('')}</t:GroupSids>` : ''}<t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress></t:SerializedSecurityContext>`

test('hybrid reference 5: who is not a configured account asks for no other forest', async () => {
  const stranger = context('S-1-5-21-1-2-3-500', 'x@other.example')
  for (const alias of ['asker', 'boss', 'zoe']) {
    for (const header of [crossForest, crossForest + stranger, stranger, crossForest.replace('Forest', 'Site')]) {
      assert.deepEqual(
        codesOf((await signedIn(alias, freeBusyOf(zoe), header)).body),
        ['ErrorProxyRequestNotAllowed'],
        `${alias} ${header}`,
      )
    }
  }
})

test('hybrid reference 5: a configured account asks for everybody’s default, or as one of theirs: never as one of ours', async () => {
  const { configuration, organisation, directory, mailboxes } = sites.online
  await configuration.update(organisation.id, 'AvailabilityConfig', undefined, { OrgWideAccount: 'asker@contoso.online.example', PerUserAccount: 'deep@contoso.online.example' }) // prettier-ignore
  const [owner, boss] = [(await directory.find(zoe))!, (await directory.find('boss@contoso.online.example'))!]
  const caller = await directory.callerFor(owner)
  const ref = { mailbox: owner.mailbox, kind: 'calendar' }
  const { row } = await mailboxes.getFolder(caller, ref)
  const mary = (await directory.find('mary@contoso.com', organisation.id))!
  const value = [...row.permissions, ...[boss, mary].map(({ id }) => ({ user: id, rights: levels.Reviewer }))] as never
  await mailboxes.updateFolder(caller, ref, [{ op: 'set', path: { property: 'permissionSet' }, value }])
  const made = await signedIn(
    'zoe',
    createItem(named('calendar'), entry('Secret plan', { start: '2030-01-07T10:00:00Z', end: '2030-01-07T11:00:00Z' })),
  )
  assert.deepEqual(codesOf(made.body), ['NoError'])
  const ask = (alias: string, header: string) => signedIn(alias, freeBusyOf(zoe), header)
  assert.match((await signedIn('boss', freeBusyOf(zoe))).body, /Secret plan/)
  const sids = [boss.sid, owner.sid, 'S-1-5-18', 'S-1-5-32-544']
  const plain = [
    crossForest,
    ...['x@other.example', boss.address, zoe, 'deep@contoso.online.example', ''].flatMap((address) =>
      sids.map((sid) => crossForest + context(sid, address, sids)),
    ),
  ]
  for (const header of plain) {
    const { body } = await ask('deep', header)
    assert.deepEqual(codesOf(body), ['NoError'], body)
    assert.doesNotMatch(body, /Secret plan/, header)
  }
  assert.match(
    (await ask('deep', crossForest + context('S-1-5-21-1-2-3-1105', 'mary@contoso.com'))).body,
    /Secret plan/,
    'as a person of theirs',
  )
  assert.deepEqual(codesOf((await ask('asker', crossForest)).body), ['NoError'])
  for (const address of [boss.address, 'mary@contoso.com', 'x@other.example']) {
    assert.deepEqual(
      codesOf((await ask('asker', crossForest + context(boss.sid, address))).body),
      ['ErrorTokenSerializationDenied'],
      address,
    )
  }
  const malformed = [
    context('', zoe),
    context('administrator', zoe),
    context('S-2-5', zoe),
    context('S-1-5-18', zoe, Array(3001).fill('S-1-5-18')),
  ]
  for (const header of malformed)
    assert.deepEqual(codesOf((await ask('deep', crossForest + header)).body), ['ErrorInvalidSerializedAccessToken'])
  for (const operation of [findItem(named('calendar', zoe)), findItem(named('inbox')), '<m:NoSuchOperation/>']) {
    for (const header of [
      crossForest,
      crossForest + context(boss.sid, boss.address),
      crossForest + context(boss.sid, 'mary@contoso.com'),
      context(boss.sid, boss.address),
    ]) {
      assert.deepEqual(codesOf((await signedIn('deep', operation, header)).body), ['ErrorProxyRequestNotAllowed'], header)
    }
  }
  const onward = await signedIn('deep', freeBusyOf('rob@contoso.com'), crossForest)
  assert.deepEqual(codesOf(onward.body), ['ErrorProxyRequestNotAllowed'], 'no further hop')
})

test('hybrid reference 3.5, check 10: without an enabled relationship for the domain, and the purpose, there is no free/busy', async () => {
  const { configuration, organisation } = sites.online
  const set = (change: object) => configuration.update(organisation.id, 'OrganizationRelationship', 'Online to on-premises', change)
  const ask = async () => codesOf((await ewsAs(sites, token, freeBusyOf(zoe))).body)
  await set({ Enabled: false })
  assert.deepEqual(await ask(), ['ErrorNoFreeBusyAccess'])
  await set({ Enabled: true, FreeBusyAccessEnabled: false })
  assert.deepEqual(await ask(), ['ErrorInvalidOrganizationRelationshipForFreeBusy'])
  await set({ FreeBusyAccessEnabled: true, FreeBusyAccessLevel: 'None', MailTipsAccessLevel: 'None' })
  assert.deepEqual(await ask(), ['ErrorNoFreeBusyAccess'])
  assert.match(codesOf((await ewsAs(sites, token, mailTipsOf(zoe))).body).join(), /^ErrorMailTipsDisabled/)
  await set({ FreeBusyAccessLevel: 'LimitedDetails', MailTipsAccessLevel: 'All', DomainNames: ['other.example'] })
  assert.deepEqual(await ask(), ['ErrorNoFreeBusyAccess'])
  await set({ DomainNames: ['contoso.com'] })
  const { trust, key } = await federationOf(sites.online)
  const fields = { issuer: trust.TokenIssuerUri, audience: trust.ApplicationUri, issued: Date.now(), expires: Date.now() + 600_000 }
  for (const attributes of [{ EmailAddress: ['mary@contoso.com'], action: ['MSExchange.DeliveryExternalSubmit'] }, { EmailAddress: ['mary@contoso.com'] }, { EmailAddress: ['eve@evil.example', 'mary@contoso.com'], action: [freeBusyAction] }]) {
    const made = forge({ signer: await issuerKey(sites), target: key.certificate, fields: { ...fields, attributes } })
    const { status, body } = await ewsAs(sites, made, freeBusyOf(zoe))
    assert.ok(status === 500 || codesOf(body).join() === 'ErrorNoFreeBusyAccess', `${JSON.stringify(attributes)}: ${body}`)
    assert.doesNotMatch(body, /WorkingHours/)
  } // prettier-ignore
  assert.deepEqual(await ask(), ['NoError'])
})

// The account may not use more than free/busy as the person, however it says whom it asks for.
test('hybrid reference 5: a SerializedSecurityContext without RequestType opens no mailbox either', async () => {
  const { body } = await signedIn('deep', findItem(named('calendar', zoe)), context('S-1-5-21-1-2-3-1105', 'mary@contoso.com'))
  assert.deepEqual(codesOf(body), ['ErrorProxyRequestNotAllowed'])
})

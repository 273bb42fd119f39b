/** Server-to-server tokens against whole sites over HTTPS ([MS-XOAUTH] 3.2.5.6, 4.6; source R4(c) steps 3, 8 and 9). */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { exchangeApplication, issuerApplication, makeUserToken } from '#trust'
import { connectSites, names, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { testPassword } from '../support/site.ts'
import { claimsIn, fabrikam, headerOf, macToken, newKey, outerClaims, seconds, signedToken, unsignedToken, type Json } from '../trust/server-token-forge.ts' // prettier-ignore
import {
  appToken, askToken, autodiscoverEnvelope, codesOf, currentKey, envelope, ewsPath, forgedToken, forPerson, freeBusyOf, issuerKey, mailTipsOf, ownAssertion, send,
  soapPath, userSettings, type Reply,
} from './hybrid-attack.ts' // prettier-ignore
import { createFolder, createItem, findItem, getItem, mail, named } from './attack.ts'

let sites: HybridSites
let folder: string
/** Everything that may never be in a log or a trace. */
const secrets = new Set<string>([testPassword])

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isthmus-tokens-'))
  sites = await startHybridSites({
    log: (place) => ({ level: 'debug', file: join(folder, `${place}.log`) }),
    people: {
      online: [
        { address: 'link@contoso.online.example', displayName: 'Linked Account', rights: { roles: ['ApplicationImpersonation'] } },
        { address: 'staff@contoso.online.example', displayName: 'Staff', kind: 'group', groupMembers: ['zoe@contoso.online.example'] },
      ],
    },
  })
  await connectSites(sites)
})
after(async () => {
  await sites[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const bearer = (token: string): Record<string, string> => {
  for (const piece of token.split('.')) if (piece.length > 40) secrets.add(piece)
  return { authorization: `Bearer ${token}` }
}
const ews = (token: string, operation: string, soapHeaders = '', site = sites.online) =>
  send(site, ewsPath, { headers: bearer(token), body: envelope(operation, soapHeaders) })
const discover = (token: string, site = sites.online) =>
  send(site, soapPath, {
    headers: bearer(token),
    body: autodiscoverEnvelope('GetUserSettings', userSettings('zoe@contoso.online.example', 'ExternalEwsUrl')),
  })
const askZoe = freeBusyOf('zoe@contoso.online.example')
const mary = async () => forPerson(await appToken(sites), 'mary@contoso.com')

/** 401 with the number and category, every scheme in a line of its own, and nothing else told. */
function refusedBy({ status, lines, headers, body }: Reply, number: number, category: string, what: string): void {
  assert.equal(status, 401, `${what}: ${body.slice(0, 300)}`)
  const diagnostics = String(headers['x-ms-diagnostics'])
  assert.match(diagnostics, new RegExp(`^${number};reason="[^"]{10,500}";error_category="${category}"$`), what)
  const [first = '', second = '', ...rest] = lines('www-authenticate')
  assert.match(first, /^Bearer client_id="[^"]+", trusted_issuers="[^"]+", token_types="[^"]+", error="invalid_token"$/, what)
  assert.match(second, /^Basic realm="[^"]+", charset="UTF-8"$/)
  assert.deepEqual(rest, [])
  assert.ok(headers['request-id'])
  assert.doesNotMatch(body, /<|eyJ/)
}
async function refusedEverywhere(token: string, number: number, category: string, what: string): Promise<void> {
  refusedBy(await ews(token, askZoe), number, category, `${what} at EWS`)
  refusedBy(await discover(token), number, category, `${what} at Autodiscover`)
}

test('[MS-XOAUTH] 4.6: an empty Bearer is answered with who is trusted, other schemes in lines of their own, length and request-id', async () => {
  const paths = [[ewsPath, 'GET'], [ewsPath, 'POST'], [soapPath, 'POST'], ['/autodiscover/autodiscover.xml', 'POST'], ['/autodiscover/autodiscover.xml', 'GET']] as const // prettier-ignore
  for (const [path, method] of paths) {
    for (const authorization of ['Bearer ', 'Bearer', 'bearer    ']) {
      const reply = await send(sites.online, path, { method, headers: { authorization } })
      const issuer = `${issuerApplication}@${sites.online.organisation.id}`
      assert.equal(reply.status, 401)
      assert.deepEqual(reply.lines('www-authenticate'), [
        `Bearer client_id="${exchangeApplication}", trusted_issuers="${issuer}", token_types="app_asserted_user_v1 service_asserted_app_v1"`,
        `Basic realm="${names.online.domain}", charset="UTF-8"`,
      ])
      assert.equal(Number(reply.headers['content-length']), Buffer.byteLength(reply.body))
      assert.match(String(reply.headers['request-id']), /^[0-9a-f-]{36}$/)
      assert.equal(reply.headers['x-ms-diagnostics'], undefined)
    }
  }
})

test('[MS-XOAUTH] 4.6: who trusts no issuer says nothing of Bearer', async () => {
  const { configuration, organisation } = sites.onPremises
  await configuration.update(organisation.id, 'AuthServer', 'ACS', { Enabled: false })
  const reply = await send(sites.onPremises, ewsPath, { headers: { authorization: 'Bearer ' } })
  assert.deepEqual([reply.status, reply.lines('www-authenticate').length], [401, 1])
  const token = forPerson(await appToken(sites, names.onPremises.mail), 'joe@contoso.com')
  assert.match(String((await ews(token, freeBusyOf('rob@contoso.com'), '', sites.onPremises)).headers['x-ms-diagnostics']), /^2000000;/)
  await configuration.update(organisation.id, 'AuthServer', 'ACS', { Enabled: true })
})

test('source R4(c): an honest token is taken at EWS and Autodiscover, again and again until it ends', async () => {
  const token = await mary()
  for (let times = 0; times < 2; times++) {
    const answer = await ews(token, askZoe)
    assert.deepEqual([answer.status, codesOf(answer.body)], [200, ['NoError']], answer.body)
    assert.match((await discover(token)).body, /<[^>]*ErrorCode>NoError</)
  }
  sites.clock.skew = 3_600_000 + 6 * 60_000
  await refusedEverywhere(token, 2000001, 'invalid_lifetime', 'an old token')
  sites.clock.skew = 0
})

test('[MS-XOAUTH] 3.2.5.6: every problem of a token is a 401 with its number and category, at EWS and Autodiscover', async () => {
  const key = await issuerKey(sites)
  const mallory = await newKey('Mallory')
  const realm = sites.online.organisation.id
  const good = await appToken(sites)
  const aud = (text: string) => forgedToken(sites, { aud: text })
  const wrap = (more: Json, inner = good) =>
    unsignedToken(outerClaims(inner, { smtp: 'mary@contoso.com', upn: 'mary@contoso.com', ...more }))
  const past = seconds(Date.now()) - 7200
  const confused = key.certificate.publicKey.export({ type: 'spki', format: 'pem' })
  const problems: [what: string, token: string, number: number, category: string][] = [
    ['rubbish', 'rubbish', 2000001, 'invalid_token'],
    ['two parts', good.split('.').slice(0, 2).join('.'), 2000001, 'invalid_token'],
    ['not JSON', `${Buffer.from('{').toString('base64url')}.e30.`, 2000001, 'invalid_token'],
    ['nested twice', wrap({}, await mary()), 2000001, 'invalid_token'],
    ['signature on the outer token', `${await mary()}AAAA`, 2000001, 'invalid_token'],
    ['alg none', unsignedToken(claimsIn(good)), 2000000, 'invalid_signature'],
    ['HS256 with the public key', macToken(headerOf(key, { alg: 'HS256' }), claimsIn(good), confused), 2000000, 'invalid_signature'],
    ['another key', await forgedToken(sites, {}, {}, mallory), 2000000, 'invalid_signature'],
    ['another x5t', signedToken(headerOf(mallory), claimsIn(good), mallory.privateKey), 2000000, 'invalid_signature'],
    ['on-premises’ own assertion', await ownAssertion(sites), 2000000, 'invalid_signature'],
    ['the service’s own key', signedToken(headerOf(await currentKey(sites.onPremises, sites.onPremises.organisation.id)), claimsIn(good), (await currentKey(sites.onPremises, sites.onPremises.organisation.id)).privateKey), 2000000, 'invalid_signature'], // prettier-ignore
    ['another issuer', await forgedToken(sites, { iss: `${issuerApplication}@${fabrikam}` }), 2000001, 'invalid_issuer'],
    ['outer issuer', wrap({ iss: `x@${realm}` }), 2000001, 'invalid_issuer'],
    ['expired', await forgedToken(sites, { nbf: past, exp: past + 60 }), 2000001, 'invalid_lifetime'],
    ['not yet valid', await forgedToken(sites, { nbf: past + 14_400, exp: past + 20_000 }), 2000001, 'invalid_lifetime'],
    ['outer expired', wrap({ nbf: past, exp: past + 60 }), 2000001, 'invalid_lifetime'],
    ['another host', await aud(`${exchangeApplication}/mail.evil.example@${realm}`), 2000003, 'invalid_resource'],
    ['another application', await aud(`x/${names.online.mail}@${realm}`), 2000003, 'invalid_resource'],
    ['outer audience', wrap({ aud: `https://${names.online.mail}/` }), 2000003, 'invalid_resource'],
    ['outer host', wrap({ aud: `${exchangeApplication}/x.example@${realm}` }), 2000003, 'invalid_resource'],
    ['unknown tenant', await aud(`${exchangeApplication}/${names.online.mail}@${fabrikam}`), 2000004, 'invalid_tenant'],
    ['no tenant and nobody', await aud(`https://${names.online.mail}/`), 2000004, 'invalid_tenant'],
    ['unknown application', await forgedToken(sites, { nameid: `portal@${realm}` }), 2000008, 'invalid_grant'],
    ['no linked account', good, 2000008, 'invalid_grant'],
    ['a header split', wrap({ smtp: 'a\r\nset-cookie: x=1@contoso.com', upn: 'x"; y="\\' }), 2000005, 'invalid_user'],
  ]
  for (const [what, token, number, category] of problems) await refusedEverywhere(token, number, category, what)
})

test('source R4(c) step 4: a token is for one tenant and one host; elsewhere it is nothing', async () => {
  const { online, onPremises } = sites
  const tenant = online.tenants[0]!.id
  const app = await appToken(sites)
  await refusedEverywhere(forPerson(app, 'fay@fabrikam.online.example'), 2000005, 'invalid_user', 'a person of another tenant')
  const forFabrikam = { aud: `${exchangeApplication}/${names.online.mail}@${tenant}` }
  const wrapped = unsignedToken(outerClaims(app, { ...forFabrikam, smtp: 'fay@fabrikam.online.example' }))
  await refusedEverywhere(wrapped, 2000000, 'invalid_signature', 'a tenant that trusts nobody')
  // The other tenant trusts the same auth service, in its own realm.
  const { IssuerIdentifier: _, ...trust } = await online.configuration.get(online.organisation.id, 'AuthServer', 'ACS')
  const IssuerIdentifier = `${issuerApplication}@${tenant}`
  await online.configuration.create(tenant, 'AuthServer', { Name: 'ACS', IssuerIdentifier, CertificateStrings: trust.CertificateStrings })
  await online.configuration.create(tenant, 'PartnerApplication', { Name: 'Exchange Online', ApplicationIdentifier: exchangeApplication })
  await refusedEverywhere(wrapped, 2000001, 'invalid_issuer', 'outer audience of another tenant')
  await refusedEverywhere(forPerson(await forgedToken(sites, forFabrikam), 'fay@fabrikam.online.example'), 2000001, 'invalid_issuer', 'issued in another realm') // prettier-ignore
  await refusedEverywhere(unsignedToken(outerClaims(app, { aud: `https://${names.online.mail}/`, smtp: 'fay@fabrikam.online.example' })), 2000001, 'invalid_issuer', 'no realm, person of another tenant') // prettier-ignore
  assert.equal((await askToken(sites, `https://${names.online.mail}/`, { realm: tenant })).json.error, 'invalid_request')
  const fay = { ...forFabrikam, iss: IssuerIdentifier, nameid: `${exchangeApplication}@${tenant}` }
  const ofFay = forPerson(await forgedToken(sites, fay), 'fay@fabrikam.online.example')
  assert.deepEqual(codesOf((await ews(ofFay, freeBusyOf('fay@fabrikam.online.example'))).body), ['NoError'])
  const across = await ews(ofFay, askZoe)
  assert.match(codesOf(across.body).join(), /^Error/, 'a caller of one tenant asks for nobody of another')
  assert.doesNotMatch(across.body, /WorkingHours|FreeBusyViewType>Detailed/)
  // Replayed at the other premises, and theirs here.
  refusedBy(await ews(await mary(), freeBusyOf('rob@contoso.com'), '', onPremises), 2000003, 'invalid_resource', 'at the other premises')
  for (const host of [names.onPremises.mail, names.onPremises.autodiscover]) {
    const theirs = forPerson(await appToken(sites, host), 'mary@contoso.com')
    await refusedEverywhere(theirs, 2000003, 'invalid_resource', `a token for ${host}`)
    // The Host header of the request decides nothing.
    const disguised = await send(sites.online, ewsPath, { headers: { ...bearer(theirs), host }, body: envelope(askZoe) })
    refusedBy(disguised, 2000003, 'invalid_resource', `Host: ${host}`)
  }
})

test('[MS-XOAUTH] 4.6: the challenge tells nobody which tenants there are, and no tenant breaks or floods it for the others', async () => {
  const { online } = sites
  const tenant = online.tenants[0]!.id
  const challenge = async () => {
    const { status, lines } = await send(online, ewsPath, { headers: { authorization: 'Bearer ' } })
    assert.deepEqual([status, lines('www-authenticate').length], [401, 2])
    return lines('www-authenticate')[0]!
  }
  const odd = [`${issuerApplication}@${tenant}`, 'evil", error="x', 'a,b@*', '€@*', ...Array.from({ length: 60 }, (_, n) => `flood${n}@*`)]
  for (const [n, IssuerIdentifier] of odd.entries()) {
    await online.configuration.create(tenant, 'AuthServer', { Name: `odd ${n}`, IssuerIdentifier })
  }
  const said = await challenge()
  assert.match(
    said,
    new RegExp(`^Bearer client_id="[^"]+", trusted_issuers="${issuerApplication}@\\*,flood\\d+@\\*[^"]*", token_types="[^"]+"$`),
  )
  assert.doesNotMatch(said, new RegExp(`${tenant}|${online.organisation.id}|evil|error|a,b`))
  assert.ok(said.length < 3000)
  for (const n of odd.keys()) await online.configuration.remove(tenant, 'AuthServer', `odd ${n}`)
  assert.equal((await ews(await mary(), askZoe)).status, 200)
})

test('source R4(c) step 8: the person is one person, by address, or nobody', async () => {
  const app = await appToken(sites)
  const { directory, organisation } = sites.online
  const zoe = (await directory.find('zoe@contoso.online.example', organisation.id))!
  const unknown = ['nobody@contoso.com', 'mallory@evil.example', 'administrator@fabrikam.com', 'staff@contoso.online.example', 'zoe', zoe.sid, zoe.legacyExchangeDn, zoe.id, '*@contoso.com', '@', '@contoso.com', 'x'.repeat(1200)] // prettier-ignore
  for (const address of unknown) {
    await refusedEverywhere(forPerson(app, address), 2000005, 'invalid_user', address.slice(0, 80))
    const { headers } = await ews(forPerson(app, address), askZoe)
    assert.match(String(headers['x-ms-diagnostics']), /does not exist \(/)
  }
  const two = makeUserToken(app, { address: 'mary@contoso.com', userPrincipalName: 'rob@contoso.com' })
  await refusedEverywhere(two, 2000005, 'invalid_user', 'two people')
  assert.match(String((await ews(two, askZoe)).headers['x-ms-diagnostics']), /is ambiguous \(mary@contoso.com\)/)
  const sip = unsignedToken(outerClaims(app, { smtp: 'mary@contoso.com', upn: 'mary@contoso.com', sip: 'sip:rob@contoso.com' }))
  await refusedEverywhere(sip, 2000005, 'invalid_user', 'another by SIP')
  for (const none of [
    { smtp: '', upn: '' },
    { smtp: null, upn: ['mary@contoso.com'] },
    { smtp: { toString: 'mary@contoso.com' }, upn: 7 },
  ]) {
    await refusedEverywhere(unsignedToken(outerClaims(app, none)), 2000005, 'invalid_user', JSON.stringify(none))
  }
  const known = forPerson(app, 'zoe@contoso.online.example')
  assert.equal((await ews(known, askZoe)).status, 200)
  await directory.update(organisation.id, zoe.id, { accountDisabled: true })
  await refusedEverywhere(known, 2000005, 'invalid_user', 'a disabled account')
  await directory.update(organisation.id, zoe.id, { accountDisabled: false })
})

test('source R4(c) step 8: the application is an enabled partner, of that realm; for itself it needs a linked account', async () => {
  const { configuration, organisation } = sites.online
  const set = (change: Json) => configuration.update(organisation.id, 'PartnerApplication', 'Exchange Online', change)
  for (const change of [{ Enabled: false }, { Enabled: true, Realm: fabrikam }]) {
    await set(change)
    await refusedEverywhere(await mary(), 2000008, 'invalid_grant', JSON.stringify(change))
    await refusedEverywhere(await appToken(sites), 2000008, 'invalid_grant', JSON.stringify(change))
  }
  await set({ Realm: organisation.id })
  assert.equal((await ews(await mary(), askZoe)).status, 200)
  for (const LinkedAccount of ['', 'nobody@contoso.com', 'staff@contoso.online.example', 'fay@fabrikam.online.example']) {
    await set({ LinkedAccount })
    await refusedEverywhere(await appToken(sites), 2000008, 'invalid_grant', `linked to ${LinkedAccount}`)
  }
  await set({ LinkedAccount: 'link@contoso.online.example' })
  const { directory } = sites.online
  const link = (await directory.find('link@contoso.online.example', organisation.id))!
  assert.equal((await ews(await appToken(sites), askZoe)).status, 200)
  await directory.update(organisation.id, link.id, { accountDisabled: true })
  await refusedEverywhere(await appToken(sites), 2000008, 'invalid_grant', 'linked to a disabled account')
  await directory.update(organisation.id, link.id, { accountDisabled: false })
  await set({ LinkedAccount: '', Realm: '' })
})

test('[MS-XOAUTH] 3.2.5.6: a partner application with a key of its own is not taken for another application', async () => {
  const { configuration, organisation } = sites.online
  const key = await newKey('Portal')
  const own = { Name: 'Portal', AuthMetadataUrl: 'https://portal.example/metadata/json/1', ApplicationIdentifier: 'portal', IssuerIdentifier: `portal@${organisation.id}`, CertificateStrings: [key.certificate.raw.toString('base64')] } // prettier-ignore
  await configuration.create(organisation.id, 'PartnerApplication', own)
  const token = (application: string) =>
    forgedToken(sites, { iss: `portal@${organisation.id}`, nameid: `${application}@${organisation.id}` }, headerOf(key), key)
  assert.equal((await ews(forPerson(await token('portal'), 'mary@contoso.com'), askZoe)).status, 200)
  await refusedEverywhere(forPerson(await token(exchangeApplication), 'mary@contoso.com'), 2000001, 'invalid_issuer', 'as Exchange')
  await configuration.update(organisation.id, 'PartnerApplication', 'Portal', { Enabled: false })
  await refusedEverywhere(forPerson(await token('portal'), 'mary@contoso.com'), 2000000, 'invalid_signature', 'disabled')
})

const impersonate = (address: string) =>
  `<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`

test('source R4(c) step 9: who is vouched for opens no mailbox, sends nothing, changes nothing', async () => {
  const token = await mary()
  const { mailboxes, directory, organisation } = sites.online
  const zoe = (await directory.find('zoe@contoso.online.example', organisation.id))!
  const caller = await directory.callerFor(zoe)
  const zoes = named('inbox', zoe.address)
  const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>zoe@contoso.online.example</t:EmailAddress></t:Mailbox></t:ToRecipients>'
  const shape = '<m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape>'
  const oof = '<t:Mailbox><t:Address>zoe@contoso.online.example</t:Address></t:Mailbox>'
  const events = '<t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>'
  const attacks: Record<string, string> = {
    'FindItem of another': findItem(zoes),
    'FindItem of one’s own': findItem(named('inbox')),
    'FindItem of a calendar': findItem(named('calendar', zoe.address)),
    'GetFolder of another': `<m:GetFolder>${shape}<m:FolderIds>${zoes}</m:FolderIds></m:GetFolder>`,
    FindFolder: `<m:FindFolder Traversal="Deep">${shape}<m:ParentFolderIds>${named('msgfolderroot', zoe.address)}</m:ParentFolderIds></m:FindFolder>`,
    SyncFolderItems: `<m:SyncFolderItems><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:SyncFolderId>${zoes}</m:SyncFolderId><m:MaxChangesReturned>9</m:MaxChangesReturned></m:SyncFolderItems>`,
    'CreateFolder in another': createFolder(zoes, 'planted'),
    'CreateItem in another': createItem(zoes, mail('planted')),
    SendOnly: createItem('', mail('sent', to), 'MessageDisposition="SendOnly"'),
    SendAndSaveCopy: createItem(named('sentitems'), mail('sent', to), 'MessageDisposition="SendAndSaveCopy"'),
    'SendOnly as another': createItem('', mail('sent', `${to}<t:From><t:Mailbox><t:EmailAddress>zoe@contoso.online.example</t:EmailAddress></t:Mailbox></t:From>`), 'MessageDisposition="SendOnly"'), // prettier-ignore
    GetItem: getItem(['AAMkAGE=']),
    GetUserOofSettings: `<m:GetUserOofSettingsRequest>${oof}</m:GetUserOofSettingsRequest>`,
    SetUserOofSettings: `<m:SetUserOofSettingsRequest>${oof}<t:UserOofSettings><t:OofState>Enabled</t:OofState><t:ExternalAudience>All</t:ExternalAudience></t:UserOofSettings></m:SetUserOofSettingsRequest>`,
    Subscribe: `<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>${zoes}</t:FolderIds>${events}<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`,
    'Subscribe to all': `<m:Subscribe><m:PullSubscriptionRequest SubscribeToAllFolders="true">${events}<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`,
  }
  const before = await mailboxes.getFolder(caller, { mailbox: zoe.mailbox, kind: 'inbox' })
  for (const [what, attack] of Object.entries(attacks)) {
    const { status, body } = await ews(token, attack)
    const codes = codesOf(body)
    assert.ok(status === 200 || status === 500, what)
    assert.ok(
      codes.length > 0 && codes.every((code) => code.startsWith('Error') && code !== 'ErrorInternalServerError'),
      `${what}: ${body}`,
    )
    const fault = await ews(token, attack, impersonate(zoe.address))
    assert.deepEqual(codesOf(fault.body), ['ErrorProxyRequestNotAllowed'], `${what} impersonating`)
  }
  assert.deepEqual(await mailboxes.getFolder(caller, { mailbox: zoe.mailbox, kind: 'inbox' }), before)
  assert.deepEqual(codesOf((await ews(token, mailTipsOf(zoe.address))).body).at(-1), 'NoError')
  for (const header of ['<t:RequestType>CrossForest</t:RequestType>', '<t:RequestType>CrossSite</t:RequestType>', '<t:SerializedSecurityContext><t:UserSid>S-1-5-18</t:UserSid><t:PrimarySmtpAddress>zoe@contoso.online.example</t:PrimarySmtpAddress></t:SerializedSecurityContext>']) {
    assert.deepEqual(codesOf((await ews(token, askZoe, header)).body), ['ErrorProxyRequestNotAllowed'], header)
  } // prettier-ignore
})

test('[MS-OXWSCDATA] 2.2.3.1: ExchangeImpersonation by an application needs the role, and stays within its organisation', async () => {
  const { configuration, organisation, directory, roles } = sites.online
  const set = (LinkedAccount: string) => configuration.update(organisation.id, 'PartnerApplication', 'Exchange Online', { LinkedAccount })
  const inbox = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${named('inbox')}</m:FolderIds></m:GetFolder>`
  const as = async (address: string) => codesOf((await ews(await appToken(sites), inbox, impersonate(address))).body)
  await set('zoe@contoso.online.example')
  assert.deepEqual(await as('joe@contoso.com'), ['ErrorImpersonateUserDenied'])
  await set('link@contoso.online.example')
  assert.deepEqual(await as('joe@contoso.com'), ['NoError'])
  for (const address of ['fay@fabrikam.online.example', 'nobody@contoso.com', 'mary@contoso.com', 'staff@contoso.online.example']) {
    assert.deepEqual(await as(address), ['ErrorNonExistentMailbox'], address)
  }
  const link = (await directory.find('link@contoso.online.example', organisation.id))!
  await roles.change(organisation.id, ({ held }) =>
    held.get(link.id)!.map(({ id }) => ({ kind: 'ManagementRoleAssignment', id, value: undefined })),
  )
  assert.deepEqual(await as('joe@contoso.com'), ['ErrorImpersonateUserDenied'], 'the role was taken away')
  await set('')
})

test('source R4(c) step 9: who is vouched for opens no mailbox: somebody of ours neither, while the application has no right to act as them', async () => {
  const app = await appToken(sites)
  for (const [who, header] of [
    ['zoe@contoso.online.example', ''],
    ['link@contoso.online.example', impersonate('joe@contoso.com')],
  ] as const) {
    assert.match(codesOf((await ews(forPerson(app, who), findItem(named('inbox')), header)).body).join(), /^Error/, who)
  }
})

test('hybrid reference 5: no hop beyond the first, impersonation or not', async () => {
  const { configuration, organisation, directory, roles } = sites.online
  const link = (await directory.find('link@contoso.online.example', organisation.id))!
  await roles.give(organisation.id, link.id, ['ApplicationImpersonation'])
  await configuration.update(organisation.id, 'PartnerApplication', 'Exchange Online', { LinkedAccount: link.address })
  const { body } = await ews(await appToken(sites), freeBusyOf('rob@contoso.com'), impersonate('joe@contoso.com'))
  await configuration.update(organisation.id, 'PartnerApplication', 'Exchange Online', { LinkedAccount: '' })
  assert.deepEqual(codesOf(body), ['ErrorProxyRequestNotAllowed'])
})

test('no token, assertion, password or key is ever in a log or a trace', async () => {
  const { online, onPremises, auth } = sites
  for (const piece of (await ownAssertion(sites)).split('.').slice(2)) secrets.add(piece)
  const caller = await onPremises.directory.callerFor((await onPremises.directory.find('mary@contoso.com'))!)
  const window = { start: Date.UTC(2030, 0, 7, 8), end: Date.UTC(2030, 0, 7, 18) }
  const { trace } = await onPremises.hybrid.freeBusy(caller, ['joe@contoso.com'], window, { view: 'DetailedMerged' })
  assert.equal(trace?.outcomes[0]?.code, 'NoError')
  await send(online, ewsPath, {
    headers: { authorization: `Basic ${Buffer.from(`zoe@contoso.online.example:${testPassword}x`).toString('base64')}` },
  })
  secrets.add(Buffer.from(`zoe@contoso.online.example:${testPassword}`).toString('base64').slice(0, 40))
  for (const key of [await issuerKey(sites), await currentKey(onPremises, onPremises.organisation.id)]) {
    secrets.add(key.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64').slice(-128, -64))
  }
  const traces = [onPremises, online].flatMap((site) =>
    [site.organisation, ...site.tenants].flatMap(({ id }) => site.hybrid.traces.list(id, 1000)),
  )
  assert.ok(traces.length > 10)
  await sites[Symbol.asyncDispose]()
  const logs = await Promise.all(['onPremises', 'online', 'auth'].map((place) => readFile(join(folder, `${place}.log`), 'utf8')))
  assert.ok(logs.every((log) => log.length > 500) && logs[2]?.includes('"server-token"') && auth.config.log.level === 'debug')
  assert.match(logs[1]!, /"event":"sign-in".*"scheme":"bearer".*"outcome":"failure"/)
  for (const text of [...logs, JSON.stringify(traces)]) {
    for (const secret of secrets)
      assert.ok(!text.includes(secret), `a secret is told: ${text.slice(text.indexOf(secret) - 200, text.indexOf(secret) + 80)}`)
    assert.doesNotMatch(text, /eyJ[A-Za-z0-9_-]{20,}\.eyJ|PRIVATE KEY|BinarySecret|client_assertion/)
  }
})

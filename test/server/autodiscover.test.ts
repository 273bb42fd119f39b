import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packedVersion } from '../../src/protocols/autodiscover/endpoints.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

const outlook = 'http://schemas.microsoft.com/exchange/autodiscover/outlook'
const mobile = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync'

const poxRequest = (
  address: string,
  family = outlook,
  schema = family === outlook ? `${outlook}/responseschema/2006a` : `${mobile}/responseschema/2006`,
) =>
  `<?xml version="1.0"?><Autodiscover xmlns="${family}/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress>` +
  `<AcceptableResponseSchema>${schema}</AcceptableResponseSchema></Request></Autodiscover>`

const soapRequest = (operation: string, inner: string) =>
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://schemas.microsoft.com/exchange/2010/Autodiscover"><s:Body>' +
  `<a:${operation}RequestMessage><a:Request>${inner}</a:Request></a:${operation}RequestMessage></s:Body></s:Envelope>`
const users = (...addresses: string[]) =>
  `<a:Users>${addresses.map((one) => `<a:User><a:Mailbox>${one}</a:Mailbox></a:User>`).join('')}</a:Users>`
const settings = (...names: string[]) =>
  `<a:RequestedSettings>${names.map((name) => `<a:Setting>${name}</a:Setting>`).join('')}</a:RequestedSettings>`

async function withSite(body: (site: TestSite) => Promise<void>) {
  await using site = await startTestSite({
    people: [{ address: 'carla@fabrikam.example', displayName: 'Carla', kind: 'contact' }],
  })
  await body(site)
}
const pox = async (site: TestSite, body: string, user = 'mary') =>
  (await site.call('/Autodiscover/Autodiscover.xml', { method: 'POST', user, body, headers: { 'content-type': 'text/xml' } })).body
const soap = async (site: TestSite, body: string) =>
  (await site.call('/autodiscover/autodiscover.svc', { method: 'POST', user: 'mary', body, headers: { 'content-type': 'text/xml' } })).body

test('Outlook’s plain XML names the EWS address under every kind of protocol, and shared mailboxes for their users', () =>
  withSite(async (site) => {
    const answer = await pox(site, poxRequest('mary@contoso.com'))
    assert.match(answer, /<Response xmlns="http:\/\/schemas\.microsoft\.com\/exchange\/autodiscover\/outlook\/responseschema\/2006a">/)
    assert.match(answer, /<DisplayName>Mary Jensen<\/DisplayName><LegacyDN>\/o=Contoso/)
    for (const type of ['EXCH', 'EXPR', 'EXHTTP']) {
      const [protocol] = answer.match(new RegExp(`<Protocol><Type>${type}</Type>.*?</Protocol>`)) ?? []
      assert.ok(protocol?.includes(`<EwsUrl>${site.ewsUrl}</EwsUrl>`), type)
    }
    assert.match(answer, /<AlternativeMailbox><Type>Delegate<\/Type><DisplayName>Contoso Sales<\/DisplayName>/)
    assert.ok(
      !(await pox(site, poxRequest('rob@contoso.com'))).includes('AlternativeMailbox'),
      'other people’s shared mailboxes stay theirs',
    )
    assert.ok(
      (await pox(site, poxRequest(site.people.rob!.legacyExchangeDn).replaceAll('EMailAddress', 'LegacyDN'))).includes('rob@contoso.com'),
    )
    assert.ok((await pox(site, poxRequest('carla@fabrikam.example'))).includes('<Action>redirectAddr</Action>'))
  }))

test('ActiveSync’s plain XML has one MobileSync server whose Name is its URL', () =>
  withSite(async (site) => {
    const answer = await pox(site, poxRequest('rob@contoso.com', mobile))
    const url = `${site.url}/Microsoft-Server-ActiveSync`
    assert.ok(answer.includes(`<Server><Type>MobileSync</Type><Url>${url}</Url><Name>${url}</Name></Server>`))
    assert.ok(answer.includes('<User><DisplayName>Rob Young</DisplayName><EMailAddress>rob@contoso.com</EMailAddress></User>'))
  }))

test('plain XML errors: 500 unknown address, 600 not understood, 601 another schema', () =>
  withSite(async (site) => {
    const code = async (body: string) => /<ErrorCode>(\d+)<\/ErrorCode>/.exec(await pox(site, body))?.[1]
    assert.equal(await code(poxRequest('nobody@contoso.com')), '500')
    assert.equal(await code(poxRequest('mary@contoso.com', outlook, 'http://example.com/other')), '601')
    const request = /<Request>.*<\/Request>/.exec(poxRequest('mary@contoso.com'))![0]
    assert.equal(await code(poxRequest('mary@contoso.com').replace(request, request + request)), '600')
    for (const bad of [
      '',
      'hello',
      '<a/>',
      poxRequest(''),
      poxRequest('x'.repeat(2000)),
      '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
      poxRequest('mary@contoso.com').slice(0, -5),
    ]) {
      assert.equal(await code(bad), '600', bad.slice(0, 60))
    }
    assert.match(
      await pox(site, ''),
      /<Error Time="[\d:.]+" Id="\d+"><ErrorCode>600<\/ErrorCode><Message>Invalid Request<\/Message><DebugData\/>/,
    )
  }))

test('SOAP GetUserSettings answers user by user and setting by setting', () =>
  withSite(async (site) => {
    const asked = settings('UserDisplayName', 'ExternalEwsUrl', 'InternalSmtpConnections', 'AlternateMailboxes', 'InternalOABUrl')
    const answer = await soap(
      site,
      soapRequest('GetUserSettings', users('mary@contoso.com', 'nobody@contoso.com', 'x@other.example', 'carla@fabrikam.example') + asked),
    )
    const responses = answer.match(/<UserResponse>.*?<\/UserResponse>/g) ?? []
    assert.equal(responses.length, 4)
    assert.ok(responses[0]!.includes(`i:type="StringSetting"><Name>ExternalEwsUrl</Name><Value>${site.ewsUrl}</Value></UserSetting>`))
    assert.ok(responses[0]!.includes(`<Port>${site.ports.submission}</Port>`))
    assert.ok(responses[0]!.includes('<SmtpAddress>sales@contoso.com</SmtpAddress>'))
    assert.ok(
      responses[0]!.includes(
        '<ErrorCode>SettingIsNotAvailable</ErrorCode><ErrorMessage>The setting is not available.</ErrorMessage><SettingName>InternalOABUrl</SettingName>',
      ),
    )
    assert.match(responses[1]!, /<ErrorCode>InvalidUser<\/ErrorCode>/)
    assert.match(responses[2]!, /<ErrorCode>InvalidDomain<\/ErrorCode>/)
    assert.match(responses[3]!, /<ErrorCode>RedirectAddress<\/ErrorCode>.*<RedirectTarget>carla@fabrikam\.example<\/RedirectTarget>/)
    assert.match(answer, /<h:ServerVersionInfo .*<h:MajorVersion>15<\/h:MajorVersion>/)
  }))

test('SOAP GetDomainSettings, mistakes in requests, and operations that are not there', () =>
  withSite(async (site) => {
    const domains = '<a:Domains><a:Domain>contoso.com</a:Domain><a:Domain>other.example</a:Domain></a:Domains>'
    const answer = await soap(site, soapRequest('GetDomainSettings', domains + settings('ExternalEwsUrl', 'Colour')))
    assert.ok(answer.includes(`<Name>ExternalEwsUrl</Name><Value>${site.ewsUrl}</Value>`))
    assert.match(answer, /<SettingName>Colour<\/SettingName>.*<ErrorCode>InvalidDomain<\/ErrorCode>/)
    for (const bad of [
      settings('UserDN'),
      users('mary@contoso.com'),
      users(...Array.from({ length: 101 }, () => 'mary@contoso.com')) + settings('UserDN'),
    ]) {
      assert.match(await soap(site, soapRequest('GetUserSettings', bad)), /<Response[^>]*><ErrorCode>InvalidRequest<\/ErrorCode>/)
    }
    assert.match(await soap(site, soapRequest('GetColours', '')), /<faultcode>a:ActionNotSupported<\/faultcode>/)
    for (const bad of ['', 'x', '<a/>', '<s:Envelope xmlns:s="x"/>']) assert.match(await soap(site, bad), /<s:Fault>/)
    const large = await site.call('/autodiscover/autodiscover.svc', { method: 'POST', user: 'mary', body: 'x'.repeat(2_000_000) })
    assert.match(large.body, /<s:Fault>/)
  }))

test('JSON v2 answers anybody the same for every address', () =>
  withSite(async (site) => {
    const get = async (query: string) => {
      const answer = await site.call(`/autodiscover/autodiscover.json${query}`)
      return [answer.status, JSON.parse(answer.body) as Record<string, string>] as const
    }
    assert.deepEqual(await get('?Email=mary@contoso.com&Protocol=EWS'), [200, { Protocol: 'Ews', Url: site.ewsUrl }])
    assert.deepEqual(await get('/v1.0/nobody@contoso.com?protocol=ews'), [200, { Protocol: 'Ews', Url: site.ewsUrl }])
    assert.equal((await get('?Email=mary@contoso.com&Protocol=AutodiscoverV1'))[1].Url, `${site.url}/autodiscover/autodiscover.xml`)
    assert.equal((await get('?Email=mary@contoso.com'))[1].ErrorCode, 'MandatoryParameterMissing')
    assert.equal((await get('?Email=mary@contoso.com&Protocol=Telnet'))[1].ErrorCode, 'InvalidProtocol')
    assert.equal((await get('?Email=mary&Protocol=Ews'))[1].ErrorCode, 'InvalidUserId')
  }))

test('a GET says which services there are, signed in or not', () =>
  withSite(async (site) => {
    for (const path of ['/autodiscover/autodiscover.xml', '/AutoDiscover/AutoDiscover.svc']) {
      const bare = await site.call(path)
      assert.deepEqual([bare.status, bare.headers['x-soap-enabled'], bare.headers['x-oauth-enabled']], [401, 'True', 'True'])
      assert.equal((await site.call(path, { user: 'mary' })).status, 200)
    }
  }))

test('the server version is packed as [MS-OXDSCLI] has it', () => {
  const bits = Number.parseInt(packedVersion(), 16).toString(2).padStart(32, '0')
  assert.deepEqual(
    [bits.slice(0, 4), bits.slice(4, 10), bits.slice(10, 16), bits.slice(16, 17), bits.slice(17)].map((part) => Number.parseInt(part, 2)),
    [7, 15, 2, 1, 1118],
  )
})

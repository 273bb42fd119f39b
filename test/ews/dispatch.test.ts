import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateItem, ewsOperations, FindItem, GetFolder, GetItem } from '#schema'
import { verbs } from '../../src/protocols/ews/operations/index.ts'
import { engines } from '../support/engines.ts'
import { assertValid, codes, ewsClient, only } from '../support/ews-client.ts'
import { validateEws } from '../support/ews-schema.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { readXml } from '#wire'

const inbox = { is: 'DistinguishedFolderId', value: { Id: 'inbox' } } as const
const getInbox =
  '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>'

async function raw(site: TestSite, body: string): Promise<{ status: number; body: string }> {
  return site.call('/ews/exchange.asmx', { method: 'POST', user: 'mary', headers: { 'content-type': 'text/xml' }, body })
}

test('interop 1.1: an operation that is not served answers in its own shape, and nobody gets HTTP 500', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  for (const name of ewsOperations.keys()) {
    if (verbs.has(name)) continue
    const answer = await site.ews(`<m:${name}/>`)
    assert.equal(answer.status, 200, name)
    // The schema does not declare every operation that Exchange has.
    assert.deepEqual(
      validateEws(answer.body).filter((problem) => !problem.includes('No matching global declaration')),
      [],
      name,
    )
    assert.match(answer.body, /ErrorInvalidRequest|ResponseClass="Error"|SubscriptionStatus/, name)
  }
  const unknown = await mary.post('<m:MakeCoffee/>')
  assert.equal(unknown.answer.status, 200)
  assert.match(unknown.answer.body, /ErrorInvalidRequest/)
})

test('what cannot be read is a fault with its place', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const envelope = (inner: string): string =>
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Body>${inner}</s:Body></s:Envelope>`
  const bad = [
    '',
    'GET / HTTP/1.1',
    '<s:Envelope',
    '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    '<x/>',
    envelope(''),
    envelope('<m:GetFolder/><m:GetFolder/>'),
    envelope('<m:GetFolder/>'),
    envelope('<m:FindItem Traversal="Sideways"/>'),
    envelope(`<m:GetFolder>${'<m:x>'.repeat(500)}${'</m:x>'.repeat(500)}</m:GetFolder>`),
  ]
  for (const body of bad) {
    const answer = await raw(site, body)
    assert.equal(answer.status, 500, body.slice(0, 80))
    assert.match(answer.body, /<e:ResponseCode[^>]*>Error(SchemaValidation|InvalidRequest)</, body.slice(0, 80))
  }
  const placed = await raw(site, envelope('\n<m:FindItem Traversal="Sideways"/>'))
  assert.match(placed.body, /<t:LineNumber>2<\/t:LineNumber><t:LinePosition>\d+<\/t:LinePosition>/)
  assert.match(placed.body, /Shallow\|SoftDeleted\|Associated/)
})

test('MS-OXWSCDATA_R368006 _R368008 _R368010 _R368012 _R368014: the header holds ServerVersionInfo alone; versions are honoured (interop 1.2, 1.10, 3.3)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  for (const version of ['Exchange2007_SP1', 'Exchange2010', 'Exchange2013_SP1', 'Exchange2016', 'Exchange2019']) {
    const answer = await site.ews(getInbox, { version })
    assert.equal(answer.status, 200, version)
    assertValid(answer.body)
    assert.match(
      answer.body,
      /<s:Header><t:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="1118" MinorBuildNumber="7" Version="Exchange2016"\/><\/s:Header>/,
    )
  }
  const wrong = await site.ews(getInbox, { version: 'Exchange1997' })
  assert.equal(wrong.status, 500)
  assert.match(wrong.body, /ErrorInvalidServerVersion/)

  const mary = ewsClient(site)
  const create = { MessageDisposition: 'SaveOnly', SavedItemFolderId: { Folder: inbox } } as const
  const made = only(await mary.call(CreateItem, { ...create, Items: [{ kind: 'message', properties: { subject: 'old' } }] }))
  const ItemIds = [{ is: 'ItemId' as const, value: made.Items[0]?.properties.itemId as { Id: string } }]
  const shown = async (requestServerVersion: string) =>
    only(await mary.call(GetItem, { ItemShape: { BaseShape: 'AllProperties' }, ItemIds }, { requestServerVersion })).Items[0]?.properties
  assert.equal((await shown('Exchange2007_SP1'))?.flag, undefined)
  assert.ok((await shown('Exchange2013'))?.flag)
})

test('DateTimePrecision and TimeZoneContext are honoured (interop 1.10, 3.6)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const calendar = { is: 'DistinguishedFolderId', value: { Id: 'calendar' } } as const
  const item =
    '<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem><t:Subject>local</t:Subject>' +
    '<t:Start>2030-07-01T09:00:00</t:Start><t:End>2030-07-01T10:00:00</t:End></t:CalendarItem></m:Items></m:CreateItem>'
  await mary.post(item, { timeZoneContext: { id: 'W. Europe Standard Time' } })
  const found = async (dateTimePrecision: 'Seconds' | 'Milliseconds') => {
    const view = '<m:CalendarView StartDate="2030-07-01T00:00:00Z" EndDate="2030-07-02T00:00:00Z"/>'
    const shape = '<m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>'
    const ids = '<m:ParentFolderIds><t:DistinguishedFolderId Id="calendar"/></m:ParentFolderIds>'
    return (await mary.post(`<m:FindItem Traversal="Shallow">${shape}${view}${ids}</m:FindItem>`, { dateTimePrecision })).answer.body
  }
  assert.match(await found('Seconds'), /<t:Start>2030-07-01T07:00:00Z<\/t:Start>/)
  assert.match(await found('Milliseconds'), /<t:Start>2030-07-01T07:00:00\.000Z<\/t:Start>/)
  const wrong = await mary.call(FindItem, {
    Traversal: 'Shallow',
    ItemShape: { BaseShape: 'IdOnly' },
    View: { is: 'CalendarView', value: { StartDate: 2000, EndDate: 1000 } },
    ParentFolderIds: [calendar],
  })
  assert.deepEqual(codes(wrong), ['ErrorCalendarEndDateIsEarlierThanStartDate'])
})

test('ExchangeImpersonation: with the right the mailbox is the other one, without it a fault', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const impersonate = { by: 'PrimarySmtpAddress', identity: 'rob@contoso.com' } as const
  const request = { FolderShape: { BaseShape: 'IdOnly' as const }, FolderIds: [inbox] }
  const own = only(await ewsClient(site, 'rob').call(GetFolder, request)).Folders?.[0]?.properties.folderId
  const seen = only(await ewsClient(site, 'administrator').call(GetFolder, request, { impersonate })).Folders?.[0]?.properties.folderId
  assert.deepEqual(seen, own)
  const { answer } = await ewsClient(site, 'mary').post(getInbox, { impersonate })
  assert.equal(answer.status, 500)
  assert.match(answer.body, /ErrorImpersonateUserDenied/)
})

test('[MS-OXWSCDATA] 2.2.4.24 ConnectingSID: each form finds by itself alone, and what is none is refused', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const { rob } = site.people
  assert.ok(rob)
  const sip = { proxyAddresses: ['SMTP:rob@contoso.com', 'smtp:young@contoso.com'], userPrincipalName: 'ry@contoso.com' }
  await site.directory.update(site.organisation.id, rob.id, sip)
  const own = /FolderId Id="([^"]+)"/.exec((await site.ews(getInbox, { user: 'rob' })).body)?.[1]
  const asking = async (sid: string, user = 'administrator') => {
    const soapHeaders = `<t:ExchangeImpersonation>${sid}</t:ExchangeImpersonation>`
    const { status, body } = await site.ews(getInbox, { user, soapHeaders })
    if (status === 200) return /FolderId Id="([^"]+)"/.exec(body)?.[1]
    return /<e:ResponseCode[^>]*>(\w+)</.exec(body)?.[1]
  }
  const by = (form: string, value: string, user?: string) =>
    asking(`<t:ConnectingSID><t:${form}>${value}</t:${form}></t:ConnectingSID>`, user)
  for (const [form, value] of [
    ['PrincipalName', 'RY@contoso.com'],
    ['SID', rob.sid],
    ['PrimarySmtpAddress', 'Rob@contoso.com'],
    ['SmtpAddress', 'rob@contoso.com'],
    ['SmtpAddress', 'young@contoso.com'],
  ] as const)
    assert.equal(await by(form, value), own, form)
  const header = 'ErrorInvalidExchangeImpersonationHeaderData'
  assert.equal(await by('PrimarySmtpAddress', 'young@contoso.com'), 'ErrorNonPrimarySmtpAddress')
  assert.equal(await by('PrincipalName', 'young@contoso.com'), 'ErrorNonExistentMailbox')
  assert.equal(await by('PrimarySmtpAddress', rob.sid), 'ErrorNonExistentMailbox')
  assert.equal(await by('SmtpAddress', 'rob'), 'ErrorNonExistentMailbox')
  assert.equal(await by('SID', 'rob@contoso.com'), 'ErrorInvalidSid')
  assert.equal(await by('SID', `${rob.sid}9`), 'ErrorNonExistentMailbox')
  for (const [form, value] of [
    ['PrimarySmtpAddress', ''],
    ['Mailbox', 'rob@contoso.com'],
    ['SmtpAddress', 'x'.repeat(2000)],
  ] as const)
    assert.equal(await by(form, value), header, form)
  const twice = '<t:SID>S-1-5</t:SID><t:SmtpAddress>rob@contoso.com</t:SmtpAddress>'
  assert.equal(await asking(`<t:ConnectingSID>${twice}</t:ConnectingSID>`), header)
  assert.equal(await asking(''), header)
  for (const form of ['PrincipalName', 'SID', 'PrimarySmtpAddress', 'SmtpAddress'])
    assert.equal(await by(form, 'rob@contoso.com', 'mary'), 'ErrorImpersonateUserDenied', form)
})

test('MS-OXWSATT_R3 _R5001 _R6, MS-OXWSBTRF_R1 _R2006 _R3, MS-OXWSCONT_R1 _R101 _R102 _R335001, MS-OXWSCORE_R3 _R2001 _R6, MS-OXWSFOLD_R3 _R3007, MS-OXWSMSG_R1 _R3001 _R4, MS-OXWSMTGS_R1 _R502 _R503, MS-OXWSSYNC_R3 _R20001 _R20002, MS-OXWSTASK_R1 _R4 _R4001 _R212 _R212001: SOAP 1.1 over HTTP and HTTPS', async () => {
  const config = { insecureHttp: true, listeners: { https: { port: 0 }, http: { port: 0 } } }
  await using site = await startTestSite({ engine: engines[0]!, config })
  const soap = 'http://schemas.xmlsoap.org/soap/envelope/'
  const body = `<s:Envelope xmlns:s="${soap}" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Body>${getInbox}</s:Body></s:Envelope>`
  for (const plain of [true, false]) {
    const headers = {
      'content-type': 'text/xml; charset=utf-8',
      soapaction: '"http://schemas.microsoft.com/exchange/services/2006/messages/GetFolder"',
    }
    const answer = await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'mary', plain, body, headers })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['content-type'], 'text/xml; charset=utf-8')
    assert.equal(readXml(answer.bytes).namespace, soap)
    assert.match(answer.body, /NoError/)
    const wrong = await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'mary', plain, body: '<no/>', headers })
    assert.match(wrong.body, /<s:Fault>/)
  }
})

test('one thing that fails leaves the others alone (interop 1.1)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const FolderIds = [
    inbox,
    { is: 'FolderId' as const, value: { Id: 'DUMMY' } },
    { is: 'DistinguishedFolderId' as const, value: { Id: 'archivemsgfolderroot' } },
    { is: 'DistinguishedFolderId' as const, value: { Id: 'inbox', Mailbox: { EmailAddress: 'nobody@contoso.com' } } },
    { is: 'DistinguishedFolderId' as const, value: { Id: 'inbox', Mailbox: { EmailAddress: 'rob@contoso.com' } } },
    { is: 'DistinguishedFolderId' as const, value: { Id: 'nonsense' } },
  ]
  const answers = await mary.call(GetFolder, { FolderShape: { BaseShape: 'Default' }, FolderIds })
  assert.deepEqual(codes(answers), [
    'NoError',
    'ErrorInvalidIdMalformed',
    'ErrorFolderNotFound',
    'ErrorNonExistentMailbox',
    'ErrorAccessDenied',
    'ErrorInvalidFolderId',
  ])
})

test('the address answers GET, wants credentials, and takes any case', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  assert.equal((await site.call('/ews/EXCHANGE.asmx', { user: 'mary' })).status, 200)
  assert.equal((await site.call('/EWS/Exchange.asmx')).status, 401)
  assert.equal((await site.call('/EWS/Services.wsdl', { user: 'mary' })).status, 404)
  assert.equal((await site.call('/EWS/Exchange.asmx', { method: 'PUT', user: 'mary' })).status, 405)
})

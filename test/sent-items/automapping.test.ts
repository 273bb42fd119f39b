/** Full Access shows a mailbox in the programs of whoever has it, unless it was given without (Autodiscover's alternate mailboxes). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { run } from './desk.ts'

/** The mailboxes that Outlook opens beside the person's own, as both forms of Autodiscover tell it: they must agree. */
async function mapped(site: TestSite, user: string, asked = user): Promise<string[]> {
  const outlook = 'http://schemas.microsoft.com/exchange/autodiscover/outlook'
  const pox = await site.call('/autodiscover/autodiscover.xml', {
    ...{ method: 'POST', user, headers: { 'content-type': 'text/xml' } },
    body: `<Autodiscover xmlns="${outlook}/requestschema/2006"><Request><EMailAddress>${asked}@contoso.com</EMailAddress><AcceptableResponseSchema>${outlook}/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`,
  })
  const soap = await site.call('/autodiscover/autodiscover.svc', {
    ...{ method: 'POST', user, headers: { 'content-type': 'text/xml' } },
    body:
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://schemas.microsoft.com/exchange/2010/Autodiscover" xmlns:wsa="http://www.w3.org/2005/08/addressing">' +
      '<s:Header><a:RequestedServerVersion>Exchange2013</a:RequestedServerVersion><wsa:Action>http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/GetUserSettings</wsa:Action></s:Header><s:Body><a:GetUserSettingsRequestMessage><a:Request>' +
      `<a:Users><a:User><a:Mailbox>${asked}@contoso.com</a:Mailbox></a:User></a:Users><a:RequestedSettings><a:Setting>AlternateMailboxes</a:Setting></a:RequestedSettings></a:Request></a:GetUserSettingsRequestMessage></s:Body></s:Envelope>`,
  })
  assert.deepEqual([pox.status, soap.status], [200, 200])
  const found = [...pox.body.matchAll(/<AlternativeMailbox>.*?<SmtpAddress>([^<]+)/gs)].map(([, address]) => address ?? '').sort()
  const others = [...soap.body.matchAll(/<AlternateMailbox>.*?<SmtpAddress>([^<]+)/gs)].map(([, address]) => address ?? '').sort()
  assert.deepEqual(found, others)
  return found
}

for (const engine of quickEngines) {
  test(`source R9: Full Access with and without automapping (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const sales = 'sales@contoso.com'
    assert.deepEqual([await mapped(site, 'mary'), await mapped(site, 'ann')], [[sales], []])
    await run(site, 'Add-MailboxPermission sales -User ann -AccessRights FullAccess -AutoMapping $false')
    assert.deepEqual(await mapped(site, 'ann'), [])
    await run(site, 'New-DistributionGroup sellers -Type Security -Members administrator')
    await run(
      site,
      'Add-MailboxPermission rob -User ann -AccessRights FullAccess; Add-MailboxPermission room1 -User sellers -AccessRights FullAccess',
    )
    assert.deepEqual([await mapped(site, 'ann'), await mapped(site, 'administrator')], [['rob@contoso.com'], ['room1@contoso.com']])
    assert.deepEqual(await mapped(site, 'rob', 'ann'), [], 'what others open is nobody else’s to know')
    await run(site, 'Remove-MailboxPermission rob -User ann -AccessRights FullAccess')
    assert.deepEqual(await mapped(site, 'ann'), [])
    // The right to send opens nothing.
    await run(site, 'Add-RecipientPermission rob -Trustee ann -AccessRights SendAs; Set-Mailbox rob -GrantSendOnBehalfTo ann')
    assert.deepEqual(await mapped(site, 'ann'), [])
  })
}

/** What cmdlets set is what the server does: EWS switched off, mail forwarded outside, mailboxes opened and closed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { systemCaller } from '#model'
import { runLine } from '../support/run-line.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { mailSite } from '../mail/mail-site.ts'
import { anonymous, inbound, message, to } from '../mail/mail-site.ts'

const getFolder = (mailbox: string) =>
  `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"><t:Mailbox><t:EmailAddress>${mailbox}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds></m:GetFolder>`
const run = async (site: TestSite, line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)

for (const engine of quickEngines) {
  test(`EWS switched off is refused, whoever acts for the person; switched on it answers again (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const impersonate = '<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>mary@contoso.com</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>' // prettier-ignore
    assert.match((await site.ews(getFolder('mary@contoso.com'))).body, /NoError/)
    await run(site, 'Set-CASMailbox mary -EwsEnabled $false')
    const refused = await site.ews(getFolder('mary@contoso.com'))
    assert.deepEqual([refused.status, /ErrorAccessDenied/.test(refused.body)], [500, true], refused.body)
    assert.match(
      (await site.ews(getFolder('mary@contoso.com'), { user: 'administrator', soapHeaders: impersonate })).body,
      /ErrorAccessDenied/,
    )
    assert.match((await site.ews(getFolder('rob@contoso.com'), { user: 'rob' })).body, /NoError/)
    await run(site, 'Set-CASMailbox mary -EwsEnabled $true')
    assert.match((await site.ews(getFolder('mary@contoso.com'))).body, /NoError/)
  })

  test(`a mailbox made by a cmdlet is used over EWS, and opened to others by one (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, `New-Mailbox Zoe -UserPrincipalName zoe@contoso.com -Password '${site.password}'`)
    assert.match((await site.ews(getFolder('zoe@contoso.com'), { user: 'zoe' })).body, /NoError/)
    assert.doesNotMatch((await site.ews(getFolder('zoe@contoso.com'), { user: 'ann' })).body, /NoError/)
    await run(site, 'Add-MailboxPermission zoe -User ann -AccessRights FullAccess')
    assert.match((await site.ews(getFolder('zoe@contoso.com'), { user: 'ann' })).body, /NoError/)
    await run(site, 'Remove-MailboxPermission zoe -User ann -AccessRights FullAccess')
    assert.doesNotMatch((await site.ews(getFolder('zoe@contoso.com'), { user: 'ann' })).body, /NoError/)
    await run(site, 'Set-Mailbox zoe -AccountDisabled $true')
    assert.equal((await site.ews(getFolder('zoe@contoso.com'), { user: 'zoe' })).status, 401)
    await run(site, 'Set-Mailbox zoe -AccountDisabled $false')
    await run(site, 'Disable-Mailbox zoe')
    assert.doesNotMatch((await site.ews(getFolder('zoe@contoso.com'), { user: 'zoe' })).body, /NoError/)
  })

  test(`mail is forwarded to an address outside, with or without a copy, unless a recipient is named (${engine.name})`, async () => {
    await using opened = await engine.use()
    const asked: string[] = []
    const unreachable = (domain: string) => {
      asked.push(domain)
      return Promise.reject(new Error('no DNS now'))
    }
    await using site = await mailSite(opened.store, {}, { mx: unreachable, addresses: unreachable })
    const { people, directory, organisation } = site
    const send = async (subject: string) => {
      await site.transport.accept(message(subject), to('mary@contoso.com'), anonymous, inbound)
      await site.transport.runDue()
    }
    await directory.update(organisation, people.mary.id, { forwardingAddress: 'ann@contoso.com' })
    await send('one')
    await directory.update(organisation, people.mary.id, { deliverAndForward: true })
    await send('two')
    await directory.update(organisation, people.mary.id, { forwardTo: people.rob.id, deliverAndForward: false })
    await send('three')
    const boxes = ['mary', 'ann', 'rob'].map((alias) => site.subjects(`${alias}@contoso.com`))
    assert.deepEqual(boxes, [['two'], ['one', 'two'], ['three']])
    assert.equal(asked.length, 0)
    await directory.update(organisation, people.mary.id, { forwardTo: undefined, forwardingAddress: 'out@fabrikam.com' })
    await send('four')
    assert.ok(asked.includes('fabrikam.com'), 'it goes to the other server')
    assert.deepEqual(site.subjects('mary@contoso.com'), ['two'])
  })
}

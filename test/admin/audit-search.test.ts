/** Searches of the audit log that run in the background and come by mail. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { readXml, elementsOf, parseMime, type XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { arrivingMail } from '../support/arriving-mail.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { refusal } from './desk.ts'

const run = (site: TestSite, line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
const week = "-StartDate '2026-01-01' -EndDate (Get-Date).AddDays(1)"

const textIn = ({ attributes }: XmlElement) => `${attributes.Cmdlet} ${attributes.ObjectModified}`

for (const engine of quickEngines) {
  test(`New-AdminAuditLogSearch mails the entries as SearchResult.xml (${engine.name})`, { timeout: 30_000 }, async () => {
    await using site = await startTestSite({ engine })
    await run(site, `Set-Mailbox ann -Office '1 <2> & "3"'`)
    await run(site, 'Set-Mailbox rob -Office 7')
    await assert.rejects(run(site, 'New-AcceptedDomain -DomainName contoso.com'), refusal('NameTaken'))
    const [search] = await run(site, `New-AdminAuditLogSearch -Name Offices -Cmdlets Set-Mailbox,New-Accepted* ${week} -StatusMailRecipients mary@contoso.com`) // prettier-ignore
    assert.deepEqual(
      [search!.Name, search!.Cmdlets, search!.StatusMailRecipients, search!.CreatedBy],
      ['Offices', ['Set-Mailbox', 'New-Accepted*'], ['mary@contoso.com'], 'System'],
    )
    const mail = parseMime(await arrivingMail(site, 'mary'))
    assert.equal(mail.headers.find(({ key }) => key === 'subject')?.value, 'Administrator audit log search: Offices')
    assert.match(mail.text ?? '', /3 entries were found/)
    const [attached] = mail.attachments
    assert.equal(attached?.name, 'SearchResult.xml')
    // Entries of one millisecond have no order.
    const events = elementsOf(readXml(attached!.bytes)).toSorted((a, b) => (textIn(a) < textIn(b) ? -1 : 1))
    assert.deepEqual(
      events.map(({ name, attributes }) => [name, attributes.Cmdlet, attributes.Succeeded, attributes.ObjectModified]),
      [
        ['Event', 'New-AcceptedDomain', 'false', ''],
        ['Event', 'Set-Mailbox', 'true', 'ann@contoso.com'],
        ['Event', 'Set-Mailbox', 'true', 'rob@contoso.com'],
      ],
    )
    const parameters = elementsOf(elementsOf(events[1]!)[0]!).map(({ attributes }) => [attributes.Name, attributes.Value])
    assert.deepEqual(parameters.toSorted(), [['Identity', 'ann'], ['Office', '1 <2> & "3"']]) // prettier-ignore
    assert.deepEqual(await run(site, 'Get-AuditLogSearch'), [], 'it is done')
  })

  test(
    `a search that waits is shown, outlives its process, and is refused where it cannot be answered (${engine.name})`,
    { timeout: 30_000 },
    async () => {
      await using site = await startTestSite({ engine })
      await run(site, 'Stop-Service MSExchangeServiceHost')
      const ask = (rest: string) => run(site, `New-AdminAuditLogSearch ${rest}`)
      await ask(`${week} -Name First -StatusMailRecipients mary@contoso.com, MARY@contoso.com`)
      await ask(`${week} -Name Second -StatusMailRecipients rob@contoso.com -UserIds nobody@contoso.com`)
      assert.deepEqual((await run(site, 'Get-AuditLogSearch')).map(({ Name, StatusMailRecipients }) => [Name, StatusMailRecipients]).toSorted(), [['First', ['mary@contoso.com']], ['Second', ['rob@contoso.com']]]) // prettier-ignore
      assert.equal((await run(site, 'Get-AuditLogSearch first')).length, 1)
      assert.equal((await run(site, 'Get-AuditLogSearch -Type Mailbox')).length, 0)
      assert.equal((await run(site, 'Get-AuditLogSearch -CreatedBefore 2020-01-01')).length, 0)
      await assert.rejects(run(site, 'Get-AuditLogSearch third'), refusal('ObjectNotFound'))
      await assert.rejects(ask(`${week} -StatusMailRecipients no-one@contoso.com`), refusal('UnknownRecipient'))
      await assert.rejects(ask(`${week} -StatusMailRecipients mary`), refusal('InvalidSmtpAddress'))
      await assert.rejects(
        ask(`${week} -StatusMailRecipients mary@contoso.com -Parameters Office`),
        refusal('InvalidParameter', /-Cmdlets/),
      )
      await assert.rejects(ask(`${week} -StatusMailRecipients mary@contoso.com -ExternalAccess $true`), refusal('InvalidParameter'))
      await assert.rejects(ask('-StartDate 2026-02-01 -EndDate 2026-01-01 -StatusMailRecipients mary@contoso.com'), refusal('InvalidParameter', /later/)) // prettier-ignore
      assert.equal((await run(site, 'Get-AuditLogSearch')).length, 2, 'what was refused does not wait')
      await run(site, 'Start-Service MSExchangeServiceHost')
      assert.match(parseMime(await arrivingMail(site, 'rob')).text ?? '', /\b0 entries/)
      await arrivingMail(site, 'mary')
    },
  )
}

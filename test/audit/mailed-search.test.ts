/** Searches of mailboxes' audit logs that run in the background and come by mail. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, parseMime, readXml } from '#wire'
import { mailboxSite } from '../admin/mailbox-site.ts'
import { folderXml, idOf, itemXml, person } from '../requirements/person.ts'
import { arrivingMail } from '../support/arriving-mail.ts'
import { quickEngines } from '../support/engines.ts'

const week = "-StartDate '2020-01-01' -EndDate (Get-Date).AddDays(1)"

for (const engine of quickEngines) {
  test(`New-MailboxAuditLogSearch mails what was done in mailboxes (source R2, ${engine.name})`, { timeout: 30_000 }, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob] = [person(site), person(site, 'rob')]
    await site.run('Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    const inbox = idOf(await mary.getFolder('inbox'), 'FolderId')
    for (const subject of ['One <1> & "2"', 'Two']) {
      const item = await rob.create(`<t:Message><t:Subject>${subject.replace('&', '&amp;').replaceAll('<', '&lt;')}</t:Subject></t:Message>`, { folder: folderXml(inbox) }) // prettier-ignore
      await rob.remove(itemXml(item), 'SoftDelete')
    }
    await site.run('Stop-Service MSExchangeServiceHost')
    const search = (more: string) => site.one(`New-MailboxAuditLogSearch ${week} -StatusMailRecipients ann@contoso.com ${more}`)
    const asked = await search('-Name Deletions -Mailboxes mary,rob -LogonTypes Delegate -ShowDetails')
    assert.deepEqual([asked.Name, asked.Type, asked.LogonTypes, asked.ShowDetails], ['Deletions', 'Mailbox', ['Delegate'], true])
    assert.deepEqual((await site.run('Get-AuditLogSearch -Type Mailbox')).map(({ Name }) => Name), ['Deletions']) // prettier-ignore
    assert.deepEqual(await site.run('Get-AuditLogSearch'), [])
    await site.run('Start-Service MSExchangeServiceHost')
    const mail = parseMime(await arrivingMail(site, 'ann'))
    assert.equal(mail.headers.find(({ key }) => key === 'subject')?.value, 'Mailbox audit log search: Deletions')
    const events = elementsOf(readXml(mail.attachments[0]!.bytes))
    assert.deepEqual(
      events.map(({ attributes }) => [attributes.Operation, attributes.Owner, attributes.LogonUserDisplayName]),
      [
        ['SoftDelete', 'Mary Jensen', 'Rob Young'],
        ['SoftDelete', 'Mary Jensen', 'Rob Young'],
      ],
    )
    const subjects = events.flatMap((event) => elementsOf(event).flatMap(elementsOf)).map(({ attributes }) => attributes.ItemSubject)
    assert.deepEqual(subjects.toSorted(), ['One <1> & "2"', 'Two'])
    assert.deepEqual(await site.run('Get-AuditLogSearch -Type Mailbox'), [], 'it is done')
    await assert.rejects(search('-Mailboxes nobody'), /nobody/)
    await assert.rejects(search('-HasAttachments $true'), /HasAttachments/)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { desk, refusal } from './desk.ts'

for (const engine of engines) {
  test(`people here, on the other side and elsewhere (${engine.name})`, async () => {
    await using site = await desk(engine)
    const { directory, organisation } = site
    const [joe] = await site.run(
      "New-RemoteMailbox 'Joe Healy' -UserPrincipalName joe@contoso.com -Password 'P@ss w0rd' -RemoteRoutingAddress Joe@contoso.mail.onmicrosoft.com",
    )
    assert.deepEqual(
      [joe!.RecipientTypeDetails, joe!.PrimarySmtpAddress, joe!.RemoteRoutingAddress, joe!.Alias],
      ['RemoteUserMailbox', 'joe@contoso.com', 'SMTP:joe@contoso.mail.onmicrosoft.com', 'joe'],
    )
    const found = await directory.find('joe@contoso.mail.onmicrosoft.com', organisation)
    assert.deepEqual(
      [found?.kind, found?.remoteMailbox, found?.externalAddress],
      ['MailUser', 'UserMailbox', 'joe@contoso.mail.onmicrosoft.com'],
    )
    assert.ok(await directory.checkPassword(found, 'P@ss w0rd'))
    assert.ok(!JSON.stringify(site.audit).includes('w0rd'))
    for (const identity of ['joe', 'joe@contoso.com', "'joe HEALY'", joe!.Guid, `'${String(joe!.LegacyExchangeDN)}'`])
      assert.deepEqual(await site.run(`Get-RemoteMailbox ${identity}`), [joe])

    await assert.rejects(site.run('New-RemoteMailbox Room1 -Room'), refusal('InvalidParameter', /-RemoteRoutingAddress is needed/))
    await site.run('New-RemoteDomain Hybrid -DomainName contoso.mail.onmicrosoft.com')
    await site.run('Set-RemoteDomain Hybrid -TargetDeliveryDomain $true')
    const [room] = await site.run('New-RemoteMailbox Room1 -Room')
    assert.deepEqual(
      [room!.RecipientTypeDetails, room!.RemoteRoutingAddress],
      ['RemoteRoomMailbox', 'SMTP:room1@contoso.mail.onmicrosoft.com'],
    )
    await assert.rejects(site.run('New-RemoteMailbox x -Room -Shared'), refusal('InvalidParameter', /exclude each other/))
    await assert.rejects(site.run('New-RemoteMailbox x'), refusal('InvalidParameter', /-UserPrincipalName and -Password/))

    await site.run("New-MailContact 'Zoë Contact' -ExternalEmailAddress SMTP:zoe@fabrikam.com -FirstName Zoë")
    const [user] = await site.run(
      'New-MailUser Sam -ExternalEmailAddress sam@fabrikam.com -UserPrincipalName sam@contoso.com -PrimarySmtpAddress sam@contoso.com',
    )
    assert.deepEqual([user!.RecipientTypeDetails, user!.PrimarySmtpAddress], ['MailUser', 'sam@contoso.com'])
    const names = async (noun: string) => (await site.run(`Get-${noun}`)).map(({ Name }) => String(Name)).sort()
    assert.deepEqual(await names('MailContact'), ['Zoë Contact'])
    assert.deepEqual(await names('MailUser'), ['Sam'])
    assert.deepEqual(await names('RemoteMailbox'), ['Joe Healy', 'Room1'])
    assert.deepEqual(await names('Mailbox'), ['boss Baker', 'mary Baker', 'sharer Baker'])
    assert.equal((await site.run('Get-Mailbox -ResultSize 2')).length, 2)
    assert.match(site.warnings.at(-1) ?? '', /more than 2 results/)
    assert.equal((await site.run('Get-MailContact zoe@fabrikam.com'))[0]!.Alias, 'ZoeContact')
    await assert.rejects(site.run('Get-Mailbox joe'), refusal('ObjectNotFound', /no Mailbox 'joe': 'Joe Healy' is a RemoteMailbox/))
    await assert.rejects(site.run('Get-Mailbox nobody'), refusal('ObjectNotFound', /no Mailbox 'nobody'\.$/))

    await site.run('Enable-RemoteMailbox sam')
    const sam = await directory.find('sam', organisation)
    assert.deepEqual(
      [sam?.remoteMailbox, sam?.externalAddress, sam?.address],
      ['UserMailbox', 'sam@contoso.mail.onmicrosoft.com', 'sam@contoso.com'],
    )
    assert.deepEqual(await names('RemoteMailbox'), ['Joe Healy', 'Room1', 'Sam'])
    for (const identity of ['mary', 'sam'])
      await assert.rejects(site.run(`Enable-RemoteMailbox ${identity}`), refusal('ObjectNotFound', /no MailUser/))
    await assert.rejects(site.run('New-MailContact joe -ExternalEmailAddress joe@x.com'), refusal('NameTaken'))
    await assert.rejects(site.run('New-MailContact x -ExternalEmailAddress nonsense'), refusal('InvalidSmtpAddress'))
  })
}

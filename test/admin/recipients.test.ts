import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { desk, refusal } from './desk.ts'

for (const engine of quickEngines) {
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

  test(`contacts, mail users and remote mailboxes are changed, disabled, enabled and removed (${engine.name})`, async () => {
    await using site = await desk(engine)
    const one = async (line: string) => (await site.run(line))[0]!
    await site.run('New-MailContact Zoe -ExternalEmailAddress zoe@fabrikam.com')
    await site.run('Set-MailContact zoe -ExternalEmailAddress zoe2@fabrikam.com -CustomAttribute3 x -MaxSendSize 5MB')
    await site.run("Set-Contact zoe -Title Dr. -Phone '+49 30 1' -Manager mary -Company Fabrikam")
    const contact = await one('Get-MailContact zoe')
    assert.deepEqual([contact.ExternalEmailAddress, contact.CustomAttribute3], ['SMTP:zoe2@fabrikam.com', 'x'])
    const person = await one('Get-Contact zoe')
    assert.deepEqual([person.Title, person.Phone, person.Manager, person.Company], ['Dr.', '+49 30 1', 'mary Baker', 'Fabrikam'])
    await site.run('Disable-MailContact zoe')
    await assert.rejects(site.run('Get-MailContact zoe'), refusal('ObjectNotFound', /is a Contact/))
    assert.equal((await one('Get-Contact zoe')).Title, 'Dr.')
    assert.equal((await site.run('Get-Recipient -Filter "Title -eq \'Dr.\'"')).length, 0, 'without mail it is no recipient')
    const again = await one('Enable-MailContact zoe -ExternalEmailAddress zoe3@fabrikam.com')
    assert.deepEqual([again.ExternalEmailAddress, again.PrimarySmtpAddress], ['SMTP:zoe3@fabrikam.com', 'zoe3@fabrikam.com'])
    await site.run('Remove-MailContact zoe')
    await assert.rejects(site.run('Get-Contact zoe'), refusal('ObjectNotFound'))

    await site.run("New-MailUser Sam -ExternalEmailAddress sam@fabrikam.com -UserPrincipalName sam@contoso.com -Password 'P@ss w0rd'")
    await site.run('Set-MailUser sam -ExternalEmailAddress s@fabrikam.com -HiddenFromAddressListsEnabled $true')
    await site.run('Set-User sam -FirstName Sam -Department Sales')
    await site.run('Disable-MailUser sam')
    assert.deepEqual([(await one('Get-User sam')).RecipientType, (await one('Get-User sam')).Department], ['User', 'Sales'])
    await site.run('Enable-MailUser sam -ExternalEmailAddress sam@fabrikam.com')
    await site.run('Disable-MailUser sam')
    await site.run('Enable-RemoteMailbox sam -RemoteRoutingAddress sam@contoso.mail.onmicrosoft.com')
    await site.run('Set-RemoteMailbox sam -Type Shared -RemoteRoutingAddress s2@contoso.mail.onmicrosoft.com')
    const remote = await one('Get-RemoteMailbox sam')
    assert.deepEqual(
      [remote.RecipientTypeDetails, remote.RemoteRoutingAddress, remote.PrimarySmtpAddress],
      ['RemoteSharedMailbox', 'SMTP:s2@contoso.mail.onmicrosoft.com', 'sam@contoso.com'],
    )
    assert.ok(
      await site.directory.checkPassword(await site.directory.find('sam@contoso.com'), 'P@ss w0rd'),
      'the account is the same all the while',
    )
    await site.run('Remove-RemoteMailbox sam')
    await assert.rejects(site.run('Get-User sam'), refusal('ObjectNotFound'))
  })

  test(`Get-Recipient shows everybody with mail, by type and property, page by page as it is read (${engine.name})`, async () => {
    await using site = await desk(engine)
    const { directory, organisation } = site
    await site.run('New-MailContact Zoe -ExternalEmailAddress zoe@fabrikam.com')
    await site.run('New-DistributionGroup Staff -Members mary')
    for (let index = 0; index < 600; index += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, more) =>
          directory.create(organisation, {
            kind: 'UserMailbox',
            alias: `u${index + more}`,
            displayName: `U ${String(index + more).padStart(5, '0')}`,
            department: more % 2 ? 'Odd' : 'Even',
          }),
        ),
      )
    }
    const aliases = async (line: string) => (await site.run(line)).map(({ Alias }) => Alias)
    assert.deepEqual(await aliases('Get-Recipient -RecipientType MailContact,MailUniversalDistributionGroup'), ['Staff', 'Zoe'])
    assert.deepEqual(await aliases('Get-Recipient -RecipientTypeDetails MailContact'), ['Zoe'])
    assert.deepEqual(await site.run('Get-Recipient zoe -Properties Alias,recipienttype'), [{ Alias: 'Zoe', RecipientType: 'MailContact' }])
    await assert.rejects(site.run('Get-Recipient -Properties Nonsense'), refusal('InvalidParameter', /no property 'Nonsense'/))
    assert.equal((await site.run('Get-Recipient -ResultSize 550')).length, 550)
    assert.match(site.warnings.at(-1) ?? '', /more than 550 results; -ResultSize Unlimited/)
    const odd = await aliases('Get-Recipient -Filter "Department -eq \'odd\'" -ResultSize Unlimited')
    assert.deepEqual([odd.length, new Set(odd).size, odd[0], odd.at(-1)], [300, 300, 'u1', 'u599'])
    assert.equal((await site.run('Get-Recipient -ResultSize Unlimited')).length, 605)
    // Whoever stops reading stops the work: pages are read when they are asked for.
    let pages = 0
    const search = directory.search
    directory.search = (question) => {
      pages++
      return search(question)
    }
    for await (const _ of site.admin.invoke(site.system, 'Get-Recipient', { ResultSize: 'Unlimited' })) break
    assert.equal(pages, 1)
    directory.search = search
  })
}

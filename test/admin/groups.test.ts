import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { desk, refusal } from './desk.ts'

for (const engine of quickEngines) {
  test(`groups are made, changed, filled and emptied (${engine.name})`, async () => {
    await using site = await desk(engine)
    const members = async (group: string) => (await site.run(`Get-DistributionGroupMember ${group}`)).map(({ Alias }) => Alias).join(' ')
    const [staff] = await site.run(
      "New-DistributionGroup 'All Staff' -Alias staff -Members mary,boss -ManagedBy boss -Notes 'Everybody'",
      site.boss,
    )
    assert.deepEqual(
      [
        staff!.RecipientTypeDetails,
        staff!.PrimarySmtpAddress,
        staff!.ManagedBy,
        staff!.RequireSenderAuthenticationEnabled,
        staff!.GroupType,
        staff!.Notes,
      ],
      ['MailUniversalDistributionGroup', 'staff@contoso.com', ['boss Baker'], true, 'Universal', 'Everybody'],
    )
    assert.equal(await members("'All Staff'"), 'mary boss')
    await site.run('Add-DistributionGroupMember staff -Member sharer')
    await assert.rejects(site.run('Add-DistributionGroupMember staff sharer'), refusal('NameTaken', /a member of 'All Staff' already/))
    await assert.rejects(site.run('Add-DistributionGroupMember staff staff'), refusal('InvalidParameter', /member of itself/))
    await site.run('Remove-DistributionGroupMember staff mary')
    await assert.rejects(site.run('Remove-DistributionGroupMember staff mary'), refusal('ObjectNotFound', /no member/))
    assert.equal(await members('staff'), 'boss sharer')
    assert.equal((await site.run('Get-DistributionGroupMember staff -ResultSize 1')).length, 1)
    assert.match(site.warnings.at(-1) ?? '', /more than 1 results/)
    assert.equal((await site.run('Get-Recipient -Filter "MemberOfGroup -eq \'All Staff\'" -SortBy Alias')).map(({ Alias }) => Alias).join(' '), 'boss sharer') // prettier-ignore
    await site.run('Update-DistributionGroupMember staff -Members mary')
    assert.equal(await members('staff'), 'mary')
    await assert.rejects(site.run('Update-DistributionGroupMember staff -Members mary,nobody'), refusal('ObjectNotFound', /'nobody'/))
    assert.equal(await members('staff'), 'mary', 'nothing changed')

    await site.run('Set-DistributionGroup staff -DisplayName Everybody -MemberJoinRestriction Open -HiddenFromAddressListsEnabled $true')
    const [changed] = await site.run('Get-DistributionGroup staff')
    assert.deepEqual(
      [changed!.DisplayName, changed!.MemberJoinRestriction, changed!.HiddenFromAddressListsEnabled],
      ['Everybody', 'Open', true],
    )
    await site.run("Set-DistributionGroup staff -Notes 'Two\nlines'")
    assert.equal((await site.run('Get-DistributionGroup staff'))[0]!.Notes, 'Two\nlines')
    assert.deepEqual(await site.run('Get-Recipient -Filter "Notes -like \'Two*\'"').then((all) => all.map(({ Alias }) => Alias)), ['staff'])
    await assert.rejects(site.run(`Set-DistributionGroup staff -Notes ${'x'.repeat(1025)}`), refusal('InvalidParameter', /1024/))
    await site.run('Set-DistributionGroup staff -Notes $null')
    assert.equal((await site.run('Get-Group staff'))[0]!.Notes, '')
    await site.run('Set-Group staff -Notes News -ManagedBy @{Add="mary"}')
    const [group] = await site.run('Get-Group staff')
    assert.deepEqual([group!.Notes, group!.ManagedBy, group!.Members], ['News', ['boss Baker', 'mary Baker'], ['mary Baker']])

    await site.run('Disable-DistributionGroup staff')
    assert.equal((await site.run('Get-DistributionGroup')).length, 0)
    assert.deepEqual((await site.run('Get-Group staff')).map(({ RecipientTypeDetails }) => RecipientTypeDetails), ['UniversalDistributionGroup']) // prettier-ignore
    assert.equal(await site.directory.find('staff@contoso.com'), undefined)
    const [again] = await site.run('Enable-DistributionGroup staff -PrimarySmtpAddress all@contoso.com')
    assert.equal(again!.PrimarySmtpAddress, 'all@contoso.com')
    assert.equal(await members('staff'), 'mary')
    await site.run('Remove-DistributionGroup staff')
    assert.equal((await site.run('Get-Group')).length, 0)
  })

  test(`a room list has rooms alone (${engine.name})`, async () => {
    await using site = await desk(engine)
    await site.run('New-Mailbox Room1 -Room')
    const [list] = await site.run("New-DistributionGroup 'Building 4' -RoomList -Members room1")
    assert.equal(list!.RecipientTypeDetails, 'RoomList')
    await site.run('New-DistributionGroup staff -Members mary')
    await site.run('New-DistributionGroup rooms -Members room1')
    const lists = async () => (await site.run('Get-DistributionGroup -RecipientTypeDetails RoomList')).map(({ Name }) => Name)
    assert.deepEqual(await lists(), ['Building 4'])
    await assert.rejects(site.run("Add-DistributionGroupMember 'Building 4' mary"), refusal('InvalidParameter', /no room/))
    await assert.rejects(site.run("Update-DistributionGroupMember 'Building 4' -Members mary"), refusal('InvalidParameter', /no room/))
    await assert.rejects(site.run('Set-DistributionGroup staff -RoomList'), refusal('InvalidParameter', /no room/))
    await assert.rejects(site.run('New-DistributionGroup x -RoomList -Members mary'), refusal('InvalidParameter', /no room/))
    await site.run('Set-DistributionGroup rooms -RoomList')
    assert.deepEqual(await lists(), ['Building 4', 'rooms'])
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { desk, refusal } from './desk.ts'

const picture = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64')

for (const engine of quickEngines) {
  test(`mailboxes are opened to others and closed again (${engine.name})`, async () => {
    await using site = await desk(engine)
    const { directory, organisation } = site
    await site.run('New-Mailbox sales -Shared')
    await site.run('New-DistributionGroup sellers -Type Security -Members mary')
    await site.run('New-DistributionGroup readers -Members mary')
    await site.run('New-MailContact zoe -ExternalEmailAddress zoe@fabrikam.com')
    const users = async (more = '') => (await site.run(`Get-MailboxPermission sales ${more}`)).map(({ User }) => User)
    const [given] = await site.run('Add-MailboxPermission sales -User boss -AccessRights FullAccess -AutoMapping $false')
    assert.deepEqual([given!.Identity, given!.User, given!.AccessRights, given!.Deny, given!.IsInherited], ['sales', 'boss Baker', ['FullAccess'], false, false]) // prettier-ignore
    await site.run('Add-MailboxPermission sales sellers -AccessRights FullAccess').catch(refusal('InvalidParameter', /no place|needs/))
    await site.run('Add-MailboxPermission sales -User sellers -AccessRights FullAccess')
    assert.deepEqual(await users(), ['NT AUTHORITY\\SELF', 'boss Baker', 'sellers'])
    assert.deepEqual(await users('-User boss'), ['boss Baker'])
    const open = async (who: string) =>
      (await directory.mailboxesOpenTo((await directory.find(who, organisation))!)).map(({ alias }) => alias)
    assert.deepEqual([await open('boss'), await open('mary'), await open('sharer')], [[], ['sales'], []])
    await site.run('Add-MailboxPermission sales -User boss -AccessRights FullAccess -AutoMapping $true')
    assert.match(site.warnings.at(-1) ?? '', /has that right already/)
    assert.deepEqual(await open('boss'), ['sales'])
    for (const who of ['readers', 'zoe'])
      await assert.rejects(site.run(`Add-MailboxPermission sales -User ${who} -AccessRights FullAccess`), refusal('InvalidParameter', /rights are given to people/)) // prettier-ignore
    await assert.rejects(site.run('Add-MailboxPermission sales -User boss -AccessRights DeleteItem'), refusal('InvalidParameter', /DeleteItem of Add-MailboxPermission is not here/)) // prettier-ignore
    await assert.rejects(site.run('Add-MailboxPermission sales -User boss -AccessRights FullAccess -Deny'), refusal('InvalidParameter', /-Deny of/)) // prettier-ignore
    await assert.rejects(
      site.run('Add-MailboxPermission sellers -User boss -AccessRights FullAccess'),
      refusal('ObjectNotFound', /no Mailbox/),
    )
    await site.run('Remove-MailboxPermission sales -User boss -AccessRights FullAccess')
    assert.deepEqual(await users(), ['NT AUTHORITY\\SELF', 'sellers'])
    await site.run('Remove-MailboxPermission sales -User boss -AccessRights FullAccess')
    assert.match(site.warnings.at(-1) ?? '', /has no such right/)

    await site.run('Add-RecipientPermission sales -Trustee mary -AccessRights SendAs')
    const trustees = async (more = '') => (await site.run(`Get-RecipientPermission sales ${more}`)).map(({ Trustee }) => Trustee)
    assert.deepEqual(await trustees(), ['NT AUTHORITY\\SELF', 'mary Baker'])
    assert.deepEqual(await trustees('-Trustee boss'), [])
    assert.deepEqual((await directory.find('sales', organisation))?.sendAs, [(await directory.find('mary', organisation))?.id])
    await assert.rejects(
      site.run('Add-RecipientPermission sales -Trustee zoe -AccessRights SendAs'),
      refusal('InvalidParameter', /is a MailContact/),
    )
    await site.run('Remove-RecipientPermission sales -Trustee mary -AccessRights SendAs')
    assert.deepEqual(await trustees('-Trustee mary'), [])
  })

  test(`photos are given, shown and taken away (${engine.name})`, async () => {
    await using site = await desk(engine)
    await assert.rejects(site.run('Get-UserPhoto mary'), refusal('ObjectNotFound', /has no photo/))
    await assert.rejects(site.run('Set-UserPhoto mary -PictureData aGVsbG8='), refusal('InvalidParameter', /JPEG, PNG or GIF/))
    await site.run(`Set-UserPhoto mary -PictureData ${picture}`)
    const [photo] = await site.run('Get-UserPhoto mary')
    assert.deepEqual([photo!.ContentType, photo!.PictureData], ['image/png', picture])
    await site.run('Remove-UserPhoto mary')
    await assert.rejects(site.run('Get-UserPhoto mary'), refusal('ObjectNotFound'))
  })
}

test('what opens somebody’s mail to others is marked as dangerous', async () => {
  await using site = await desk()
  const dangerous = site.admin.cmdlets.filter(({ dangerous: is }) => is).map(({ name }) => name)
  for (const name of ['Add-MailboxPermission', 'Add-RecipientPermission', 'Set-Mailbox']) assert.ok(dangerous.includes(name), name)
})

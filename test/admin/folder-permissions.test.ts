import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#model'
import { FindItem, GetFolder, UpdateFolder, type PermissionSet } from '#schema'
import { engines } from '../support/engines.ts'
import { codes, ewsClient, only } from '../support/ews-client.ts'
import { refusal } from './desk.ts'
import { mailboxSite, type MailboxSite } from './mailbox-site.ts'

const of = (Id: string, address = 'mary@contoso.com') => [
  { is: 'DistinguishedFolderId' as const, value: { Id, Mailbox: { EmailAddress: address } } },
]

/** What EWS answers to somebody who looks into a folder of Mary's. */
async function seen(site: MailboxSite, who: string, folder = 'inbox'): Promise<string> {
  const answer = await ewsClient(site, who).call(FindItem, {
    Traversal: 'Shallow',
    ItemShape: { BaseShape: 'IdOnly' },
    ParentFolderIds: of(folder),
  })
  return codes(answer)[0]!
}

const rights = async (site: MailboxSite, folder: string) =>
  Object.fromEntries(
    (await site.run(`Get-MailboxFolderPermission ${folder}`)).map(({ User, AccessRights }) => [User, (AccessRights as string[]).join(',')]),
  )

for (const engine of engines) {
  test(`rights on a folder are given, changed and taken, for EWS at once (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const inbox = "'mary:\\Inbox'"
    assert.deepEqual(await rights(site, inbox), { Default: 'None', Anonymous: 'None' })
    assert.deepEqual(await rights(site, "'mary:\\Calendar'"), { Default: 'AvailabilityOnly', Anonymous: 'None' })
    assert.equal(await seen(site, 'rob'), 'ErrorAccessDenied')

    const [added] = await site.run(`Add-MailboxFolderPermission -Identity ${inbox} -User 'Rob Young' -AccessRights Reviewer`, 'boss')
    assert.deepEqual([added!.FolderName, added!.User, added!.AccessRights], ['Inbox', 'Rob Young', ['Reviewer']])
    assert.equal(await seen(site, 'rob'), 'NoError')
    assert.equal(await seen(site, 'ann'), 'ErrorAccessDenied')
    await assert.rejects(
      site.run(`Add-MailboxFolderPermission ${inbox} -User rob -AccessRights Owner`),
      refusal('NameTaken', /set them instead/),
    )

    await site.run(`Set-MailboxFolderPermission ${inbox} -User rob -AccessRights None`)
    assert.equal(await seen(site, 'rob'), 'ErrorAccessDenied')
    await site.run(`Set-MailboxFolderPermission ${inbox} -User Default -AccessRights Reviewer`)
    assert.deepEqual([await seen(site, 'ann'), await seen(site, 'rob')], ['NoError', 'ErrorAccessDenied'])
    await site.run(`Remove-MailboxFolderPermission ${inbox} -User rob`)
    assert.equal(await seen(site, 'rob'), 'NoError')
    assert.deepEqual(await rights(site, inbox), { Default: 'Reviewer', Anonymous: 'None' })

    await site.run(
      `Add-MailboxFolderPermission ${inbox} -User staff -AccessRights ReadItems,FolderVisible,EditAllItems -SendNotificationToUser $false`,
    )
    assert.deepEqual(await rights(site, inbox), {
      Default: 'Reviewer',
      Anonymous: 'None',
      'All Staff': 'ReadItems,EditAllItems,FolderVisible',
    })
    await site.run(
      `Add-MailboxFolderPermission 'mary:\\Calendar' -User ann -AccessRights LimitedDetails -SharingPermissionFlags CanViewPrivateItems`,
    )
    assert.deepEqual(await rights(site, "'mary:\\Calendar'"), {
      Default: 'AvailabilityOnly',
      Anonymous: 'None',
      'Ann Beebe': 'LimitedDetails',
    })
    const [private_] = await site.run("Get-MailboxFolderPermission 'mary:\\Calendar' -User ann")
    assert.equal(private_!.SharingPermissionFlags, 'CanViewPrivateItems')
  })

  test(`EWS shows what the cmdlets set, and they show what EWS set (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = ewsClient(site)
    const named = async () => {
      const FolderShape = { BaseShape: 'IdOnly' as const, AdditionalProperties: { paths: [{ property: 'permissionSet' }] } }
      const folder = only(await mary.call(GetFolder, { FolderShape, FolderIds: of('calendar') })).Folders?.[0]
      const { permissions } = folder!.properties.permissionSet as unknown as PermissionSet
      return permissions.map(({ UserId, level }) => [UserId.PrimarySmtpAddress, level])
    }
    await site.run("Add-MailboxFolderPermission 'mary:\\Calendar' -User rob -AccessRights NonEditingAuthor")
    assert.deepEqual(await named(), [['rob@contoso.com', 'NoneditingAuthor']])
    await site.run("Remove-MailboxFolderPermission 'mary:\\Calendar' -User rob")
    assert.deepEqual(await named(), [])

    const value: PermissionSet = {
      permissions: [
        {
          UserId: { PrimarySmtpAddress: 'ann@contoso.com' },
          level: 'Custom',
          CanCreateSubFolders: true,
          IsFolderVisible: true,
          ReadItems: 'FullDetails',
        },
      ],
    }
    const change = { op: 'set' as const, path: { property: 'permissionSet' }, value }
    only(await mary.call(UpdateFolder, { FolderChanges: [{ Id: of('inbox')[0]!, Updates: { changes: [change] } }] }))
    assert.equal((await rights(site, "'mary:\\Inbox'"))['Ann Beebe'], 'ReadItems,CreateSubfolders,FolderVisible')
  })

  test(`many at once each keep their entry, and names that do not fit change nothing (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const people = ['rob', 'ann', 'sales', 'administrator', 'staff', 'boss']
    await Promise.all(people.map((one) => site.run(`Add-MailboxFolderPermission 'mary:\\Inbox' -User ${one} -AccessRights Reviewer`)))
    const named = await rights(site, "'mary:\\Inbox'")
    assert.equal(Object.keys(named).length, people.length + 2)

    const refusals: [string, Parameters<typeof refusal>[0], RegExp][] = [
      ["Add-MailboxFolderPermission 'mary:\\Inbox' -User nobody -AccessRights Reviewer", 'ObjectNotFound', /nobody/],
      ["Add-MailboxFolderPermission 'mary:\\Inbox' -User rooms -AccessRights Reviewer", 'ObjectNotFound', /RoomList/],
      ["Add-MailboxFolderPermission 'mary:\\Nowhere' -User rob -AccessRights Reviewer", 'FolderNotFound', /Nowhere/],
      ["Add-MailboxFolderPermission 'mary:\\Sent Items' -User rob -AccessRights Reviewer,Editor", 'InvalidParameter', /stands alone/],
      ["Add-MailboxFolderPermission 'mary:\\Sent Items' -User rob -AccessRights AvailabilityOnly", 'InvalidParameter', /for calendars/],
      ["Add-MailboxFolderPermission 'mary:\\Sent Items' -User rob -AccessRights King", 'InvalidParameter', /-AccessRights/],
      [
        "Add-MailboxFolderPermission 'mary:\\Calendar' -User rob -AccessRights Editor -SharingPermissionFlags Delegate",
        'InvalidParameter',
        /Delegate is not there/,
      ],
      [
        "Add-MailboxFolderPermission 'mary:\\Calendar' -User rob -AccessRights Editor -SendNotificationToUser $true",
        'InvalidParameter',
        /SendNotification/,
      ],
      ["Set-MailboxFolderPermission 'mary:\\Calendar' -User rob -AccessRights Editor", 'ObjectNotFound', /do not name/],
      ["Remove-MailboxFolderPermission 'mary:\\Calendar' -User rob", 'ObjectNotFound', /do not name/],
      ["Remove-MailboxFolderPermission 'mary:\\Calendar' -User Default", 'InvalidParameter', /None/],
    ]
    for (const [line, code, message] of refusals) await assert.rejects(site.run(line), refusal(code, message), line)
    assert.deepEqual(await rights(site, "'mary:\\Calendar'"), { Default: 'AvailabilityOnly', Anonymous: 'None' })
    assert.deepEqual(await rights(site, "'mary:\\Inbox'"), named)
  })
}

test('every cmdlet on a mailbox asks whether the caller may see or change it, before it does', async () => {
  await using site = await mailboxSite(engines[0]!)
  const folder = "'mary:\\Inbox'"
  const lines = [
    'Get-MailboxStatistics mary',
    'Get-MailboxFolderStatistics mary',
    'Get-MailboxFolder mary',
    'New-MailboxFolder New -Parent mary',
    `Get-MailboxFolderPermission ${folder}`,
    `Add-MailboxFolderPermission ${folder} -User rob -AccessRights Owner`,
    `Set-MailboxFolderPermission ${folder} -User Default -AccessRights Owner`,
    `Remove-MailboxFolderPermission ${folder} -User rob`,
    'Get-MailboxRegionalConfiguration mary',
    'Set-MailboxRegionalConfiguration mary -Language de-DE',
    'Get-MailboxAutoReplyConfiguration mary',
    'Set-MailboxAutoReplyConfiguration mary -AutoReplyState Enabled',
    'Get-CalendarProcessing mary',
    'Set-CalendarProcessing mary -AutomateProcessing None',
    'Get-MailboxCalendarConfiguration mary',
    'Set-MailboxCalendarConfiguration mary -WorkDays AllDays',
    'Get-MailboxJunkEmailConfiguration mary',
    'Set-MailboxJunkEmailConfiguration mary -Enabled $false',
    'Get-MailboxMessageConfiguration mary',
    'Set-MailboxMessageConfiguration mary -SignatureText x',
  ]
  const outOfScope = () => {
    throw new Refusal('OutOfScope', 'not yours')
  }
  const { directory, configuration, keyRing } = site
  const before = await site.mailboxes.settings(await site.caller('mary'), site.people.mary!.mailbox)
  for (const line of lines) {
    const [name = '', ...rest] = line.split(' ')
    const cmdlet = site.admin.cmdlets.find((each) => each.name === name)!
    const args = Object.fromEntries(
      Object.keys(cmdlet.parameters).flatMap((each) => (each === 'Identity' ? [[each, rest[0]!.replaceAll("'", '')]] : [])),
    )
    const given = { ...args, Name: 'New', Parent: 'mary', User: 'Default', AccessRights: ['Owner'] }
    const context = {
      caller: await site.caller('rob'),
      organisation: site.organisation.id,
      ...{ directory, configuration, keyRing, clock: () => Date.now(), warn: () => undefined, progress: () => undefined },
      mayChange: outOfScope,
      maySee: name.startsWith('Get-') ? outOfScope : () => undefined,
      signal: new AbortController().signal,
    }
    const output = cmdlet.run(given, context)
    const done = Symbol.asyncIterator in output ? Array.fromAsync(output) : output
    await assert.rejects(Promise.resolve(done), refusal('OutOfScope'), line)
  }
  assert.deepEqual(await site.mailboxes.settings(await site.caller('mary'), site.people.mary!.mailbox), before)
})

test('the verbs refuse who is neither owner nor administrator', async () => {
  await using site = await mailboxSite(engines[0]!)
  const { mailbox } = site.people.mary!
  const rob = await site.caller('rob')
  await assert.rejects(site.mailboxes.statistics(rob, mailbox), refusal('AccessDenied'))
  await assert.rejects(site.mailboxes.folderStatistics(rob, mailbox), refusal('AccessDenied'))
  await assert.rejects(site.mailboxes.folderAt(rob, mailbox, ['Inbox']), refusal('FolderNotFound'))
  await assert.rejects(
    site.mailboxes.changeSetting(rob, mailbox, 'culture', () => 'de-DE'),
    refusal('AccessDenied'),
  )
  await assert.rejects(site.mailboxes.localiseFolders(rob, mailbox, 'de-DE'), refusal('AccessDenied'))
  await assert.rejects(site.mailboxes.foldersAreIn(rob, mailbox, 'de-DE'), refusal('AccessDenied'))
  const change = { user: rob.recipient, how: 'add', rights: 1 } as const
  await assert.rejects(site.mailboxes.changeFolderPermission(rob, { mailbox, kind: 'inbox' }, change), refusal('AccessDenied'))
})

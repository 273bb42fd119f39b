import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal, systemCaller } from '#model'
import { FindItem, GetFolder, UpdateFolder, type PermissionSet } from '#schema'
import { engines, quickEngines } from '../support/engines.ts'
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

for (const engine of quickEngines) {
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

/** Every cmdlet on a mailbox that people run on their own, on somebody's. */
const onMailbox = (who: string) => [
  `Get-MailboxStatistics ${who}`,
  `Get-MailboxFolderStatistics ${who}`,
  `Get-MailboxFolder ${who}`,
  `New-MailboxFolder New -Parent ${who}`,
  `Get-MailboxFolderPermission '${who}:\\Inbox'`,
  `Add-MailboxFolderPermission '${who}:\\Inbox' -User ann -AccessRights Owner`,
  `Set-MailboxFolderPermission '${who}:\\Inbox' -User ann -AccessRights Reviewer`,
  `Remove-MailboxFolderPermission '${who}:\\Inbox' -User ann`,
  `Get-MailboxRegionalConfiguration ${who}`,
  `Set-MailboxRegionalConfiguration ${who} -Language de-DE`,
  `Get-MailboxAutoReplyConfiguration ${who}`,
  `Set-MailboxAutoReplyConfiguration ${who} -AutoReplyState Enabled`,
  `Get-CalendarProcessing ${who}`,
  `Set-CalendarProcessing ${who} -AutomateProcessing None`,
  `Get-MailboxCalendarConfiguration ${who}`,
  `Set-MailboxCalendarConfiguration ${who} -WorkDays AllDays`,
  `Get-MailboxJunkEmailConfiguration ${who}`,
  `Set-MailboxJunkEmailConfiguration ${who} -Enabled $false`,
  `Get-MailboxMessageConfiguration ${who}`,
  `Set-MailboxMessageConfiguration ${who} -SignatureText x`,
]

test('people run these cmdlets on their own mailbox, and on nobody else’s', async () => {
  await using site = await mailboxSite(engines[0]!)
  const state = async () => {
    const { mailbox } = site.people.mary!
    const system = systemCaller(site.organisation.id)
    return [await site.mailboxes.settings(system, mailbox), (await site.mailboxes.folderStatistics(system, mailbox)).map(({ row }) => row)]
  }
  const before = await state()
  for (const line of onMailbox('mary')) {
    const outcome = await site.run(line, 'rob').then(() => 'done', (error: unknown) => error) // prettier-ignore
    assert.ok(outcome instanceof Refusal && ['ObjectNotFound', 'OutOfScope'].includes(outcome.code), `${line}: ${outcome}`)
  }
  assert.deepEqual(await state(), before)
  for (const line of onMailbox('rob')) await site.run(line, 'rob')
  const [shown] = await site.run("Get-MailboxFolderPermission '\\Inbox'", 'rob')
  assert.equal(shown!.User, 'Default')
  // Who is in no address list is not found by name, except by an administrator.
  await site.directory.update(site.organisation.id, site.people.sales!.id, { hiddenFromAddressLists: true })
  const line = "Add-MailboxFolderPermission 'rob:\\Inbox' -User sales -AccessRights Reviewer"
  await assert.rejects(site.run(line, 'rob'), refusal('ObjectNotFound', /nobody called 'sales'/))
  await site.run(line, 'boss')
})

for (const engine of quickEngines) {
  test(`whatever names a folder is answered or refused (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const system = systemCaller(site.organisation.id)
    const piece = fc.oneof(fc.string(), fc.constantFrom('mary', ':', '\\', ':\\', 'Inbox', '\0', 'A'.repeat(32), '\ud800'))
    const identity = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    await fc.assert(
      fc.asyncProperty(identity, async (Identity) => {
        const outcome = await Array.fromAsync(site.admin.invoke(system, 'Get-MailboxFolderPermission', { Identity })).catch(
          (error: unknown) => error,
        )
        assert.ok(Array.isArray(outcome) || outcome instanceof Refusal, `${JSON.stringify(Identity)}: ${outcome}`)
      }),
      { numRuns: 200 },
    )
  })
}

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

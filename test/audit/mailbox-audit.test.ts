/** What a mailbox writes down of what is done in it: by whom, as what, where it is read, and that nobody else reads or changes it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { folderXml, idOf, itemXml, person, type Person } from '../requirements/person.ts'
import { folderIdText, itemIdText } from '../../src/protocols/ews/ids/ews-id.ts'
import { quickEngines } from '../support/engines.ts'

const day = 86_400_000
const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const of = (owner: string, kind: string) =>
  `<t:DistinguishedFolderId Id="${kind}"><t:Mailbox><t:EmailAddress>${owner}@contoso.com</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`
const impersonating = {
  requestServerVersion: 'Exchange2016',
  impersonate: { by: 'PrimarySmtpAddress', identity: 'mary@contoso.com' },
} as const
/** Reader of the log of one mailbox, newest first. */
const log = (site: MailboxSite, owner: string, more = '') => site.run(`Search-MailboxAuditLog ${owner} -ShowDetails ${more}`)
const brief = (entries: Record<string, unknown>[]) => entries.map((one) => `${one.Operation} ${one.LogonType} ${one.LogonUserDisplayName}`)
const make = (who: Person, subject: string, owner = 'mary', kind = 'inbox') => who.create(message(subject), { folder: of(owner, kind) })
const full = (site: MailboxSite, user: string) => site.run(`Add-MailboxPermission mary -User ${user} -AccessRights FullAccess`)

for (const engine of quickEngines) {
  test(`a delegate deletes, and the log tells who, what, where and with which client (source R2, R9, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob] = [person(site), person(site, 'rob')]
    await full(site, 'rob')
    const one = await make(rob, 'Budget')
    assert.deepEqual(await rob.remove(itemXml(one), 'MoveToDeletedItems'), ['NoError'])
    await mary.remove(itemXml(await make(mary, 'mine')), 'HardDelete')
    const entries = await log(site, 'mary')
    assert.deepEqual(brief(entries), ['MoveToDeletedItems Delegate Rob Young'])
    const [entry] = entries
    assert.deepEqual(
      [entry?.FolderPathName, entry?.DestFolderPathName, entry?.SourceItemSubjectsList, entry?.MailboxOwnerUPN, entry?.OperationResult],
      ['\\Inbox', '\\Deleted Items', 'Budget', 'mary@contoso.com', 'Succeeded'],
    )
    assert.match(String(entry?.ClientIPAddress), /127\.0\.0\.1/)
    assert.equal(entry?.LogonUserSid, site.people.rob?.sid)
    // The mailbox of the one who did it tells nothing, another's neither.
    assert.deepEqual(await log(site, 'rob'), [])
    // Rights on a folder make a delegate too; what is refused leaves nothing.
    const ann = person(site, 'ann')
    await site.run('Add-MailboxFolderPermission mary:\\Inbox -User ann -AccessRights Reviewer')
    const kept = await make(mary, 'kept')
    assert.deepEqual(await ann.remove(itemXml(kept), 'SoftDelete'), ['ErrorAccessDenied'])
    await site.run('Set-MailboxFolderPermission mary:\\Inbox -User ann -AccessRights Editor')
    assert.deepEqual(await ann.remove(itemXml(kept), 'SoftDelete'), ['NoError'])
    const byAnn = (await log(site, 'mary')).filter((each) => each.LogonUserDisplayName === 'Ann Beebe')
    assert.deepEqual(brief(byAnn), ['SoftDelete Delegate Ann Beebe'])
    // Softly and for good; the purge of what is kept and of what is not.
    const two = await make(rob, 'two')
    await rob.remove(itemXml(two), 'SoftDelete')
    await rob.remove(itemXml(await make(rob, 'three')), 'HardDelete')
    await site.run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    await rob.remove(itemXml(await make(rob, 'four')), 'HardDelete')
    assert.deepEqual(brief(await log(site, 'mary', '-ResultSize 3')), [
      'HardDelete Delegate Rob Young',
      'HardDelete Delegate Rob Young',
      'SoftDelete Delegate Rob Young',
    ])
    const found = await log(site, 'mary', '-Operations SoftDelete,MoveToDeletedItems')
    assert.deepEqual(found.map((each) => each.SourceItemSubjectsList), ['two', 'kept', 'Budget']) // prettier-ignore
    assert.deepEqual(await log(site, 'mary', '-LogonTypes Owner,Admin'), [])
  })

  test(`the mailbox says what of whom is written down, and what bypasses it (source R2, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob, app] = [person(site), person(site, 'rob'), person(site, 'administrator')]
    await full(site, 'rob')
    const gone = async (who: Person, subject: string) => assert.deepEqual(await who.remove(itemXml(await make(who, subject)), 'SoftDelete'), ['NoError']) // prettier-ignore
    const usual = await site.one('Get-Mailbox mary')
    assert.equal(usual.AuditEnabled, true)
    assert.equal(String(usual.AuditLogAgeLimit), '90.00:00:00')
    assert.deepEqual(usual.AuditOwner, ['UpdateCalendarDelegation', 'UpdateFolderPermissions', 'UpdateInboxRules'])
    assert.ok((usual.AuditDelegate as string[]).includes('SoftDelete') && !(usual.AuditDelegate as string[]).includes('FolderBind'))
    // Nothing of this warns that nothing acts on it.
    await site.run('Set-Mailbox mary -AuditOwner @{Add = "SoftDelete"} -AuditLogAgeLimit 30.00:00:00 -AuditEnabled $true')
    assert.deepEqual(site.warnings, [])
    await gone(mary, 'mine')
    assert.deepEqual(brief(await log(site, 'mary')), ['SoftDelete Owner Mary Jensen'])
    await assert.rejects(site.run('Set-Mailbox mary -AuditOwner FolderBind'), /AuditOwner/)
    await assert.rejects(site.run('Set-Mailbox mary -AuditLogAgeLimit 30000.00:00:00'), /24855/)

    await site.run('Set-MailboxAuditBypassAssociation rob -AuditBypassEnabled $true')
    await gone(rob, 'unseen')
    assert.equal((await log(site, 'mary')).length, 1)
    const bypassed = await site.run('Get-MailboxAuditBypassAssociation | Where-Object AuditBypassEnabled')
    assert.deepEqual(bypassed.map(({ Name }) => Name), ['Rob Young']) // prettier-ignore
    await site.run('Set-MailboxAuditBypassAssociation rob -AuditBypassEnabled $false')
    await gone(rob, 'seen')
    assert.deepEqual(brief(await log(site, 'mary')).slice(0, 1), ['SoftDelete Delegate Rob Young'])

    // Whoever impersonates is the one who does it, as an administrator; looking in is written down once a day.
    await app.ask(`<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds>${folderXml('inbox')}</m:ParentFolderIds></m:FindItem>`, impersonating) // prettier-ignore
    await app.ask(`<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds>${folderXml('inbox')}</m:ParentFolderIds></m:FindItem>`, impersonating) // prettier-ignore
    const [look, before] = await log(site, 'mary')
    assert.deepEqual(brief([look!]), ['FolderBind Admin Administrator'])
    assert.equal(look?.FolderPathName, '\\Inbox')
    assert.notEqual(before?.Operation, 'FolderBind')

    await site.run('Set-Mailbox mary -AuditEnabled $false')
    await gone(rob, 'off')
    assert.equal((await log(site, 'mary')).length, 3)
    await site.run('Set-Mailbox mary -AuditEnabled $true -AuditDelegate None')
    await gone(rob, 'none')
    assert.equal((await log(site, 'mary')).length, 3)
    await site.run('Set-Mailbox mary -AuditDelegate Default -AuditOwner $null')
    assert.deepEqual((await site.one('Get-Mailbox mary')).AuditOwner, usual.AuditOwner)
  })

  test(`entries are nobody's to see, to forge, to change or to delete (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob] = [person(site), person(site, 'rob')]
    await full(site, 'rob')
    await rob.remove(itemXml(await make(rob, 'secret')), 'SoftDelete')
    const mailbox = site.people.mary!.mailbox
    const stored = await site.store.read(async (tx) => {
      const folder = (await tx.folders.byKind(mailbox, 'audits'))!
      return { folder, rows: await tx.items.rows({ mailbox, folders: [folder.id], associated: false, order: [], limit: 10 }) }
    })
    assert.equal(stored.rows.length, 1)
    // No listing shows the folder, no search what lies in it.
    const deletions = await mary.find('recoverableitemsdeletions')
    const item = idOf(deletions[0])
    const owner = await site.caller('mary')
    const system = { ...owner, kind: 'system' as const }
    const [ref, entry] = [
      { mailbox, id: stored.folder.id },
      { mailbox, id: stored.rows[0]!.id },
    ]
    const { mailboxes } = site
    // Over EWS by ids that are made up, as the owner and as who impersonates.
    const folderId = folderXml({ Id: folderIdText(mailbox, stored.folder.id), ChangeKey: '' })
    const itemId = itemXml({ Id: itemIdText(entry), ChangeKey: '' })
    const shape = '<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>'
    const find = (traversal: string) => `<m:FindItem Traversal="${traversal}">${shape}<m:ParentFolderIds>${folderId}</m:ParentFolderIds></m:FindItem>` // prettier-ignore
    const refusedOverEws: [string, string[]][] = [
      ...['Shallow', 'Associated', 'SoftDeleted'].map((traversal): [string, string[]] => [find(traversal), ['ErrorItemNotFound', 'ErrorFolderNotFound']]),
      [`<m:GetItem>${shape}<m:ItemIds>${itemId}</m:ItemIds></m:GetItem>`, ['ErrorItemNotFound']],
      [`<m:ExportItems><m:ItemIds>${itemId}</m:ItemIds></m:ExportItems>`, ['ErrorItemNotFound']],
      [`<m:DeleteItem DeleteType="HardDelete"><m:ItemIds>${itemId}</m:ItemIds></m:DeleteItem>`, ['ErrorItemNotFound']],
      [`<m:SyncFolderItems>${shape}<m:SyncFolderId>${folderId}</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>`, ['ErrorSyncFolderNotFound']],
      [`<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId>${folderId}</m:SavedItemFolderId><m:Items>${message('forged')}</m:Items></m:CreateItem>`, ['ErrorFolderNotFound']],
      [`<m:MoveItem><m:ToFolderId>${folderId}</m:ToFolderId><m:ItemIds>${itemXml(item)}</m:ItemIds></m:MoveItem>`, ['ErrorToFolderNotFound']],
      [`<m:CreateFolder><m:ParentFolderId>${folderId}</m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>Mine</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>`, ['ErrorParentFolderNotFound']],
    ] // prettier-ignore
    for (const [operation, expected] of refusedOverEws) {
      const [answer] = await mary.codes(operation)
      assert.ok(expected.includes(answer ?? ''), `${answer}: ${operation}`)
      const [byApp] = await person(site, 'administrator').codes(operation, impersonating)
      assert.ok(expected.includes(byApp ?? ''), `${byApp}: ${operation}`)
    }
    for (const caller of [owner, system]) {
      const refused = { code: /^(FolderNotFound|ItemNotFound|AccessDenied|ToFolderNotFound)$/ }
      await assert.rejects(mailboxes.getFolder(caller, ref), refused)
      await assert.rejects(mailboxes.getFolder(caller, { mailbox, kind: 'audits' }), refused)
      await assert.rejects(mailboxes.emptyFolder(caller, ref, 'HardDelete', false), refused)
      await assert.rejects(
        mailboxes.createItem(caller, ref, { kind: 'item', properties: { itemClass: 'IPM.AuditLog.SoftDelete' } }),
        refused,
      )
      await assert.rejects(mailboxes.deleteItem(caller, entry, 'HardDelete'), refused)
      await assert.rejects(mailboxes.moveItem(caller, entry, { mailbox, kind: 'inbox' }), refused)
      await assert.rejects(mailboxes.copyItem(caller, entry, { mailbox, kind: 'inbox' }), refused)
      await assert.rejects(
        mailboxes.updateItem(caller, entry, [{ op: 'set', path: { property: 'subject' }, value: 'x' }], { conflict: 'AlwaysOverwrite' }),
        refused,
      )
      await assert.rejects(mailboxes.itemTimeline(caller, { mailbox, item: entry.id }), refused)
      const [got] = await mailboxes.getItems(caller, [entry], { shape: 'all' })
      assert.ok(got instanceof Error)
      const { events } = await mailboxes.eventsSince(caller, { mailbox, watermark: 0, limit: 1000 })
      assert.ok(events.length > 0 && events.every((event) => event.item !== entry.id && event.folder !== stored.folder.id))
      const search = { mailbox, descending: true, limit: 100, wanted: { shape: 'ids' as const } }
      const { items } = await mailboxes.searchMailbox(caller, search)
      assert.ok(items.length > 0 && items.every(({ ref: { id } }) => id !== entry.id))
    }
    await assert.rejects(mailboxes.auditRecords(owner, { mailbox, limit: 10 }), { code: 'AccessDenied' })
    await assert.rejects(site.run('Search-MailboxAuditLog mary -ShowDetails', 'mary'), /Search-MailboxAuditLog/)
    // Everything that can be emptied is; the log stands, and tells of that too.
    await site.run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    const root = await rob.ask(`<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="true"><m:FolderIds>${of('mary', 'recoverableitemsroot')}</m:FolderIds></m:EmptyFolder>`) // prettier-ignore
    assert.deepEqual(root.map(({ code }) => code), ['NoError']) // prettier-ignore
    assert.equal((await mary.find('recoverableitemsdeletions')).length, 0)
    assert.deepEqual(brief(await log(site, 'mary')), ['HardDelete Delegate Rob Young', 'SoftDelete Delegate Rob Young'])
  })

  test(`entries go when they are too old, and a search stays within its time (${engine.name})`, async () => {
    let now = Date.UTC(2026, 10, 1, 8)
    await using site = await mailboxSite(engine, { outside: { clock: () => now } })
    const rob = person(site, 'rob')
    await full(site, 'rob')
    const gone = async (subject: string) => rob.remove(itemXml(await make(rob, subject)), 'SoftDelete')
    await gone('first')
    now += 60 * day
    await gone('second')
    assert.equal((await log(site, 'mary')).length, 2)
    assert.deepEqual((await log(site, 'mary', '-StartDate 2026-12-01')).map((one) => one.SourceItemSubjectsList), ['second']) // prettier-ignore
    assert.deepEqual((await log(site, 'mary', '-EndDate 2026-12-01')).map((one) => one.SourceItemSubjectsList), ['first']) // prettier-ignore
    now += 31 * day
    // Too old to be shown, removed or not; new ones take it along.
    assert.deepEqual((await log(site, 'mary')).map((one) => one.SourceItemSubjectsList), ['second']) // prettier-ignore
    for (let at = 0; at < 12; at++) await gone(`later ${at}`)
    const mailbox = site.people.mary!.mailbox
    const kept = await site.store.read(async (tx) => (await tx.folders.byKind(mailbox, 'audits'))?.total)
    assert.equal(kept, 13)
    assert.deepEqual((await site.store.check()).findings, [])
  })

  test(`who sent for somebody else stands in the log of the mailbox represented (source R9, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const rob = person(site, 'rob')
    const send = (subject: string) =>
      rob.done(
        rob.createXml(
          `<t:Message><t:Subject>${subject}</t:Subject><t:ToRecipients><t:Mailbox><t:EmailAddress>ann@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>` +
            `<t:From><t:Mailbox><t:EmailAddress>sales@contoso.com</t:EmailAddress></t:Mailbox></t:From></t:Message>`,
          { disposition: 'SendAndSaveCopy', folder: 'sentitems', invitations: '' },
        ),
      )
    await send('as')
    await site.run('Remove-RecipientPermission sales -Trustee rob -AccessRights SendAs')
    await send('on behalf')
    const entries = await log(site, 'sales')
    assert.deepEqual(
      entries.map((one) => [one.Operation, one.LogonType, one.LogonUserDisplayName, one.ItemSubject]),
      [
        ['SendOnBehalf', 'Delegate', 'Rob Young', 'on behalf'],
        ['SendAs', 'Delegate', 'Rob Young', 'as'],
      ],
    )
    assert.deepEqual(await log(site, 'rob'), [])
  })

  test(`what is sent under impersonation stands in the owner's log, by whoever impersonates (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    // The administrator has the role ApplicationImpersonation.
    const acting = person(site, 'administrator')
    const send = async (subject: string, from = '') => {
      const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>ann@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
      const item = `<t:Message><t:Subject>${subject}</t:Subject>${to}${from && `<t:From><t:Mailbox><t:EmailAddress>${from}</t:EmailAddress></t:Mailbox></t:From>`}</t:Message>`
      const xml = acting.createXml(item, { disposition: 'SendOnly', folder: '', invitations: '' })
      assert.deepEqual(
        await acting.codes(xml, { ...impersonating, impersonate: { by: 'PrimarySmtpAddress', identity: 'rob@contoso.com' } }),
        ['NoError'],
      )
    }
    const entries = async (alias: string) =>
      (await log(site, alias)).map((one) => [one.Operation, one.LogonType, one.LogonUserDisplayName, one.ItemSubject])
    await send('own')
    assert.deepEqual(await entries('rob'), [['SendAs', 'Admin', 'Administrator', 'own']])
    // As somebody else: there it is told.
    await send('as', 'sales@contoso.com')
    assert.equal((await entries('rob')).length, 1)
    assert.deepEqual(await entries('sales'), [['SendAs', 'Admin', 'Administrator', 'as']])
    await site.run('Remove-RecipientPermission sales -Trustee rob -AccessRights SendAs')
    await send('on behalf', 'sales@contoso.com')
    assert.deepEqual((await entries('rob'))[0], ['SendAs', 'Admin', 'Administrator', 'on behalf'])
    assert.deepEqual((await entries('sales'))[0], ['SendOnBehalf', 'Admin', 'Administrator', 'on behalf'])
  })

  test(`what is set of a mailbox is written down: permissions, delegates, rules; and changes by name alone (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob] = [person(site), person(site, 'rob')]
    await full(site, 'rob')
    await site.run('Add-MailboxFolderPermission mary:\\Calendar -User ann -AccessRights Reviewer', 'boss')
    const one = await make(mary, 'before')
    await rob.update(
      one,
      '<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:Message><t:Subject>after</t:Subject></t:Message></t:SetItemField>',
    )
    await rob.update(
      one,
      '<t:SetItemField><t:FieldURI FieldURI="message:IsRead"/><t:Message><t:IsRead>true</t:IsRead></t:Message></t:SetItemField>',
    )
    await rob.create('<t:CalendarItem><t:Subject>Review</t:Subject></t:CalendarItem>', { folder: of('mary', 'calendar') })
    const folder = await mary.makeFolder('<t:Folder><t:DisplayName>Shared</t:DisplayName></t:Folder>')
    await mary.done(
      mary.updateFolderXml(
        folder,
        `<t:SetFolderField><t:FieldURI FieldURI="folder:PermissionSet"/><t:Folder><t:PermissionSet><t:Permissions><t:Permission><t:UserId><t:PrimarySmtpAddress>ann@contoso.com</t:PrimarySmtpAddress></t:UserId><t:PermissionLevel>Editor</t:PermissionLevel></t:Permission></t:Permissions></t:PermissionSet></t:Folder></t:SetFolderField>`,
      ),
    )
    const entries = (await log(site, 'mary')).map((one) => [one.Operation, one.LogonType, one.FolderPathName, one.ItemSubject])
    assert.deepEqual(entries, [
      ['UpdateFolderPermissions', 'Owner', '\\Shared', null],
      ['Create', 'Delegate', '\\Calendar', 'Review'],
      ['Update', 'Delegate', '\\Inbox', 'after'],
      ['UpdateFolderPermissions', 'Admin', '\\Calendar', null],
    ])
    assert.equal((await log(site, 'mary', '-LogonTypes Admin'))[0]?.LogonUserDisplayName, 'Boss Baker')
    const [permissions, , update] = await log(site, 'mary')
    assert.equal(permissions?.DirtyProperties, 'ann@contoso.com')
    assert.match(String(update?.DirtyProperties), /subject/)
    assert.ok(!JSON.stringify(update).includes('before'))
  })
}

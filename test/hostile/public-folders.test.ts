/** The public folders of an organisation are its own: nobody of another sees them, and who has no right on a folder changes nothing in it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { compressedLength, compressId } from '../../src/protocols/ews/ids/compression.ts'
import { encodeEwsId } from '../../src/protocols/ews/ids/ews-id.ts'
import { dial } from '../mail/smtp-client.ts'
import { quickEngines, type TestEngine } from '../support/engines.ts'
import { createFolder, createItem, ews, findItem, folderId, getItem, mail, made, named, secondOrganisation, transfer } from './attack.ts'

const root = named('publicfoldersroot')
const shape = '<m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape>'
const everything = (what: string) => `<t:${what}><t:BaseShape>AllProperties</t:BaseShape></t:${what}>`.replaceAll('t:Item', 'm:Item')
const getFolder = (folder: string) => `<m:GetFolder>${shape}<m:FolderIds>${folder}</m:FolderIds></m:GetFolder>`
const findFolder = (folder: string) =>
  `<m:FindFolder Traversal="Shallow">${shape}<m:ParentFolderIds>${folder}</m:ParentFolderIds></m:FindFolder>`
const ownerOf = (address: string) =>
  `<t:Folder><t:PermissionSet><t:Permissions><t:Permission><t:UserId><t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress></t:UserId><t:PermissionLevel>Owner</t:PermissionLevel></t:Permission></t:Permissions></t:PermissionSet></t:Folder>`
const changed = (folder: string, field: string, value: string) =>
  `<m:UpdateFolder><m:FolderChanges><t:FolderChange>${folder}<t:Updates><t:SetFolderField><t:FieldURI FieldURI="${field}"/>${value}</t:SetFolderField></t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`

/** What reads a folder. */
const reading = (folder: string): Record<string, string> => ({
  GetFolder: getFolder(folder),
  FindFolder: findFolder(folder),
  FindItem: findItem(folder),
  SyncFolderItems: `<m:SyncFolderItems>${everything('ItemShape')}<m:SyncFolderId>${folder}</m:SyncFolderId><m:MaxChangesReturned>9</m:MaxChangesReturned></m:SyncFolderItems>`,
  SyncFolderHierarchy: `<m:SyncFolderHierarchy>${shape}<m:SyncFolderId>${folder}</m:SyncFolderId></m:SyncFolderHierarchy>`,
  Subscribe: `<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>${folder}</t:FolderIds><t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes><t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`,
  GetUserConfiguration: `<m:GetUserConfiguration><m:UserConfigurationName Name="x">${folder}</m:UserConfigurationName><m:UserConfigurationProperties>All</m:UserConfigurationProperties></m:GetUserConfiguration>`,
})

/** What changes a folder, or something in it. */
const changing = (folder: string, address: string): Record<string, string> => ({
  CreateFolder: createFolder(folder, 'planted'),
  CreateFolderPath: `<m:CreateFolderPath><m:ParentFolderId>${folder}</m:ParentFolderId><m:RelativeFolderPath><t:Folder><t:DisplayName>planted</t:DisplayName></t:Folder></m:RelativeFolderPath></m:CreateFolderPath>`,
  CreateItem: createItem(folder, mail('planted')),
  CreateUserConfiguration: `<m:CreateUserConfiguration><m:UserConfiguration><t:UserConfigurationName Name="planted">${folder}</t:UserConfigurationName></m:UserConfiguration></m:CreateUserConfiguration>`,
  'UpdateFolder, the name': changed(folder, 'folder:DisplayName', '<t:Folder><t:DisplayName>taken</t:DisplayName></t:Folder>'),
  'UpdateFolder, the permissions': changed(folder, 'folder:PermissionSet', ownerOf(address)),
  DeleteFolder: `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folder}</m:FolderIds></m:DeleteFolder>`,
  EmptyFolder: `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="true"><m:FolderIds>${folder}</m:FolderIds></m:EmptyFolder>`,
  MoveFolder: transfer('Move', 'Folder', named('inbox'), folder),
  CopyFolder: transfer('Copy', 'Folder', named('inbox'), folder),
  'MoveFolder into it': transfer('Move', 'Folder', folder, named('notes')),
  'CopyFolder into it': transfer('Copy', 'Folder', folder, named('notes')),
  MarkAllItemsAsRead: `<m:MarkAllItemsAsRead><m:ReadFlag>true</m:ReadFlag><m:SuppressReadReceipts>true</m:SuppressReadReceipts><m:FolderIds>${folder}</m:FolderIds></m:MarkAllItemsAsRead>`,
})

/** A site whose Mary owns the root and a folder that everybody sees, and one that she alone sees. */
async function withTree(engine: TestEngine): Promise<{ site: MailboxSite; mailbox: string; open: string; closed: string; top: string }> {
  const site = await mailboxSite(engine)
  await site.run("New-Mailbox 'Public Folders' -PublicFolder")
  await site.run('Add-PublicFolderClientPermission \\ -User mary -AccessRights Owner')
  const open = await made(site, 'mary', createFolder(root, 'Open folder'))
  const closed = await made(site, 'mary', createFolder(root, 'Closed folder'))
  await site.run("Add-PublicFolderClientPermission '\\Closed folder' -User Default -AccessRights None")
  const mailbox = (await site.directory.publicFolderRoot(site.organisation.id))?.publicFolders ?? ''
  const [top = ''] = (await ews(site, 'mary', getFolder(root))).folders
  return { site, mailbox, open, closed, top }
}

for (const engine of quickEngines) {
  test(`another organisation, and whoever is not signed in, is given nothing of the public folders (${engine.name})`, async () => {
    const { site, open, closed, top } = await withTree(engine)
    await using _ = site
    const eve = await secondOrganisation(site)
    for (const folder of [root, folderId(top), folderId(open), folderId(closed)]) {
      for (const [name, attack] of Object.entries({ ...reading(folder), ...changing(folder, eve.address) })) {
        const { status, codes, body } = await ews(site, eve.address, attack)
        assert.equal(status, 200, name)
        const isNone = folder === root ? 'ErrorNoPublicFolderReplicaAvailable' : 'ErrorNonExistentMailbox'
        assert.ok(codes.length > 0 && codes.every((code) => code === isNone), `${name}: ${codes}`)
        assert.doesNotMatch(body, /IPM_SUBTREE|Open folder|Closed folder/, name)
        const stranger = await site.call('/EWS/Exchange.asmx', { method: 'POST', body: attack })
        assert.deepEqual([stranger.status, /IPM_SUBTREE|folder</.test(stranger.body)], [401, false], name)
      }
    }
    const convert = `<m:ConvertId DestinationFormat="EntryId"><m:SourceIds><t:AlternatePublicFolderId Format="EwsId" FolderId="${open}"/></m:SourceIds></m:ConvertId>`
    assert.deepEqual((await ews(site, eve.address, convert)).codes, ['ErrorInvalidIdMalformed'])
    assert.deepEqual((await ews(site, 'rob', convert)).codes, ['NoError'])
  })

  test(`without rights on it nobody makes, changes or takes away anything in a public folder (${engine.name})`, async () => {
    const { site, open, closed, top } = await withTree(engine)
    await using _ = site
    const state = async () => (await ews(site, 'mary', findFolder(root))).body
    const before = await state()
    for (const folder of [root, folderId(top), folderId(open), folderId(closed)]) {
      for (const [name, attack] of Object.entries(changing(folder, 'rob@contoso.com'))) {
        const { status, codes, body } = await ews(site, 'rob', attack)
        assert.equal(status, 200, name)
        assert.ok(
          codes.length > 0 && codes.every((code) => code.startsWith('Error') && code !== 'ErrorInternalServerError'),
          `${name}: ${codes}`,
        )
        assert.doesNotMatch(body, /Closed folder/, name)
      }
    }
    for (const [name, attack] of Object.entries(reading(folderId(closed)))) {
      const { codes, body } = await ews(site, 'rob', attack)
      assert.ok(codes.length > 0 && codes.every((code) => /^Error(FolderNotFound|SyncFolderNotFound)$/.test(code)), `${name}: ${codes}`)
      assert.doesNotMatch(body, /Closed folder/, name)
    }
    assert.doesNotMatch((await ews(site, 'rob', findFolder(root))).body, /Closed folder/)
    // One's own folders do not become public ones, whoever owns them.
    const own = await made(site, 'rob', createFolder(named('inbox'), 'planted'))
    for (const verb of ['Move', 'Copy'] as const) {
      const { codes } = await ews(site, 'rob', transfer(verb, 'Folder', folderId(open), folderId(own)))
      assert.deepEqual(codes, ['ErrorInvalidFolderTypeForOperation'])
    }
    assert.equal(await state(), before, 'nothing was changed')
  })

  test(`ids of the public tree that were never given out are none (${engine.name})`, async () => {
    const { site, mailbox, open } = await withTree(engine)
    await using _ = site
    const numbered = (id: number) => encodeEwsId({ type: 'folder', mailbox, id })
    const number = Array.from({ length: 40 }, (_, id) => id + 1).find((id) => numbered(id) === open)
    assert.ok(number, 'the id is made of the folder’s number')
    for (const user of ['rob', 'mary']) {
      // The mailbox's own root, which nobody is shown, and numbers that are no folder.
      for (const id of [1, 40, 2 ** 40]) {
        const { codes } = await ews(site, user, getFolder(folderId(numbered(id))))
        assert.deepEqual(codes, ['ErrorFolderNotFound'], `${user}: ${id}`)
      }
      for (const id of [number, 4711]) {
        const { codes } = await ews(site, user, getItem([encodeEwsId({ type: 'item', mailbox, id, folder: number })]))
        assert.deepEqual(codes, ['ErrorItemNotFound'])
      }
    }
    const packed = Buffer.from(open, 'base64')
    for (let at = 0; at < packed.length; at++) {
      const forged = Buffer.from(packed)
      forged[at] = (forged[at] as number) ^ 0x40
      const { status, codes } = await ews(site, 'rob', getFolder(folderId(forged.toString('base64'))))
      assert.equal(status, 200)
      assert.equal(codes.length, 1)
      assert.match(codes[0]!, /^Error(InvalidIdMalformed|FolderNotFound|NonExistentMailbox)$/, `byte ${at}`)
    }
    // The number of a public folder within a person's mailbox, and the reverse; a public folder in the form of a private one.
    const mary = site.people['mary']!.mailbox
    const inOwn = encodeEwsId({ type: 'folder', mailbox: mary, id: number })
    const { body } = await ews(site, 'mary', getFolder(folderId(inOwn)))
    assert.doesNotMatch(body, /Open folder/)
    const store = (await ews(site, 'mary', `<m:ConvertId DestinationFormat="HexEntryId"><m:SourceIds><t:AlternatePublicFolderId Format="EwsId" FolderId="${open}"/></m:SourceIds></m:ConvertId>`)).body // prettier-ignore
    const hex = /FolderId="([0-9A-F]+)"/.exec(store)?.[1] ?? ''
    const moniker = Buffer.from(mailbox)
    const plain = Buffer.concat([Buffer.from([3, moniker.length, 0]), moniker, Buffer.from([0, 46, 0]), Buffer.from(hex, 'hex')])
    const out = new Uint8Array(compressedLength(plain.length))
    const asPrivate = Buffer.concat([Buffer.from([1]), out.subarray(0, compressId(plain, out))]).toString('base64')
    assert.deepEqual((await ews(site, 'mary', getFolder(folderId(asPrivate)))).codes, ['ErrorInvalidIdMalformed'])
  })

  test(`nobody is, opens or writes to a public folder mailbox by its address (${engine.name})`, async () => {
    const { site } = await withTree(engine)
    await using _ = site
    const address = 'publicfolders@contoso.com'
    assert.equal((await site.one("Get-Mailbox 'Public Folders' -PublicFolder")).PrimarySmtpAddress, address)
    const fields = getFolder(named('inbox', address))
    for (const kind of ['root', 'inbox', 'msgfolderroot', 'publicfoldersroot']) {
      assert.deepEqual((await ews(site, 'mary', getFolder(named(kind, address)))).codes, ['ErrorNonExistentMailbox'], kind)
    }
    for (const user of [address, 'publicfolders', 'contoso\\publicfolders']) {
      for (const password of ['', site.password]) assert.equal((await site.ews(fields, { user, password })).status, 401, user)
    }
    const as = `<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`
    assert.deepEqual((await ews(site, 'administrator', getFolder(root), as)).codes, ['ErrorNonExistentMailbox'])
    const resolve = `<m:ResolveNames ReturnFullContactData="true" SearchScope="ActiveDirectory"><m:UnresolvedEntry>public</m:UnresolvedEntry></m:ResolveNames>`
    assert.deepEqual((await ews(site, 'mary', resolve)).codes, ['ErrorNameResolutionNoResults'])
    const available = `<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>0</t:Bias><t:StandardTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>1</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:StandardTime><t:DaylightTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>1</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:DaylightTime></t:TimeZone><m:MailboxDataArray><t:MailboxData><t:Email><t:Address>${address}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2030-03-04T00:00:00</t:StartTime><t:EndTime>2030-03-05T00:00:00</t:EndTime></t:TimeWindow><t:RequestedView>FreeBusy</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`
    assert.deepEqual((await ews(site, 'mary', available)).codes, ['ErrorMailRecipientNotFound'])
    const permissions = changed(root, 'folder:PermissionSet', ownerOf(address))
    assert.deepEqual(
      (await ews(site, 'mary', permissions)).codes.map((code) => code.startsWith('Error')),
      [true],
    )
    await using line = await dial(site.ports.smtp!)
    for (const said of ['EHLO mx.example', 'MAIL FROM:<a@fabrikam.example>']) assert.match(await line.say(said), /^250/)
    assert.match(await line.say(`RCPT TO:<${address}>`), /^550/)
  })
}

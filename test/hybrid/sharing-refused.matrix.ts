import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Share } from '#mailbox'
import { quickEngines } from '../support/engines.ts'
import { sideOf, names } from '../support/hybrid-sites.ts'
import { all, idOf, text } from '../requirements/person.ts'
import { personOf } from './ask.ts'
import { startStranger } from './stranger.ts'
import {
  acceptCode,
  entries,
  folderOfMary,
  invitationXml,
  metadataXml,
  refreshed,
  sealedFor,
  setPolicy,
  sharingFolderXml,
  speaker,
  startSharing,
  zoe as zoeAddress,
} from './sharing-parts.ts'

const code = async (answer: Promise<Parameters<typeof text>[0]>) => text(await answer, 'ResponseCode')
const day = 86_400_000
const event =
  '<t:CalendarItem><t:Subject>Budget</t:Subject><t:Start>2030-01-07T09:00:00Z</t:Start><t:End>2030-01-07T10:00:00Z</t:End></t:CalendarItem>'

for (const engine of quickEngines) {
  describe(`sharing across organisations, what is refused (${engine.name})`, () => {
    test('[MS-OXWSMSHR] 3.1.4.2: who cannot be invited, and who cannot invite', async () => {
      await using sites = await startSharing(engine)
      const mary = speaker(sites.onPremises, 'mary@contoso.com')
      const rob = speaker(sites.onPremises, 'rob@contoso.com')
      const calendar = idOf(await mary.getFolder('calendar'), 'FolderId')
      const invalid = async (recipients: string[]) => {
        const answer = await mary.whole(metadataXml(calendar, 'mary@contoso.com', recipients))
        assert.equal(text(answer, 'ResponseCode'), 'NoError')
        const sealed = all(answer, 'EncryptedSharedFolderDataCollection/EncryptedSharedFolderData').length
        const refused = all(answer, 'InvalidRecipients/InvalidRecipient').map((one) => [
          text(one, 'SmtpAddress'),
          text(one, 'ResponseCode'),
        ])
        return [sealed, ...refused]
      }
      assert.deepEqual(await invalid([zoeAddress, 'eve@evil.example', 'rob@contoso.com']), [
        1,
        ['eve@evil.example', 'RecipientOrganizationNotFederated'],
        ['rob@contoso.com', 'RecipientOrganizationNotFederated'],
      ])
      await setPolicy(sites, 'ContactsSharing')
      assert.deepEqual(await invalid([zoeAddress]), [0, [zoeAddress, 'SystemPolicyBlocksSharingWithThisRecipient']])
      await setPolicy(sites, 'CalendarSharingFreeBusyReviewer')
      const auth = sites.zone.get(names.auth)
      sites.zone.delete(names.auth)
      assert.deepEqual(await invalid([zoeAddress]), [0, [zoeAddress, 'CannotObtainTokenFromSTS']])
      sites.zone.set(names.auth, auth!)

      const inbox = idOf(await mary.getFolder('inbox'), 'FolderId')
      assert.equal(await code(mary.whole(metadataXml(inbox, 'mary@contoso.com', [zoeAddress]))), 'ErrorInvalidFolderTypeForOperation')
      const search = await mary.makeFolder(
        '<t:SearchFolder><t:FolderClass>IPF.Appointment</t:FolderClass><t:DisplayName>All</t:DisplayName><t:SearchParameters Traversal="Deep"><t:Restriction>' +
          '<t:Exists><t:FieldURI FieldURI="item:Subject"/></t:Exists></t:Restriction><t:BaseFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/>' +
          '</t:BaseFolderIds></t:SearchParameters></t:SearchFolder>',
        'searchfolders',
      )
      assert.equal(await code(mary.whole(metadataXml(search, 'mary@contoso.com', [zoeAddress]))), 'ErrorInvalidFolderTypeForOperation')
      assert.equal(await code(mary.whole(metadataXml(calendar, 'rob@contoso.com', [zoeAddress]))), 'ErrorInvalidExternalSharingInitiator')
      assert.equal(await code(rob.whole(metadataXml(calendar, 'rob@contoso.com', [zoeAddress]))), 'ErrorFolderNotFound')
      const many = Array.from({ length: 101 }, (_, at) => `a${at}@${names.online.domain}`)
      assert.equal(await code(mary.whole(metadataXml(calendar, 'mary@contoso.com', many))), 'ErrorExceededFindCountLimit')
      await sideOf(sites.onPremises, 'on-premises').invoke('Set-FederatedOrganizationIdentifier', { Enabled: false })
      assert.equal(await code(mary.whole(metadataXml(calendar, 'mary@contoso.com', [zoeAddress]))), 'ErrorOrganizationNotFederated')
    })

    test('[MS-OXWSMSHR] 3.1.4.2: an auth service that never answers holds an invitation up once, not once an organisation', async () => {
      await using sites = await startSharing(engine, undefined, { deadline: 1000 })
      const domains = ['a.example', 'b.example', 'c.example']
      for (const domain of domains) {
        const input = { Name: domain, DomainNames: [domain], Enabled: true, TargetApplicationUri: domain }
        await sideOf(sites.onPremises, 'on-premises').invoke('New-OrganizationRelationship', input)
      }
      await using stranger = await startStranger(sites, names.auth)
      stranger.answer = () => undefined
      const mary = speaker(sites.onPremises, 'mary@contoso.com')
      const calendar = idOf(await mary.getFolder('calendar'), 'FolderId')
      const people = domains.map((domain) => `ann@${domain}`)
      const answer = await mary.whole(metadataXml(calendar, 'mary@contoso.com', people))
      const refused = all(answer, 'InvalidRecipients/InvalidRecipient').map((one) => text(one, 'ResponseCode'))
      assert.deepEqual(refused, domains.map(() => 'CannotObtainTokenFromSTS')) // prettier-ignore
      assert.ok(stranger.requests.length <= 1, `${stranger.requests.length} were asked for`)
    })

    test('[MS-OXSHRMSG] 2.2.5 AcceptSharingInvitation: an invitation that is none, is not believed or is for somebody else makes no folder', async () => {
      await using sites = await startSharing(engine)
      const mary = speaker(sites.onPremises, 'mary@contoso.com')
      const zoe = speaker(sites.online, zoeAddress)
      const joe = speaker(sites.online, 'joe@contoso.com')
      const fay = speaker(sites.online, `fay@${names.online.fabrikam}`)
      const calendar = idOf(await mary.getFolder('calendar'), 'FolderId')
      const [sealed = ''] = await sealedFor(mary, calendar, 'mary@contoso.com', [zoeAddress])
      const [other = ''] = await sealedFor(mary, calendar, 'mary@contoso.com', [zoeAddress])
      const [token = '', data = ''] = sealed.split('<Data>')
      const changed = sealed.replace(
        /(<Data>.*?CipherValue>)(.{6})/,
        (_, start: string, six: string) => start + [...six].reverse().join(''),
      )
      assert.notEqual(changed, sealed)
      const cases: [string, string][] = [
        ['<nothing/>', 'ErrorInvalidSharingMessage'],
        ['not even XML <', 'ErrorInvalidSharingMessage'],
        [invitationXml([sealed], { data: 'tasks' }), 'ErrorNotSupportedSharingMessage'],
        [invitationXml([]), 'ErrorNotSupportedSharingMessage'],
        [invitationXml([sealed]).replace('ms-exchange-external', 'ms-exchange-internal'), 'ErrorNotSupportedSharingMessage'],
        [invitationXml([changed]), 'ErrorInvalidSharingData'],
        [invitationXml([`${other.split('<Data>')[0]}<Data>${data}`]), 'ErrorInvalidSharingData'],
        [invitationXml([`${token}<Data><a/></Data>`]), 'ErrorInvalidSharingData'],
      ]
      for (const [metadata, wanted] of cases) assert.equal(await acceptCode(zoe, metadata), wanted, metadata.slice(0, 300))
      assert.equal(await acceptCode(joe, invitationXml([sealed])), 'ErrorInvalidExternalSharingSubscriber')
      assert.equal(await acceptCode(fay, invitationXml([sealed])), 'ErrorInvalidSharingData', 'another organisation of the same site')
      const message = await zoe.create('<t:Message><t:Subject>Hello</t:Subject></t:Message>', { folder: 'inbox' })
      const bare = `<t:AcceptSharingInvitation><t:ReferenceItemId Id="${message.Id}"/></t:AcceptSharingInvitation>`
      assert.deepEqual(await zoe.createCodes(bare), ['ErrorInvalidSharingMessage'])
      assert.equal(await code(zoe.whole(sharingFolderXml('mary@contoso.com', '<m:DataType>Calendar</m:DataType>'))), 'ErrorFolderNotFound')

      sites.clock.skew = 13 * day
      assert.equal(await acceptCode(zoe, invitationXml([sealed])), 'NoError', 'it waits in the mailbox for days')
      sites.clock.skew = 15 * day
      assert.equal(await acceptCode(zoe, invitationXml([sealed])), 'ErrorInvalidSharingData', 'and not for ever')
    })

    test('[MS-OXWSMSHR] 3.1.4.1 and 3.1.4.3: the key opens the one folder to the one person, as long as both sides want it', async () => {
      await using sites = await startSharing(engine)
      const mary = speaker(sites.onPremises, 'mary@contoso.com')
      const zoe = speaker(sites.online, zoeAddress)
      await mary.create(event, { folder: 'calendar' })
      const calendar = idOf(await mary.getFolder('calendar'), 'FolderId')
      const inbox = idOf(await mary.getFolder('inbox'), 'FolderId')
      assert.equal(await acceptCode(zoe, invitationXml(await sealedFor(mary, calendar, 'mary@contoso.com', [zoeAddress]))), 'NoError')
      const both = '<m:DataType>Calendar</m:DataType><m:SharedFolderId>x</m:SharedFolderId>'
      for (const by of ['', both]) {
        assert.equal(await code(zoe.whole(sharingFolderXml('mary@contoso.com', by))), 'ErrorInvalidGetSharingFolderRequest')
      }
      const own = idOf(await zoe.getFolder('calendar'), 'FolderId')
      assert.equal(await refreshed(zoe, own), 'ErrorMissingInformationSharingFolderId')
      const copy = await folderOfMary(zoe)
      assert.equal(await refreshed(speaker(sites.online, 'joe@contoso.com'), copy), 'ErrorAccessDenied')

      const { site, recipient, caller } = await personOf(sites, 'zoe')
      const change = (fields: Partial<Share>) =>
        site.mailboxes.changeSetting(caller, recipient.mailbox, 'shares', (shares) =>
          (shares as Share[]).map((one) => ({ ...one, ...fields })),
        )
      const [kept] = (await site.mailboxes.settings(caller, recipient.mailbox)).shares as Share[]
      assert.ok(kept)
      await change({ sharedFolder: inbox.Id })
      assert.equal(await refreshed(zoe, copy), 'ErrorSharingSynchronizationFailed', 'the key of the calendar does not open the Inbox')
      await change({ ...kept, key: kept.key.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')) })
      assert.equal(await refreshed(zoe, copy), 'ErrorSharingSynchronizationFailed', 'a key that was made up opens nothing')
      await change(kept)

      const [there, here] = [sideOf(sites.onPremises, 'on-premises'), sideOf(sites.online, 'online')]
      await there.invoke('Set-OrganizationRelationship', { Identity: 'On-premises to online', Enabled: false })
      assert.equal(await refreshed(zoe, copy), 'ErrorSharingSynchronizationFailed', 'mary’s organisation no longer answers')
      await there.invoke('Set-OrganizationRelationship', { Identity: 'On-premises to online', Enabled: true })
      await here.invoke('Set-OrganizationRelationship', { Identity: 'Online to on-premises', Enabled: false })
      assert.equal(await refreshed(zoe, copy), 'ErrorSharingNoExternalEwsAvailable')
      await here.invoke('Set-OrganizationRelationship', { Identity: 'Online to on-premises', Enabled: true })
      assert.deepEqual(await entries(zoe, copy), [])
      assert.equal(await refreshed(zoe, copy), 'NoError')
      assert.deepEqual(await entries(zoe, copy), ['01-07T09:00 Budget'])

      const remove = { Identity: 'mary:\\Calendar', User: zoeAddress }
      const [entry] = await there.invoke('Get-MailboxFolderPermission', remove)
      assert.equal(entry?.User, zoeAddress)
      await there.invoke('Remove-MailboxFolderPermission', { ...remove, Confirm: false })
      assert.equal(await refreshed(zoe, copy), 'ErrorSharingSynchronizationFailed', 'an administrator took the entry away')
    })
  })
}

/** Who shows the key of a shared folder, and what it opens ([MS-OXWSMSHR] 3.1.4.3): nothing but reading that folder, by the one it was given to. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test, { after, before } from 'node:test'
import type { Share } from '#mailbox'
import { externalUser, folderRights, permissionLevels } from '#model'
import { ewsOperations } from '#schema'
import { encryptWithKey, freeBusyAction, invitationAction, sharedReadAction, type IssuedToken } from '#trust'
import { guestRights, sharingKeyOf } from '../../src/mailbox/sharing/key.ts'
import { personOf } from '../hybrid/ask.ts'
import { acceptCode, attached, invitationXml, sealedFor, speaker, zoe } from '../hybrid/sharing-parts.ts'
import { idOf, type Id } from '../requirements/person.ts'
import { connectSites, sideOf, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { createItem, findItem, mail, named } from './attack.ts'
import { delegationToken, ewsAs, isRefusal, types } from './federation-attack.ts'
import { codesOf, freeBusyOf } from './hybrid-attack.ts'

let sites: HybridSites
let token: IssuedToken
let share: Share
let calendar: Id
let inbox: Id
let item: Id
let elsewhere: Id

// Zoe, online, shares her calendar with Mary, on-premises.
before(async () => {
  sites = await startHybridSites()
  await connectSites(sites)
  const Domains = ['*:CalendarSharingFreeBusyReviewer']
  await sideOf(sites.online, 'online').invoke('Set-SharingPolicy', { Identity: 'Default Sharing Policy', Domains })
  const sharer = speaker(sites.online, zoe)
  const mary = speaker(sites.onPremises, 'mary@contoso.com')
  calendar = idOf(await sharer.getFolder('calendar'), 'FolderId')
  inbox = idOf(await sharer.getFolder('inbox'), 'FolderId')
  item = await sharer.create(
    '<t:CalendarItem><t:Subject>Budget</t:Subject><t:Start>2030-01-07T09:00:00Z</t:Start><t:End>2030-01-07T10:00:00Z</t:End></t:CalendarItem>',
    { folder: 'calendar' },
  )
  elsewhere = await sharer.create(`<t:Message><t:Subject>Private</t:Subject>${attached('<a/>')}</t:Message>`, { folder: 'inbox' })
  const sealed = await sealedFor(sharer, calendar, zoe, ['mary@contoso.com'])
  assert.equal(await acceptCode(mary, invitationXml(sealed)), 'NoError')
  const { site, recipient, caller } = await personOf(sites, 'mary')
  share = ((await site.mailboxes.settings(caller, recipient.mailbox)).shares as Share[])[0]!
  token = await delegationToken(sites, 'mary@contoso.com', sharedReadAction)
})
after(() => sites[Symbol.asyncDispose]())

const by = (key: string | Uint8Array, secret: IssuedToken = token, element = 'SharingKey') => {
  const sealed = encryptWithKey(`<${element}>${String(key)}</${element}>`, secret.proofKey, {
    algorithms: 'sha256',
    random: (size) => randomBytes(size),
  })
  return `<t:SharingSecurity xmlns:t="${types}">${sealed}</t:SharingSecurity>`
}
const sync = (folder: Id) =>
  `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId><t:FolderId Id="${folder.Id}"/></m:SyncFolderId>` +
  '<m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>'
const get = ({ Id }: Id) =>
  `<m:GetItem><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:ItemIds><t:ItemId Id="${Id}"/></m:ItemIds></m:GetItem>`
const codes = async (operation: string, header: string, as = token) => codesOf((await ewsAs(sites, as, operation, header)).body)

test('the key opens the folder it is for, and what lies in it', async () => {
  assert.deepEqual(await codes(sync(calendar), by(share.key)), ['NoError'])
  const { body } = await ewsAs(sites, token, get(item), by(share.key))
  assert.match(body, /<t:Subject>Budget</)
  assert.match(body, /<t:Modify>false<\/t:Modify><t:Read>true</)
  assert.deepEqual(await codes(sync(inbox), by(share.key)), ['ErrorSyncFolderNotFound'])
  assert.deepEqual(await codes(get(elsewhere), by(share.key)), ['ErrorItemNotFound'])
  const joe = idOf(await speaker(sites.online, 'joe@contoso.com').getFolder('calendar'), 'FolderId')
  assert.deepEqual(await codes(sync(joe), by(share.key)), ['ErrorAccessDenied'], 'nobody shares anything of this mailbox')
})

test('the key of a search folder opens nothing: it shows what lies in other folders', () => {
  const [address, secret] = ['mary@contoso.com', Buffer.alloc(32).toString('base64')]
  const folder = { id: 7, folderClass: 'IPF.Appointment', permissions: [{ user: externalUser(address), rights: permissionLevels.Reviewer }], properties: {} } // prettier-ignore
  const guest = { address, secret, key: sharingKeyOf(secret, 7, address), most: { Calendar: folderRights.readAny, Contacts: 0 } }
  assert.equal(guestRights(guest, folder), folderRights.readAny)
  assert.equal(guestRights(guest, { ...folder, properties: { searchParameters: {} } }), 0)
})

test('a guest reads, and does nothing else', async () => {
  const others = [...ewsOperations.keys()].filter((name) => !['SyncFolderItems', 'GetItem'].includes(name))
  for (const name of others) assert.deepEqual(await codes(`<m:${name}/>`, by(share.key)), ['ErrorProxyRequestNotAllowed'], name)
  const whole = [findItem(named('calendar', zoe)), createItem('', mail('x', ''), 'MessageDisposition="SaveOnly"'), freeBusyOf(zoe)]
  for (const operation of whole) assert.deepEqual(await codes(operation, by(share.key)), ['ErrorProxyRequestNotAllowed'])
})

test('another key, another person, another purpose or another secret opens nothing', async () => {
  for (const key of ['', ' ', 'x', share.key.slice(1), `${share.key}=`, share.key.toLowerCase(), 'A'.repeat(100_000)]) {
    const answer = await codes(sync(calendar), by(key))
    assert.ok(answer.length === 1 && answer[0] !== 'NoError', `${key.slice(0, 50)}: ${answer.join()}`)
  }
  assert.deepEqual(await codes(sync(calendar), by(share.key), await delegationToken(sites, 'rob@contoso.com', sharedReadAction)), [], 'sealed with another token’s key') // prettier-ignore
  const rob = await delegationToken(sites, 'rob@contoso.com', sharedReadAction)
  assert.deepEqual(await codes(sync(calendar), by(share.key, rob), rob), ['ErrorSyncFolderNotFound'])
  for (const action of [freeBusyAction, invitationAction]) {
    const other = await delegationToken(sites, 'mary@contoso.com', action)
    assert.deepEqual(await codes(sync(calendar), by(share.key, other), other), ['ErrorProxyRequestNotAllowed'], action)
  }
  assert.deepEqual(await codes(sync(calendar), ''), ['ErrorProxyRequestNotAllowed'], 'without a key')
  const sealed = by(share.key)
  const broken = [
    sealed.replace(/CipherValue>.{8}/, 'CipherValue>AAAAAAAA'),
    sealed.replace('aes256-gcm', 'aes128-cbc'),
    sealed.replace(/<xenc:CipherData>.*<\/xenc:CipherData>/, ''),
    sealed.replace(/(<xenc:EncryptedData)/, '$1 Id="x"').replace('#Element', '#Content'),
  ]
  for (const header of broken) isRefusal(await ewsAs(sites, token, sync(calendar), header), header.slice(0, 300))
})

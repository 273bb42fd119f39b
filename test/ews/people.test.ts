import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateItem, ExpandDL, GetRoomLists, GetRooms, GetUserPhoto, ResolveNames } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

for (const engine of quickEngines) {
  test(`names are resolved, lists expanded, rooms listed ([MS-OXWSGTRM] 3.1.4.1, 3.1.4.2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const resolve = (
      UnresolvedEntry: string,
      ReturnFullContactData = false,
      SearchScope: 'ActiveDirectory' | 'Contacts' = 'ActiveDirectory',
    ) => mary.call(ResolveNames, { UnresolvedEntry, ReturnFullContactData, SearchScope })
    const [rob] = only(await resolve('rob young', true)).ResolutionSet?.Resolution ?? []
    assert.deepEqual(rob?.Mailbox, { Name: 'Rob Young', EmailAddress: 'rob@contoso.com', RoutingType: 'SMTP', MailboxType: 'Mailbox' })
    assert.equal(rob?.Contact?.properties.jobTitle, 'Software Engineer')
    assert.equal(rob?.Contact?.properties.manager, 'Mary Jensen')
    assert.equal(only(await resolve('smtp:ann@contoso.com')).ResolutionSet?.TotalItemsInView, 1)
    const several = only(await resolve('room'))
    assert.equal(several.ResponseClass, 'Warning')
    assert.equal(several.ResponseCode, 'ErrorNameResolutionMultipleResults')
    assert.deepEqual(codes(await resolve('xyzzy')), ['ErrorNameResolutionNoResults'])
    const contact = {
      kind: 'contact' as const,
      properties: { displayName: 'Zoe Quill', emailAddresses: { EmailAddress1: { address: 'zoe@example.org' } } },
    }
    only(await mary.call(CreateItem, { Items: [contact] }))
    const [zoe] = only(await resolve('zoe', true, 'Contacts')).ResolutionSet?.Resolution ?? []
    assert.equal(zoe?.Mailbox.EmailAddress, 'zoe@example.org')
    assert.equal(zoe?.Mailbox.MailboxType, 'Contact')

    const staff = only(await mary.call(ExpandDL, { Mailbox: { EmailAddress: 'staff@contoso.com' } })).DLExpansion
    assert.deepEqual((staff?.Mailbox ?? []).map(({ EmailAddress }) => EmailAddress).sort(), [
      'administrator@contoso.com',
      'ann@contoso.com',
      'mary@contoso.com',
      'rob@contoso.com',
    ])
    assert.deepEqual(codes(await mary.call(ExpandDL, { Mailbox: { EmailAddress: 'rob@contoso.com' } })), ['ErrorNameResolutionNoResults'])

    const lists = await mary.call(GetRoomLists, {})
    assert.deepEqual(
      (lists.RoomLists ?? []).map(({ EmailAddress }) => EmailAddress),
      ['rooms@contoso.com'],
    )
    const rooms = await mary.call(GetRooms, { RoomList: { EmailAddress: 'rooms@contoso.com' } })
    assert.deepEqual(
      (rooms.Rooms ?? []).map(({ Id }) => Id?.Name),
      ['Room 1', 'Room 2'],
    )
    assert.equal(
      (await mary.call(GetRooms, { RoomList: { EmailAddress: 'staff@contoso.com' } })).ResponseCode,
      'ErrorNameResolutionNoResults',
    )
    assert.equal((await mary.call(GetUserPhoto, { Email: 'rob@contoso.com', SizeRequested: 'HR96x96' })).ResponseCode, 'ErrorItemNotFound')
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AddDelegate, CreateItem, FindItem, GetDelegate, RemoveDelegate, UpdateDelegate, type DelegateUserElement } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const Mailbox = { EmailAddress: 'mary@contoso.com' }
const named = (alias: string) => ({ PrimarySmtpAddress: `${alias}@contoso.com` })
const editor = (alias: string): DelegateUserElement => ({
  UserId: named(alias),
  DelegatePermissions: { CalendarFolderPermissionLevel: 'Editor', TasksFolderPermissionLevel: 'Reviewer' },
  ReceiveCopiesOfMeetingMessages: true,
  ViewPrivateItems: true,
})
const levels = { calendar: 'Editor', tasks: 'Reviewer', inbox: 'None', contacts: 'None', notes: 'None', journal: 'None' }
const shownLevels = Object.fromEntries(
  Object.entries(levels).map(([kind, level]) => [`${kind[0]!.toUpperCase()}${kind.slice(1)}FolderPermissionLevel`, level]),
)

for (const engine of quickEngines) {
  test(`delegates are added, seen, changed and removed ([MS-OXWSDLGM] 3.1.4.1, 3.1.4.2, 3.1.4.3, 3.1.4.4, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [ewsClient(site), ewsClient(site, 'rob')]
    const get = (UserIds?: { PrimarySmtpAddress: string }[], IncludePermissions = true) =>
      mary.call(GetDelegate, { Mailbox, IncludePermissions, ...(UserIds ? { UserIds } : {}) })
    const before = await get()
    assert.deepEqual([before.ResponseCode, before.ResponseMessages, before.DeliverMeetingRequests], ['NoError', undefined, 'NoForward'])
    const added = await mary.call(AddDelegate, { Mailbox, DelegateUsers: [editor('rob')], DeliverMeetingRequests: 'DelegatesOnly' })
    assert.equal(only(added.ResponseMessages ?? []).DelegateUser?.UserId.DisplayName, 'Rob Young')
    const seen = await get()
    assert.equal(seen.DeliverMeetingRequests, 'DelegatesOnly')
    const one = only(seen.ResponseMessages ?? []).DelegateUser
    assert.deepEqual(one?.DelegatePermissions, shownLevels)
    assert.deepEqual([one?.ReceiveCopiesOfMeetingMessages, one?.ViewPrivateItems], [true, true])
    assert.equal(only((await get([named('rob')], false)).ResponseMessages ?? []).DelegateUser?.DelegatePermissions, undefined)
    assert.deepEqual(
      await site.mailboxes.settings(await site.caller('mary'), site.people['mary']!.mailbox).then(({ delegates }) => delegates),
      {
        users: [{ recipient: site.people['rob']!.id, copies: true, private: true }],
        deliver: 'DelegatesOnly',
      },
    )

    // What it is worth: the calendar, private items and the name.
    const calendar = { is: 'DistinguishedFolderId' as const, value: { Id: 'calendar', Mailbox } }
    const find = () => rob.call(FindItem, { Traversal: 'Shallow', ItemShape: { BaseShape: 'IdOnly' }, ParentFolderIds: [calendar] })
    const start = Date.UTC(2030, 0, 8, 9)
    const item = { kind: 'calendar' as const, properties: { subject: 'secret', start, end: start + 3_600_000, sensitivity: 'Private' } }
    only(await mary.call(CreateItem, { Items: [item], SendMeetingInvitations: 'SendToNone' }))
    assert.equal(only(await find()).RootFolder?.TotalItemsInView, 1)
    const onBehalf = {
      kind: 'message' as const,
      properties: { subject: 'for Mary', toRecipients: [{ address: 'ann@contoso.com' }], from: { address: 'mary@contoso.com' } },
    }
    const send = () => rob.call(CreateItem, { MessageDisposition: 'SendOnly', Items: [onBehalf] })
    only(await send())

    const less = { UserId: named('rob'), DelegatePermissions: { CalendarFolderPermissionLevel: 'None' as const }, ViewPrivateItems: false }
    const changed = await mary.call(UpdateDelegate, { Mailbox, DelegateUsers: [less] })
    const now = only(changed.ResponseMessages ?? []).DelegateUser
    assert.deepEqual(now?.DelegatePermissions, { ...shownLevels, CalendarFolderPermissionLevel: 'None' })
    assert.deepEqual([now?.ReceiveCopiesOfMeetingMessages, now?.ViewPrivateItems], [true, false])
    assert.equal((await get()).DeliverMeetingRequests, 'DelegatesOnly', 'what is not said stays')
    const setting = await mary.call(UpdateDelegate, { Mailbox, DeliverMeetingRequests: 'DelegatesAndMe' })
    assert.deepEqual([setting.ResponseCode, (await get()).DeliverMeetingRequests], ['NoError', 'DelegatesAndMe'])

    const gone = await mary.call(RemoveDelegate, { Mailbox, UserIds: [named('rob'), named('ann')] })
    assert.deepEqual(codes(gone.ResponseMessages ?? []), ['NoError', 'ErrorNotDelegate'])
    assert.equal((await get()).ResponseMessages, undefined)
    assert.deepEqual(codes(await send()), ['ErrorSendAsDenied'])
  })

  test(`what cannot be is refused for each person ([MS-OXWSDLGM] 3.1.4, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const custom = { UserId: named('ann'), DelegatePermissions: { InboxFolderPermissionLevel: 'Custom' as const } }
    const people: DelegateUserElement[] = [
      editor('mary'),
      editor('rob'),
      editor('rob'),
      editor('nobody'),
      { UserId: {} },
      { UserId: { DistinguishedUser: 'Default' } },
      custom,
    ]
    const added = await mary.call(AddDelegate, { Mailbox, DelegateUsers: people })
    assert.deepEqual(codes(added.ResponseMessages ?? []), [
      'ErrorDelegateCannotAddOwner',
      'NoError',
      'ErrorDelegateAlreadyExists',
      'ErrorDelegateNoUser',
      'ErrorInvalidDelegateUserId',
      'ErrorInvalidDelegateUserId',
      'ErrorInvalidDelegatePermission',
    ])
    const others = await mary.call(UpdateDelegate, { Mailbox, DelegateUsers: [editor('ann')] })
    assert.deepEqual(codes(others.ResponseMessages ?? []), ['ErrorNotDelegate'])
    // A delegate is not the owner.
    const rob = ewsClient(site, 'rob')
    for (const answer of [
      await rob.call(GetDelegate, { Mailbox, IncludePermissions: true }),
      await rob.call(AddDelegate, { Mailbox, DelegateUsers: [editor('ann')] }),
      await rob.call(UpdateDelegate, { Mailbox, DelegateUsers: [editor('rob')] }),
      await rob.call(RemoveDelegate, { Mailbox, UserIds: [named('rob')] }),
    ])
      assert.equal(answer.ResponseCode, 'ErrorAccessDenied')
    const nowhere = await mary.call(GetDelegate, { Mailbox: { EmailAddress: 'x@contoso.com' }, IncludePermissions: true })
    assert.equal(nowhere.ResponseCode, 'ErrorNonExistentMailbox')
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateItem, GetDiscoverySearchConfiguration, GetFolder, GetHoldOnMailboxes, GetSearchableMailboxes, PerformInstantSearch, SearchMailboxes, SetHoldOnMailboxes,
  type BaseFolderId, type EwsItem, type Infer,
} from '#schema' // prettier-ignore
import { systemCaller } from '#model'
import { quickEngines } from '../support/engines.ts'
import { appClient, codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite } from '../support/site.ts'

const named = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id } })
const discovery = [
  { address: 'eve@contoso.com', displayName: 'Eve Discovery', rights: { roles: ['Mailbox Search', 'Legal Hold'] } },
  { address: 'robot@contoso.com', displayName: 'Robot', rights: { roles: ['ApplicationImpersonation'] } },
]

async function make(client: EwsClient, subjects: string[], folder = 'inbox'): Promise<void> {
  const Items: EwsItem[] = subjects.map((subject) => ({ kind: 'post', properties: { subject } }))
  const answer = await client.call(CreateItem, { MessageDisposition: 'SaveOnly', SavedItemFolderId: { Folder: named(folder) }, Items })
  assert.deepEqual(new Set(codes(answer)), new Set(['NoError']))
}

for (const engine of quickEngines) {
  test(`mailboxes are searched by whoever has the role, page by page ([MS-OXWSEDISC] 3.1.4.5, 3.1.4.6, ${engine.name})`, async () => {
    let now = Date.UTC(2026, 10, 25)
    await using site = await startTestSite({ engine, people: discovery, outside: { clock: () => (now += 1000) } })
    const [mary, rob, eve] = [ewsClient(site), ewsClient(site, 'rob'), await appClient(site, 'eve')]
    await make(mary, ['plan 1', 'other', 'plan 2'])
    await make(rob, ['plan 3'], 'drafts')
    await make(mary, ['plan 4 budget'], 'deleteditems')
    const asked = (more: Partial<Infer<typeof SearchMailboxes.request>> = {}, Query = 'plan') => ({
      SearchQueries: [
        { Query, MailboxSearchScopes: ['mary@contoso.com', 'rob@contoso.com', 'nobody@contoso.com'].map((Mailbox) => ({ Mailbox, SearchScope: 'All' as const })) }, // prettier-ignore
      ],
      ResultType: 'PreviewOnly' as const,
      ...more,
    })
    assert.deepEqual(codes(await mary.call(SearchMailboxes, asked())), ['ErrorAccessDenied'])
    assert.deepEqual(codes(await ewsClient(site, 'eve').call(SearchMailboxes, asked())), ['ErrorAccessDenied'], 'a password alone')
    const acting = { impersonate: { by: 'PrimarySmtpAddress', identity: 'eve@contoso.com' } } as const
    assert.deepEqual(codes(await ewsClient(site, 'robot').call(SearchMailboxes, asked(), acting)), ['ErrorAccessDenied'], 'for another')
    const search = async (more: Partial<Infer<typeof SearchMailboxes.request>> = {}, query?: string) => {
      const result = only(await eve.call(SearchMailboxes, asked(more, query))).SearchMailboxesResult
      assert.ok(result)
      return { ...result, subjects: (result.Items ?? []).map(({ Subject }) => Subject) }
    }
    const all = await search()
    assert.deepEqual([all.ItemCount, all.subjects], [4, ['plan 4 budget', 'plan 3', 'plan 2', 'plan 1']])
    assert.deepEqual(all.Items?.map(({ Mailbox }) => Mailbox?.PrimarySmtpAddress.split('@')[0]), ['mary', 'rob', 'mary', 'mary']) // prettier-ignore
    assert.deepEqual(all.FailedMailboxes?.map(({ Mailbox }) => Mailbox), ['nobody@contoso.com']) // prettier-ignore
    assert.deepEqual(all.MailboxStats?.map(({ ItemCount }) => ItemCount), [3, 1]) // prettier-ignore
    const first = await search({ PageSize: 2 })
    assert.deepEqual([first.subjects, first.PageItemCount, first.ItemCount], [['plan 4 budget', 'plan 3'], 2, 4])
    const PageItemReference = first.Items?.at(-1)?.SortValue ?? ''
    const second = await search({ PageSize: 2, PageItemReference, PageDirection: 'Next' })
    assert.deepEqual(second.subjects, ['plan 2', 'plan 1'])
    const back = await search({ PageSize: 2, PageItemReference: second.Items?.[0]?.SortValue ?? '', PageDirection: 'Previous' })
    assert.deepEqual(back.subjects, ['plan 4 budget', 'plan 3'])
    const counted = await search({ ResultType: 'StatisticsOnly' }, 'plan OR subject:budget')
    assert.deepEqual(counted.KeywordStats?.map(({ Keyword, ItemHits }) => [Keyword, ItemHits]), [['plan', 4], ['subject:budget', 1]]) // prettier-ignore
    assert.ok(counted.Size > 0 && counted.Items === undefined)

    assert.deepEqual(codes([await rob.call(GetSearchableMailboxes, {})]), ['ErrorAccessDenied'])
    const listed = only([await eve.call(GetSearchableMailboxes, { SearchFilter: 'mary' })]).SearchableMailboxes
    assert.deepEqual(listed?.map(({ PrimarySmtpAddress, IsMembershipGroup }) => [PrimarySmtpAddress, IsMembershipGroup]), [['mary@contoso.com', false]]) // prettier-ignore
    const staff = only([await eve.call(GetSearchableMailboxes, { SearchFilter: 'staff', ExpandGroupMembership: true })]).SearchableMailboxes
    assert.deepEqual(staff?.map(({ PrimarySmtpAddress }) => PrimarySmtpAddress.split('@')[0]).sort(), [
      'administrator',
      'ann',
      'mary',
      'rob',
    ])
  })

  test(`holds are kept, listed and ended ([MS-OXWSEDISC] 3.1.4.1, 3.1.4.2, 3.1.4.7, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine, people: discovery })
    const [mary, eve] = [ewsClient(site), await appClient(site, 'eve')]
    const set = (client: EwsClient, ActionType: 'Create' | 'Update' | 'Remove', HoldId: string, Mailboxes?: string[]) =>
      client.call(SetHoldOnMailboxes, { ActionType, HoldId, Query: 'plan', ...(Mailboxes ? { Mailboxes } : {}) })
    assert.deepEqual(codes([await set(mary, 'Create', 'Case 1', ['rob@contoso.com'])]), ['ErrorAccessDenied'])
    assert.deepEqual(codes([await set(eve, 'Create', 'Case 1', ['nobody@contoso.com'])]), ['ErrorNonExistentMailbox'])
    assert.deepEqual(codes([await set(eve, 'Update', 'Case 1', ['rob@contoso.com'])]), ['ErrorMailboxHoldNotFound'])
    const made = only([await set(eve, 'Create', 'Case 1', ['rob@contoso.com'])]).MailboxHoldResult
    assert.deepEqual(made?.MailboxHoldStatuses.map(({ Mailbox, Status }) => [Mailbox, Status]), [[site.people.rob?.legacyExchangeDn, 'OnHold']]) // prettier-ignore
    const held = only([await eve.call(GetHoldOnMailboxes, { HoldId: 'case 1' })]).MailboxHoldResult
    assert.deepEqual([held?.HoldId, held?.Query, held?.MailboxHoldStatuses.length], ['Case 1', 'plan', 1])
    const saved = only([await eve.call(GetDiscoverySearchConfiguration, {})]).DiscoverySearchConfigurations
    assert.deepEqual(saved?.map(({ SearchId, SearchableMailboxes }) => [SearchId, SearchableMailboxes?.map((one) => one.PrimarySmtpAddress)]), [['Case 1', ['rob@contoso.com']]]) // prettier-ignore
    assert.deepEqual(codes([await set(eve, 'Remove', 'Case 1')]), ['NoError'])
    assert.deepEqual(codes([await eve.call(GetHoldOnMailboxes, { HoldId: 'Case 1' })]), ['ErrorMailboxHoldNotFound'])
  })

  test(`whoever has the role for some people only searches nobody, and holds nothing (${engine.name})`, async () => {
    await using site = await startTestSite({ engine, people: [{ address: 'eve@contoso.com', displayName: 'Eve Discovery' }] })
    const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
    await run('New-ManagementScope Few -RecipientRestrictionFilter "Alias -eq \'rob\'"')
    for (const role of ['Mailbox Search', 'Legal Hold']) {
      await run(`New-ManagementRoleAssignment -Role '${role}' -User eve -CustomRecipientWriteScope Few`)
    }
    const eve = await appClient(site, 'eve')
    const MailboxSearchScopes = [{ Mailbox: 'mary@contoso.com', SearchScope: 'All' as const }]
    const search = { SearchQueries: [{ Query: 'plan', MailboxSearchScopes }], ResultType: 'PreviewOnly' as const }
    assert.deepEqual(codes(await eve.call(SearchMailboxes, search)), ['ErrorAccessDenied'])
    const hold = { ActionType: 'Create' as const, HoldId: 'Case 1', Query: 'plan', Mailboxes: ['mary@contoso.com'] }
    assert.deepEqual(codes([await eve.call(SetHoldOnMailboxes, hold)]), ['ErrorAccessDenied'])
  })

  test(`an instant search looks into folders and those below ([MS-OXWSSRCH] 3.1.4.3, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await make(mary, ['plan A', 'other'])
    await make(mary, ['plan B'], 'drafts')
    const idOf = async (Id: string) => {
      const [folder] = only(await mary.call(GetFolder, { FolderShape: { BaseShape: 'IdOnly' }, FolderIds: [named(Id)] })).Folders ?? []
      return folder?.properties.folderId as unknown as { Id: string }
    }
    const search = async (folder: string, IsDeepTraversal: boolean) => {
      const request = { SearchSessionId: 's', ItemType: ['MailItem'], QueryOptions: ['Results'], SearchRequestId: 7, KqlQuery: 'subject:plan', FolderScope: [await idOf(folder)], IsDeepTraversal } // prettier-ignore
      const { Payload } = only([await mary.call(PerformInstantSearch, request as never)])
      assert.deepEqual([Payload?.SearchSessionId, Payload?.SearchRequestId, Payload?.ResultType], ['s', 7, ['ItemResults']])
      return Payload?.Items?.map(({ properties }) => properties.subject).sort()
    }
    assert.deepEqual(await search('inbox', false), ['plan A'])
    assert.deepEqual(await search('msgfolderroot', false), [])
    assert.deepEqual(await search('msgfolderroot', true), ['plan A', 'plan B'])
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateItem,
  DeleteItem,
  FindMailboxStatisticsByKeywords,
  SearchMailboxes,
  type BaseFolderId,
  type EwsItem,
  type Infer,
} from '#schema'
import { quickEngines } from '../support/engines.ts'
import { appClient, codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const named = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id } })
const discovery = [{ address: 'eve@contoso.com', displayName: 'Eve Discovery', rights: { roles: ['Mailbox Search'] } }]
type Asked = Partial<Infer<typeof SearchMailboxes.request>>

async function file(client: EwsClient, folder: string, ...Items: EwsItem[]) {
  const answer = await client.call(CreateItem, { MessageDisposition: 'SaveOnly', SavedItemFolderId: { Folder: named(folder) }, Items })
  assert.deepEqual(new Set(codes(answer)), new Set(['NoError']))
  return answer
}
const message = (subject: string, internetMessageId: string, body = ''): EwsItem => ({
  kind: 'message',
  properties: { subject, internetMessageId, body: { type: 'Text', value: body }, isRead: !body },
})
const from = (subject: string, address: string): EwsItem => ({
  kind: 'message',
  properties: { subject, from: { name: '', address, routingType: 'SMTP' }, internetMessageId: `<${subject}.${address}>` },
})

async function startSearching(engine: (typeof quickEngines)[number]) {
  let now = Date.UTC(2026, 10, 25)
  const site = await startTestSite({ engine, people: discovery, outside: { clock: () => (now += 1000) } })
  const [mary, rob, eve] = [ewsClient(site), ewsClient(site, 'rob'), await appClient(site, 'eve')]
  const search = async (more: Asked = {}, Query = 'plan', people = ['mary', 'rob']) => {
    const MailboxSearchScopes = people.map((alias) => ({ Mailbox: `${alias}@contoso.com`, SearchScope: 'All' as const }))
    const answer = await eve.call(SearchMailboxes, { SearchQueries: [{ Query, MailboxSearchScopes }], ResultType: 'PreviewOnly', ...more })
    return only(answer).SearchMailboxesResult?.Items ?? []
  }
  return { site, mary, rob, eve, search }
}
const subjects = (items: readonly { Subject?: string | undefined }[]) => items.map(({ Subject }) => Subject)

for (const engine of quickEngines) {
  test(`[MS-OXWSEDISC] 3.1.4.6: copies of one message are found once where that is asked for, page by page (${engine.name})`, async () => {
    const { site, mary, rob, search } = await startSearching(engine)
    await using _ = site
    // Four messages that both have, mary two of them twice; three that one of them has.
    const both = ['a', 'b', 'c', 'd'].map((name) => message(`plan ${name}`, `<${name}@x>`))
    await file(mary, 'inbox', ...both, message('plan mine', '<mine@x>'))
    await file(mary, 'sentitems', message('plan a', '<a@x>'), message('plan b', '<b@x>'))
    await file(rob, 'inbox', ...both, message('plan his', '<his@x>'), message('plan none', '<none@x>'))
    const all = await search()
    assert.equal(all.length, 13)
    const once = await search({ Deduplication: true })
    assert.deepEqual(subjects(once).sort(), ['plan a', 'plan b', 'plan c', 'plan d', 'plan his', 'plan mine', 'plan none'])
    const owners = new Map(once.map(({ Subject, Mailbox }) => [Subject, Mailbox?.PrimarySmtpAddress]))
    assert.equal(owners.get('plan a'), 'mary@contoso.com', 'the mailbox named first stands for all')
    const [robs] = await search({ Deduplication: true, PageSize: 1 }, 'plan', ['rob', 'mary'])
    assert.ok(robs)
    assert.equal((await search({ Deduplication: true }, 'subject:a', ['rob', 'mary']))[0]?.Mailbox?.PrimarySmtpAddress, 'rob@contoso.com')
    const hashes = all.filter(({ Subject }) => Subject === 'plan a').map(({ UniqueHash }) => UniqueHash)
    assert.equal(hashes.length, 3)
    assert.equal(new Set(hashes).size, 1)

    const paged: (string | undefined)[] = []
    for (let PageItemReference: string | undefined; ;) {
      const page = await search({ Deduplication: true, PageSize: 2, ...(PageItemReference ? { PageItemReference } : {}) })
      if (page.length === 0) break
      assert.ok(page.length === 2 || paged.length + page.length === 7, 'a page is filled up behind what is left out')
      paged.push(...subjects(page))
      PageItemReference = page.at(-1)?.SortValue
    }
    assert.deepEqual(paged, subjects(once))

    // A copy that the query does not find stands for nothing.
    await file(mary, 'inbox', message('plan read', '<read@x>'))
    await file(rob, 'inbox', message('plan read', '<read@x>', 'unread'))
    assert.equal(
      (await search({ Deduplication: true }, 'subject:read AND isread:false'))[0]?.Mailbox?.PrimarySmtpAddress,
      'rob@contoso.com',
    )
  })

  test(`[MS-OXWSEDISC] 3.1.4.6: in order of the size and of the time made, both ways, across pages; other orders are refused (${engine.name})`, async () => {
    const { site, mary, rob, eve, search } = await startSearching(engine)
    await using _ = site
    await file(mary, 'inbox', message('plan large', '<1@x>', 'x'.repeat(3000)), message('plan small', '<2@x>', 'x'))
    await file(rob, 'inbox', message('plan middle', '<3@x>', 'x'.repeat(1000)))
    const by = (property: string, descending: boolean) => ({ SortBy: { path: { property }, descending } })
    assert.deepEqual(subjects(await search(by('size', false))), ['plan small', 'plan middle', 'plan large'])
    assert.deepEqual(subjects(await search(by('size', true))), ['plan large', 'plan middle', 'plan small'])
    assert.deepEqual(subjects(await search(by('dateTimeCreated', false))), ['plan large', 'plan small', 'plan middle'])
    const [first] = await search({ ...by('size', false), PageSize: 1 })
    const reference = { PageItemReference: first?.SortValue ?? '' }
    assert.deepEqual(subjects(await search({ ...by('size', false), PageSize: 1, ...reference, PageDirection: 'Next' })), ['plan middle'])
    const scope = [{ Query: 'plan', MailboxSearchScopes: [{ Mailbox: 'mary@contoso.com', SearchScope: 'All' as const }] }]
    const refused = await eve.call(SearchMailboxes, { SearchQueries: scope, ResultType: 'PreviewOnly', ...by('subject', false) })
    assert.deepEqual(codes(refused), ['ErrorUnsupportedPathForSortGroup'])
  })

  test(`FindMailboxStatisticsByKeywords counts each keyword in each mailbox, by whom, to whom, when and of which kind (${engine.name})`, async () => {
    const { site, mary, rob, eve } = await startSearching(engine)
    await using _ = site
    await file(mary, 'inbox', from('plan', 'ann@contoso.com'), from('plan', 'bob@fabrikam.com'), from('budget', 'ann@contoso.com'))
    const deleted = only(await file(mary, 'drafts', from('budget', 'cid@contoso.com'))).Items[0]?.properties.itemId as { Id: string }
    only(await mary.call(DeleteItem, { ItemIds: [{ is: 'ItemId', value: deleted }], DeleteType: 'SoftDelete' }))
    await file(mary, 'inbox', { kind: 'post', properties: { subject: 'plan posted' } })
    await file(rob, 'inbox', from('plan', 'ann@contoso.com'))
    type Request = Infer<typeof FindMailboxStatisticsByKeywords.request>
    const ask = (more: Partial<Request> = {}, who = eve) =>
      who.call(FindMailboxStatisticsByKeywords, {
        Mailboxes: ['mary', 'rob'].map((alias) => ({ Id: site.people[alias]?.legacyExchangeDn ?? '', IsArchive: false })),
        Keywords: ['plan', 'budget'],
        ...more,
      })
    const hits = async (more?: Partial<Request>) =>
      (await ask(more)).map((answer) => {
        const counted = only([answer]).MailboxStatisticsSearchResult.KeywordStatisticsSearchResult
        assert.equal((counted?.Size ?? 0) > 0, (counted?.ItemHits ?? 0) > 0)
        return `${counted?.Keyword} ${counted?.ItemHits}`
      })
    assert.deepEqual(codes(await ask({}, mary)), ['ErrorAccessDenied'])
    assert.deepEqual(await hits(), ['plan 3', 'budget 1', 'plan 1', 'budget 0'])
    assert.deepEqual(await hits({ SearchDumpster: true }), ['plan 3', 'budget 2', 'plan 1', 'budget 0'])
    assert.deepEqual(await hits({ Senders: ['ann@contoso.com'] }), ['plan 1', 'budget 1', 'plan 1', 'budget 0'])
    assert.deepEqual(await hits({ MessageTypes: ['Posts'] }), ['plan 1', 'budget 0', 'plan 0', 'budget 0'])
    assert.deepEqual(await hits({ MessageTypes: ['Posts', 'Email'] }), ['plan 3', 'budget 1', 'plan 1', 'budget 0'])
    assert.deepEqual(await hits({ FromDate: Date.UTC(2027, 0, 1) }), ['plan 0', 'budget 0', 'plan 0', 'budget 0'])
    assert.deepEqual(await hits({ ToDate: Date.UTC(2027, 0, 1), Keywords: ['subject:plan OR budget'] }), [
      'subject:plan OR budget 4',
      'subject:plan OR budget 1',
    ])
    assert.deepEqual(
      await hits({ Mailboxes: [{ Id: 'mary@contoso.com', IsArchive: true }] }),
      ['plan 0', 'budget 0'],
      'nobody has an archive',
    )
    const unknown = [{ Id: 'nobody@contoso.com', IsArchive: false }]
    assert.deepEqual(codes(await ask({ Mailboxes: unknown, Keywords: ['plan'] })), ['ErrorNonExistentMailbox'])
    const many = Array.from({ length: 101 }, (_, at) => `word${at}`)
    assert.deepEqual(codes(await ask({ Keywords: many })), ['ErrorSearchQueryHasTooManyKeywords'])
  })
}

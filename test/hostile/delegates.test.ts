/** A delegate does what their level says and no more; what they may not see is neither carried off nor destroyed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite, type TestSite } from '../support/site.ts'
import {
  createFolder, createItem, deleteItem, entry, ews, findItem, folderId, folderOf, getItem, grant, itemId, levels, made, mail, named, setSubject, transfer,
} from './attack.ts' // prettier-ignore

/** The number of a folder that an id text names, by its display name. */
async function numberOf(site: TestSite, owner: string, name: string): Promise<number> {
  const mailbox = site.people[owner]!.mailbox
  const { items } = await site.mailboxes.findFolders(await site.caller(owner), {
    parents: [{ mailbox, kind: 'root' }],
    traversal: 'Deep',
    page: { offset: 0, limit: 1000, from: 'Beginning' },
  })
  return items.find(({ row }) => row.name === name)!.row.id
}

// Which of the operations each level allows on somebody else's item, and on one's own.
const read = ['see', 'find', 'get']
const expected: Record<string, { others: string[]; own: string[] }> = {
  None: { others: [], own: [] },
  Contributor: { others: ['see', 'create'], own: ['see', 'get', 'create'] },
  Reviewer: { others: read, own: read },
  NoneditingAuthor: { others: [...read, 'create'], own: [...read, 'create', 'delete'] },
  Author: { others: [...read, 'create'], own: [...read, 'create', 'update', 'delete'] },
  PublishingAuthor: { others: [...read, 'create', 'subfolder'], own: [...read, 'create', 'subfolder', 'update', 'delete'] },
  Editor: { others: [...read, 'create', 'update', 'delete'], own: [...read, 'create', 'update', 'delete'] },
  PublishingEditor: {
    others: [...read, 'create', 'subfolder', 'update', 'delete'],
    own: [...read, 'create', 'subfolder', 'update', 'delete'],
  },
}

test('each permission level allows its operations and no other', async () => {
  await using site = await startTestSite()
  for (const [level, { others, own }] of Object.entries(expected)) {
    const folder = await made(site, 'mary', createFolder(named('inbox'), level))
    const number = await numberOf(site, 'mary', level)
    await grant(site, 'mary', number, 'rob', levels.Author)
    const mine = await made(site, 'rob', createItem(folderId(folder), mail('mine')))
    const theirs = await made(site, 'mary', createItem(folderId(folder), mail('theirs')))
    await grant(site, 'mary', number, 'rob', levels[level as keyof typeof levels])
    for (const [id, allowed] of [
      [theirs, others],
      [mine, own],
    ] as const) {
      const operations: Record<string, string> = {
        see: `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${folderId(folder)}</m:FolderIds></m:GetFolder>`,
        find: findItem(folderId(folder)),
        get: getItem([id]),
        create: createItem(folderId(folder), mail('more')),
        subfolder: createFolder(folderId(folder), `below ${allowed === own ? 'own' : 'others'}`),
        update: setSubject(id),
        delete: deleteItem(id),
      }
      for (const [name, operation] of Object.entries(operations)) {
        const { codes, body } = await ews(site, 'rob', operation)
        assert.equal(
          codes[0] === 'NoError',
          allowed.includes(name),
          `${level}, ${id === mine ? 'own' : 'other'} item: ${name}: ${codes} ${body.slice(-500)}`,
        )
      }
    }
    const owning = { rename: 'UpdateFolder', empty: 'EmptyFolder', remove: 'DeleteFolder' }
    for (const [what, verb] of Object.entries(owning)) {
      const inside = {
        rename: `<m:UpdateFolder><m:FolderChanges><t:FolderChange>${folderId(folder)}<t:Updates><t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/><t:Folder><t:DisplayName>taken</t:DisplayName></t:Folder></t:SetFolderField></t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`,
        empty: `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="true"><m:FolderIds>${folderId(folder)}</m:FolderIds></m:EmptyFolder>`,
        remove: `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folderId(folder)}</m:FolderIds></m:DeleteFolder>`,
      }[what as keyof typeof owning]
      const { codes } = await ews(site, 'rob', inside)
      assert.ok(codes[0]?.startsWith('Error'), `${level}: ${verb}: ${codes}`)
    }
  }
})

test('a calendar folder is copied to one’s own mailbox without what is private in it', async () => {
  await using site = await startTestSite()
  const folder = await made(site, 'mary', createFolder(named('calendar'), 'Plans', 'CalendarFolder'))
  await made(site, 'mary', createItem(folderId(folder), entry('Secret subject', { sensitivity: 'Private' })))
  await made(site, 'mary', createItem(folderId(folder), entry('Open')))
  await grant(site, 'mary', await numberOf(site, 'mary', 'Plans'), 'rob', levels.Reviewer)
  const copy = await made(site, 'rob', transfer('Copy', 'Folder', named('calendar'), folderId(folder)))
  const { body } = await ews(site, 'rob', findItem(folderId(copy)))
  assert.match(body, /Open/)
  assert.doesNotMatch(body, /Secret/)
})

test('the owner of a folder does not remove, empty or move away what lies in it unseen', async () => {
  await using site = await startTestSite()
  const outer = await made(site, 'mary', createFolder(named('inbox'), 'Shared'))
  const inner = await made(site, 'mary', createFolder(folderId(outer), 'Hers alone'))
  const kept = await made(site, 'mary', createItem(folderId(inner), mail('kept')))
  await grant(site, 'mary', await numberOf(site, 'mary', 'Shared'), 'rob', levels.Owner)
  const tries = {
    DeleteFolder: `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folderId(outer)}</m:FolderIds></m:DeleteFolder>`,
    'DeleteFolder, softly': `<m:DeleteFolder DeleteType="SoftDelete"><m:FolderIds>${folderId(outer)}</m:FolderIds></m:DeleteFolder>`,
    EmptyFolder: `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="true"><m:FolderIds>${folderId(outer)}</m:FolderIds></m:EmptyFolder>`,
    'MoveFolder to another mailbox': transfer('Move', 'Folder', named('inbox'), folderId(outer)),
  }
  for (const [name, attempt] of Object.entries(tries)) {
    const { codes } = await ews(site, 'rob', attempt)
    assert.ok(codes[0]?.startsWith('Error'), `${name}: ${codes}`)
    assert.deepEqual((await ews(site, 'mary', getItem([kept]))).codes, ['NoError'], name)
  }
  const plans = await made(site, 'mary', createFolder(named('calendar'), 'Plans', 'CalendarFolder'))
  const hidden = await made(site, 'mary', createItem(folderId(plans), entry('Secret', { sensitivity: 'Private' })))
  await grant(site, 'mary', await numberOf(site, 'mary', 'Plans'), 'rob', levels.Owner)
  const { codes } = await ews(site, 'rob', transfer('Move', 'Folder', named('calendar'), folderId(plans)))
  assert.deepEqual(codes, ['ErrorAccessDenied'])
  assert.deepEqual((await ews(site, 'mary', getItem([hidden]))).codes, ['NoError'])
  // What is all one's own goes.
  const own = await made(site, 'rob', createFolder(named('inbox'), 'Mine'))
  await made(site, 'rob', createFolder(folderId(own), 'Below'))
  assert.deepEqual(
    (await ews(site, 'rob', `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folderId(own)}</m:FolderIds></m:DeleteFolder>`)).codes,
    ['NoError'],
  )
})

const subscribe = (folder: string, kind: 'Pull' | 'Streaming') =>
  `<m:Subscribe><m:${kind}SubscriptionRequest><t:FolderIds>${folder}</t:FolderIds><t:EventTypes>${['NewMail', 'Created', 'Deleted', 'Modified', 'Moved', 'Copied'].map((one) => `<t:EventType>${one}Event</t:EventType>`).join('')}</t:EventTypes>${kind === 'Pull' ? '<t:Timeout>10</t:Timeout>' : ''}</m:${kind}SubscriptionRequest></m:Subscribe>`
const pull = (id: string, watermark: string) =>
  `<m:GetEvents><m:SubscriptionId>${id}</m:SubscriptionId><m:Watermark>${watermark}</m:Watermark></m:GetEvents>`
const found = (body: string, element: string): string => new RegExp(`${element}>([^<]+)<`).exec(body)?.[1] ?? ''

test('a subscription is its maker’s alone, tells nothing once the right is withdrawn, and no folder that may not be read', async () => {
  await using site = await startTestSite()
  const inbox = await folderOf(site, 'mary', 'inbox')
  const secret = await made(site, 'mary', createFolder(named('inbox'), 'Secret'))
  await grant(site, 'mary', 'inbox', 'rob', levels.Reviewer)
  const { body } = await ews(site, 'rob', subscribe(folderId(inbox.text), 'Pull'))
  const [id, watermark] = [found(body, 'SubscriptionId'), found(body, 'Watermark')]
  assert.deepEqual((await ews(site, 'mary', pull(id, watermark))).codes, ['ErrorSubscriptionAccessDenied'])
  assert.deepEqual((await ews(site, 'mary', `<m:Unsubscribe><m:SubscriptionId>${id}</m:SubscriptionId></m:Unsubscribe>`)).codes, [
    'ErrorSubscriptionAccessDenied',
  ])
  const message = await made(site, 'mary', createItem(folderId(inbox.text), mail('one')))
  assert.match((await ews(site, 'rob', pull(id, watermark))).body, /CreatedEvent/)
  const moved = await made(site, 'mary', transfer('Move', 'Item', folderId(secret), itemId(message)))
  const told = await ews(site, 'rob', pull(id, watermark))
  assert.doesNotMatch(told.body, new RegExp(secret.replaceAll(/[+/=]/g, '.')), 'where it went is not told')
  assert.ok(!told.items.includes(moved))
  await grant(site, 'mary', 'inbox', 'rob', levels.None)
  await made(site, 'mary', createItem(folderId(inbox.text), mail('two')))
  const after = await ews(site, 'rob', pull(id, watermark))
  assert.doesNotMatch(after.body, /(?:Created|Modified|Moved|Deleted|NewMail)Event/)
})

test('forged states, watermarks, keys and ids are refusals', async () => {
  await using site = await startTestSite()
  const base64 = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')
  const mailbox = site.people['mary']!.mailbox
  const { id } = await folderOf(site, 'mary', 'inbox')
  const inner = base64([1, 'i', mailbox, id, -1e300, 5, 0])
  const states = ['x', base64('x'), base64([]), base64(['items', `${mailbox}/${id}`, 'x']), base64(['items', `${mailbox}/${id}`, inner]), base64(['items', `${mailbox}/${id}`, base64([1, 'i', mailbox, id, 1e15, -9e15, 0])]), base64('['.repeat(3000)), 'A'.repeat(100_000)] // prettier-ignore
  for (const state of states) {
    const { codes, status } = await ews(
      site,
      'mary',
      `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${named('inbox')}</m:SyncFolderId><m:SyncState>${state}</m:SyncState><m:MaxChangesReturned>9</m:MaxChangesReturned></m:SyncFolderItems>`,
    )
    assert.equal(status, 200)
    assert.ok(codes[0] === 'ErrorInvalidSyncStateData' || codes[0] === 'NoError', `${state.slice(0, 80)}: ${codes}`)
  }
  const ids = [
    '',
    'x',
    'AAAA',
    base64('\u0001'.repeat(300)),
    Buffer.concat([Buffer.from([1]), Buffer.alloc(300, 0xff)]).toString('base64'),
    Buffer.alloc(700).toString('base64'),
    'A'.repeat(200_000),
  ]
  for (const text of ids) {
    const { codes } = await ews(site, 'mary', getItem([text]))
    assert.match(codes[0] ?? '', /^ErrorInvalidId/, text.slice(0, 40))
  }
})

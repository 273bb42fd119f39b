/** [MS-OXWSCDATA] 2.2.4.10, 2.2.4.12, 2.2.4.18, 2.2.4.43, 2.2.4.67: what answers are made of. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, type XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { discoverer } from '../support/discoverer.ts'
import { startTestSite } from '../support/site.ts'
import { at, folderXml, idOf, itemXml, names, person, setXml, text, type Id } from './person.ts'

const message = (subject: string, more = '') => `<t:Message><t:Subject>${subject}</t:Subject>${more}</t:Message>`
const moveXml = (verb: string, id: Id) =>
  `<m:${verb}><m:ToFolderId>${folderXml('inbox')}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:${verb}>`

for (const engine of quickEngines) {
  test(`each operation answers in messages of its own (${engine.name}): MS-OXWSCDATA_R1583 _R1037 _R1584 _R1038 _R1585 _R1039 _R1586 _R1040 _R1588 _R1041 _R1601 _R1056 _R1602 _R1057 _R105401 _R1054011 _R3060 _R1623 _R1675 _R1094`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    /** Asks, and holds the answer against its one list of one message, which has items or not. */
    const ask = async (operation: string, verb: string, items: 'items' | 'none'): Promise<XmlElement> => {
      const body = await mary.whole(operation)
      assert.deepEqual([body.name, names(body)], [`${verb}Response`, ['ResponseMessages']], verb)
      const messages = elementsOf(elementsOf(body)[0]!)
      assert.deepEqual(
        messages.map(({ name }) => name),
        [`${verb}ResponseMessage`],
      )
      const [first] = messages
      assert.equal(first?.attributes['ResponseClass'], 'Success', verb)
      assert.deepEqual(names(first).slice(0, 2), items === 'items' ? ['ResponseCode', 'Items'] : ['ResponseCode'], verb)
      return first!
    }
    const idIn = (answer: XmlElement) => idOf(elementsOf(at(answer, 'Items')!)[0])
    const made = idIn(
      await ask(
        mary.createXml(
          message('one', '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'),
        ),
        'CreateItem',
        'items',
      ),
    )
    assert.equal(idIn(await ask(mary.getXml(itemXml(made)), 'GetItem', 'items')).Id, made.Id)
    const updated = await ask(mary.updateXml(made, setXml('item:Subject', message('two'))), 'UpdateItem', 'items')
    assert.equal(text(updated, 'ConflictResults/Count'), '0')
    const copied = idIn(await ask(moveXml('CopyItem', made), 'CopyItem', 'items'))
    const moved = idIn(await ask(moveXml('MoveItem', idIn(updated)), 'MoveItem', 'items'))
    await ask(`<m:SendItem SaveItemToFolder="false"><m:ItemIds>${itemXml(moved)}</m:ItemIds></m:SendItem>`, 'SendItem', 'none')
    await ask(`<m:DeleteItem DeleteType="HardDelete"><m:ItemIds>${itemXml(copied)}</m:ItemIds></m:DeleteItem>`, 'DeleteItem', 'none')
    await ask(
      `<m:MarkAllItemsAsRead><m:ReadFlag>true</m:ReadFlag><m:SuppressReadReceipts>true</m:SuppressReadReceipts><m:FolderIds>${folderXml('inbox')}</m:FolderIds></m:MarkAllItemsAsRead>`,
      'MarkAllItemsAsRead',
      'none',
    )
    const junk = await mary.create(message('junk'), { folder: 'inbox' })
    const marked = await mary.whole(`<m:MarkAsJunk IsJunk="true" MoveItem="true"><m:ItemIds>${itemXml(junk)}</m:ItemIds></m:MarkAsJunk>`)
    const [answer] = elementsOf(elementsOf(marked)[0]!)
    assert.deepEqual([answer?.name, names(answer)], ['MarkAsJunkResponseMessage', ['ResponseCode', 'MovedItemId']])
  })
}

test('an answer is a success, a warning or an error: MS-OXWSCDATA_R1284 _R1436', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const resolve = (entry: string) =>
    `<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`
  const classes = async (operation: string) => (await mary.ask(operation)).map(({ as, code }) => [as, code])
  assert.deepEqual(await classes(resolve('rob@contoso.com')), [['Success', 'NoError']])
  assert.deepEqual(await classes(resolve('Room')), [['Warning', 'ErrorNameResolutionMultipleResults']])
  assert.deepEqual(await classes(resolve('zzzz')), [['Error', 'ErrorNameResolutionNoResults']])
})

test('items without a kind of their own come back as messages: MS-OXWSCDATA_R1020 _R1021 _R102000000', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = [
    await mary.create('<t:Item><t:Subject>plain</t:Subject></t:Item>', { folder: 'inbox' }),
    await mary.create('<t:Item><t:ItemClass>IPM.Mine</t:ItemClass><t:Subject>mine</t:Subject></t:Item>', { folder: 'inbox' }),
  ]
  for (const id of made) assert.equal((await mary.get(id)).name, 'Message')
  assert.deepEqual(
    (await mary.find('inbox')).map(({ name }) => name),
    ['Message', 'Message'],
  )
})

test('the server says its version, and the precision of times is the client\u2019s choice: MS-OXWSCDATA_R1339 _R368004 _R2106 _R2107 _R1816', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message('timed'))
  const created = async (dateTimePrecision?: 'Seconds' | 'Milliseconds') =>
    text(
      await mary.get(made, undefined, { requestServerVersion: 'Exchange2016', ...(dateTimePrecision && { dateTimePrecision }) }),
      'DateTimeCreated',
    ) ?? ''
  const [seconds, milliseconds, usual] = [await created('Seconds'), await created('Milliseconds'), await created()]
  assert.match(seconds, /T\d\d:\d\d:\d\dZ$/)
  assert.match(milliseconds, /T\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.equal(milliseconds.slice(0, 19), seconds.slice(0, 19))
  assert.equal(usual, seconds)
  const { body } = await site.ews(
    `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${folderXml('inbox')}</m:FolderIds></m:GetFolder>`,
  )
  const [, attributes = ''] = /<t:ServerVersionInfo ([^>]*)\/>/.exec(body) ?? []
  assert.deepEqual(
    [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [
      name,
      name === 'Version' ? /^Exchange\d{4}/.test(value!) : /^\d+$/.test(value!),
    ]),
    [
      ['MajorVersion', true],
      ['MinorVersion', true],
      ['MajorBuildNumber', true],
      ['MinorBuildNumber', true],
      ['Version', true],
    ],
  )
})

const kinds = {
  there:
    'calendar contacts deleteditems drafts inbox journal notes outbox sentitems tasks msgfolderroot root junkemail searchfolders voicemail recoverableitemsroot recoverableitemsdeletions recoverableitemsversions recoverableitemspurges recoverableitemsdiscoveryholds syncissues conflicts localfailures serverfailures recipientcache quickcontacts conversationhistory todosearch mycontacts imcontactlist peopleconnect favorites',
  absent:
    'archiveroot archivemsgfolderroot archivedeleteditems archiveinbox archiverecoverableitemsroot archiverecoverableitemsdeletions archiverecoverableitemsversions archiverecoverableitemspurges archiverecoverableitemsdiscoveryholds adminauditlogs directory mecontact personmetadata',
}

test('folders by their distinguished names, those that a mailbox has and those that it has not: MS-OXWSCDATA_R8301 _R4000', async () => {
  await using site = await startTestSite()
  const [mary, rob, seer] = [person(site), person(site, 'rob'), await discoverer(site)]
  const get = (name: string, mailbox = '') =>
    `<m:GetFolder><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="${name}">${mailbox && `<t:Mailbox><t:EmailAddress>${mailbox}</t:EmailAddress></t:Mailbox>`}</t:DistinguishedFolderId></m:FolderIds></m:GetFolder>`
  const ids = new Set<string>()
  for (const name of kinds.there.split(' ')) {
    const isClosed = /(versions|purges|discoveryholds)$/.test(name)
    assert.deepEqual(await mary.codes(get(name)), [isClosed ? 'ErrorFolderNotFound' : 'NoError'], name)
    const read = await seer.getFolder(name)
    assert.equal(text(read, 'DistinguishedFolderId'), name)
    ids.add(idOf(read, 'FolderId').Id)
    assert.deepEqual(await rob.codes(get(name, 'mary@contoso.com')), [isClosed ? 'ErrorFolderNotFound' : 'ErrorAccessDenied'], name)
  }
  assert.equal(ids.size, kinds.there.split(' ').length, 'each name is of a folder of its own')
  for (const name of kinds.absent.split(' ')) assert.deepEqual(await mary.codes(get(name)), ['ErrorFolderNotFound'], name)
  assert.deepEqual(
    await mary.codes(get('publicfoldersroot')),
    ['ErrorNoPublicFolderReplicaAvailable'],
    'the organisation has no public folders',
  )
  assert.deepEqual(await mary.codes(get('attic')), ['ErrorInvalidFolderId'])
  assert.deepEqual(await mary.codes(get('inbox', 'nobody@contoso.com')), ['ErrorNonExistentMailbox'])
})

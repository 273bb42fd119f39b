/** [MS-OXWSCDATA] 2.2.4.19, 2.2.4.37, 2.2.4.44: what response shapes and bodies say. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapeText, textOf } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, folderXml, idOf, itemXml, names, person, text, texts, type Id, type Person } from './person.ts'

const message = (body: string, type = 'HTML', more = '') =>
  `<t:Message><t:Subject>s</t:Subject><t:Body BodyType="${type}">${escapeText(body)}</t:Body>${more}</t:Message>`
const bodyOf = async (who: Person, id: Id, more = '') => {
  const body = at(await who.get(id, { shape: 'IdOnly', fields: ['item:Body'], more }), 'Body')
  return {
    type: body?.attributes['BodyType'],
    truncated: body?.attributes['IsTruncated'],
    value: body ? textOf(body) : '',
  }
}

for (const engine of quickEngines) {
  test(`bodies are HTML or text, as they are or as asked (${engine.name}): MS-OXWSCDATA_R15 _R17 _R18 _R22 _R23 _R1190 _R1665 _R1097`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const html = await mary.create(message('<html><body><p>one <b>two</b></p></body></html>'))
    const plain = await mary.create(message('a < b', 'Text'))
    const form = (type: string) => `<t:BodyType>${type}</t:BodyType>`
    for (const more of ['', form('Best')]) {
      assert.deepEqual(await bodyOf(mary, html, more), {
        type: 'HTML',
        truncated: undefined,
        value: '<html><body><p>one <b>two</b></p></body></html>',
      })
      assert.deepEqual(await bodyOf(mary, plain, more), { type: 'Text', truncated: undefined, value: 'a < b' })
    }
    const asText = await bodyOf(mary, html, form('Text'))
    assert.deepEqual([asText.type, asText.value.trim()], ['Text', 'one two'])
    const asHtml = await bodyOf(mary, plain, form('HTML'))
    assert.equal(asHtml.type, 'HTML')
    assert.match(asHtml.value, /<body[^>]*>[\s\S]*a &lt; b/)
  })

  test(`a body that is too large is cut off, and says so (${engine.name}): MS-OXWSCDATA_R3061 _R3062`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(message('x'.repeat(5000), 'Text'))
    const most = (size: number) => `<t:MaximumBodySize>${size}</t:MaximumBodySize>`
    assert.deepEqual(await bodyOf(mary, made, most(100)), { type: 'Text', truncated: 'true', value: 'x'.repeat(100) })
    const whole = await bodyOf(mary, made, most(5000))
    assert.deepEqual([whole.value.length, whole.truncated === 'true'], [5000, false])
  })
}

const hostile =
  '<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"></head><body onload="x()"><script>evil()</script>' +
  '<p>Gr\u00fc\u00dfe</p><a href="http://x.example/">link</a><img src="http://x.example/beacon.gif" width="1" height="1">' +
  '<img src="https://x.example/seen.png" style="display:none"><img src="https://x.example/picture.png" alt="p"><img src="cid:own"></body></html>'

test('HTML is filtered when asked: MS-OXWSCDATA_R1193 _R21193 _R21194 _R211941 _R1194', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message(hostile))
  for (const more of ['', '<t:FilterHtmlContent>false</t:FilterHtmlContent>']) {
    const { value } = await bodyOf(mary, made, more)
    for (const part of ['<script>evil()</script>', 'onload="x()"', 'beacon.gif', 'seen.png']) assert.ok(value.includes(part), part)
  }
  const { value } = await bodyOf(mary, made, '<t:FilterHtmlContent>true</t:FilterHtmlContent>')
  for (const part of ['script', 'evil', 'onload', 'beacon.gif', 'seen.png']) assert.ok(!value.includes(part), part)
  for (const part of ['Gr\u00fc\u00dfe', 'href="http://x.example/"', 'picture.png', 'cid:own']) assert.ok(value.includes(part), part)
})

test('pictures from elsewhere, links and code pages are as asked: MS-OXWSCDATA_R149903 _R2149905 _R2149906 _R149904 _R2149908 _R2149909 _R1195 _R21195 _R21196 _R1498 _R21498', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message(hostile))
  const asked = async (name: string, value: boolean) => (await bodyOf(mary, made, `<t:${name}>${value}</t:${name}>`)).value
  const blocked = await asked('BlockExternalImages', true)
  assert.ok(!blocked.includes('picture.png') && blocked.includes('cid:own'))
  assert.ok((await asked('BlockExternalImages', false)).includes('src="https://x.example/picture.png"'))
  assert.match(await asked('AddBlankTargetToLinks', true), /<a href="http:\/\/x\.example\/" target="_blank"/)
  assert.ok(!(await asked('AddBlankTargetToLinks', false)).includes('_blank'))
  assert.match(await asked('ConvertHtmlCodePageToUTF8', true), /charset=utf-8/)
  assert.match((await bodyOf(mary, made)).value, /charset=utf-8/)
  assert.match(await asked('ConvertHtmlCodePageToUTF8', false), /charset=iso-8859-1/)
  // A head longer than is looked through, whose code page stands across the end of that, stays whole.
  const long = `<html><head><title>${'x'.repeat(8192 - 46)}</title><meta charset="iso-8859-1"></head><body>b</body></html>`
  assert.equal((await bodyOf(mary, await mary.create(message(long)))).value, long)
})

test('shapes give ids, a few properties or all, and what is named besides: MS-OXWSCDATA_R59 _R61 _R62 _R1185 _R1197 _R1170 _R1171 _R1234', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message('b', 'Text', '<t:Importance>High</t:Importance>'))
  const get = async (shape: string, ...fields: string[]) => names(await mary.get(made, { shape, fields }))
  const [ids, few, everything] = [await get('IdOnly'), await get('Default'), await get('AllProperties')]
  assert.deepEqual(ids, ['ItemId'])
  assert.ok(few.includes('Subject') && !few.includes('Importance'))
  assert.ok(everything.includes('Importance') && everything.length > few.length)
  const extended = '<t:ExtendedFieldURI PropertyTag="0x0037" PropertyType="String"/>'
  assert.deepEqual(await get('IdOnly', 'item:Importance', extended), ['ItemId', 'Importance', 'ExtendedProperty'])
  assert.deepEqual([...(await get('Default', 'item:Importance'))].sort(), [...few, 'Importance'].sort())
  const folder = async (shape: string, ...fields: string[]) => names(await mary.getFolder('inbox', { shape, fields }))
  assert.deepEqual(await folder('IdOnly'), ['FolderId'])
  assert.deepEqual(await folder('Default'), ['FolderId', 'DisplayName', 'TotalCount', 'ChildFolderCount', 'UnreadCount'])
  assert.ok((await folder('AllProperties')).includes('EffectiveRights'))
  assert.deepEqual(await folder('IdOnly', 'folder:UnreadCount', 'folder:PermissionSet'), ['FolderId', 'PermissionSet', 'UnreadCount'])
})

test('MIME is there when asked for, and never in a synchronisation: MS-OXWSCDATA_R21188 _R21189 _R1188', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message('b', 'Text'))
  const mime = async (value: string) => at(await mary.get(made, { shape: 'IdOnly', more: value }), 'MimeContent')
  assert.equal(await mime(''), undefined)
  assert.equal(await mime('<t:IncludeMimeContent>false</t:IncludeMimeContent>'), undefined)
  const content = await mime('<t:IncludeMimeContent>true</t:IncludeMimeContent>')
  assert.match(Buffer.from(content ? textOf(content) : '', 'base64').toString(), /^Subject: s\r?$/m)
  const sync = (shape: string) =>
    `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>${shape}</m:ItemShape><m:SyncFolderId>${folderXml('drafts')}</m:SyncFolderId><m:MaxChangesReturned>5</m:MaxChangesReturned></m:SyncFolderItems>`
  assert.deepEqual(await mary.codes(sync('<t:IncludeMimeContent>true</t:IncludeMimeContent>')), ['ErrorInvalidPropertyForOperation'])
  assert.deepEqual(await mary.codes(sync('')), ['NoError'])
})

test('ids, strings and what must have a character: MS-OXWSCDATA_R188 _R1541 _R1628 _R1629 _R1633 _R1634', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const inbox = idOf(await mary.getFolder('inbox', { shape: 'IdOnly' }), 'FolderId')
  assert.ok(inbox.Id && inbox.ChangeKey)
  const get = (id: string) =>
    `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${id}</m:FolderIds></m:GetFolder>`
  assert.deepEqual(await mary.codes(get(`<t:FolderId Id="${inbox.Id}"/>`)), ['NoError'])
  assert.deepEqual(await mary.codes(get(folderXml({ ...inbox, ChangeKey: 'no' }))), ['ErrorInvalidChangeKey'])
  const empty = await site.ews(
    '<m:CreateManagedFolder><m:FolderNames><t:FolderName></t:FolderName></m:FolderNames></m:CreateManagedFolder>',
  )
  assert.match(empty.body, /ErrorSchemaValidation/)
  const made = await mary.create(message('b', 'Text', '<t:Categories><t:String>one</t:String><t:String>two</t:String></t:Categories>'))
  assert.deepEqual(texts(await mary.get(made), 'Categories/String'), ['one', 'two'])
  const attach =
    '<t:FileAttachment><t:Name>a.txt</t:Name><t:Content>YQ==</t:Content></t:FileAttachment>' +
    '<t:ItemAttachment><t:Name>i</t:Name><t:Message><t:Subject>inner</t:Subject></t:Message></t:ItemAttachment>'
  await mary.ask(`<m:CreateAttachment><m:ParentItemId Id="${made.Id}"/><m:Attachments>${attach}</m:Attachments></m:CreateAttachment>`)
  const read = at(await mary.get(itemXml(made).replace(/ ChangeKey="[^"]*"/, '')), 'Attachments')
  assert.deepEqual(names(read), ['FileAttachment', 'ItemAttachment'])
  assert.deepEqual(
    [...all(read, 'FileAttachment'), ...all(read, 'ItemAttachment')].map((one) => text(one, 'Name')),
    ['a.txt', 'i'],
  )
})

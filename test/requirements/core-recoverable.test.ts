/** [MS-OXWSCORE] 3.1.4.10 UpdateItemInRecoverableItems, and what becomes of changes that know an older version of the item. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { latest, meet, required } from './meeting-room.ts'
import { appendXml, at, folderXml, idOf, itemXml, person, setXml, text, texts, type Id } from './person.ts'

const message = (inside: string) => `<t:Message>${inside}</t:Message>`
const subject = (value: string) => `<t:Subject>${value}</t:Subject>`
const file = (name: string) => `<t:FileAttachment><t:Name>${name}</t:Name><t:Content>YQ==</t:Content></t:FileAttachment>`
const change = (id: Id, { updates = '', files = '', immutable = '' } = {}) =>
  `<m:UpdateItemInRecoverableItems>${itemXml(id).replace('<t:', '<m:')}` +
  `${updates && `<m:Updates>${updates}</m:Updates>`}${files && `<m:Attachments>${files}</m:Attachments>`}` +
  `${immutable && `<m:MakeItemImmutable>${immutable}</m:MakeItemImmutable>`}</m:UpdateItemInRecoverableItems>`

for (const engine of quickEngines) {
  test(`UpdateItemInRecoverableItems changes what was deleted, with its attachments (${engine.name}): MS-OXWSCORE_R2168 _R2206 _R2235 _R2237 _R2240 _R2243 _R2244 _R2247 _R2248 _R2269 _R2308 _R2327`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(message(subject('first') + `<t:Attachments>${file('old.txt')}</t:Attachments>`), { folder: 'inbox' })
    const updates =
      setXml('item:Subject', message(subject('second'))) + appendXml('item:Body', message('<t:Body BodyType="Text">words</t:Body>'))
    assert.deepEqual(await mary.codes(change(made, { updates })), ['ErrorInvalidOperation'], 'it lies in the inbox')
    assert.deepEqual(await mary.remove(itemXml(made), 'SoftDelete'), ['NoError'])
    const [deleted] = await mary.find('recoverableitemsdeletions')
    const raw = await site.ews(change(idOf(deleted), { updates, files: file('new.txt') }))
    assert.match(raw.body, /<(\w+):ServerVersionInfo [^>]*MajorVersion=/)
    assert.match(raw.body, /Body>\s*<(\w+:)?UpdateItemInRecoverableItemsResponse[ >]/)
    assert.match(raw.body, /<(\w+:)?UpdateItemInRecoverableItemsResponseMessage ResponseClass="Success"/)
    const [again] = await mary.find('recoverableitemsdeletions', { shape: 'Default' })
    assert.equal(text(again, 'Subject'), 'second')
    const read = await mary.get(idOf(again))
    assert.deepEqual(texts(read, 'Attachments/FileAttachment/Name'), ['old.txt', 'new.txt'])
    assert.match(text(read, 'Body') ?? '', /words/)
    const answer = await mary.done(change(idOf(read), { files: file('third.txt') }))
    assert.deepEqual(texts(answer, 'Attachments/FileAttachment/Name'), ['old.txt', 'new.txt', 'third.txt'])
    const next = idOf(at(answer, 'Items/Message'))
    assert.deepEqual([next.Id === idOf(read).Id, next.ChangeKey === idOf(read).ChangeKey], [true, false])
    assert.deepEqual(await mary.codes(change({ ...next, Id: made.Id }, { updates })), ['ErrorItemNotFound'])
  })

  test(`what was made immutable nobody changes while it lies there (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(message(subject('evidence')), { folder: 'inbox' })
    await mary.remove(itemXml(made), 'SoftDelete')
    const [deleted] = await mary.find('recoverableitemsdeletions')
    const held = idOf(at(await mary.done(change(idOf(deleted), { immutable: 'true' })), 'Items/Message'))
    const updates = setXml('item:Subject', message(subject('other')))
    assert.deepEqual(await mary.codes(change(held, { updates })), ['ErrorAccessDenied'])
    assert.deepEqual(await mary.updateCodes(held, updates), ['ErrorAccessDenied'])
    const attach = `<m:CreateAttachment>${itemXml(held).replace('t:ItemId', 'm:ParentItemId')}<m:Attachments>${file('a')}</m:Attachments></m:CreateAttachment>`
    assert.deepEqual(await mary.codes(attach), ['ErrorAccessDenied'])
    const read = await mary.get(held)
    assert.deepEqual([text(read, 'Subject'), text(read, 'EffectiveRights/Modify')], ['evidence', 'false'])
    const move = async (id: Id, folder: string | Id) =>
      idOf(
        at(
          await mary.done(
            `<m:MoveItem><m:ToFolderId>${folderXml(folder)}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:MoveItem>`,
          ),
          'Items/Message',
        ),
      )
    const recovered = await move(held, 'inbox')
    assert.equal(text(await mary.get(await mary.update(recovered, updates)), 'Subject'), 'other')
  })

  test(`AutoResolve: who knows an older version lowers nothing that was raised since (${engine.name}): MS-OXWSCORE_R585 _R2271`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const grade = (value: string) => `<t:Importance>${value}</t:Importance>`
    const old = await mary.create(message(subject('first') + grade('Normal')), { folder: 'inbox' })
    await mary.update(old, setXml('item:Importance', message(grade('High'))))
    const both = setXml('item:Subject', message(subject('second'))) + setXml('item:Importance', message(grade('Low')))
    const answer = await mary.done(mary.updateXml(old, both, { conflict: 'AutoResolve' }))
    assert.equal(text(answer, 'ConflictResults/Count'), '1')
    const now = await mary.get(old)
    assert.deepEqual([text(now, 'Subject'), text(now, 'Importance')], ['second', 'High'])
    const known = await mary.done(mary.updateXml(idOf(now), both, { conflict: 'AutoResolve' }))
    assert.equal(text(known, 'ConflictResults/Count'), '0')
    assert.equal(text(await mary.get(old), 'Importance'), 'Low')
    await mary.remove(itemXml(idOf(await mary.get(old))), 'SoftDelete')
    const [deleted] = await mary.find('recoverableitemsdeletions')
    await mary.done(change(idOf(deleted), { updates: setXml('item:Importance', message(grade('High'))) }))
    const stale = await mary.done(change(idOf(deleted), { updates: setXml('item:Importance', message(grade('Normal'))) }))
    assert.equal(text(stale, 'ConflictResults/Count'), '1')
  })
}

test('only who may change the item changes it among those to be recovered', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const made = await mary.create(message(subject('hers')), { folder: 'inbox' })
  await mary.remove(itemXml(made), 'SoftDelete')
  const [deleted] = await mary.find('recoverableitemsdeletions')
  const updates = setXml('item:Subject', message(subject('his')))
  const staged = site.store.metrics().blobBytes
  for (const more of [{ updates }, { files: file('a') }, { immutable: 'true' }]) {
    const [code] = await rob.codes(change(idOf(deleted), more))
    assert.match(code ?? '', /^Error(AccessDenied|ItemNotFound)$/)
  }
  const attach = `<m:CreateAttachment>${itemXml(idOf(deleted)).replace('t:ItemId', 'm:ParentItemId')}<m:Attachments>${file('a')}</m:Attachments></m:CreateAttachment>`
  assert.match((await rob.codes(attach))[0] ?? '', /^Error(AccessDenied|ItemNotFound)$/)
  assert.equal(site.store.metrics().blobBytes, staged, 'nothing is put on disk for who may not')
  const read = await mary.get(idOf(deleted))
  assert.deepEqual([text(read, 'Subject'), text(read, 'HasAttachments'), text(read, 'EffectiveRights/Modify')], ['hers', 'false', 'true'])
})

test('a stale change of a meeting that others are told of says what gave way', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const grade = (value: string) => `<t:CalendarItem><t:Importance>${value}</t:Importance></t:CalendarItem>`
  const id = await meet(mary, 'meet', required('rob'))
  const old = await latest(mary, id)
  await mary.update(old, setXml('item:Importance', grade('High')))
  const changes = setXml('item:Importance', grade('Low')) + setXml('item:Subject', `<t:CalendarItem>${subject('again')}</t:CalendarItem>`)
  const xml = mary.updateXml(old, changes, { conflict: 'AutoResolve' }).replace('"SendToNone"', '"SendToAllAndSaveCopy"')
  assert.equal(text(await mary.done(xml), 'ConflictResults/Count'), '1')
  const now = await mary.get(await latest(mary, id))
  assert.deepEqual([text(now, 'Subject'), text(now, 'Importance')], ['again', 'High'])
})

test('times of the answer are of the zone asked for: MS-OXWSCORE_R2226 _R2227', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message(subject('x') + `<t:Attachments>${file('a.txt')}</t:Attachments>`), { folder: 'inbox' })
  await mary.remove(itemXml(made), 'SoftDelete')
  const [deleted] = await mary.find('recoverableitemsdeletions')
  const updates = setXml('item:Subject', message(subject('y')))
  const headers = { requestServerVersion: 'Exchange2016', timeZoneContext: { id: 'India Standard Time' } } as const
  const modified = 'Attachments/FileAttachment/LastModifiedTime'
  const there = text(await mary.done(change(idOf(deleted), { updates }), headers), modified) ?? ''
  const here = text(await mary.done(change(idOf((await mary.find('recoverableitemsdeletions'))[0]), { updates })), modified) ?? ''
  assert.match(there, /\+05:30$/)
  assert.match(here, /Z$/)
  assert.equal(new Date(there).getTime(), new Date(here).getTime())
})

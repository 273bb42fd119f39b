import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { attach, attachedXml, attachmentId, fileXml, getAttachment, getAttachmentXml, listed } from './attaching.ts'
import { at, idOf, names, person, text } from './person.ts'

for (const engine of quickEngines) {
  test(`what is made with attachments is told their ids (${engine.name}): MS-OXWSATT_R336 _R333 _R334`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const attachments = `<t:Attachments>${fileXml('a')}${attachedXml('<t:Message><t:Subject>b</t:Subject></t:Message>', 'b')}</t:Attachments>`
    const times = '<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End>'
    const mime = `<t:MimeContent>${Buffer.from('From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhi\r\n--x\r\nContent-Disposition: attachment; filename=z\r\n\r\nz\r\n--x--').toString('base64')}</t:MimeContent>`
    for (const [xml, folder] of [
      [`<t:Message><t:Subject>x</t:Subject>${attachments}</t:Message>`, 'drafts'],
      [`<t:Message>${mime}${attachments}</t:Message>`, 'drafts'],
      [`<t:CalendarItem><t:Subject>x</t:Subject>${attachments}${times}</t:CalendarItem>`, 'calendar'],
      [`<t:Task><t:Subject>x</t:Subject>${attachments}</t:Task>`, 'tasks'],
    ] as const) {
      const answer = (version: string) => mary.done(mary.createXml(xml, { folder }), { requestServerVersion: version })
      const made = at(await answer('Exchange2010_SP2'), 'Items')?.children[0] as XmlElement
      assert.deepEqual(names(made), ['ItemId', 'Attachments'], xml)
      const told = listed(made)
      assert.deepEqual([told.map(({ name }) => name), told.map(names)], [['FileAttachment', 'ItemAttachment'], [['AttachmentId'], ['AttachmentId']]]) // prettier-ignore
      for (const one of told) {
        const { RootItemId, RootItemChangeKey } = at(one, 'AttachmentId')?.attributes ?? {}
        assert.deepEqual({ Id: RootItemId, ChangeKey: RootItemChangeKey }, idOf(made))
      }
      const read = await Promise.all(told.map((one) => getAttachment(mary, attachmentId(one))))
      assert.deepEqual(read.map((one) => text(one, 'Name')), ['a', 'b']) // prettier-ignore
      const older = at(await answer('Exchange2010_SP1'), 'Items')?.children[0] as XmlElement
      assert.deepEqual(names(older), ['ItemId'], 'clients of older schemas attach by themselves')
    }
    const plain = at(await mary.done(mary.createXml('<t:Message><t:Subject>x</t:Subject></t:Message>')), 'Items')?.children[0]
    assert.deepEqual(names(plain as XmlElement), ['ItemId'])
  })

  test(`a contact has one picture, the last (${engine.name}): MS-OXWSATT_R74`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const photo = (name: string) => fileXml(name, '<t:IsContactPhoto>true</t:IsContactPhoto>')
    const first = `<t:Attachments>${photo('1.jpg')}${fileXml('notes.txt')}${photo('2.jpg')}</t:Attachments>`
    const contact = await mary.create(`<t:Contact>${first}<t:DisplayName>Ann</t:DisplayName></t:Contact>`, { folder: 'contacts' })
    const seen = async () => listed(await mary.get(contact)).map((one) => [text(one, 'Name'), text(one, 'IsContactPhoto')])
    assert.deepEqual(await seen(), [
      ['notes.txt', 'false'],
      ['2.jpg', 'true'],
    ])
    const old = attachmentId(listed(await mary.get(contact))[1])
    await attach(mary, contact, photo('3.jpg'))
    assert.deepEqual(await seen(), [
      ['notes.txt', 'false'],
      ['3.jpg', 'true'],
    ])
    assert.deepEqual(await mary.codes(getAttachmentXml([old])), ['ErrorInvalidAttachmentId'])
    assert.equal(text(await mary.get(contact), 'HasPicture'), 'true')
  })
}

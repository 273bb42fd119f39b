import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { arrived, at, idOf, person, text, type Id } from './person.ts'

const to = (who: string) => `<t:ToRecipients><t:Mailbox><t:EmailAddress>${who}@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>`
const reference = ({ Id, ChangeKey }: Id) => `<t:ReferenceItemId Id="${Id}" ChangeKey="${ChangeKey}"/>`
const indexOf = (item: XmlElement) => Buffer.from(text(item, 'ConversationIndex') ?? '', 'base64')
const conversationOf = (item: XmlElement) => at(item, 'ConversationId')?.attributes['Id']

for (const engine of quickEngines) {
  test(`an answer says behind what it stands (${engine.name}): MS-OXWSMSG_R47 _R50 _R66`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const rob = person(site, 'rob')
    await mary.done(mary.createXml(`<t:Message><t:Subject>plan</t:Subject>${to('rob')}</t:Message>`, { disposition: 'SendAndSaveCopy' }))
    const first = await arrived(site, 'rob', 'plan', 'inbox')
    assert.equal(indexOf(first).length, 22)
    assert.equal(indexOf(first)[0], 1)
    await rob.done(rob.createXml(`<t:ReplyToItem>${reference(idOf(first))}</t:ReplyToItem>`, { disposition: 'SendAndSaveCopy' }))
    const second = await arrived(site, 'mary', 'RE: plan', 'inbox')
    assert.equal(indexOf(second).length, 27)
    assert.deepEqual(indexOf(second).subarray(0, 22), indexOf(first))
    assert.deepEqual(indexOf(await arrived(site, 'rob', 'RE: plan', 'sentitems')), indexOf(second), 'the same for both')
    // As a draft that is sent later.
    const draft = await mary.create(`<t:ReplyToItem>${reference(idOf(second))}</t:ReplyToItem>`)
    assert.equal(indexOf(await mary.get(draft)).length, 32)
    await mary.done(
      `<m:SendItem SaveItemToFolder="true"><m:ItemIds><t:ItemId Id="${draft.Id}" ChangeKey="${draft.ChangeKey}"/></m:ItemIds></m:SendItem>`,
    )
    const third = await arrived(site, 'rob', 'RE: plan', 'inbox')
    assert.deepEqual(indexOf(third).subarray(0, 27), indexOf(second))
    assert.equal(indexOf(third).length, 32)
    assert.deepEqual([first, second, third].map((item) => text(item, 'ConversationTopic')), ['plan', 'plan', 'plan']) // prettier-ignore
    assert.equal(conversationOf(third), conversationOf(first))
    const ids = [first, second].map((item) => text(item, 'InternetMessageId'))
    assert.equal(text(third, 'References'), ids.join(' '))
  })
}

test('the place in a conversation that mail from elsewhere says: MS-OXWSMSG_R47', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const mail = (fields: string) =>
    mary.create(
      `<t:Message><t:MimeContent>${Buffer.from(`From: a@fabrikam.com\r\nSubject: x\r\n${fields}\r\n\r\nhi\r\n`).toString('base64')}</t:MimeContent></t:Message>`,
      { folder: 'inbox' },
    )
  const legacy = 'AcdyY+a08VX8xfobTsy61v9NHPZ7QAAAiXbA'
  const modern = 'AQHWLRNo4NaOjvXU8EODe0ZotrA8B6itzaxf'
  for (const [index, began] of [
    [legacy, Date.UTC(2007, 1, 1)],
    [modern, Date.UTC(2020, 4, 18, 12, 54, 2, 646)],
  ] as const) {
    const one = await mary.get(await mail(`Message-ID: <${began}@fabrikam.com>\r\nThread-Index: ${index}`))
    assert.equal(text(one, 'ConversationIndex'), index)
    const answer = indexOf(await mary.get(await mary.create(`<t:ReplyToItem>${reference(idOf(one))}</t:ReplyToItem>`)))
    assert.deepEqual(answer.subarray(0, -5), Buffer.from(index, 'base64'))
    assert.equal(answer.length, Buffer.from(index, 'base64').length + 5)
    const told = answer.readUInt32BE(answer.length - 5)
    // Both began more than 1.7 years ago: the higher bits of the distance are told ([MS-OXOMSG] 2.2.1.3).
    assert.equal(told >>> 31, 1)
    const distance = (told & 0x7fffffff) * 2 ** 23
    const created = Date.parse(text(one, 'DateTimeCreated') ?? '')
    if (index === modern) assert.ok(Math.abs(distance / 10_000 - (created - began)) < 600_000, String(distance))
    assert.equal((answer.at(-1) ?? 1) & 0x0f, 0)
  }
  for (const wrong of [
    '',
    'AQ==',
    '!!!!',
    Buffer.alloc(22).toString('base64'),
    Buffer.alloc(24, 1).toString('base64'),
    Buffer.alloc(22 + 5000, 1).toString('base64'),
  ]) {
    const one = await mary.get(await mail(`Thread-Index: ${wrong}`))
    assert.equal(indexOf(one).length, 22, wrong.slice(0, 20))
    assert.notEqual(text(one, 'ConversationIndex'), wrong)
  }
})

test('what a client wrote as the place of a message hinders no answer to it: MS-OXWSMSG_R47', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const [n, index] of ['', 'AQ==', 'AQEBAQ==', Buffer.alloc(2000, 1).toString('base64')].entries()) {
    const odd = `<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="0x71" PropertyType="Binary"/><t:Value>${index}</t:Value></t:ExtendedProperty>`
    const id = await mary.create(
      `<t:Message><t:Subject>odd</t:Subject>${odd}<t:InternetMessageId>&lt;${n}@x></t:InternetMessageId></t:Message>`,
    )
    const draft = await mary.create(`<t:ReplyToItem>${reference(id)}</t:ReplyToItem>`)
    assert.equal(indexOf(await mary.get(draft)).length, 27)
    const mime = Buffer.from(`From: a@fabrikam.com\r\nSubject: RE: odd\r\nIn-Reply-To: <${n}@x>\r\n\r\nhi\r\n`).toString('base64')
    const filed = await mary.create(`<t:Message><t:MimeContent>${mime}</t:MimeContent></t:Message>`, { folder: 'inbox' })
    assert.equal(indexOf(await mary.get(filed)).length, 27)
  }
})

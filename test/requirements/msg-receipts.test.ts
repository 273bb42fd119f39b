import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { arrived, idOf, itemXml, names, at, person, setXml, text } from './person.ts'

const to = (...who: string[]) =>
  `<t:ToRecipients>${who.map((one) => `<t:Mailbox><t:EmailAddress>${one}@contoso.com</t:EmailAddress></t:Mailbox>`).join('')}</t:ToRecipients>`
const asks = (name: string, value = true) => `<t:${name}>${value}</t:${name}>`
const subjects = async (site: TestSite, alias: string) =>
  (await person(site, alias).find('inbox', { shape: 'Default' })).map((item) => text(item, 'Subject')).toSorted()

for (const engine of quickEngines) {
  test(`whoever asks hears of the delivery (${engine.name}): MS-OXWSMSG_R43 _R46 _R4600`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const message = (subject: string, more: string) => `<t:Message><t:Subject>${subject}</t:Subject>${to('rob')}${more}</t:Message>`
    const send = (subject: string, more: string) => mary.done(mary.createXml(message(subject, more), { disposition: 'SendAndSaveCopy' }))
    await send('quiet', asks('IsDeliveryReceiptRequested', false))
    await arrived(site, 'rob', 'quiet')
    await send('told', asks('IsDeliveryReceiptRequested'))
    const received = await arrived(site, 'rob', 'told')
    assert.equal(text(received, 'IsDeliveryReceiptRequested'), 'true')
    const report = await arrived(site, 'mary', 'Delivered: told')
    assert.equal(text(report, 'ItemClass'), 'REPORT.IPM.Note.DR')
    assert.equal(text(report, 'InReplyTo'), text(received, 'InternetMessageId'))
    const draft = await mary.create(message('as a draft', asks('IsDeliveryReceiptRequested')))
    await mary.done(`<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemXml(draft)}</m:ItemIds></m:SendItem>`)
    await arrived(site, 'mary', 'Delivered: as a draft')
    // What fails is told all the same.
    await mary.done(
      mary.createXml(message('lost', asks('IsDeliveryReceiptRequested')).replace('rob@', 'nobody@'), { disposition: 'SendOnly' }),
    )
    assert.equal(text(await arrived(site, 'mary', 'Undeliverable: lost'), 'ItemClass'), 'REPORT.IPM.Note.NDR')
    assert.deepEqual(await subjects(site, 'mary'), ['Delivered: as a draft', 'Delivered: told', 'Undeliverable: lost'])
  })

  test(`whoever asks hears that it was read, unless that is suppressed (${engine.name}): MS-OXWSMSG_R39 _R42 _R4200`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const rob = person(site, 'rob')
    const send = (subject: string, more = asks('IsReadReceiptRequested')) =>
      mary.done(
        mary.createXml(`<t:Message><t:Subject>${subject}</t:Subject>${to('rob')}${more}</t:Message>`, { disposition: 'SendAndSaveCopy' }),
      )
    const isRead = setXml('message:IsRead', `<t:Message>${asks('IsRead')}</t:Message>`)
    for (const subject of ['one', 'quiet', 'not asked', 'gone', 'last'])
      await send(subject, asks('IsReadReceiptRequested', subject !== 'not asked'))
    for (const subject of ['one', 'quiet', 'not asked', 'gone', 'last']) await arrived(site, 'rob', subject)
    const item = (subject: string) => arrived(site, 'rob', subject)
    assert.deepEqual([text(await item('one'), 'IsReadReceiptRequested'), text(await item('not asked'), 'IsReadReceiptRequested')], ['true', 'false']) // prettier-ignore
    const answers = async (subject: string) => names(at(await item(subject), 'ResponseObjects'))
    assert.ok((await answers('quiet')).includes('SuppressReadReceipt'))
    assert.ok(!(await answers('not asked')).includes('SuppressReadReceipt'))
    const quiet = idOf(await item('quiet'))
    await rob.done(
      rob.createXml(`<t:SuppressReadReceipt><t:ReferenceItemId Id="${quiet.Id}" ChangeKey="${quiet.ChangeKey}"/></t:SuppressReadReceipt>`, {
        disposition: '',
      }),
    )
    assert.ok(!(await answers('quiet')).includes('SuppressReadReceipt'))
    for (const subject of ['quiet', 'not asked', 'one']) await rob.update(idOf(await item(subject)), isRead)
    const receipt = await arrived(site, 'mary', 'Read: one')
    assert.equal(text(receipt, 'ItemClass'), 'REPORT.IPM.Note.IPNRN')
    assert.deepEqual(await rob.remove(itemXml(idOf(await item('gone')))), ['NoError'])
    assert.equal(text(await arrived(site, 'mary', 'Not read: gone'), 'ItemClass'), 'REPORT.IPM.Note.IPNNRN')
    await rob.update(idOf(await item('last')), isRead)
    await arrived(site, 'mary', 'Read: last')
    assert.deepEqual(await subjects(site, 'mary'), ['Not read: gone', 'Read: last', 'Read: one'])
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { idOf, itemXml, person, text } from './person.ts'

const letter = (subject: string, to: string, asked: string) =>
  `<t:Message><t:Subject>${subject}</t:Subject><t:ToRecipients><t:Mailbox><t:EmailAddress>${to}</t:EmailAddress></t:Mailbox></t:ToRecipients>` +
  `${asked}</t:Message>`
const asked = '<t:IsDeliveryReceiptRequested>true</t:IsDeliveryReceiptRequested>'

for (const engine of quickEngines) {
  test(`who asks for a delivery receipt gets one, however the message is sent (${engine.name}): MS-OXWSMSG_R43 _R46`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const inbox = () => mary.find('inbox', { shape: 'Default', fields: ['item:ItemClass'] })
    const reports = async () => (await inbox()).map((item) => `${text(item, 'ItemClass')} ${text(item, 'Subject')}`).sort()

    // Nobody hears of the one that does not ask; by the time that the next is reported, it would have been.
    await mary.done(mary.createXml(letter('Silent', 'rob@contoso.com', ''), { disposition: 'SendOnly' }))
    await mary.done(mary.createXml(letter('New', 'rob@contoso.com', asked), { disposition: 'SendAndSaveCopy' }))
    await until(site, 'mary', async () => (await inbox()).length === 1)

    const draft = await mary.create(letter('Drafted', 'rob@contoso.com', asked))
    await mary.done(`<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemXml(draft)}</m:ItemIds></m:SendItem>`)
    await until(site, 'mary', async () => (await inbox()).length === 2)

    // What fails is told all the same.
    await mary.ask(mary.createXml(letter('Lost', 'nobody@contoso.com', asked), { disposition: 'SendOnly' }))
    await until(site, 'mary', async () => (await inbox()).length === 3)
    assert.deepEqual(await reports(), [
      'REPORT.IPM.Note.DR Delivered: Drafted',
      'REPORT.IPM.Note.DR Delivered: New',
      'REPORT.IPM.Note.NDR Undeliverable: Lost',
    ])

    const rob = person(site, 'rob')
    const got = (await rob.find('inbox', { shape: 'Default' })).find((item) => text(item, 'Subject') === 'New')
    assert.equal(text(await rob.get(idOf(got)), 'IsDeliveryReceiptRequested'), 'true')
  })
}

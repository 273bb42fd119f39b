import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPremises } from '../mail/premises.ts'
import { all, at, idOf, names, text } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { connectSites } from '../support/hybrid-sites.ts'
import {
  acceptXml,
  attached,
  entries,
  folderOfMary,
  invitationXml,
  refreshed,
  sealedFor,
  setPolicy,
  speaker,
  zoe as zoeAddress,
} from './sharing-parts.ts'

for (const engine of quickEngines) {
  test(`[MS-OXSHRMSG] 2.2.1 and 2.2.5: an invitation goes by mail as one, is offered to be accepted, and opens the folder (${engine.name}): MS-OXWSCORE_R138`, async () => {
    await using premises = await startPremises(engine, { connectors: false })
    await connectSites(premises)
    await setPolicy(premises, 'CalendarSharingFreeBusyReviewer')
    const mary = speaker(premises.onPremises, 'mary@contoso.com')
    const zoe = speaker(premises.online, zoeAddress)
    await mary.create(
      '<t:CalendarItem><t:Subject>Budget</t:Subject><t:Start>2030-01-07T09:00:00Z</t:Start><t:End>2030-01-07T10:00:00Z</t:End></t:CalendarItem>',
      { folder: 'calendar' },
    )
    const calendar = idOf(await mary.getFolder('calendar'), 'FolderId')
    const metadata = invitationXml(await sealedFor(mary, calendar, 'mary@contoso.com', [zoeAddress]))
    const invitation =
      `<t:Message><t:ItemClass>IPM.Sharing</t:ItemClass><t:Subject>My calendar</t:Subject>${attached(metadata)}` +
      `<t:ToRecipients><t:Mailbox><t:EmailAddress>${zoeAddress}</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message>`
    assert.deepEqual(await mary.createCodes(invitation, { disposition: 'SendAndSaveCopy' }), ['NoError'])
    await premises.settle()

    const [message] = await zoe.find('inbox', { fields: ['item:ItemClass', 'item:Subject'] })
    assert.deepEqual([text(message, 'Subject'), text(message, 'ItemClass')], ['My calendar', 'IPM.Sharing'])
    const whole = await zoe.get(idOf(message), { fields: ['item:ResponseObjects'] })
    assert.ok(names(at(whole, 'ResponseObjects')).includes('AcceptSharingInvitation'))
    assert.deepEqual(all(whole, 'Attachments/FileAttachment').map((one) => text(one, 'Name')), ['sharing_metadata.xml']) // prettier-ignore
    assert.deepEqual(await zoe.createCodes(acceptXml(idOf(whole))), ['NoError'])
    const copy = await folderOfMary(zoe)
    assert.equal(await refreshed(zoe, copy), 'NoError')
    assert.deepEqual(await entries(zoe, copy), ['01-07T09:00 Budget'])
  })
}

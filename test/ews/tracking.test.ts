import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { all, person, text, texts, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'

const address = (tag: string, name: string) => `<m:${tag}><t:EmailAddress>${name}</t:EmailAddress></m:${tag}>`
const findXml = ({ scope = 'Organization', domain = 'contoso.com', more = '' } = {}) =>
  `<m:FindMessageTrackingReport><m:Scope>${scope}</m:Scope><m:Domain>${domain}</m:Domain>${more}</m:FindMessageTrackingReport>`
const getXml = (id: string, { template = 'Summary', filter = '', more = '' } = {}) =>
  `<m:GetMessageTrackingReport><m:Scope>Forest</m:Scope><m:ReportTemplate>${template}</m:ReportTemplate>${filter && address('RecipientFilter', filter)}<m:MessageTrackingReportId>${id}</m:MessageTrackingReportId>${more}</m:GetMessageTrackingReport>`
/** The one answer of an operation that has no list of messages. */
async function answer(who: Person, xml: string): Promise<XmlElement> {
  const element = await who.whole(xml)
  assert.equal(text(element, 'ResponseCode'), 'NoError', text(element, 'MessageText') ?? '')
  return element
}
const code = async (who: Person, xml: string) => text(await who.whole(xml), 'ResponseCode')
const found = async (who: Person, more = '') => all(await answer(who, findXml({ more })), 'MessageTrackingSearchResults/MessageTrackingSearchResult') // prettier-ignore
const events = async (who: Person, id: string, options?: Parameters<typeof getXml>[1]) =>
  all(await answer(who, getXml(id, options)), 'MessageTrackingReport/RecipientTrackingEvents/RecipientTrackingEvent').map((event) =>
    ['Recipient/EmailAddress', 'DeliveryStatus', 'EventDescription'].map((path) => text(event, path)).join(' '),
  )
async function send(who: Person, subject: string, ...to: string[]): Promise<void> {
  const people = to.map((one) => `<t:Mailbox><t:EmailAddress>${one}</t:EmailAddress></t:Mailbox>`).join('')
  const message = `<t:Message><t:Subject>${subject}</t:Subject><t:ToRecipients>${people}</t:ToRecipients></t:Message>`
  assert.deepEqual(await who.createCodes(message, { disposition: 'SendOnly', invitations: '' }), ['NoError'])
}

for (const engine of quickEngines) {
  test(`people see what became of their own messages (${engine.name}): [MS-OXWSMTRK] 3.1.4.1, 3.1.4.2`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob, ann] = [person(site), person(site, 'rob'), person(site, 'ann')]
    await send(mary, 'To Rob', 'rob@contoso.com', 'nobody-known@contoso.com')
    // One after the other: the log tells when each was first worked on.
    await site.transport.runDue()
    await send(mary, 'To all', 'staff@contoso.com')
    await send(rob, 'To Ann', 'ann@contoso.com')
    await site.transport.runDue()
    const own = await found(mary)
    assert.deepEqual(own.map((one) => text(one, 'Subject')), ['To Rob', 'To all']) // prettier-ignore
    assert.deepEqual(texts(own[0], 'Recipients/Mailbox/EmailAddress').toSorted(), ['nobody-known@contoso.com', 'rob@contoso.com'])
    assert.equal(text(own[0], 'Sender/EmailAddress'), 'mary@contoso.com')
    const [first = '', second = ''] = own.map((one) => text(one, 'MessageTrackingReportId'))
    assert.deepEqual((await events(mary, first)).toSorted(), [
      'nobody-known@contoso.com Unsuccessful FailedGeneral',
      'rob@contoso.com Delivered Delivered',
    ])
    assert.deepEqual(await events(mary, first, { template: 'RecipientPath', filter: 'ROB@contoso.com' }), [
      'rob@contoso.com Pending Submitted',
      'rob@contoso.com Delivered Delivered',
    ])
    const opened = await events(mary, second)
    assert.ok(opened.includes('staff@contoso.com Transferred Expanded'), opened.join())
    assert.ok(opened.includes('ann@contoso.com Delivered Delivered'))
    const path = await answer(mary, getXml(first, { template: 'RecipientPath', filter: 'ann@contoso.com' }))
    assert.equal(text(path, 'MessageTrackingReport/SubmitTime'), '0001-01-01T00:00:00Z', 'it was never sent to Ann')
    assert.equal(text(path, 'MessageTrackingReport/Subject'), undefined)

    assert.deepEqual((await found(mary, `<m:Subject>ROB</m:Subject>`)).length, 1)
    assert.deepEqual((await found(mary, address('Recipient', 'staff@contoso.com'))).length, 1)
    const from = (name: string) => address('Sender', name)
    const received = await found(rob, from('mary@contoso.com'))
    assert.deepEqual(received.map((one) => texts(one, 'Recipients/Mailbox/EmailAddress')), [['rob@contoso.com']]) // prettier-ignore
    assert.deepEqual(await events(rob, first), ['rob@contoso.com Delivered Delivered'], 'who else got it is not told')
    assert.equal((await found(ann, from('mary@contoso.com') + address('Recipient', 'rob@contoso.com'))).length, 0)
    assert.equal((await found(ann, from('mary@contoso.com'))).length, 0)
    assert.equal(await code(ann, getXml(first)), 'ErrorMessageTrackingPermanentError')
    const old = '<m:StartDateTime>2020-01-01T00:00:00Z</m:StartDateTime><m:EndDateTime>2020-01-02T00:00:00Z</m:EndDateTime>'
    assert.equal((await found(mary, old)).length, 0)

    await site.directory.update(site.organisation.id, site.people.rob!.id, { forwardTo: site.people.ann!.id })
    await send(mary, 'Sent on', 'rob@contoso.com')
    await site.transport.runDue()
    const [on] = await found(mary, '<m:Subject>Sent on</m:Subject>')
    const known = await events(mary, text(on, 'MessageTrackingReportId') ?? '')
    assert.deepEqual(known, ['rob@contoso.com Delivered Delivered'], 'where he has his mail sent is not told')
  })
}

test('questions that cannot be are refused', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  assert.equal(await code(mary, findXml({ domain: 'fabrikam.com' })), 'ErrorMessageTrackingNoSuchDomain')
  assert.equal(await code(mary, findXml({ scope: 'World' })), 'ErrorInvalidArgument')
  const long = '<m:StartDateTime>2020-01-01T00:00:00Z</m:StartDateTime>'
  assert.equal(await code(mary, findXml({ more: long })), 'ErrorInvalidArgument')
  const own = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  for (const id of ['x', own(['other', 1]), own(['a', 'b']), own({}), 'a'.repeat(600)]) {
    assert.equal(await code(mary, getXml(id)), 'ErrorMessageTrackingPermanentError', id)
  }
  assert.equal(await code(mary, getXml('x', { template: 'RecipientPath' })), 'ErrorInvalidArgument')
})

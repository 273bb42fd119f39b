import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { until } from '../support/ews-client.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { all, at, idOf, names, person, text, texts } from './person.ts'

const message = (inside: string) => `<t:Message><t:Subject>x</t:Subject>${inside}</t:Message>`
async function arrived(site: TestSite, alias: string): Promise<XmlElement> {
  const who = person(site, alias)
  await until(site, alias, async () => (await who.find('inbox')).length > 0)
  return who.get(idOf((await who.find('inbox'))[0]))
}

test('people of the directory: MS-OXWSMSG_R2512 _R2912', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const resolved = await mary.done(
    '<m:ResolveNames ReturnFullContactData="false" SearchScope="ActiveDirectory"><m:UnresolvedEntry>rob</m:UnresolvedEntry></m:ResolveNames>',
  )
  const rob = at(resolved, 'ResolutionSet/Resolution/Mailbox')
  assert.deepEqual(['EmailAddress', 'MailboxType'].map((name) => text(rob, name)), ['rob@contoso.com', 'Mailbox']) // prettier-ignore
  const named = (address: string, type: string) =>
    `<t:Mailbox><t:EmailAddress>${address}</t:EmailAddress><t:MailboxType>${type}</t:MailboxType></t:Mailbox>`
  const to = `<t:ToRecipients>${named('rob@contoso.com', 'Mailbox')}${named('sam@fabrikam.example', 'OneOff')}</t:ToRecipients>`
  const draft = await mary.get(await mary.create(message(to)))
  assert.deepEqual(texts(draft, 'ToRecipients/Mailbox/MailboxType'), ['Mailbox', 'OneOff'])
  await mary.done(
    mary.createXml(message(to.replace(/<t:Mailbox><t:EmailAddress>sam.*?<\/t:Mailbox>/, '')), { disposition: 'SendAndSaveCopy' }),
  )
  await arrived(site, 'rob')
  const sent = await mary.get(idOf((await mary.find('sentitems'))[0]))
  for (const who of ['Sender', 'From']) {
    const one = at(sent, `${who}/Mailbox`)
    assert.deepEqual(['EmailAddress', 'MailboxType'].map((name) => text(one, name)), ['mary@contoso.com', 'Mailbox'], who) // prettier-ignore
  }
})

test('an address is never empty: MS-OXWSMSG_R2516 _R2916', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const nobody = '<t:Mailbox><t:Name>Nobody</t:Name><t:EmailAddress></t:EmailAddress></t:Mailbox>'
  const read = await mary.get(await mary.create(message(`<t:Sender>${nobody}</t:Sender><t:ToRecipients>${nobody}</t:ToRecipients>`)))
  for (const list of ['Sender', 'ToRecipients']) {
    assert.deepEqual(texts(read, `${list}/Mailbox/Name`), ['Nobody'])
    assert.deepEqual(all(read, `${list}/Mailbox/EmailAddress`), [], list)
  }
})

test('for whom a message came: MS-OXWSMSG_R197', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
  await mary.done(mary.createXml(message(to), { disposition: 'SendOnly' }))
  const [whom, ...more] = all(await arrived(site, 'rob'), 'ReceivedRepresenting')
  assert.deepEqual([names(whom), more.length], [['Mailbox'], 0])
  assert.deepEqual([text(whom, 'Mailbox/Name'), text(whom, 'Mailbox/EmailAddress'), text(whom, 'Mailbox/RoutingType')], [site.people['rob']?.displayName, 'rob@contoso.com', 'SMTP']) // prettier-ignore
})

test('an answer that is wanted, by its property too: MS-OXWSMSG_R62 _R65 _R6500', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  // [MS-OXOMSG] 2.2.1.45 PidTagReplyRequested
  const path = '<t:ExtendedFieldURI PropertyTag="0x0c17" PropertyType="Boolean"/>'
  const valued = (value: string) => `<t:ExtendedProperty>${path}<t:Value>${value}</t:Value></t:ExtendedProperty>`
  for (const value of ['true', 'false']) {
    for (const given of [valued(value), `<t:IsResponseRequested>${value}</t:IsResponseRequested>`]) {
      const read = await mary.get(await mary.create(message(given)), { fields: [path] })
      assert.deepEqual([text(read, 'IsResponseRequested'), text(read, 'ExtendedProperty/Value')], [value, value], given)
    }
  }
})

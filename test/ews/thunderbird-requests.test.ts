/** What Thunderbird (153 ESR) says, word for word but for the ids: what is particular to it has its effect. `test/peers/thunderbird.peer.ts` drives the program. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { readEnvelope } from '#schema'
import { readXml, type XmlElement } from '#wire'
import { all, at, folderXml, idOf, person, text, texts } from '../requirements/person.ts'
import { assertValid, until } from '../support/ews-client.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

const messages = 'xmlns="http://schemas.microsoft.com/exchange/services/2006/messages"'

/** The answer to a request of Thunderbird's, which signs in with Basic. */
async function says(site: TestSite, body: string, version = 'Exchange2013_SP1'): Promise<XmlElement> {
  const answer = await site.call('/EWS/Exchange.asmx', {
    method: 'POST',
    user: 'mary',
    headers: {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.8.0',
      accept: '*/*',
      'content-type': 'text/xml; charset=utf-8',
    },
    body:
      '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">' +
      `<soap:Header><t:RequestServerVersion Version="${version}"/></soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`,
  })
  assert.equal(answer.status, 200, answer.body)
  assertValid(answer.body)
  return readEnvelope(readXml(answer.body)).body
}
const codes = (answer: XmlElement) => all(answer, 'ResponseMessages').flatMap((one) => texts(one, `${answer.name}Message/ResponseCode`))

const message = (subject: string) =>
  Buffer.from(
    `Message-Id: <${subject}@contoso.com>\r\nMIME-Version: 1.0\r\nUser-Agent: Mozilla Thunderbird\r\nFrom: Mary Jensen <mary@contoso.com>\r\n` +
      `To: Rob Young <rob@contoso.com>\r\nSubject: ${subject}\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>Grüße</p>\r\n`,
  )
const flag = (id: string, status: string, value: number) =>
  `<UpdateItem ${messages} MessageDisposition="SaveOnly" ConflictResolution="AlwaysOverwrite"><ItemChanges><t:ItemChange><t:ItemId Id="${id}"/><t:Updates>` +
  // FlagStatus is in the namespace of the messages, beside the property by its decimal tag.
  `<t:SetItemField><t:FieldURI FieldURI="item:Flag"/><t:Message><t:Flag><FlagStatus>${status}</FlagStatus></t:Flag></t:Message></t:SetItemField>` +
  '<t:SetItemField><t:ExtendedFieldURI PropertyTag="4240" PropertyType="Integer"/><t:Message><t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="4240" PropertyType="Integer"/>' +
  `<t:Value>${value}</t:Value></t:ExtendedProperty></t:Message></t:SetItemField></t:Updates></t:ItemChange></ItemChanges></UpdateItem>`
const keep = (folder: string, mime: Buffer, flags: number, isRead: boolean) =>
  `<CreateItem ${messages} MessageDisposition="SaveOnly"><SavedItemFolderId>${folder}</SavedItemFolderId><Items><t:Message><t:MimeContent>${mime.toString('base64')}</t:MimeContent>` +
  '<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="3591" PropertyType="Integer"/>' +
  `<t:Value>${flags}</t:Value></t:ExtendedProperty><t:IsRead>${isRead}</t:IsRead></t:Message></Items></CreateItem>`
const send = (mime: Buffer, id: string, bcc: string) =>
  `<CreateItem ${messages} MessageDisposition="SendOnly"><Items><t:Message><t:MimeContent>${mime.toString('base64')}</t:MimeContent>` +
  `<t:BccRecipients><t:Mailbox><t:EmailAddress>${bcc}</t:EmailAddress></t:Mailbox></t:BccRecipients><t:IsDeliveryReceiptRequested>false</t:IsDeliveryReceiptRequested>` +
  `<t:InternetMessageId>&lt;${id}&gt;</t:InternetMessageId></t:Message></Items></CreateItem>`

for (const engine of quickEngines) {
  test(`Thunderbird (${engine.name}): its first question is of Exchange 2007, and the answer tells what it may ask for next`, async () => {
    await using site = await startTestSite({ engine })
    const ask = `<GetFolder ${messages}><FolderShape><t:BaseShape>IdOnly</t:BaseShape></FolderShape><FolderIds><t:DistinguishedFolderId Id="msgfolderroot"></t:DistinguishedFolderId></FolderIds></GetFolder>`
    assert.deepEqual(codes(await says(site, ask, 'Exchange2007_SP1')), ['NoError'])
    const uses = ['msgfolderroot', 'inbox', 'deleteditems', 'drafts', 'outbox', 'sentitems', 'junkemail', 'archive']
    const known = uses.map((use) => `<t:DistinguishedFolderId Id="${use}"></t:DistinguishedFolderId>`).join('')
    const answer = await says(site, ask.replace(/<t:Distinguished.*Id>/, known))
    assert.deepEqual(
      codes(answer),
      uses.map(() => 'NoError'),
    )
  })

  test(`Thunderbird (${engine.name}): flags a message, whatever the namespace of the status`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const id = await mary.create('<t:Message><t:Subject>Flag me</t:Subject></t:Message>', { folder: 'inbox' })
    const property = '<t:ExtendedFieldURI PropertyTag="0x1090" PropertyType="Integer"/>'
    const state = async () => {
      const item = await mary.get(id, { fields: [property] })
      return [text(item, 'Flag/FlagStatus'), text(item, 'ExtendedProperty/Value')]
    }
    assert.deepEqual(codes(await says(site, flag(id.Id, 'Flagged', 2))), ['NoError'])
    assert.deepEqual(await state(), ['Flagged', '2'])
    assert.deepEqual(codes(await says(site, flag(id.Id, 'NotFlagged', 0))), ['NoError'])
    assert.equal((await state())[0], 'NotFlagged')
  })

  test(`Thunderbird (${engine.name}): its copy of a sent message is none that waits to be sent, its draft is one`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const [use, flags, isRead, isDraft] of [
      ['sentitems', 3, true, 'false'],
      ['drafts', 9, false, 'true'],
    ] as const) {
      const answer = await says(site, keep(folderXml(use), message(use), flags, isRead))
      assert.deepEqual(codes(answer), ['NoError'])
      const item = await mary.get(idOf(all(answer, 'ResponseMessages/CreateItemResponseMessage/Items/Message')[0]), {
        more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>',
      })
      assert.equal(text(item, 'IsDraft'), isDraft, use)
      assert.deepEqual(Buffer.from(text(item, 'MimeContent') ?? '', 'base64'), message(use))
    }
  })

  test(`Thunderbird (${engine.name}): sends MIME whose hidden recipients are named beside it`, async () => {
    await using site = await startTestSite({ engine })
    assert.deepEqual(codes(await says(site, send(message('hidden'), 'hidden@contoso.com', 'ann@contoso.com'))), ['NoError'])
    for (const alias of ['rob', 'ann']) {
      await until(site, alias, async () => (await person(site, alias).find('inbox')).length > 0)
      const [item] = await person(site, alias).find('inbox')
      const got = await person(site, alias).get(idOf(item))
      assert.equal(text(got, 'InternetMessageId'), '<hidden@contoso.com>')
      assert.equal(at(got, 'BccRecipients'), undefined)
    }
  })
}

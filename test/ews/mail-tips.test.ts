import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetMailTips, GetServiceConfiguration, SetUserOofSettings, type Infer } from '#schema'
import { childNamed } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

type Kinds = Infer<typeof GetMailTips.request>['MailTipsRequested']

const smtp = (EmailAddress: string) => ({ EmailAddress, RoutingType: 'SMTP' })
const question = (recipients: string[], MailTipsRequested: Kinds = ['All'], sendingAs = 'mary@contoso.com') => ({
  SendingAs: smtp(sendingAs),
  Recipients: recipients.map(smtp),
  MailTipsRequested,
})

for (const engine of quickEngines) {
  test(`GetMailTips answers for each recipient in order ([MS-OXWMT] 3.1.4.1, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const { rob, staff } = site.people
    assert.ok(rob && staff)
    const Duration = { StartTime: Date.now() - 86_400_000, EndTime: Date.now() + 86_400_000 }
    Duration.StartTime -= Duration.StartTime % 1000
    Duration.EndTime -= Duration.EndTime % 1000
    const InternalReply = { Message: 'At the <b>lake</b>', lang: 'en' }
    await ewsClient(site, 'rob').call(SetUserOofSettings, {
      Mailbox: { Address: 'rob@contoso.com' },
      UserOofSettings: { OofState: 'Scheduled', ExternalAudience: 'None', Duration, InternalReply },
    })
    await site.directory.update(site.organisation.id, staff.id, { mailTip: 'Many people', mailTipTranslations: { de: 'Viele Leute' } })

    const asked = question(['rob@contoso.com', 'staff@contoso.com', '', 'gone@contoso.com', 'ann@contoso.com'])
    const answer = await mary.call(GetMailTips, asked, { requestServerVersion: 'Exchange2010', mailboxCulture: 'de-DE' })
    assert.equal(answer.ResponseClass, 'Success')
    const messages = answer.ResponseMessages ?? []
    assert.deepEqual(codes(messages), ['NoError', 'NoError', 'ErrorMissingEmailAddress', 'NoError', 'NoError'])
    const [ofRob, ofStaff, , ofNobody, ofAnn] = messages.map(({ MailTips }) => MailTips)
    const individual = {
      PendingMailTips: [],
      MailboxFull: false,
      TotalMemberCount: 1,
      ExternalMemberCount: 0,
      MaxMessageSize: 36 * 1024 * 1024,
      DeliveryRestricted: false,
      IsModerated: false,
      InvalidRecipient: false,
    }
    assert.deepEqual(ofRob, {
      RecipientAddress: smtp('rob@contoso.com'),
      ...individual,
      OutOfOffice: { ReplyBody: InternalReply, Duration },
    })
    assert.deepEqual([ofStaff?.TotalMemberCount, ofStaff?.CustomMailTip, ofStaff?.OutOfOffice], [4, 'Viele Leute', undefined])
    assert.equal(ofNobody?.InvalidRecipient, true)
    assert.deepEqual(ofAnn?.OutOfOffice, { ReplyBody: { Message: '' } }, 'as in the example of [MS-OXWMT]')

    const some = await mary.call(GetMailTips, question(['rob@contoso.com'], ['MaxMessageSize', 'Scope', 'InvalidRecipient']))
    assert.deepEqual(some.ResponseMessages?.[0]?.MailTips, {
      RecipientAddress: smtp('rob@contoso.com'),
      PendingMailTips: [],
      MaxMessageSize: 36 * 1024 * 1024,
      InvalidRecipient: false,
    })
  })

  test(`GetMailTips is asked for oneself, or for whom one may send as ([MS-OXWMT] 3.1.4.1, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const { rob, sales } = site.people
    assert.ok(rob && sales)
    await site.directory.update(site.organisation.id, rob.id, { acceptMessagesOnlyFrom: [sales.id] })
    const restricted = async (sendingAs: string) => {
      const answer = await mary.call(GetMailTips, question(['rob@contoso.com'], ['DeliveryRestriction'], sendingAs))
      return answer.ResponseMessages?.[0]?.MailTips?.DeliveryRestricted ?? answer.ResponseCode
    }
    assert.equal(await restricted('mary@contoso.com'), true)
    assert.equal(await restricted('Sales@contoso.com'), false)
    for (const other of ['ann@contoso.com', 'bob@fabrikam.com']) assert.equal(await restricted(other), 'ErrorSendAsDenied')
    const { answer } = await mary.post(
      '<m:GetMailTips><m:SendingAs/><m:Recipients><t:Mailbox><t:EmailAddress> rob@contoso.com </t:EmailAddress></t:Mailbox></m:Recipients>' +
        '<m:MailTipsRequested>DeliveryRestriction</m:MailTipsRequested></m:GetMailTips>',
    )
    assert.match(answer.body, /<t:DeliveryRestricted>true</, 'a SendingAs without address is the caller')
    const many = await mary.call(GetMailTips, question(Array<string>(101).fill('rob@contoso.com')))
    assert.deepEqual([many.ResponseClass, many.ResponseCode], ['Error', 'ErrorExceededFindCountLimit'])
    assert.deepEqual((await mary.call(GetMailTips, question([]))).ResponseMessages, [])
  })

  test(`GetServiceConfiguration tells how MailTips are set up ([MS-OXWCONFIG] 3.1.4.1, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const RequestedConfiguration = ['MailTips', 'UnifiedMessagingConfiguration', 'ProtectionRules', 'PolicyNudges', 'Nonsense']
    const answer = await mary.call(GetServiceConfiguration, { ActingAs: smtp('mary@contoso.com'), RequestedConfiguration })
    assert.equal(answer.ResponseClass, 'Success')
    const messages = answer.ResponseMessages ?? []
    const unserved = Array<string>(3).fill('ErrorInvalidRequest')
    assert.deepEqual(codes(messages), ['NoError', ...unserved, 'ErrorInvalidArgument'])
    assert.deepEqual(messages[0]?.MailTipsConfiguration, {
      MailTipsEnabled: true,
      MaxRecipientsPerGetMailTipsRequest: 100,
      MaxMessageSize: 36 * 1024 * 1024,
      LargeAudienceThreshold: 25,
      ShowExternalRecipientCount: false,
      InternalDomains: [{ Name: 'contoso.com', IncludeSubdomains: false }],
      PolicyTipsEnabled: false,
      LargeAudienceCap: 1000,
    })
    const denied = await mary.call(GetServiceConfiguration, {
      ActingAs: smtp('ann@contoso.com'),
      RequestedConfiguration: ['MailTips'],
    })
    assert.deepEqual(codes(denied.ResponseMessages ?? []), ['ErrorSendAsDenied'])
    const many = await mary.call(GetServiceConfiguration, { RequestedConfiguration: Array<string>(21).fill('MailTips') })
    assert.equal(many.ResponseCode, 'ErrorInvalidArgument')
    const { body } = await mary.post(
      '<m:GetServiceConfiguration><m:RequestedConfiguration><m:ConfigurationName>MailTips</m:ConfigurationName></m:RequestedConfiguration>' +
        '</m:GetServiceConfiguration>',
    )
    assert.ok(childNamed(body, 'ResponseMessages'))
  })
}

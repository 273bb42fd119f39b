/** What a remote domain takes no automatic forwards of is not lost: it lies in a mailbox here, or goes back (PSDOC Set-RemoteDomain AutoForwardEnabled). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UpdateInboxRules, type RuleElement } from '#schema'
import { connectSmtp } from '../clients/raw-smtp.ts'
import { arrived, inFolder, run, sendBySmtp, submit } from '../sent-items/desk.ts'
import { idOf, person, text } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { ewsClient } from '../support/ews-client.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { waitingIn } from './premises.ts'

const away = 'out@fabrikam.example'
const returned = (subject: string) => `Undeliverable: ${subject}`

async function settle(site: TestSite): Promise<void> {
  for (let left = 1; left > 0; left = (await waitingIn(site)).filter(({ due }) => due <= Date.now()).length) await site.transport.runDue()
}

/** How the sends to outside ended, as the tracking log has it. */
const told = async (site: TestSite, subject: string) =>
  (await run(site, 'Get-MessageTrackingLog -EventId DROP'))
    .concat(await run(site, 'Get-MessageTrackingLog -EventId FAIL'))
    .filter(({ MessageSubject }) => MessageSubject === subject)
    .map(({ EventId, RecipientStatus }) => `${String(EventId)} ${String(RecipientStatus).slice(0, 7)}`)

/** How many messages lie in somebody's Inbox. */
async function countOf(site: TestSite, who: string): Promise<number> {
  const [inbox] = await run(site, `Get-MailboxFolderStatistics ${who} -FolderScope Inbox`)
  assert.ok(inbox)
  return Number(inbox.ItemsInFolder)
}

/** A message with its parts, as it came. */
async function everythingOf(site: TestSite, who: string, subject: string): Promise<string> {
  const client = person(site, who)
  const inbox = await client.find('inbox', { shape: 'Default' })
  const found = inbox.find((one) => text(one, 'Subject') === subject)
  const item = await client.get(idOf(found), { more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' })
  return Buffer.from(text(item, 'MimeContent') ?? assert.fail(), 'base64').toString('latin1')
}

async function withRule(site: TestSite, Actions: NonNullable<RuleElement['Actions']>): Promise<void> {
  const value = { Rule: { DisplayName: 'on', Priority: 1, IsEnabled: true, Conditions: {}, Actions } }
  const answer = await ewsClient(site, 'ann').call(UpdateInboxRules, { RemoveOutlookRuleBlob: true, Operations: [{ is: 'CreateRuleOperation', value }] }) // prettier-ignore
  assert.equal(answer.ResponseCode, 'NoError')
}

for (const engine of quickEngines) {
  test(`forwarding without a kept copy that is not let out is returned, and circles of none (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'Set-RemoteDomain Default -AutoForwardEnabled $false')
    await run(site, 'New-MailContact Away -ExternalEmailAddress out@partner.example')
    const send = async (subject: string) => {
      await sendBySmtp(site, 'mary', { to: 'ann@contoso.com', subject })
      await settle(site)
    }
    const came = async (subject: string) => (await inFolder(site, 'ann', 'inbox', subject)).length
    for (const [subject, forwarding] of [
      ['by address', `Set-Mailbox ann -ForwardingSmtpAddress ${away} -DeliverToMailboxAndForward $false`],
      ['by a contact', 'Set-Mailbox ann -ForwardingSmtpAddress out@partner.example -DeliverToMailboxAndForward $false'],
    ] as const) {
      await run(site, forwarding)
      await send(subject)
      const [report] = await arrived(site, 'mary', returned(subject))
      assert.match(JSON.stringify(report?.body), /5\.7\.520 .*not allow/)
      assert.doesNotMatch(JSON.stringify(report?.body), /fabrikam|partner/, 'where it would have gone is nobody else’s business')
      assert.equal(await came(subject), 0)
    }
    // With a copy kept there is nothing to tell.
    await run(site, `Set-Mailbox ann -ForwardingSmtpAddress ${away} -DeliverToMailboxAndForward $true`)
    await send('kept')
    await arrived(site, 'ann', 'kept')
    assert.deepEqual(await inFolder(site, 'mary', 'inbox', returned('kept')), [])
    // Two ways lead there: one keeps a copy, the other none.
    await run(site, `Set-Mailbox rob -ForwardingSmtpAddress ${away} -DeliverToMailboxAndForward $false`)
    await run(site, 'New-DistributionGroup Both -Alias both -Members ann,rob')
    await sendBySmtp(site, 'mary', { to: 'both@contoso.com', subject: 'two ways' })
    await settle(site)
    await arrived(site, 'ann', 'two ways')
    const [ofGroup] = await arrived(site, 'mary', returned('two ways'))
    assert.match(JSON.stringify(ofGroup?.body), /both@contoso\.com/)
    assert.doesNotMatch(await everythingOf(site, 'mary', returned('two ways')), /fabrikam/)
    // Mail that nobody sent and answers of programs go nowhere, and make no more of it.
    const before = await countOf(site, 'mary')
    assert.equal(before, 3)
    const smtp = await connectSmtp(site.ports.smtp!)
    await smtp.send('', ['rob@contoso.com'], Buffer.from('From: postmaster@x.example\r\nSubject: report\r\n\r\nx\r\n'))
    smtp.close()
    await settle(site)
    assert.deepEqual(await told(site, 'report'), ['FAIL 5.7.520'])
    await run(site, 'Set-MailboxAutoReplyConfiguration ann -AutoReplyState Enabled -InternalMessage inside')
    await sendBySmtp(site, 'rob', { to: 'ann@contoso.com', subject: 'question' })
    await settle(site)
    assert.equal((await told(site, 'Automatic reply: question'))[0]?.slice(0, 4), 'DROP')
    assert.equal(await countOf(site, 'mary'), before)
    assert.deepEqual(await waitingIn(site), [])
  })

  test(`a rule that sends on and keeps nothing does not lose what is not let out (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'Set-RemoteDomain Default -AutoForwardEnabled $false')
    const to = [{ address: away, routingType: 'SMTP' }]
    const send = async (subject: string) => {
      await sendBySmtp(site, 'mary', { to: 'ann@contoso.com', subject })
      await settle(site)
    }
    await withRule(site, { RedirectToRecipients: to, Delete: true })
    await send('redirected, deleted')
    assert.equal((await inFolder(site, 'ann', 'deleteditems', 'redirected, deleted')).length, 1, 'it can be looked at here')
    assert.deepEqual(await inFolder(site, 'mary', 'inbox', returned('redirected, deleted')), [])
    await withRule(site, { RedirectToRecipients: to, PermanentDelete: true })
    await send('redirected, gone')
    const [report] = await arrived(site, 'mary', returned('redirected, gone'))
    assert.match(JSON.stringify(report?.body), /ann@contoso\.com.*5\.7\.520/)
    assert.doesNotMatch(await everythingOf(site, 'mary', returned('redirected, gone')), /fabrikam/)
  })

  // The report of a forward comes to whose rule it was, which would send it nowhere and delete it as well.
  test(`a rule that forwards and deletes for good leaves in Deleted Items what is not let out (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'New-MailContact Away -ExternalEmailAddress out@partner.example')
    const send = async (subject: string) => {
      await sendBySmtp(site, 'mary', { to: 'ann@contoso.com', subject })
      await settle(site)
    }
    const to = (address: string) => [{ address, routingType: 'SMTP' }]
    const kept = async (subject: string) => (await inFolder(site, 'ann', 'deleteditems', subject)).length
    await run(site, 'Set-RemoteDomain Default -AutoForwardEnabled $false')
    await withRule(site, { ForwardToRecipients: to('rob@contoso.com'), PermanentDelete: true })
    await send('to a colleague')
    await arrived(site, 'rob', 'FW: to a colleague')
    assert.equal(await kept('to a colleague'), 0, 'a mailbox here takes it')
    await withRule(site, { ForwardAsAttachmentToRecipients: to('out@partner.example'), PermanentDelete: true })
    await send('to a contact')
    assert.equal(await kept('to a contact'), 1)
    await withRule(site, { ForwardToRecipients: to(away), PermanentDelete: true })
    await send('forwarded')
    assert.equal(await kept('forwarded'), 1)
    assert.deepEqual(await told(site, 'FW: forwarded'), ['DROP The rem', 'DROP The rem'])
    await run(site, 'Set-RemoteDomain Default -AutoForwardEnabled $true')
    await send('let out')
    assert.equal(await kept('let out'), 0, 'what goes out is deleted for good, as the rule says')
  })

  test(`an answer that a person's program hands in is returned too where forwarding is what holds it up (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'Set-RemoteDomain Default -AutoForwardEnabled $false -AutoReplyEnabled $true')
    await run(site, `Set-Mailbox rob -ForwardingSmtpAddress ${away} -DeliverToMailboxAndForward $false`)
    const headers = { 'Auto-Submitted': 'auto-replied' }
    const hand = async (subject: string) => {
      await submit(site, 'mary', { from: 'mary@contoso.com', to: 'rob@contoso.com', subject, text: 'x', headers })
      await settle(site)
    }
    await hand('ticket 7')
    assert.deepEqual(await told(site, 'ticket 7'), ['FAIL 5.7.520'])
    await arrived(site, 'mary', returned('ticket 7'))
    await run(site, 'Set-RemoteDomain Default -AutoReplyEnabled $false')
    await hand('ticket 8')
    assert.deepEqual(await told(site, 'ticket 8'), ['DROP The rem'])
  })
}

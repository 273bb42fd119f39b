/** Who may not send for another, and what becomes of copies that cannot be filed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createItem, ews, itemId, mail, made, named } from '../hostile/attack.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { arrived, inFolder, parts, run, seen, sendByEws, sendBySmtp, submit } from './desk.ts'

const boss = 'mary@contoso.com'
const denied = { message: /5\.7\.(1|60)|not send/i }

for (const engine of quickEngines) {
  test(`source R9: a right that is taken away between writing and sending is gone (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, `Set-Mailbox mary -GrantSendOnBehalfTo rob -MessageCopyForSendOnBehalfEnabled $true`)
    const draft = await made(site, 'rob', createItem(named('drafts'), mail('Late', parts({ from: boss, to: 'ann@contoso.com' }))))
    await run(site, `Set-Mailbox mary -GrantSendOnBehalfTo @{Remove='rob'}`)
    const send = `<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemId(draft)}</m:ItemIds></m:SendItem>`
    assert.deepEqual((await ews(site, 'rob', send)).codes, ['ErrorSendAsDenied'])
    await assert.rejects(sendBySmtp(site, 'rob', { from: boss, to: 'ann@contoso.com', subject: 'Late' }), denied)
    assert.deepEqual([await inFolder(site, 'mary', 'sentitems', 'Late'), (await inFolder(site, 'rob', 'drafts', 'Late')).length], [[], 1])
    await run(site, `Set-Mailbox mary -GrantSendOnBehalfTo @{Add='rob'}`)
    assert.deepEqual((await ews(site, 'rob', send)).codes, ['NoError'])
    assert.deepEqual(
      (await arrived(site, 'ann', 'Late')).map(seen).map(({ from, sender }) => [from, sender]),
      [[boss, 'rob@contoso.com']],
    )
    assert.equal((await inFolder(site, 'mary', 'sentitems', 'Late')).length, 1)
  })

  test(`source R9: no right to send comes of the right to open, nor of what From says (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    await run(site, 'Set-Mailbox mary -MessageCopyForSentAsEnabled $true -MessageCopyForSendOnBehalfEnabled $true')
    assert.deepEqual(await sendByEws(site, 'rob', { from: boss, to: 'ann@contoso.com', subject: 'x' }), ['ErrorSendAsDenied'])
    const draft = await made(site, 'rob', createItem(named('drafts', boss), mail('x', parts({ to: 'ann@contoso.com' }))))
    const send = `<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemId(draft)}</m:ItemIds></m:SendItem>`
    assert.deepEqual((await ews(site, 'rob', send)).codes, ['ErrorSendAsDenied'])
    const head = 'To: ann@contoso.com\r\nSubject: x\r\n'
    const envelope = { from: 'rob@contoso.com', to: 'ann@contoso.com' }
    const spoofed = [
      `From: ${boss}\r\n${head}`,
      `From: Rob <rob@contoso.com>, Mary <${boss}>\r\n${head}`,
      `From: rob@contoso.com\r\n${head}From: ${boss}\r\n`,
      `From: rob@contoso.com\r\n${head}from : ${boss}\r\n`,
      `From: Team: rob@contoso.com, ${boss};\r\n${head}`,
      `From: "rob@contoso.com" <${boss}>\r\n${head}`,
      `From:\r\n ${boss}\r\n${head}`,
      `From: mary\r\n${head}`,
      `${head}${'X-Filler: y\r\n'.repeat(5001)}From: ${boss}\r\n`,
    ]
    for (const [index, fields] of spoofed.entries()) {
      await assert.rejects(submit(site, 'rob', { raw: `${fields}\r\nbody\r\n`, envelope }), denied, `${index}: ${fields.slice(0, 80)}`)
    }
    await assert.rejects(submit(site, 'rob', { raw: `From: rob@contoso.com\r\n${head}\r\nbody\r\n`, envelope: { ...envelope, from: boss } }), denied) // prettier-ignore
    assert.deepEqual(await inFolder(site, 'mary', 'sentitems', 'x'), [])
    // What Sender says of anybody else goes; of several authors one is named as Sender (RFC 5322 3.6.2).
    await run(site, 'Add-RecipientPermission mary -Trustee rob -AccessRights SendAs')
    const forged = `From: ${boss}\r\nSender: ann@contoso.com\r\nTo: ann@contoso.com\r\nSubject: Forged sender\r\n\r\nbody\r\n`
    await submit(site, 'rob', { raw: forged, envelope })
    const twice = `From: ${boss}\r\nSender: rob@contoso.com\r\nSender: ann@contoso.com\r\nTo: ann@contoso.com\r\nSubject: Two senders\r\n\r\nbody\r\n`
    await submit(site, 'rob', { raw: twice, envelope })
    const several = `From: rob@contoso.com, ${boss}\r\nTo: ann@contoso.com\r\nSubject: Two authors\r\n\r\nbody\r\n`
    await submit(site, 'rob', { raw: several, envelope })
    const came = async (subject: string) => (await arrived(site, 'ann', subject)).map(seen).map(({ sender }) => sender)
    assert.deepEqual([await came('Forged sender'), await came('Two senders'), await came('Two authors')], [[boss], [boss], ['rob@contoso.com']]) // prettier-ignore
    for (const subject of ['Forged sender', 'Two senders', 'Two authors'])
      assert.equal((await inFolder(site, 'mary', 'sentitems', subject)).length, 1, subject)
  })

  test(`source R9: a full mailbox has no copy, and the message goes out (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'Add-RecipientPermission sales -Trustee rob -AccessRights SendAs')
    await run(site, 'Set-Mailbox sales -MessageCopyForSentAsEnabled $true -ProhibitSendReceiveQuota 1KB')
    const body = 'z'.repeat(2000)
    assert.deepEqual(await sendByEws(site, 'rob', { from: 'sales@contoso.com', to: 'ann@contoso.com', subject: 'Full', body }), ['NoError'])
    await sendBySmtp(site, 'rob', { from: 'sales@contoso.com', to: 'ann@contoso.com', subject: 'Full too', body })
    for (const subject of ['Full', 'Full too']) {
      await arrived(site, 'ann', subject)
      assert.deepEqual(await inFolder(site, 'sales', 'sentitems', subject), [])
      const told = await run(site, `Get-MessageTrackingLog -EventId AGENTINFO -MessageSubject '${subject}'`)
      const facts = told
        .filter(({ MessageSubject }) => MessageSubject === subject)
        .map(({ Recipients, RecipientStatus }) => [Recipients, RecipientStatus])
      assert.deepEqual(facts, [[['sales@contoso.com'], ['QuotaExceeded']]])
    }
    assert.equal((await inFolder(site, 'rob', 'sentitems', 'Full')).length, 1)
  })

  test(`source R9: groups are sent for, and hold rights; who has no mailbox here has no copy (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'Add-RecipientPermission staff -Trustee rob -AccessRights SendAs')
    await run(
      site,
      'New-MailContact zoe -ExternalEmailAddress zoe@fabrikam.com; Add-RecipientPermission zoe -Trustee rob -AccessRights SendAs',
    )
    await run(site, 'New-DistributionGroup senders -Type Security -Members rob')
    await run(site, 'New-DistributionGroup outer -Type Security -Members senders')
    await run(
      site,
      'Add-RecipientPermission sales -Trustee outer -AccessRights SendAs; Remove-RecipientPermission sales -Trustee rob -AccessRights SendAs; Set-Mailbox sales -GrantSendOnBehalfTo $null -MessageCopyForSentAsEnabled $true',
    )
    for (const [index, from] of ['staff@contoso.com', 'zoe@fabrikam.com', 'sales@contoso.com'].entries()) {
      const [byEws, bySmtp] = [`E ${index}`, `S ${index}`]
      assert.deepEqual(await sendByEws(site, 'rob', { from, to: 'ann@contoso.com', subject: byEws }), ['NoError'], from)
      await sendBySmtp(site, 'rob', { from, to: 'ann@contoso.com', subject: bySmtp })
      for (const subject of [byEws, bySmtp]) {
        assert.deepEqual(
          (await arrived(site, 'ann', subject)).map(seen).map((one) => [one.from, one.sender]),
          [[from, from]],
          subject,
        )
        assert.equal((await inFolder(site, 'sales', 'sentitems', subject)).length, from.startsWith('sales') ? 1 : 0, subject)
      }
    }
    // On behalf of a group: the delegate stands beside it.
    await run(
      site,
      'Remove-RecipientPermission staff -Trustee rob -AccessRights SendAs; Set-DistributionGroup staff -GrantSendOnBehalfTo outer',
    )
    await sendByEws(site, 'rob', { from: 'staff@contoso.com', to: 'ann@contoso.com', subject: 'For all' })
    await sendBySmtp(site, 'rob', { from: 'staff@contoso.com', to: 'ann@contoso.com', subject: 'For all too' })
    for (const subject of ['For all', 'For all too'])
      assert.deepEqual((await arrived(site, 'ann', subject)).map(seen).map((one) => [one.from, one.sender]), [['staff@contoso.com', 'rob@contoso.com']], subject) // prettier-ignore
    // By another of its names a mailbox is named on the wire by its address.
    await sendByEws(site, 'rob', { from: (await site.directory.find('sales@contoso.com'))!.legacyExchangeDn, to: 'ann@contoso.com', subject: 'By its DN' }) // prettier-ignore
    assert.deepEqual(
      (await arrived(site, 'ann', 'By its DN')).map(seen).map(({ from }) => from),
      ['sales@contoso.com'],
    )
  })
}

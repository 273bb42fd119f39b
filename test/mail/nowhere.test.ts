/** Mail that leads to no mailbox is refused or goes back: it is never swallowed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectSmtp } from '../clients/raw-smtp.ts'
import { arrived, inFolder, run, sendByEws, sendBySmtp } from '../sent-items/desk.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'

for (const engine of quickEngines) {
  test(`a discovery mailbox takes mail from nobody: a stranger hears of nobody there, a sender here gets it back (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, "New-Mailbox 'Case 7' -Alias case -Discovery")
    const message = Buffer.from('From: a@x.example\r\nSubject: stranger\r\n\r\nx\r\n')
    const answers = [] as string[]
    for (const to of ['case', 'nobody']) {
      const smtp = await connectSmtp(site.ports.smtp!)
      await smtp
        .send('a@x.example', [`${to}@contoso.com`], message)
        .catch((error: Error) => answers.push(error.message.replaceAll(to, 'X')))
      smtp.close()
    }
    assert.match(answers[0] ?? '', / 550 5\.1\.1 /)
    assert.equal(answers[0], answers[1], 'a stranger cannot tell it from nobody')
    await assert.rejects(sendBySmtp(site, 'mary', { to: 'case@contoso.com', subject: 'handed in' }), /case@contoso\.com/)
    await run(site, 'New-DistributionGroup Team -Alias team -Members case')
    for (const [to, subject] of [
      ['case@contoso.com', 'direct'],
      ['team@contoso.com', 'by a group'],
    ] as const) {
      assert.deepEqual(await sendByEws(site, 'mary', { to, subject }), ['NoError'])
      const [report] = await arrived(site, 'mary', `Undeliverable: ${subject}`)
      assert.match(JSON.stringify(report?.body), /5\.7\.1 /)
      assert.deepEqual(await inFolder(site, 'case', 'inbox', subject), [])
    }
  })

  test(`forwards in a circle without kept copies give mail back (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await run(site, 'Set-Mailbox ann -ForwardingAddress rob -DeliverToMailboxAndForward $false')
    await run(site, 'Set-Mailbox rob -ForwardingAddress ann -DeliverToMailboxAndForward $false')
    await sendBySmtp(site, 'mary', { to: 'ann@contoso.com', subject: 'circle' })
    const [report] = await arrived(site, 'mary', 'Undeliverable: circle')
    assert.match(JSON.stringify(report?.body), /ann@contoso\.com.*5\.4\.6/)
    assert.doesNotMatch(JSON.stringify(report?.body), /rob@/)
    await run(site, 'Set-Mailbox rob -DeliverToMailboxAndForward $true')
    await sendBySmtp(site, 'mary', { to: 'ann@contoso.com', subject: 'circle, kept' })
    await arrived(site, 'rob', 'circle, kept')
  })
}

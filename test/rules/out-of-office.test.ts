/** Automatic replies: who gets which, once, and who gets none. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMime } from '#wire'
import type { Delivery, OutOfOffice } from '#mailbox'
import { quickEngines } from '../support/engines.ts'
import { SetUserOofSettings } from '#schema'
import { ewsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { mail, people, type People } from '../mailbox/people.ts'
import { arrived, mailIn } from './arrivals.ts'

const away: OutOfOffice = {
  state: 'Enabled',
  externalAudience: 'All',
  internalReply: { message: '<p>inside</p>', language: 'en-GB' },
  externalReply: { message: '<p>outside</p>' },
}
const set = (site: People, outOfOffice: OutOfOffice) => site.mailboxes.saveSettings(site.mary.caller, site.mary.mailbox, { outOfOffice })

const deliver = (site: People, mime: Uint8Array, sender: string, authAs: Delivery['authAs'] = 'Anonymous') =>
  site.mailboxes.deliver(site.organisation, site.mary.mailbox, {
    mime,
    recipient: 'mary@contoso.com',
    sender,
    receivedAt: site.clock.now,
    authAs,
  })

/** Replies that wait to be sent, as `recipient: words`. */
async function replies(site: People): Promise<string[]> {
  return site.store.read(async (tx) => {
    const all: string[] = []
    for (const message of await tx.queue.list(site.organisation, '', 100)) {
      const [recipient] = await tx.queue.recipients(site.organisation, message.id)
      const { html } = parseMime(await tx.queue.blob(site.organisation, message.blob))
      assert.equal(message.sender, '', 'nobody hears of a reply that cannot be delivered (RFC 3834 3.3)')
      all.push(`${recipient?.address}: ${html?.includes('inside') ? 'inside' : 'outside'}`)
    }
    return all.toSorted()
  })
}

for (const engine of quickEngines) {
  test(`each sender gets the reply for it, once until the replies are set anew ([MS-OXWOOF] 2.2.4.3, RFC 3834 2, ${engine.name})`, async () => {
    await using site = await people(engine)
    await set(site, away)
    await Promise.all(['a', 'b', 'c'].map((subject) => deliver(site, mail({ subject }), 'bob@fabrikam.com')))
    await deliver(site, mail({ subject: 'd', from: 'rob@contoso.com' }), 'Rob@contoso.com', 'Internal')
    assert.deepEqual(await replies(site), ['bob@fabrikam.com: outside', 'rob@contoso.com: inside'])
    await deliver(site, mail({ subject: 'forged', from: 'ann@contoso.com' }), 'ann@contoso.com')
    assert.ok((await replies(site)).includes('ann@contoso.com: outside'), 'who is not vouched for is a stranger')
    await set(site, { ...away, state: 'Disabled' })
    await deliver(site, mail({ subject: 'e' }), 'eve@fabrikam.com')
    assert.equal((await replies(site)).length, 3)
    await set(site, away)
    await deliver(site, mail({ subject: 'f' }), 'bob@fabrikam.com')
    assert.equal((await replies(site)).filter((one) => one.startsWith('bob@')).length, 2)
  })

  test(`a delivery that fails sends no reply, and the next try one (${engine.name})`, async () => {
    await using site = await people(engine)
    await set(site, away)
    const delivery = { mime: mail({ subject: 'x' }), recipient: 'mary@contoso.com', sender: 'bob@fabrikam.com', receivedAt: site.clock.now }
    const killed = site.mailboxes.deliver(site.organisation, site.mary.mailbox, delivery, () => Promise.reject(new Error('killed')))
    await assert.rejects(killed, /killed/)
    assert.deepEqual(await replies(site), [])
    await site.mailboxes.deliver(site.organisation, site.mary.mailbox, delivery)
    assert.deepEqual(await replies(site), ['bob@fabrikam.com: outside'])
  })

  test(`the audience and the hours decide ([MS-OXWOOF] 2.2.4.3, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { caller, mailbox } = site.mary
    const { now } = site.clock
    await set(site, { ...away, externalAudience: 'None' })
    await deliver(site, mail({ subject: '1' }), 'bob@fabrikam.com')
    await set(site, { ...away, externalAudience: 'Known' })
    await deliver(site, mail({ subject: '2' }), 'bob@fabrikam.com')
    await set(site, { ...away, state: 'Scheduled', start: now + 1000, end: now + 2000 })
    await deliver(site, mail({ subject: '3' }), 'bob@fabrikam.com')
    assert.deepEqual(await replies(site), [])
    site.clock.now += 1500
    await deliver(site, mail({ subject: '4' }), 'bob@fabrikam.com')
    assert.equal((await replies(site)).length, 1)
    const card = { kind: 'contact' as const, properties: { emailAddresses: { EmailAddress1: { address: 'kim@fabrikam.com' } } } }
    await site.mailboxes.createItem(caller, { mailbox, kind: 'contacts' }, card)
    await set(site, { ...away, externalAudience: 'Known' })
    await deliver(site, mail({ subject: '5' }), 'kim@fabrikam.com')
    assert.ok((await replies(site)).includes('kim@fabrikam.com: outside'))
  })

  test(`programs, lists, reports and strangers to the recipient get none (RFC 3834 2, ${engine.name})`, async () => {
    await using site = await people(engine)
    await set(site, away)
    const none: [headers: string, sender?: string, to?: string][] = [
      ['Auto-Submitted: auto-generated\r\n'],
      ['Auto-Submitted: auto-replied; x=y\r\n'],
      ['Precedence: bulk\r\n'],
      ['List-Id: <list.example>\r\n'],
      ['List-Unsubscribe: <mailto:x@list.example>\r\n'],
      ['X-Auto-Response-Suppress: DR, OOF\r\n'],
      ['Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n', 'm@fabrikam.com'],
      ['', ''],
      ['', 'MAILER-DAEMON@fabrikam.com'],
      ['', 'postmaster@fabrikam.com'],
      ['', 'no-reply@fabrikam.com'],
      ['', 'list-owner@fabrikam.com'],
      ['', 'mary@contoso.com'],
      ['', 'bob@fabrikam.com', 'staff@contoso.com'],
    ]
    for (const [index, [headers, sender = 'bob@fabrikam.com', to]] of none.entries()) {
      await deliver(site, mail({ subject: `none ${index}`, headers, ...(to ? { to } : {}) }), sender)
      assert.deepEqual(await replies(site), [], `${headers}${sender}`)
    }
    await deliver(site, mail({ subject: 'one', headers: 'Auto-Submitted: no\r\n' }), 'bob@fabrikam.com')
    assert.equal((await replies(site)).length, 1)
  })
}

for (const engine of quickEngines) {
  test(`a colleague hears that somebody is away ([MS-OXWOOF] 3.1.4.2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const UserOofSettings = { OofState: 'Enabled', ExternalAudience: 'All', InternalReply: { Message: '<b>inside</b>' }, ExternalReply: { Message: 'outside' } } as const // prettier-ignore
    await ewsClient(site).call(SetUserOofSettings, { Mailbox: { Address: 'mary@contoso.com' }, UserOofSettings })
    const sent = await site.mailboxes.sendNew(
      await site.caller('rob'),
      site.people['rob']!.mailbox,
      { kind: 'message', properties: { subject: 'lunch?', toRecipients: [{ address: 'mary@contoso.com' }] } },
      {},
    )
    assert.equal(sent, undefined)
    const [reply] = await arrived(site, 'rob', 'Automatic reply: lunch?')
    assert.match(reply?.mime ?? '', /^Auto-Submitted: auto-replied\r$/m)
    assert.match(reply?.mime ?? '', /inside/)
    // The reply itself is answered by nobody, even between two who are away.
    await ewsClient(site, 'rob').call(SetUserOofSettings, { Mailbox: { Address: 'rob@contoso.com' }, UserOofSettings })
    await mailIn(site, { subject: 'from outside' })
    await arrived(site, 'mary', 'from outside')
    assert.equal((await arrived(site, 'rob', /Automatic reply/)).length, 1)
  })
}

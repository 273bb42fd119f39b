import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#model'
import { parseMime } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { anonymous, inbound, mailSite, message, start, submission, to } from './mail-site.ts'

const refuses = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

for (const engine of quickEngines) {
  test(`${engine.name}: what anyone may send is queued, the rest refused and not kept`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store, { maxMessageSize: 5000, maxRecipients: 3 })
    const { transport } = site
    const refused: [string, Buffer, string[]][] = [
      ['MessageSizeExceeded', Buffer.alloc(5001, 'a'), ['mary@contoso.com']],
      ['MissingRecipients', message('a'), []],
      ['TooManyRecipients', message('a'), ['a', 'b', 'c', 'd'].map((name) => `${name}@contoso.com`)],
      ['UnknownRecipient', message('a'), ['mary@contoso.com', 'nobody@contoso.com']],
      ['RelayDenied', message('a'), ['someone@fabrikam.example']],
      ['InvalidSmtpAddress', message('a'), ['mary']],
      ['InvalidSmtpAddress', message('a'), ['mary @contoso.com']],
      ['MailLoop', message('a', 'Received: from a by b; Mon, 1 Jan 2026 00:00:00 +0000\r\n'.repeat(61)), ['mary@contoso.com']],
    ]
    for (const [code, bytes, recipients] of refused)
      await assert.rejects(transport.accept(bytes, to(...recipients), anonymous, inbound), refuses(code), code)
    assert.deepEqual(await opened.store.read((tx) => tx.queue.list(site.organisation, '', 10)), [])

    const { ids } = await transport.accept(message('a'), to('Mary@CONTOSO.com', 'mary@contoso.com'), anonymous, inbound)
    const [queued] = await opened.store.read((tx) => tx.queue.list(site.organisation, '', 10))
    assert.equal(queued?.id, ids[0])
    assert.equal(queued?.sender, 'sender@fabrikam.example')
    assert.match(
      String(queued?.envelope['trace']),
      /^Received: from mx.example \(\[192.0.2.2\]\) by mail.contoso.com\r\n with ESMTP id [0-9a-f]+; Mon, 23 Nov 2026/,
    )
    assert.equal((await opened.store.read((tx) => tx.queue.recipients(site.organisation, queued?.id ?? ''))).length, 1)
    await transport.runDue()
    assert.deepEqual(
      site.boxes.get('mary@contoso.com')?.map((one) => Buffer.from(one.mime)),
      [message('a')],
    )
  })

  test(`${engine.name}: who submits sends in their own name or one they were given`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    const { directory, transport, organisation, people } = site
    await directory.update(organisation, people.sales.id, {
      sendAs: [people.mary.id],
      proxyAddresses: ['SMTP:sales@contoso.com', 'smtp:shop@contoso.com'],
    })
    const staff = await site.add({ kind: 'DistributionGroup', alias: 'staff', members: [people.mary.id] })
    await directory.update(organisation, people.ann.id, { sendOnBehalf: [staff.id] })
    const mary = await site.caller(people.mary)
    const send = async (from: string, sender: string, more = '') => {
      const bytes = Buffer.from(`${from ? `From: ${from}\r\n` : ''}${more}Subject: s\r\n\r\nbody\r\n`)
      await transport.accept(bytes, { sender, recipients: [{ address: 'rob@contoso.com' }] }, mary, submission)
      await transport.runDue()
      return parseMime(site.boxes.get('rob@contoso.com')?.at(-1)?.mime ?? new Uint8Array())
    }
    await assert.rejects(send('rob@contoso.com', 'mary@contoso.com'), refuses('SendAsDenied'))
    await assert.rejects(send('mary@contoso.com', 'rob@contoso.com'), refuses('SendAsDenied'))
    await assert.rejects(send('someone@fabrikam.example', 'mary@contoso.com'), refuses('SendAsDenied'))
    await assert.rejects(send('mary@contoso.com, rob@contoso.com', 'mary@contoso.com'), refuses('SendAsDenied'))

    const own = await send('', 'mary@contoso.com', 'Bcc: ann@contoso.com\r\n')
    assert.deepEqual(own.from, { name: 'Mary Jensen', address: 'mary@contoso.com' })
    assert.equal(own.date, start)
    assert.match(own.messageId, /^<[0-9a-f]+@contoso.com>$/)
    assert.deepEqual(own.bcc, [])
    const shop = await send('shop@contoso.com', 'shop@contoso.com')
    assert.equal(shop.sender, undefined)
    const behalf = await send('Ann <ann@contoso.com>', 'mary@contoso.com', 'Sender: forged@fabrikam.example\r\n')
    assert.equal(behalf.from?.address, 'ann@contoso.com')
    assert.equal(behalf.sender?.address, 'mary@contoso.com')
  })

  test(`${engine.name}: a submission that lacks nothing is not altered`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    const bytes = Buffer.from(
      'From: mary@contoso.com\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\nMessage-ID: <1@x>\r\n\r\n\xff\0\r\n.\r\n',
      'latin1',
    )
    await site.transport.accept(
      bytes,
      { sender: 'mary@contoso.com', recipients: [{ address: 'rob@contoso.com' }] },
      await site.caller(site.people.mary),
      submission,
    )
    await site.transport.runDue()
    assert.deepEqual(Buffer.from(site.boxes.get('rob@contoso.com')?.[0]?.mime ?? []), bytes)
  })
}

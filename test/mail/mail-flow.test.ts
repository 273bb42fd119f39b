import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#model'
import { parseMime } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { anonymous, inbound, mailSite, message, to, type MailSite } from './mail-site.ts'

const received = (site: MailSite): Record<string, string[]> =>
  Object.fromEntries([...site.boxes.keys()].toSorted().map((address) => [address, site.subjects(address)]))

for (const engine of quickEngines) {
  test(`${engine.name}: groups are opened to their members, once each`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    const { people, directory, organisation } = site
    const inner = await site.add({ kind: 'DistributionGroup', alias: 'inner', members: [people.rob.id, people.ann.id] })
    const outer = await site.add({ kind: 'DistributionGroup', alias: 'outer', members: [people.mary.id, people.rob.id, inner.id] })
    await directory.update(organisation, inner.id, { members: [people.rob.id, people.ann.id, outer.id] })
    await site.add({ kind: 'DistributionGroup', alias: 'empty' })
    await site.transport.accept(message('g'), to('outer@contoso.com', 'empty@contoso.com'), anonymous, inbound)
    await site.transport.runDue()
    assert.deepEqual(received(site), { 'ann@contoso.com': ['g'], 'mary@contoso.com': ['g'], 'rob@contoso.com': ['g'] })
    assert.deepEqual(await opened.store.read((tx) => tx.queue.list(organisation, '', 10)), [])
  })

  test(`${engine.name}: forwarding leads on, with or without a copy, and circles end`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    const { people, directory, organisation } = site
    await directory.update(organisation, people.mary.id, { forwardTo: people.rob.id, deliverAndForward: true })
    await directory.update(organisation, people.rob.id, { forwardTo: people.ann.id })
    await directory.update(organisation, people.ann.id, { forwardTo: people.mary.id, deliverAndForward: true })
    await site.transport.accept(message('f'), to('mary@contoso.com'), anonymous, inbound)
    await site.transport.runDue()
    assert.deepEqual(received(site), { 'ann@contoso.com': ['f'], 'mary@contoso.com': ['f'] })
  })

  test(`${engine.name}: a mailbox that refuses for good bounces to the sender, one that is busy is tried again`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    const envelope = { sender: 'rob@contoso.com', recipients: [{ address: 'mary@contoso.com' }] }
    site.failures.push(
      new Refusal('MailboxStoreUnavailable', 'moving'),
      new Error('a bug'),
      new Refusal('QuotaExceeded', 'The mailbox is full.'),
    )
    await site.transport.accept(message('b'), envelope, anonymous, inbound)
    await site.transport.runDue()
    assert.deepEqual(received(site), {})
    site.now.at += 60_000
    await site.transport.runDue()
    assert.equal(site.logged.length, 1, 'a bug is logged')
    site.now.at += 2 * 60_000
    await site.transport.runDue()
    const report = parseMime(site.boxes.get('rob@contoso.com')?.[0]?.mime ?? new Uint8Array())
    assert.equal(report.subject, 'Undeliverable: b')
    assert.equal(report.contentParams['report-type'], 'delivery-status')
    const fields = Buffer.from(report.attachments[0]?.bytes ?? []).toString()
    assert.match(fields, /^Reporting-MTA: dns; mail.contoso.com\r\n/)
    assert.match(fields, /Final-Recipient: rfc822; mary@contoso.com\r\nAction: failed\r\nStatus: 5.2.2\r\n/)
    assert.deepEqual(Buffer.from(report.attachments[1]?.bytes ?? []), message('b'))
    assert.deepEqual(await opened.store.read((tx) => tx.queue.list(site.organisation, '', 10)), [])
  })

  test(`${engine.name}: nothing is reported to the null sender, nor where NOTIFY says no`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    site.failures.push(new Refusal('QuotaExceeded', 'full'), new Refusal('QuotaExceeded', 'full'))
    await site.transport.accept(message('n'), { sender: '', recipients: [{ address: 'mary@contoso.com' }] }, anonymous, inbound)
    await site.transport.runDue()
    await site.transport.accept(
      message('n'),
      { sender: 'rob@contoso.com', recipients: [{ address: 'mary@contoso.com', notify: ['NEVER'] }] },
      anonymous,
      inbound,
    )
    await site.transport.runDue()
    assert.deepEqual(received(site), {})
    assert.deepEqual(await opened.store.read((tx) => tx.queue.list(site.organisation, '', 10)), [])
  })

  test(`${engine.name}: a success is reported when asked for`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    const recipients = [{ address: 'mary@contoso.com', notify: ['SUCCESS' as const], originalRecipient: 'rfc822;m@contoso.com' }]
    await site.transport.accept(message('s'), { sender: 'rob@contoso.com', recipients, envid: 'env1' }, anonymous, inbound)
    await site.transport.runDue()
    const report = parseMime(site.boxes.get('rob@contoso.com')?.[0]?.mime ?? new Uint8Array())
    assert.equal(report.subject, 'Delivered: s')
    const fields = Buffer.from(report.attachments[0]?.bytes ?? []).toString()
    assert.match(fields, /^Original-Envelope-Id: env1\r\n/)
    assert.match(
      fields,
      /Original-Recipient: rfc822;m@contoso.com\r\nFinal-Recipient: rfc822; mary@contoso.com\r\nAction: delivered\r\nStatus: 2.1.5/,
    )
  })

  test(`${engine.name}: a bounce of a bounce ends`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    site.failures.push(new Refusal('QuotaExceeded', 'full'), new Refusal('QuotaExceeded', 'full'))
    await site.transport.accept(
      message('x'),
      { sender: 'rob@contoso.com', recipients: [{ address: 'mary@contoso.com' }] },
      anonymous,
      inbound,
    )
    await site.transport.runDue()
    assert.deepEqual(received(site), {})
    assert.deepEqual(await opened.store.read((tx) => tx.queue.list(site.organisation, '', 10)), [])
  })

  test(`${engine.name}: a delivery whose write fails is not half done and comes again once`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    let crashes = 1
    site.beforeCommit = async () => {
      if (crashes-- > 0) throw new Error('power cut')
    }
    await site.transport.accept(message('c'), to('mary@contoso.com'), anonymous, inbound)
    await site.transport.runDue()
    assert.deepEqual(received(site), {})
    site.now.at += 60_000
    await site.transport.runDue()
    assert.deepEqual(received(site), { 'mary@contoso.com': ['c'] })
  })

  test(`${engine.name}: what another process has taken over is not delivered twice`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    await site.transport.accept(message('t'), to('mary@contoso.com'), anonymous, inbound)
    const slow = site.another({ node: 'slow', lease: 1000 })
    const quick = site.another({ node: 'quick' })
    site.beforeDelivery = async () => {
      site.beforeDelivery = async () => undefined
      site.now.at += 60_000
      await quick.runDue()
      assert.deepEqual(received(site), { 'mary@contoso.com': ['t'] }, 'quick was quicker')
    }
    await slow.runDue()
    assert.deepEqual(received(site), { 'mary@contoso.com': ['t'] })
  })

  test(`${engine.name}: a process that was killed takes up its mail when it is back`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    await site.transport.accept(message('k'), to('mary@contoso.com'), anonymous, inbound)
    await opened.store.write((tx) => tx.queue.lease('node-1', site.now.at, site.now.at + 3_600_000, 10))
    await site.transport.runDue()
    assert.deepEqual(received(site), {}, 'leased to the dead one')
    const back = site.another({ node: 'node-1' })
    const delivered = Promise.withResolvers<void>()
    site.beforeCommit = async () => delivered.resolve()
    back.start()
    await delivered.promise
    await back.close()
    assert.deepEqual(received(site), { 'mary@contoso.com': ['k'] })
  })

  test(`${engine.name}: a started transport works when mail comes, and stops`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    site.transport.start()
    for (let round = 0; round < 3; round++) {
      const delivered = Promise.withResolvers<void>()
      site.beforeCommit = async () => delivered.resolve()
      await site.transport.accept(message(`r${round}`), to('mary@contoso.com'), anonymous, inbound)
      await delivered.promise
    }
    await site.transport.close()
    // One after the other, or two at once: in what order is not promised.
    assert.deepEqual(site.subjects('mary@contoso.com').toSorted(), ['r0', 'r1', 'r2'])
    await site.transport.accept(message('late'), to('mary@contoso.com'), anonymous, inbound)
    assert.equal((await opened.store.read((tx) => tx.queue.list(site.organisation, '', 10))).length, 1)
  })

  test(`${engine.name}: mail to postmaster goes to whoever is named`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store, { postmaster: 'rob@contoso.com' })
    await site.transport.accept(message('p'), to('Postmaster@contoso.com'), anonymous, inbound)
    await site.transport.runDue()
    assert.deepEqual(received(site), { 'rob@contoso.com': ['p'] })
  })

  test(`${engine.name}: 200 messages at once are all delivered, once`, async () => {
    await using opened = await engine.use()
    await using site = await mailSite(opened.store)
    const all = Array.from({ length: 200 }, (_, index) => `m${index}`)
    await Promise.all(
      all.map((subject) => site.transport.accept(message(subject), to('mary@contoso.com', 'rob@contoso.com'), anonymous, inbound)),
    )
    await site.transport.runDue()
    assert.deepEqual(site.subjects('mary@contoso.com').toSorted(), all.toSorted())
    assert.deepEqual(site.subjects('rob@contoso.com').toSorted(), all.toSorted())
  })
}

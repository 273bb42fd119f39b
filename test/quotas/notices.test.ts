/** The owner of a mailbox is told of its quotas, in the mailbox's language, once a day for each level (issue 6, point 8). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { folderXml, idOf, itemXml, person, text } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { refusal } from '../admin/desk.ts'

const hour = 3_600_000
/** Now: the certificate of the site holds by the clock of this machine. */
const start = Date.now()

/** A site whose clock is turned by the test. */
async function clockedSite(engine: Parameters<typeof mailboxSite>[0]) {
  const now = { at: start }
  const site = await mailboxSite(engine, { outside: { clock: () => now.at } })
  return Object.assign(site, { now })
}

async function mailTo(site: MailboxSite, alias: string, subject: string, bytes = 4000): Promise<void> {
  const mime = Buffer.from(`From: bob@fabrikam.com\r\nTo: ${alias}@contoso.com\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(bytes)}\r\n`)
  const delivery = { mime, recipient: `${alias}@contoso.com`, sender: 'bob@fabrikam.com', receivedAt: start }
  await site.mailboxes.deliver(site.organisation.id, site.people[alias]!.mailbox, delivery)
}

const isNotice = (itemClass: string | undefined) => itemClass?.startsWith('IPM.Note.StorageQuotaWarning') === true
/** The notices in somebody's Inbox, the last one first. */
async function notices(site: MailboxSite, alias = 'mary') {
  const who = person(site, alias)
  const found = (await who.find('inbox', { shape: 'Default', fields: ['item:ItemClass'] })).filter((item) =>
    isNotice(text(item, 'ItemClass')),
  )
  return Promise.all(
    found.map(async (item) => {
      const whole = await who.get(idOf(item), { more: '<t:BodyType>Text</t:BodyType>', fields: ['item:MimeContent'] })
      return {
        id: idOf(item),
        kind: text(whole, 'ItemClass')?.replace('IPM.Note.StorageQuotaWarning.', ''),
        subject: text(whole, 'Subject') ?? '',
        from: text(whole, 'From/Mailbox/EmailAddress'),
        importance: text(whole, 'Importance'),
        isRead: text(whole, 'IsRead'),
        body: text(whole, 'Body') ?? '',
        mime: Buffer.from(text(whole, 'MimeContent') ?? '', 'base64').toString('latin1'),
      }
    }),
  )
}
const kinds = async (site: MailboxSite, alias = 'mary') => (await notices(site, alias)).map(({ kind }) => kind).toSorted()

for (const engine of quickEngines) {
  test(`each level that is reached is told of, once a day, even in a full mailbox (PSDOC Set-MailboxDatabase QuotaNotificationSchedule, ${engine.name})`, async () => {
    await using site = await clockedSite(engine)
    const mary = person(site)
    await site.run('Set-Mailbox mary -IssueWarningQuota 10KB -ProhibitSendQuota 20KB -ProhibitSendReceiveQuota 30KB')
    await mailTo(site, 'mary', 'one')
    await site.jobs.runDue()
    assert.deepEqual(await kinds(site), [], 'nothing is reached')
    await mailTo(site, 'mary', 'two', 8000)
    await site.jobs.runDue()
    const [warning, ...more] = await notices(site)
    assert.deepEqual([warning?.kind, warning?.importance, warning?.isRead, more.length], ['Warning', 'High', 'false', 0])
    assert.equal(warning?.from, 'postmaster@contoso.com')
    assert.equal(warning?.subject, 'Your mailbox is almost full')
    assert.match(
      warning?.body ?? '',
      /Size of your mailbox: 1\d(\.\d+)? kB[^]*warned at: 10 kB[^]*no longer send at: 20 kB[^]*send or receive at: 30 kB[^]*delete messages/,
    )
    assert.match(warning?.mime ?? '', /^Auto-Submitted: auto-generated\r$/m)
    assert.match(warning?.mime ?? '', /^X-Auto-Response-Suppress: All\r$/m)
    // The same level is not told of again today, whatever comes and goes.
    await mary.remove(itemXml(idOf((await mary.find('inbox')).at(-1))), 'SoftDelete')
    await mailTo(site, 'mary', 'three', 4000)
    await site.jobs.runDue()
    assert.deepEqual(await kinds(site), ['Warning'])
    // The next ones are; the last into a mailbox that takes nothing else.
    await mailTo(site, 'mary', 'four', 10_000)
    await site.jobs.runDue()
    assert.deepEqual(await kinds(site), ['Send', 'Warning'])
    await mailTo(site, 'mary', 'five', 10_000)
    await assert.rejects(mailTo(site, 'mary', 'six'), refusal('QuotaExceeded'))
    await site.jobs.runDue()
    assert.deepEqual(await kinds(site), ['Send', 'SendReceive', 'Warning'])
    // Daily while it lasts, of the level that it is at.
    site.now.at += 25 * hour
    await site.jobs.runDue()
    assert.deepEqual(await kinds(site), ['Send', 'SendReceive', 'SendReceive', 'Warning'])
    site.now.at += 25 * hour
    await site.jobs.runDue()
    assert.equal((await kinds(site)).length, 5)
    // And no more once there is room.
    await mary.ask('<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="false"><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:EmptyFolder>') // prettier-ignore
    site.now.at += 25 * hour
    await site.jobs.runDue()
    assert.deepEqual(await kinds(site), [])
  })

  test(`the notice is in the language of the mailbox, and starts no rule, forwarding or automatic reply (${engine.name})`, async () => {
    await using site = await clockedSite(engine)
    const said: [alias: string, culture: string, subject: string, size: RegExp][] = [
      ['mary', 'de-DE', 'Ihr Postfach ist voll: Sie können keine Nachrichten senden oder empfangen', /ab: 1,5 kB/],
      ['rob', 'fr-FR', 'Votre boîte aux lettres est pleine : vous ne pouvez plus envoyer ni recevoir de messages', /partir de: 1,5\sko/],
      ['ann', 'es-ES', 'Su buzón está lleno: no puede enviar ni recibir mensajes', /partir de: 1,5\skB/],
      ['sales', 'ja-JP', 'Your mailbox is full: you cannot send or receive messages', /at: 1\.5 kB/],
    ]
    await site.run('Set-Mailbox mary -ForwardingAddress ann -DeliverToMailboxAndForward $true')
    for (const [alias, culture] of said) {
      const { mailbox } = site.people[alias]!
      const settings = { culture, outOfOffice: { state: 'Enabled', audience: 'All', internalReply: 'Away', externalReply: 'Away' } }
      await site.mailboxes.saveSettings(systemCaller(site.organisation.id), mailbox, settings)
      await site.run(`Set-Mailbox ${alias} -IssueWarningQuota 1KB -ProhibitSendQuota 1KB -ProhibitSendReceiveQuota 1.5KB`)
      await mailTo(site, alias, 'one')
    }
    await site.jobs.runDue()
    const queued = () => site.store.read((tx) => tx.queue.list(site.organisation.id, '', 100)).then((all) => all.length)
    const waiting = await queued()
    for (const [alias, , subject, size] of said) {
      const { mailbox } = site.people[alias]!
      const inbox = await site.store.read(async (tx) => {
        const folder = (await tx.folders.byKind(mailbox, 'inbox'))!
        const heads = await tx.items.heads({ mailbox, folders: [folder.id], associated: false, order: [], limit: 10 })
        const rows = await tx.items.getMany(mailbox, heads.map(({ id }) => id)) // prettier-ignore
        const row = rows.find(({ itemClass }) => isNotice(itemClass))
        return { count: rows.length, row, body: row?.body ? Buffer.from(await tx.blobs.get(mailbox, row.body)).toString() : '' }
      })
      assert.deepEqual([inbox.count, inbox.row?.subject], [2, subject], alias)
      assert.match(inbox.body, size, alias)
    }
    assert.equal(await queued(), waiting, 'nothing was sent of it')
  })

  test(`a quota that is lowered is told of with the day's look, and the server alone looks (${engine.name})`, async () => {
    await using site = await clockedSite(engine)
    const mary = person(site)
    await mary.create('<t:Message><t:Subject>x</t:Subject></t:Message>', { folder: folderXml('drafts') })
    await mailTo(site, 'mary', 'one')
    await mailTo(site, 'rob', 'one')
    await site.run("Set-MailboxDatabase 'Mailbox Database' -IssueWarningQuota 2KB -ProhibitSendQuota 3KB")
    await site.run('Set-Mailbox rob -ProhibitSendReceiveQuota Unlimited -UseDatabaseQuotaDefaults $false')
    site.now.at += 25 * hour
    await site.jobs.runDue()
    assert.deepEqual([await kinds(site), await kinds(site, 'rob')], [['Send'], []])
    await assert.rejects(site.mailboxes.tellOfQuota(await site.caller('mary'), site.people.mary!.mailbox), refusal('AccessDenied'))
    await assert.rejects(
      site.mailboxes.recoverableOverWarning(await site.caller('boss'), site.people.mary!.mailbox),
      refusal('AccessDenied'),
    )
  })

  test(`Recoverable Items that a hold lets grow are told to administrators (PSDOC Set-Mailbox RecoverableItemsWarningQuota, ${engine.name})`, async () => {
    await using site = await clockedSite(engine)
    const mary = person(site)
    const found = async () =>
      (await site.run('Get-ServerHealth -HealthSet MailboxSpace')).map(({ AlertValue, Message }) => [AlertValue, Message])
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true -RecoverableItemsWarningQuota 5KB -RecoverableItemsQuota 50KB')
    await site.run('Set-Mailbox rob -RecoverableItemsWarningQuota 5KB -RecoverableItemsQuota 50KB')
    for (const alias of ['mary', 'rob'])
      for (const subject of ['one', 'two', 'three']) {
        await mailTo(site, alias, subject)
        const who = person(site, alias)
        assert.deepEqual(await who.remove(itemXml(idOf((await who.find('inbox'))[0])), 'SoftDelete'), ['NoError'])
      }
    assert.equal((await found())[0]?.[0], 'Healthy')
    site.now.at += 25 * hour
    await site.jobs.runDue()
    const [[alert, says]] = (await found()) as [[string, string]]
    assert.equal(alert, 'Degraded')
    assert.ok(says.includes(`of 1 mailboxes`) && says.includes(site.people.mary!.mailbox), says)
    assert.equal((await mary.find('recoverableitemsdeletions')).length, 3, 'what is held stays')
    assert.deepEqual(await kinds(site), [], 'the owner is not told of what is no quota of theirs')
  })

  test(`what a program creates past a level makes the notice due too, and a refused write does not (${engine.name})`, async () => {
    await using site = await clockedSite(engine)
    const mary = person(site)
    const body = `<t:Body BodyType="Text">${'x'.repeat(6000)}</t:Body>`
    await site.run('Set-Mailbox mary -IssueWarningQuota 5KB')
    const there = await mary.createCodes(`<t:Message><t:Subject>x</t:Subject>${body}</t:Message>`, { folder: folderXml('inbox') })
    await site.jobs.runDue()
    assert.deepEqual([there, await kinds(site)], [['NoError'], ['Warning']])
    await mailTo(site, 'rob', 'one')
    await site.run('Set-Mailbox rob -ProhibitSendReceiveQuota 1KB')
    await assert.rejects(mailTo(site, 'rob', 'two'), refusal('QuotaExceeded'))
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'MailboxQuotaNotice'), [])
  })
}

/** The folder assistant: what it does when, what holds it up, and that a round which dies anywhere goes on. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createAssistant, createAssistantSchedule } from '#mailbox'
import type { JobRow } from '#store'
import { folderXml, itemXml, person, text, type Id, type Person } from '../requirements/person.ts'
import { discoverer } from '../support/discoverer.ts'
import { quickEngines } from '../support/engines.ts'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'

const day = 86_400_000
const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const folderNamed = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const subjects = async (mary: Person, folder: string | Id) =>
  (await mary.find(folder, { shape: 'Default' })).map((one) => text(one, 'Subject')).toSorted()

async function assist(site: MailboxSite): Promise<void> {
  await site.run('Start-ManagedFolderAssistant mary')
  await site.jobs.runDue()
}

async function withPolicy(site: MailboxSite, action: string, days = 1): Promise<void> {
  await site.run(`New-RetentionPolicyTag 'All' -Type All -AgeLimitForRetention ${days} -RetentionAction ${action}`)
  await site.run("New-RetentionPolicy 'P' -RetentionPolicyTagLinks All")
  await site.run('Set-Mailbox mary -RetentionPolicy P')
}

for (const engine of quickEngines) {
  test(`each action does what it says, with the stamps of a deletion, and a hold keeps what is deleted for good (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const [mary, seer] = [person(site), await discoverer(site)]
    await withPolicy(site, 'MarkAsPastRetentionLimit')
    const stamp = '<t:ExtendedFieldURI PropertyTag="0x348a" PropertyType="Binary"/>'
    await mary.create(message('one'), { folder: 'inbox' })
    time.now += 2 * day
    await assist(site)
    assert.deepEqual(await subjects(mary, 'inbox'), ['one'], 'it is only past its limit')
    await site.run('Set-RetentionPolicyTag All -RetentionAction DeleteAndAllowRecovery')
    await assist(site)
    const [deleted] = await mary.find('recoverableitemsdeletions', { shape: 'Default', fields: [stamp] })
    assert.equal(text(deleted, 'Subject'), 'one')
    assert.equal(Buffer.from(text(deleted, 'ExtendedProperty/Value') ?? '', 'base64').length, 22)
    await site.run('Set-RetentionPolicyTag All -RetentionAction PermanentlyDelete')
    await site.run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    await mary.create(message('two'), { folder: 'inbox' })
    time.now += 2 * day
    await assist(site)
    assert.deepEqual([await subjects(mary, 'inbox'), await subjects(seer, 'recoverableitemspurges')], [[], []])
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await mary.create(message('three'), { folder: 'inbox' })
    time.now += 2 * day
    await assist(site)
    assert.deepEqual([await subjects(mary, 'inbox'), await subjects(seer, 'recoverableitemspurges')], [[], ['three']])
  })

  test(`retention hold: nothing goes while it holds, between its dates (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    await withPolicy(site, 'MoveToDeletedItems')
    await mary.create(message('one'), { folder: 'inbox' })
    time.now += 2 * day
    await site.run('Set-Mailbox mary -RetentionHoldEnabled $true')
    await assist(site)
    assert.deepEqual(await subjects(mary, 'inbox'), ['one'])
    const inDays = (days: number) => new Date(time.now + days * day).toISOString()
    await site.run(`Set-Mailbox mary -StartDateForRetentionHold '${inDays(-1)}' -EndDateForRetentionHold '${inDays(1)}'`)
    const { StartDateForRetentionHold: start, RetentionHoldEnabled: on } = await site.one('Get-Mailbox mary')
    assert.deepEqual([on, start instanceof Date], [true, true])
    await assist(site)
    assert.deepEqual(await subjects(mary, 'inbox'), ['one'])
    time.now += day
    await assist(site)
    assert.deepEqual(await subjects(mary, 'inbox'), [])
    await mary.create(message('two'), { folder: 'inbox' })
    time.now += 2 * day
    await site.run(`Set-Mailbox mary -StartDateForRetentionHold '${inDays(5)}' -EndDateForRetentionHold $null`)
    await assist(site)
    assert.deepEqual(await subjects(mary, 'inbox'), [], 'it has not begun')
    assert.deepEqual(site.warnings, [], 'all of it acts')
  })

  test(`a clock that is set back lets nothing go early, in the midst of a round neither (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    await withPolicy(site, 'PermanentlyDelete', 10)
    for (const subject of ['a', 'b', 'c']) await mary.create(message(subject), { folder: 'inbox' })
    time.now += 20 * day
    const assistant = assistantOf(site, () => time.now, 1)
    const first = await assistant.run({ organisation: site.organisation.id, state: { mailbox: site.people.mary!.mailbox } })
    assert.ok(first, 'there is more to do')
    const before = (await subjects(mary, 'inbox')).length
    time.now -= 15 * day
    await toTheEnd(site, assistant, first.state)
    assert.equal((await subjects(mary, 'inbox')).length, before)
    time.now += 15 * day
    await assist(site)
    assert.deepEqual(await subjects(mary, 'inbox'), [])
  })

  test(`a round goes on in bounded steps from any of its states, though it died and was repeated (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    await withPolicy(site, 'MoveToDeletedItems')
    const folders = await Promise.all(['One', 'Two', 'Three'].map((name) => mary.makeFolder(folderNamed(name))))
    for (const folder of folders) for (let n = 0; n < 7; n++) await mary.create(message(`${n}`), { folder: folderXml(folder) })
    time.now += 2 * day
    const young = await mary.create(message('young'), { folder: folderXml(folders[2]!) })
    const assistant = assistantOf(site, () => time.now, 5)
    let state: Record<string, unknown> = { mailbox: site.people.mary!.mailbox }
    let steps = 0
    for (;;) {
      const job = { organisation: site.organisation.id, state }
      // The first try's end is never written: whoever takes the job up begins from the state before.
      const next = (await assistant.run(job), await assistant.run(job))
      assert.ok(JSON.stringify(next?.state ?? {}).length < 500, 'the state does not grow')
      steps++
      if (steps === 2)
        await mary.ask(`<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folderXml(folders[1]!)}</m:FolderIds></m:DeleteFolder>`)
      if (!next) break
      state = next.state
    }
    assert.ok(steps >= 3, `${steps} steps`)
    assert.deepEqual([await subjects(mary, folders[0]!), await subjects(mary, folders[2]!)], [[], ['young']])
    assert.ok((await subjects(mary, 'deleteditems')).length >= 14)
    assert.equal(text(await mary.get(itemXml(young)), 'Subject'), 'young')
  })

  test(`what is acknowledged between the look and the write holds: a hold, a tag on the folder, a longer age, a tag that is deleted (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    await withPolicy(site, 'PermanentlyDelete')
    await site.run("New-RetentionPolicyTag 'Ever' -Type Personal -RetentionEnabled $false -RetentionAction PermanentlyDelete")
    const { RetentionId } = await site.one('Get-RetentionPolicyTag Ever')
    const folder = await mary.makeFolder(folderNamed('Kept'))
    await mary.create(message('one'), { folder: folderXml(folder) })
    time.now += 2 * day
    const tag = (id: unknown) =>
      mary.done(mary.updateFolderXml(folder, `<t:SetFolderField><t:FieldURI FieldURI="folder:PolicyTag"/><t:Folder><t:PolicyTag IsExplicit="true">${String(id)}</t:PolicyTag></t:Folder></t:SetFolderField>`)) // prettier-ignore
    const comes: [before: () => Promise<unknown>, after: () => Promise<unknown>][] = [
      [() => site.run('Set-Mailbox mary -RetentionHoldEnabled $true'), () => site.run('Set-Mailbox mary -RetentionHoldEnabled $false')],
      [() => tag(RetentionId), () => tag('11111111-2222-3333-4444-555555555555')],
      [
        () => site.run('Set-RetentionPolicyTag All -AgeLimitForRetention 30'),
        () => site.run('Set-RetentionPolicyTag All -AgeLimitForRetention 1'),
      ],
      [() => site.run('Set-Mailbox mary -RetentionPolicy $null'), () => site.run('Set-Mailbox mary -RetentionPolicy P')],
      [
        () => site.run('Remove-RetentionPolicyTag All'),
        async () => {
          await site.run('New-RetentionPolicyTag All -Type All -AgeLimitForRetention 1 -RetentionAction PermanentlyDelete')
          await site.run('Set-RetentionPolicy P -RetentionPolicyTagLinks All')
        },
      ],
    ]
    for (const [come, goes] of comes) {
      let writes = 0
      const store: typeof site.store = {
        ...site.store,
        write: async (body) => {
          if (writes++ === 0) await come()
          return site.store.write(body)
        },
      }
      await toTheEnd(
        site,
        assistantOf({ ...site, store }, () => time.now, 100),
        { mailbox: site.people.mary!.mailbox },
      )
      // Those behind the first are of Recoverable Items.
      assert.ok(writes >= 1)
      assert.deepEqual(await subjects(mary, folder), ['one'])
      await goes()
    }
    await assist(site)
    assert.deepEqual(await subjects(mary, folder), [])
  })

  test(`where Recoverable Items are full the round ends, and nothing is lost (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    await withPolicy(site, 'DeleteAndAllowRecovery')
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await site.run('Set-MailboxDatabase -RecoverableItemsQuota 1B -RecoverableItemsWarningQuota 1B')
    for (const subject of ['a', 'b']) await mary.create(message(subject), { folder: 'inbox' })
    time.now += 2 * day
    await assist(site)
    assert.deepEqual(await subjects(mary, 'inbox'), ['a', 'b'])
    await site.run('Set-MailboxDatabase -RecoverableItemsQuota Unlimited -RecoverableItemsWarningQuota Unlimited')
    await assist(site)
    assert.deepEqual(await subjects(mary, 'inbox'), [])
  })

  test(`after the tags Recoverable Items let go, step by step; in a mailbox that nobody has all of it stays (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const [mary, rob] = [person(site), person(site, 'rob')]
    for (const who of [mary, rob])
      for (let n = 0; n < 12; n++) await who.remove(itemXml(await who.create(message(`${n}`), { folder: 'inbox' })), 'SoftDelete')
    const assistant = assistantOf(site, () => time.now, 5)
    await site.run('Set-Mailbox mary -RetentionHoldEnabled $true')
    time.now += 13 * day
    await toTheEnd(site, assistant, { mailbox: site.people.mary!.mailbox })
    assert.equal((await subjects(mary, 'recoverableitemsdeletions')).length, 12)
    // A retention hold is about tags: what people deleted is kept as long as it is, no longer.
    time.now += 2 * day
    await toTheEnd(site, assistant, { mailbox: site.people.mary!.mailbox })
    assert.deepEqual(await subjects(mary, 'recoverableitemsdeletions'), [])
    const { mailbox } = site.people.rob!
    await site.run('Disable-Mailbox rob')
    await toTheEnd(site, assistant, { mailbox })
    await toTheEnd(site, assistant, { mailbox: '11111111-2222-4333-8444-555555555555' })
    const left = await site.store.read((tx) => tx.folders.byKind(mailbox, 'recoverableitemsdeletions'))
    assert.equal(left?.total, 12)
  })

  test(`every mailbox in which something may be due has its round each day (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    await withPolicy(site, 'MoveToDeletedItems')
    await mary.create(message('one'), { folder: 'inbox' })
    const rob = person(site, 'rob')
    await rob.remove(itemXml(await rob.create(message('two'), { folder: 'inbox' })), 'SoftDelete')
    for (let hours = 0; hours < 31; hours++) {
      time.now += day / 24
      await site.jobs.runDue()
      if (hours === 24) {
        const waiting = await site.jobs.list(site.organisation.id, 'ManagedFolderAssistant')
        const names = waiting.map(({ state }) => Object.values(site.people).find(({ mailbox }) => mailbox === state.mailbox)?.alias)
        assert.ok(
          names.every((name) => name === 'mary' || name === 'rob'),
          names.join(),
        )
      }
    }
    assert.deepEqual(await subjects(mary, 'deleteditems'), ['one'])
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'ManagedFolderAssistant'), [], 'the rounds are over')
    const [plan] = await site.jobs.list(site.organisation.id, createAssistantSchedule({ store: site.store, clock: () => time.now }).kind)
    assert.ok(plan && plan.due > time.now && plan.due <= time.now + day)
  })

  test(`a log that nobody adds to ends at its age, and folders removed are forgotten, with nothing else to do (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const { mailboxes, store } = site
    const mailbox = site.people.mary!.mailbox
    await site.run('Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    const rob = await site.caller('rob')
    const entries = 250
    for (let at = 0; at < entries; at++) {
      await mailboxes.createItem(rob, { mailbox, kind: 'calendar' }, { kind: 'calendar', properties: { subject: `Review ${at}` } })
    }
    const mary = person(site)
    await mary.done(`<m:DeleteFolder DeleteType="SoftDelete"><m:FolderIds>${folderXml(await mary.makeFolder(folderNamed('Old')))}</m:FolderIds></m:DeleteFolder>`) // prettier-ignore
    const left = () =>
      store.read(async (tx) => {
        const kinds = ['audits', 'recoverableitemsdeletions'] as const
        const [log, deletions] = await Promise.all(kinds.map((kind) => tx.folders.byKind(mailbox, kind)))
        return [log?.total, log?.associatedTotal, deletions?.total]
      })
    const days = async (count: number) => {
      time.now += count * day
      for (let hours = 0; hours < 8; hours++) {
        await site.jobs.runDue()
        time.now += day / 24
      }
    }
    await days(1)
    assert.deepEqual(await left(), [entries, 1, 0])
    await days(90)
    assert.deepEqual(await left(), [0, 1, 0])
    await days(30)
    assert.deepEqual(await left(), [0, 0, 0])
    assert.deepEqual((await store.check()).findings, [])
  })
}

function assistantOf(site: Pick<MailboxSite, 'store' | 'directory' | 'configuration'>, clock: () => number, step: number) {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const { store, directory, configuration } = site
  return createAssistant({ store, directory, configuration, clock, random: randomBytes, log, step })
}

async function toTheEnd(site: MailboxSite, assistant: ReturnType<typeof assistantOf>, state: JobRow['state']): Promise<void> {
  for (let next: void | { state: JobRow['state'] } = { state }; next;) {
    next = await assistant.run({ organisation: site.organisation.id, state: next.state })
  }
}

/** What a hold keeps, whoever deletes it and however: litigation hold, holds by query, and the mailbox itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { GetHoldOnMailboxes, SetHoldOnMailboxes } from '#schema'
import { folderXml, idOf, itemXml, person, text, type Id, type Person } from '../requirements/person.ts'
import { discoverer } from '../support/discoverer.ts'
import { quickEngines } from '../support/engines.ts'
import { appClient, codes, only } from '../support/ews-client.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

const message = (subject: string, body = '') =>
  `<t:Message><t:Subject>${subject}</t:Subject>${body && `<t:Body BodyType="Text">${body}</t:Body>`}</t:Message>`
const empty = (folder: string, type = 'HardDelete') =>
  `<m:EmptyFolder DeleteType="${type}" DeleteSubFolders="false"><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:EmptyFolder>`
const folders = ['inbox', 'deleteditems', 'recoverableitemsdeletions', 'recoverableitemspurges', 'recoverableitemsdiscoveryholds', 'recoverableitemsversions'] as const // prettier-ignore

const day = 86_400_000
const shell = (site: TestSite) => (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code
const make = (who: Person, subject: string, body?: string) => who.create(message(subject, body), { folder: 'inbox' })

/** Where the item of a subject lies, and its id there. */
async function lying(who: Person, subject: string): Promise<{ place: string; id: Id } | undefined> {
  for (const place of folders) {
    const item = (await who.find(place, { shape: 'Default' })).find((one) => text(one, 'Subject') === subject)
    if (item) return { place, id: idOf(item) }
  }
  return undefined
}

for (const engine of quickEngines) {
  test(`litigation hold keeps what is purged, says since when and by whom, and ends (source R2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, seer, run] = [person(site), await discoverer(site), shell(site)]
    await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    await mary.remove(itemXml(await make(mary, 'before')), 'HardDelete')
    assert.equal(await lying(seer, 'before'), undefined)

    await run('Set-Mailbox mary -LitigationHoldEnabled $true -LitigationHoldDuration 2555')
    const [held] = await run('Get-Mailbox mary')
    assert.deepEqual([held?.LitigationHoldEnabled, held?.LitigationHoldDuration, held?.LitigationHoldOwner], [true, '2555.00:00:00', 'System']) // prettier-ignore
    assert.ok(held?.LitigationHoldDate instanceof Date)
    assert.deepEqual(await mary.remove(itemXml(await make(mary, 'hard')), 'HardDelete'), ['NoError'])
    const hard = await lying(seer, 'hard')
    assert.equal(hard?.place, 'recoverableitemspurges')
    await make(mary, 'emptied')
    await mary.done(empty('inbox'))
    assert.equal((await lying(seer, 'emptied'))?.place, 'recoverableitemspurges')
    // By way of Deletions, out of which its owner purges.
    await mary.remove(itemXml(await make(mary, 'softly')), 'SoftDelete')
    await mary.done(empty('recoverableitemsdeletions'))
    assert.equal((await lying(seer, 'softly'))?.place, 'recoverableitemspurges')
    assert.deepEqual(await mary.remove(itemXml(hard!.id), 'HardDelete'), ['ErrorItemNotFound'])
    assert.deepEqual(await mary.codes(empty('recoverableitemspurges')), ['ErrorFolderNotFound'])
    // Moved to somebody else's mailbox it leaves what it was.
    await run('Add-MailboxPermission sales -User mary -AccessRights FullAccess')
    const moving = await make(mary, 'moved away')
    const sales = '<t:DistinguishedFolderId Id="inbox"><t:Mailbox><t:EmailAddress>sales@contoso.com</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>' // prettier-ignore
    await mary.done(`<m:MoveItem><m:ToFolderId>${sales}</m:ToFolderId><m:ItemIds>${itemXml(moving)}</m:ItemIds></m:MoveItem>`)
    assert.equal((await lying(seer, 'moved away'))?.place, 'recoverableitemspurges')
    // Sent without a copy, the message stays as what was sent.
    const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
    const draft = await mary.create(message('sent').replace('</t:Message>', `${to}</t:Message>`))
    await mary.done(`<m:SendItem SaveItemToFolder="false"><m:ItemIds>${itemXml(draft)}</m:ItemIds></m:SendItem>`)
    assert.equal((await lying(seer, 'sent'))?.place, 'recoverableitemspurges')

    await run('Set-Mailbox mary -LitigationHoldEnabled $false')
    const [ended] = await run('Get-Mailbox mary')
    assert.deepEqual([ended?.LitigationHoldEnabled, ended?.LitigationHoldDate, ended?.LitigationHoldOwner], [false, null, ''])
    await mary.remove(itemXml(await make(mary, 'after')), 'HardDelete')
    assert.equal(await lying(seer, 'after'), undefined)
  })

  test(`a duration holds from when an item came, and what is said of it is checked (source R2, ${engine.name})`, async () => {
    const clock = { now: Date.now() }
    await using site = await startTestSite({ engine, outside: { clock: () => clock.now } })
    const [mary, seer, run] = [person(site), await discoverer(site), shell(site)]
    await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false -LitigationHoldEnabled $true -LitigationHoldDuration 10.00:00:00')
    const [old, young] = [await make(mary, 'old'), await make(mary, 'young')]
    clock.now += 9 * day
    await mary.remove(itemXml(young), 'HardDelete')
    assert.equal((await lying(seer, 'young'))?.place, 'recoverableitemspurges')
    clock.now += 2 * day
    await mary.remove(itemXml(old), 'HardDelete')
    assert.equal(await lying(seer, 'old'), undefined)
    // Set back, the clock makes nothing older.
    clock.now -= 30 * day
    await mary.remove(itemXml(await make(mary, 'back')), 'HardDelete')
    assert.equal((await lying(seer, 'back'))?.place, 'recoverableitemspurges')
    for (const [parameter, value] of [
      ['LitigationHoldDuration', 'soon'],
      ['LitigationHoldDuration', '-5'],
      ['LitigationHoldDuration', '0'],
      ['RetainDeletedItemsFor', '30000'],
      ['RetainDeletedItemsFor', 'long'],
      ['RecoverableItemsQuota', 'much'],
    ])
      await assert.rejects(run(`Set-Mailbox mary -${parameter} ${value}`), refused('InvalidParameter'), `${parameter} ${value}`)
    await assert.rejects(run('Set-Mailbox mary -RecoverableItemsQuota 1GB -RecoverableItemsWarningQuota 2GB'), refused('InvalidParameter'))
    const [shown] = await run('Set-Mailbox mary -RetainDeletedItemsFor 30 -RecoverableItemsQuota 2GB -RecoverableItemsWarningQuota 1GB; Get-Mailbox mary') // prettier-ignore
    assert.deepEqual(
      ['RetainDeletedItemsFor', 'UseDatabaseRetentionDefaults', 'RecoverableItemsQuota', 'RecoverableItemsWarningQuota'].map((name) => String(shown?.[name])), // prettier-ignore
      ['30.00:00:00', 'false', '2 GB (2,147,483,648 bytes)', '1 GB (1,073,741,824 bytes)'],
    )
  })

  test(`a hold by query keeps what a search for it finds, however it was set ([MS-OXWSEDISC] 3.1.4.7, ${engine.name})`, async () => {
    const people = [{ address: 'eve@contoso.com', displayName: 'Eve Discovery', rights: { roles: ['Mailbox Search', 'Legal Hold'] } }]
    await using site = await startTestSite({ engine, people })
    const [mary, seer, run, eve] = [person(site), await discoverer(site), shell(site), await appClient(site, 'eve')]
    await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    await run("New-MailboxSearch Contracts -SourceMailboxes mary -SearchQuery 'subject:contract OR secret' -InPlaceHoldEnabled $true")
    const [kept] = await run('Get-MailboxSearch contracts')
    assert.deepEqual(
      [kept?.InPlaceHoldEnabled, kept?.SourceMailboxes, kept?.ItemHoldPeriod, kept?.SearchQuery],
      [true, ['Mary Jensen'], 'Unlimited', 'subject:contract OR secret'],
    )
    assert.deepEqual((await run('Get-Mailbox mary'))[0]?.InPlaceHolds, [kept?.InPlaceHoldIdentity])
    assert.deepEqual((await run('Get-Mailbox rob'))[0]?.InPlaceHolds, [])
    const status = async (HoldId: string) =>
      only([await eve.call(GetHoldOnMailboxes, { HoldId })]).MailboxHoldResult?.MailboxHoldStatuses.map(({ Status }) => Status)
    assert.deepEqual(await status('Contracts'), ['OnHold'])

    for (const [subject, body] of [['Contract 1'], ['plain', 'a secret word'], ['nothing']] as const) {
      await mary.remove(itemXml(await make(mary, subject, body)), 'HardDelete')
    }
    assert.equal((await lying(seer, 'Contract 1'))?.place, 'recoverableitemsdiscoveryholds')
    assert.equal((await lying(seer, 'plain'))?.place, 'recoverableitemsdiscoveryholds')
    assert.equal(await lying(seer, 'nothing'), undefined)
    const there = await lying(seer, 'Contract 1')
    assert.deepEqual(await mary.remove(itemXml(there!.id), 'HardDelete'), ['ErrorItemNotFound'])
    await make(mary, 'Contract 2')
    await make(mary, 'chat')
    await mary.done(empty('inbox'))
    assert.equal((await lying(seer, 'Contract 2'))?.place, 'recoverableitemsdiscoveryholds')
    assert.equal(await lying(seer, 'chat'), undefined)
    // What cannot be read yet, or ever, is kept: it may be what is looked for.
    const opaque = await make(mary, 'opaque')
    await mary.done(`<m:CreateAttachment><m:ParentItemId Id="${opaque.Id}" ChangeKey="${opaque.ChangeKey}"/><m:Attachments><t:FileAttachment><t:Name>locked.pdf</t:Name><t:Content>${Buffer.from('%PDF-broken').toString('base64')}</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`) // prettier-ignore
    await mary.remove(itemXml((await lying(seer, 'opaque'))!.id), 'HardDelete')
    assert.equal((await lying(seer, 'opaque'))?.place, 'recoverableitemsdiscoveryholds')

    // One hold, set by either way and ended by either.
    const update = { ActionType: 'Update' as const, HoldId: 'contracts', Query: 'other', ItemHoldPeriod: '365' }
    assert.deepEqual(codes([await eve.call(SetHoldOnMailboxes, { ...update, ItemHoldPeriod: 'soon' })]), ['ErrorInvalidArgument'])
    assert.deepEqual(codes([await eve.call(SetHoldOnMailboxes, update)]), ['NoError'])
    assert.deepEqual((await run('Get-MailboxSearch'))[0]?.SearchQuery, 'other')
    await mary.remove(itemXml(await make(mary, 'Contract 3')), 'HardDelete')
    assert.equal(await lying(seer, 'Contract 3'), undefined, 'it is about something else by now')
    await assert.rejects(run('Remove-MailboxSearch Contracts'), refused('InvalidOperation'))
    await run('Set-MailboxSearch Contracts -InPlaceHoldEnabled $false')
    assert.deepEqual([await status('Contracts'), (await run('Get-Mailbox mary'))[0]?.InPlaceHolds], [['NotOnHold'], []])
    await run('Remove-MailboxSearch Contracts')
    await assert.rejects(run('Get-MailboxSearch Contracts'), refused('ObjectNotFound'))
  })

  test(`a hold is about senders, recipients, kinds and days; what is asked of it is checked (${engine.name})`, async () => {
    const clock = { now: Date.now() }
    const iso = (days: number) => new Date(Date.now() + days * day).toISOString()
    await using site = await startTestSite({ engine, outside: { clock: () => clock.now } })
    const [mary, seer, run] = [person(site), await discoverer(site), shell(site)]
    await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    const to = (address: string) => message(`to ${address}`).replace('</t:Message>', `<t:ToRecipients><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message>`) // prettier-ignore
    await run(`New-MailboxSearch Partner -SourceMailboxes mary -Recipients fabrikam.com -MessageTypes Email -StartDate ${iso(-5)} -EndDate ${iso(5)} -InPlaceHoldEnabled $true`) // prettier-ignore
    const keeps = async (address: string) => {
      await mary.remove(itemXml(await mary.create(to(address), { folder: 'inbox' })), 'HardDelete')
      return (await lying(seer, `to ${address}`))?.place
    }
    assert.equal(await keeps('bob@fabrikam.com'), 'recoverableitemsdiscoveryholds')
    assert.equal(await keeps('bob@other.example'), undefined)
    clock.now += 10 * day
    assert.equal(await keeps('late@fabrikam.com'), undefined)
    const refusals: [string, string][] = [
      ['New-MailboxSearch X -InPlaceHoldEnabled $true', 'InvalidParameter'],
      ['New-MailboxSearch X -SourceMailboxes nobody', 'ObjectNotFound'],
      ['New-MailboxSearch Partner', 'NameTaken'],
      ['New-MailboxSearch X -ItemHoldPeriod never', 'InvalidParameter'],
      ['New-MailboxSearch X -MessageTypes Dreams', 'InvalidParameter'],
      ["New-MailboxSearch X -Senders '***'", 'InvalidParameter'],
      [`New-MailboxSearch X -SearchQuery '${'('.repeat(50)}x'`, 'SearchQueryHasTooManyKeywords'],
      ['Set-MailboxSearch nothing -SearchQuery x', 'ObjectNotFound'],
    ]
    for (const [line, code] of refusals) await assert.rejects(run(line), refused(code), line)
  })

  test(`who has a mailbox on hold taken away must say so (source R2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const run = shell(site)
    await run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await run('New-MailboxSearch Case -SourceMailboxes rob -InPlaceHoldEnabled $true')
    for (const line of ['Remove-Mailbox mary', 'Disable-Mailbox mary', 'Remove-Mailbox rob -Permanent $true', 'Disable-Mailbox rob'])
      await assert.rejects(run(line), refused('MailboxOnHold'), line)
    assert.equal((await run('Get-Mailbox mary')).length, 1)
    await run('Disable-Mailbox mary -IgnoreLegalHold; Remove-Mailbox rob -Permanent $true -IgnoreLegalHold')
    await assert.rejects(run('Get-Mailbox rob'), refused('ObjectNotFound'))
    await run('Remove-Mailbox ann')
  })

  test(`a hold that was acknowledged keeps what a purge has not taken yet (issue: hold placed while a purge runs, ${engine.name})`, async () => {
    const ways = [
      ['Set-Mailbox mary -LitigationHoldEnabled $true', 'recoverableitemspurges'],
      [
        "New-MailboxSearch Many -SourceMailboxes mary -SearchQuery 'subject:many' -InPlaceHoldEnabled $true",
        'recoverableitemsdiscoveryholds',
      ],
    ] as const
    for (const [hold, place] of ways) {
      await using site = await startTestSite({ engine })
      const [mary, seer, run] = [person(site), await discoverer(site), shell(site)]
      await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
      const many = 450
      await mary.ask(mary.createXml(message('many').repeat(many), { folder: 'inbox' }))
      const count = async (folder: string) => Number(text(await seer.getFolder(folder), 'TotalCount'))
      const purge = mary.done(empty('inbox'))
      await run(hold)
      const left = await count('inbox')
      await purge
      assert.equal(await count('inbox'), 0)
      const kept = await count(place)
      assert.ok(kept >= left, `${left} were there when the hold was acknowledged, ${kept} are kept`)
    }
  })

  test(`beyond its quota a held Recoverable Items takes no more and loses nothing (source R2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, seer, run] = [person(site), await discoverer(site), shell(site)]
    await run('Set-Mailbox mary -LitigationHoldEnabled $true -RecoverableItemsQuota 12KB -RecoverableItemsWarningQuota 4KB')
    const body = 'x'.repeat(3000)
    for (const n of [1, 2, 3]) assert.deepEqual(await mary.remove(itemXml(await make(mary, `held ${n}`, body)), 'HardDelete'), ['NoError'])
    const more = await make(mary, 'one more', body)
    for (const type of ['HardDelete', 'SoftDelete']) assert.deepEqual(await mary.remove(itemXml(more), type), ['ErrorQuotaExceeded'])
    assert.deepEqual(await mary.codes(empty('inbox')), ['ErrorQuotaExceeded'])
    const change = `<t:SetItemField><t:FieldURI FieldURI="item:Subject"/>${message('changed')}</t:SetItemField>`
    assert.deepEqual(await mary.updateCodes(more, change), ['ErrorQuotaExceeded'])
    for (const n of [1, 2, 3]) assert.equal((await lying(seer, `held ${n}`))?.place, 'recoverableitemspurges')
    assert.equal((await lying(seer, 'one more'))?.place, 'inbox')
    // Without a hold the oldest give way.
    await run('Set-Mailbox mary -LitigationHoldEnabled $false')
    assert.deepEqual(await mary.remove(itemXml(more), 'HardDelete'), ['NoError'])
    assert.deepEqual([await lying(seer, 'held 1'), (await lying(seer, 'one more'))?.place], [undefined, 'recoverableitemspurges'])
  })
}

/** Retention tags as people see them: on items and folders, in EWS and in MAPI's properties, and what the cmdlets say of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, folderXml, idOf, itemXml, person, text, texts, type Person } from '../requirements/person.ts'
import { discoverer } from '../support/discoverer.ts'
import { quickEngines } from '../support/engines.ts'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { refusal } from '../admin/desk.ts'

const day = 86_400_000
const message = (subject: string, more = '') => `<t:Message><t:Subject>${subject}</t:Subject>${more}</t:Message>`
const folderNamed = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const tagXml = (name: 'PolicyTag' | 'ArchiveTag', id: unknown) => `<t:${name} IsExplicit="true">${String(id)}</t:${name}>`
const mapi = (tag: string, type: string) => `<t:ExtendedFieldURI PropertyTag="${tag}" PropertyType="${type}"/>`
const setItem = (uri: string, value: string) =>
  `<t:SetItemField><t:FieldURI FieldURI="${uri}"/><t:Message>${value}</t:Message></t:SetItemField>`
const setFolder = (uri: string, value: string) =>
  `<t:SetFolderField><t:FieldURI FieldURI="${uri}"/><t:Folder>${value}</t:Folder></t:SetFolderField>`

/** A site with tags, and what its tags are called by. */
async function taggedSite(site: MailboxSite): Promise<Record<string, string>> {
  await site.run("New-RetentionPolicyTag 'Everything' -Type All -AgeLimitForRetention 100 -RetentionAction DeleteAndAllowRecovery")
  await site.run("New-RetentionPolicyTag 'Junk' -Type JunkEmail -AgeLimitForRetention 5.00:00:00 -RetentionAction PermanentlyDelete")
  await site.run("New-RetentionPolicyTag 'Week' -Type Personal -AgeLimitForRetention 7 -RetentionAction MoveToDeletedItems -LocalizedRetentionPolicyTagName 'de-DE: Woche' -Comment 'Short'") // prettier-ignore
  await site.run("New-RetentionPolicyTag 'Ever' -Type Personal -RetentionEnabled $false -RetentionAction DeleteAndAllowRecovery")
  await site.run("New-RetentionPolicyTag 'Stranger' -Type Personal -AgeLimitForRetention 3 -RetentionAction MoveToDeletedItems")
  await site.run("New-RetentionPolicy 'Usual' -RetentionPolicyTagLinks Everything,Junk,Week,Ever")
  await site.run('Set-Mailbox mary -RetentionPolicy Usual')
  const tags = await site.run('Get-RetentionPolicyTag')
  return Object.fromEntries(tags.map(({ Name, RetentionId }) => [String(Name), String(RetentionId)]))
}

async function assist(site: MailboxSite): Promise<void> {
  await site.run('Start-ManagedFolderAssistant mary')
  await site.jobs.runDue()
}

const subjects = async (mary: Person, folder: Parameters<Person['find']>[0]) =>
  (await mary.find(folder, { shape: 'Default' })).map((one) => text(one, 'Subject')).toSorted()

for (const engine of quickEngines) {
  test(`an item shows the tag that holds for it, and when (MS-OXWSCORE_R1054 and PolicyTag, ${engine.name})`, async () => {
    const time = { now: Math.floor(Date.now() / 1000) * 1000 }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    const plain = await mary.create(message('before any policy'), { folder: 'inbox' })
    assert.equal(at(await mary.get(plain), 'PolicyTag'), undefined)
    const tags = await taggedSite(site)
    const seen = async (id: Parameters<Person['get']>[0]) => {
      const item = await mary.get(id, { fields: [mapi('0x3019', 'Binary'), mapi('0x301a', 'Integer'), mapi('0x301d', 'Integer')] })
      const tag = at(item, 'PolicyTag')
      return [
        tag && text(item, 'PolicyTag'),
        tag?.attributes.IsExplicit,
        text(item, 'RetentionDate'),
        ...texts(item, 'ExtendedProperty/Value').slice(1),
      ]
    }
    const due = (days: number) => new Date(time.now + days * day).toISOString().replace('.000', '')
    assert.deepEqual(await seen(plain), [tags.Everything, 'false', due(100), '100', '0'])
    // The folder's own goes before that of everything, and that on the folder above.
    const kept = await mary.makeFolder(folderNamed('Kept'))
    await mary.done(mary.updateFolderXml(kept, setFolder('folder:PolicyTag', tagXml('PolicyTag', tags.Ever))))
    const below = await mary.makeFolder(folderNamed('Below'), kept)
    const inBelow = await mary.create(message('below'), { folder: folderXml(below) })
    assert.deepEqual(await seen(inBelow), [tags.Ever, 'false', undefined, '0', '0'])
    // The item's own goes before all.
    const own = await mary.update(inBelow, setItem('item:PolicyTag', tagXml('PolicyTag', tags.Week)))
    assert.deepEqual(await seen(own), [tags.Week, 'true', due(7), '7', '1'])
    const junk = await mary.create(message('junk'), { folder: 'junkemail' })
    assert.deepEqual(await seen(junk), [tags.Junk, 'false', due(5), '5', '0'])
    // What moves takes its own tag along, and that of its folder not.
    const moved = await mary.done(`<m:MoveItem><m:ToFolderId>${folderXml('inbox')}</m:ToFolderId><m:ItemIds>${itemXml(own)}</m:ItemIds></m:MoveItem>`) // prettier-ignore
    assert.deepEqual((await seen(idOf(at(moved, 'Items/Message')))).slice(0, 2), [tags.Week, 'true'])

    // A program that knows MAPI alone sets the same: GUID bytes, flags and period.
    const bytes = Buffer.from(String(tags.Week).replaceAll('-', ''), 'hex')
    const guid = Buffer.concat([
      bytes.subarray(0, 4).reverse(),
      bytes.subarray(4, 6).reverse(),
      bytes.subarray(6, 8).reverse(),
      bytes.subarray(8),
    ])
    const stamp = (tag: string, type: string, value: string) =>
      `<t:SetFolderField>${mapi(tag, type)}<t:Folder><t:ExtendedProperty>${mapi(tag, type)}<t:Value>${value}</t:Value></t:ExtendedProperty></t:Folder></t:SetFolderField>`
    const stamped = await mary.makeFolder(folderNamed('Stamped'))
    await mary.done(mary.updateFolderXml(stamped, stamp('0x3019', 'Binary', guid.toString('base64')) + stamp('0x301d', 'Integer', '1') + stamp('0x301a', 'Integer', '7'))) // prettier-ignore
    assert.equal(text(await mary.getFolder(stamped), 'PolicyTag'), tags.Week)
    const inStamped = await mary.create(message('stamped'), { folder: folderXml(stamped) })
    assert.deepEqual(await seen(inStamped), [tags.Week, 'false', due(7), '7', '0'])
    const bad = mary.updateFolderXml(stamped, stamp('0x3019', 'Binary', 'AAAA'))
    assert.deepEqual(await mary.codes(bad), ['ErrorInvalidRetentionTagIdGuid'])
  })

  test(`GetUserRetentionPolicyTags gives the tags of the mailbox's policy, in its language ([MS-OXWSCDATA] 2.2.4, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const ask = () => mary.whole('<m:GetUserRetentionPolicyTags/>')
    assert.equal(at(await ask(), 'RetentionPolicyTags/RetentionPolicyTag'), undefined)
    const tags = await taggedSite(site)
    const given = (await ask()) && texts(await ask(), 'RetentionPolicyTags/RetentionPolicyTag/DisplayName')
    assert.deepEqual(given, ['Everything', 'Junk', 'Week', 'Ever'])
    await site.run("Set-MailboxRegionalConfiguration mary -Language de-DE -DateFormat 'dd.MM.yyyy' -TimeFormat 'HH:mm'")
    const week = await ask()
    const names = ['DisplayName', 'RetentionId', 'RetentionPeriod', 'Type', 'RetentionAction', 'Description', 'IsVisible', 'OptedInto', 'IsArchive'] // prettier-ignore
    const third = names
      .map((name) => texts(week, `RetentionPolicyTags/RetentionPolicyTag/${name}`))
      .map((all, index) => (index === 5 ? all[0] : all[2]))
    assert.deepEqual(third, ['Woche', tags.Week, '7', 'Personal', 'MoveToDeletedItems', 'Short', 'true', 'false', 'false'])
  })

  test(`a mailbox may have personal tags beside its policy (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    await taggedSite(site)
    await site.run("Set-RetentionPolicyTag -Mailbox mary -OptionalInMailbox Stranger, 'Week'")
    const answer = await mary.whole('<m:GetUserRetentionPolicyTags/>')
    const names = texts(answer, 'RetentionPolicyTags/RetentionPolicyTag/DisplayName')
    const opted = texts(answer, 'RetentionPolicyTags/RetentionPolicyTag/OptedInto')
    assert.deepEqual(names.filter((_, index) => opted[index] === 'true'), ['Stranger']) // prettier-ignore
    assert.deepEqual((await site.run('Get-RetentionPolicyTag -Mailbox mary -OptionalInMailbox')).map(({ Name }) => Name), ['Stranger', 'Week']) // prettier-ignore
    await assert.rejects(site.run('Set-RetentionPolicyTag -Mailbox mary -OptionalInMailbox Junk'), refusal('InvalidParameter', /personal tags: 'Junk'/)) // prettier-ignore
    await assert.rejects(site.run('Set-RetentionPolicyTag -RetentionEnabled $true'), refusal('InvalidParameter', /needs -Identity/))
    await site.run('Set-RetentionPolicyTag -Mailbox mary -OptionalInMailbox $null')
    assert.deepEqual(await site.run('Get-RetentionPolicyTag -Mailbox mary -OptionalInMailbox'), [])
  })

  test(`the tag of an item is what is done with it: its own, its folder's, everybody's; a tag that was deleted is none (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    const tags = await taggedSite(site)
    const tagged = (name: string) => tagXml('PolicyTag', tags[name])
    await mary.create(message('own week', tagged('Week')), { folder: 'inbox' })
    await mary.create(message('own ever', tagged('Ever')), { folder: 'inbox' })
    await mary.create(message('own stranger', tagged('Stranger')), { folder: 'inbox' })
    await mary.create(message('own nobody', tagXml('PolicyTag', '11111111-2222-3333-4444-555555555555')), { folder: 'inbox' })
    await mary.create(message('no tag'), { folder: 'inbox' })
    await mary.create(message('junk'), { folder: 'junkemail' })
    await site.run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    // A tag that is not in the policy any more goes on holding for what has it.
    time.now += 3 * day
    await assist(site)
    assert.deepEqual(await subjects(mary, 'deleteditems'), ['own stranger'])
    time.now += 4 * day
    await assist(site)
    assert.deepEqual(await subjects(mary, 'deleteditems'), ['own stranger', 'own week'])
    assert.deepEqual(await subjects(mary, 'junkemail'), [])
    assert.deepEqual(await subjects(await discoverer(site), 'recoverableitemspurges'), [], 'deleted for good')
    await site.run("Remove-RetentionPolicyTag 'Ever'")
    time.now += 93 * day
    await assist(site)
    assert.deepEqual(await subjects(mary, 'inbox'), [])
    assert.deepEqual(await subjects(mary, 'recoverableitemsdeletions'), ['no tag', 'own ever', 'own nobody'])
    // What was moved by a tag of its own is where that says.
    assert.deepEqual(await subjects(mary, 'deleteditems'), ['own stranger', 'own week'])
    assert.deepEqual((await site.one('Get-RetentionPolicy Usual')).RetentionPolicyTagLinks, ['Everything', 'Junk', 'Week'])
  })

  test(`retention tags and policies that cannot be are refused, saying why (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const refused: [line: string, code: Parameters<typeof refusal>[0], message: RegExp][] = [
      ["New-RetentionPolicyTag 'x' -Type Inbox -AgeLimitForRetention 5 -RetentionAction MoveToArchive", 'InvalidConfiguration', /only tags of type All, Personal/],
      ["New-RetentionPolicyTag 'x' -Type All -RetentionAction PermanentlyDelete", 'InvalidConfiguration', /AgeLimitForRetention/],
      ["New-RetentionPolicyTag 'x' -Type All -AgeLimitForRetention 30000", 'InvalidConfiguration', /length of time in days/],
      ["New-RetentionPolicyTag 'x' -Type All -AgeLimitForRetention -1", 'InvalidConfiguration', /length of time in days/],
      ["New-RetentionPolicyTag 'x' -Type RecoverableItems -AgeLimitForRetention 5", 'InvalidConfiguration', /RecoverableItems moves to the archive/],
      ["New-RetentionPolicy 'x' -RetentionPolicyTagLinks 'nothing'", 'ObjectNotFound', /There is no RetentionPolicyTag 'nothing'/],
      ["Set-Mailbox mary -RetentionPolicy 'nothing'", 'ObjectNotFound', /There is no RetentionPolicy 'nothing'/],
      ["Remove-RetentionPolicy 'Default MRM Policy'", 'InvalidConfiguration', /is there from the start/],
      ["Start-ManagedFolderAssistant 'nobody'", 'ObjectNotFound', /There is no Mailbox/],
    ] // prettier-ignore
    for (const [line, code, why] of refused) await assert.rejects(site.run(line), refusal(code, why), line)
    await assert.rejects(site.run('Start-ManagedFolderAssistant mary', 'rob'))
    await site.run("New-RetentionPolicyTag 'A' -Type Inbox -AgeLimitForRetention 5 -RetentionAction PermanentlyDelete")
    await site.run("New-RetentionPolicyTag 'B' -Type Inbox -AgeLimitForRetention 6 -RetentionAction PermanentlyDelete")
    await assert.rejects(
      site.run("New-RetentionPolicy 'x' -RetentionPolicyTagLinks A,B"),
      refusal('InvalidConfiguration', /'A' and 'B' are both for Inbox/),
    )
    await site.run("New-RetentionPolicy 'x' -RetentionPolicyTagLinks A, 'Never Delete'")
    await assert.rejects(
      site.run("Set-RetentionPolicy 'x' -RetentionPolicyTagLinks @{Add='B'}"),
      refusal('InvalidConfiguration', /both for Inbox/),
    )
    // Renamed, tags and policies stay where they are used.
    await site.run('Set-Mailbox mary -RetentionPolicy x')
    await site.run("Set-RetentionPolicy x -Name 'y' -RetentionPolicyTagLinks @{Add='1 Week Delete'; Remove='A'}")
    await site.run("Set-RetentionPolicyTag '1 Week Delete' -Name 'One week'")
    assert.deepEqual((await site.one('Get-RetentionPolicy y')).RetentionPolicyTagLinks, ['Never Delete', 'One week'])
    assert.equal((await site.one('Get-Mailbox mary')).RetentionPolicy, 'y')
    assert.ok(((await site.one("Get-RetentionPolicy 'Default MRM Policy'")).RetentionPolicyTagLinks as string[]).includes('One week'))
    assert.deepEqual(
      (await site.run('Get-RetentionPolicyTag -Mailbox mary')).map(({ Name }) => Name),
      ['Never Delete', 'One week'],
    )
    await site.run('Remove-RetentionPolicy y')
    assert.equal((await site.one('Get-Mailbox mary')).RetentionPolicy, null)
  })
}

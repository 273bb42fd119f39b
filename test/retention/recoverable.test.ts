/** Tags and what lies in Recoverable Items: it is kept for its time, whatever tag it has (docs/recoverable-items.md, "How long"). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folderXml, itemXml, person, text, type Id, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'

const day = 86_400_000
const message = (subject: string, more = '') => `<t:Message><t:Subject>${subject}</t:Subject>${more}</t:Message>`
const subjects = async (mary: Person, folder: string | Id) =>
  (await mary.find(folder, { shape: 'Default' })).map((one) => text(one, 'Subject')).toSorted()

async function assist(site: MailboxSite): Promise<void> {
  await site.run('Start-ManagedFolderAssistant mary')
  await site.jobs.runDue()
}

for (const engine of quickEngines) {
  for (const action of ['MoveToDeletedItems', 'DeleteAndAllowRecovery', 'PermanentlyDelete']) {
    test(`a personal tag (${action}) takes nothing out of Recoverable Items before its time (issue 6 point 6, ${engine.name})`, async () => {
      const time = { now: Date.now() }
      await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
      const mary = person(site)
      await site.run(`New-RetentionPolicyTag Short -Type Personal -AgeLimitForRetention 3 -RetentionAction ${action}`)
      await site.run("New-RetentionPolicyTag 'Away' -Type RecoverableItems -AgeLimitForRetention 10 -RetentionAction MoveToArchive")
      await site.run('New-RetentionPolicy P -RetentionPolicyTagLinks Short,Away')
      await site.run('Set-Mailbox mary -RetentionPolicy P -SingleItemRecoveryEnabled $false')
      await site.run('Enable-Mailbox mary -Archive')
      const { RetentionId } = await site.one('Get-RetentionPolicyTag Short')
      const tag = `<t:PolicyTag IsExplicit="true">${String(RetentionId)}</t:PolicyTag>`
      await mary.remove(itemXml(await mary.create(message('deleted', tag), { folder: 'inbox' })), 'SoftDelete')
      time.now += 9 * day
      await assist(site)
      assert.deepEqual(await subjects(mary, 'recoverableitemsdeletions'), ['deleted'], 'it can be recovered for 14 days')
      time.now += 2 * day
      await assist(site)
      assert.deepEqual(await subjects(mary, 'archiverecoverableitemsdeletions'), ['deleted'], 'the tag for Recoverable Items acts')
    })
  }

  test(`what is archived knows the folder that it was deleted from, though that was deleted and brought back (${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    await site.run("New-RetentionPolicyTag 'Away' -Type RecoverableItems -AgeLimitForRetention 10 -RetentionAction MoveToArchive")
    await site.run('New-RetentionPolicy P -RetentionPolicyTagLinks Away')
    await site.run('Set-Mailbox mary -RetentionPolicy P')
    await site.run('Enable-Mailbox mary -Archive')
    const plans = await mary.makeFolder('<t:Folder><t:DisplayName>Plans</t:DisplayName></t:Folder>')
    await mary.remove(itemXml(await mary.create(message('deleted'), { folder: folderXml(plans) })), 'SoftDelete')
    await mary.codes(`<m:DeleteFolder DeleteType="SoftDelete"><m:FolderIds>${folderXml(plans)}</m:FolderIds></m:DeleteFolder>`)
    await site.run('Get-RecoverableFolder mary | Restore-RecoverableFolder')
    time.now += 11 * day
    await assist(site)
    assert.deepEqual(await subjects(mary, 'archiverecoverableitemsdeletions'), ['deleted'])
    const { ArchiveGuid } = await site.one('Get-Mailbox mary')
    const [page] = await Array.fromAsync(site.mailboxes.restoreFound(await site.caller('mary'), String(ArchiveGuid), {}))
    const [restored] = (page ?? []).map(({ outcome }) => ('folder' in outcome ? [outcome.folder.path, outcome.why] : outcome.code))
    assert.deepEqual(restored, [['Plans'], 'OriginalFolder'])
  })
}

/** What was deleted, and what says who deleted it, is in a backup of the site and comes back with it (issue 6, point 1: "moves and backups carry it"). */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { idOf, itemXml, person, setXml } from '../requirements/person.ts'
import { folderFor, run } from '../support/command-line.ts'
import { engines } from '../support/engines.ts'

const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const appointment =
  '<t:CalendarItem><t:Subject>Plan</t:Subject><t:Start>2030-01-07T10:00:00Z</t:Start><t:End>2030-01-07T11:00:00Z</t:End></t:CalendarItem>'
const kinds = ['deletions', 'versions', 'purges', 'discoveryholds'].map((name) => `recoverableitems${name}`)

/** What lies in a folder of Recoverable Items, where from and since when: most of them are open to nobody. */
const lyingIn = ({ store, people }: MailboxSite, kind: string) =>
  store.read(async (tx) => {
    const { mailbox } = people.mary!
    const folder = (await tx.folders.byKind(mailbox, kind))!
    const rows = await tx.items.rows({ mailbox, folders: [folder.id], associated: false, order: [{ column: 'id', descending: false }], limit: 10 }) // prettier-ignore
    return rows.map(({ subject, properties: { $lastActiveParent, $deletedOn } }) => ({ subject, $lastActiveParent, $deletedOn }))
  })

/** All that is to come back. */
async function seen(site: MailboxSite) {
  const { LitigationHoldEnabled, LitigationHoldDate } = await site.one('Get-Mailbox mary')
  const deleted = await site.run('Get-RecoverableItems mary -SourceFolder RecoverableItems')
  return {
    folders: Object.fromEntries(await Promise.all(kinds.map(async (kind) => [kind, await lyingIn(site, kind)] as const))),
    deleted: deleted.map(({ Subject, LastParentPath, LastParentFolderID, EntryID }) => ({ Subject, LastParentPath, LastParentFolderID, EntryID })), // prettier-ignore
    holds: { LitigationHoldEnabled, LitigationHoldDate },
    searches: (await site.run('Get-MailboxSearch')).map(({ Name, InPlaceHoldEnabled, SearchQuery }) => ({ Name, InPlaceHoldEnabled, SearchQuery })), // prettier-ignore
    removed: (await site.run('Get-RecoverableFolder mary')).map(({ FolderPath, DeletedOn }) => ({ FolderPath, DeletedOn })),
    audit: await site.run('Search-MailboxAuditLog mary -ShowDetails'),
    calendar: await site.run('Get-CalendarDiagnosticObjects mary -Subject Plan'),
  }
}

test('a backup of a site has Recoverable Items with stamps, holds and logs, and comes back with them', async (t) => {
  const folder = await folderFor(t)
  const [data, copy, back] = ['data', 'copy', 'back'].map((name) => join(folder, name)) as [string, string, string]
  const before = await (async () => {
    await using site = await mailboxSite(engines[0]!, { config: { data } })
    const [mary, rob] = [person(site), person(site, 'rob')]
    await site.run('Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    const projects = await mary.makeFolder('<t:Folder><t:DisplayName>Projects</t:DisplayName></t:Folder>')
    const make = (subject: string) => mary.create(message(subject), { folder: `<t:FolderId Id="${projects.Id}"/>` })
    await rob.remove(itemXml(await make('softly')), 'SoftDelete')
    await mary.remove(itemXml(await make('hard')), 'HardDelete')
    await mary.update(await make('first'), setXml('item:Subject', message('second')))
    const tree = await mary.makeFolder('<t:Folder><t:DisplayName>Tree</t:DisplayName></t:Folder>')
    await mary.ask(`<m:DeleteFolder DeleteType="SoftDelete"><m:FolderIds><t:FolderId Id="${tree.Id}"/></m:FolderIds></m:DeleteFolder>`)
    const meeting = await mary.create(appointment, { folder: 'calendar' })
    await rob.update(meeting, setXml('calendar:Location', '<t:CalendarItem><t:Location>Room 2</t:Location></t:CalendarItem>'))
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await site.run("New-MailboxSearch Case -SourceMailboxes mary -SearchQuery 'subject:softly' -InPlaceHoldEnabled $true")
    const found = await seen(site)
    assert.equal((await run(t, 'store', 'backup', copy, '--data', data).ended).code, 0, 'while the site runs')
    // What is done afterwards is not in it.
    await mary.remove(itemXml(idOf((await mary.find('recoverableitemsdeletions'))[0])), 'HardDelete')
    return found
  })()
  assert.deepEqual(
    [
      before.folders.recoverableitemsdeletions!.length,
      before.folders.recoverableitemspurges!.length,
      before.folders.recoverableitemsversions!.length,
    ],
    [1, 1, 2],
  )
  assert.ok(before.audit.length > 0 && before.calendar.length === 1 && before.removed.length === 1 && before.searches.length === 1)
  assert.equal(before.deleted[0]?.LastParentPath, 'Projects')
  const [softly] = before.folders.recoverableitemsdeletions!
  assert.deepEqual([typeof softly?.$lastActiveParent, typeof softly?.$deletedOn], ['number', 'number'])
  const restored = await run(t, 'store', 'restore', copy, '--data', back).ended
  assert.deepEqual([restored.code, /clean/.test(restored.printed)], [0, true], restored.printed)
  await using site = await mailboxSite(engines[0]!, { config: { data: back } })
  const after = await seen(site)
  assert.deepEqual(after, before)
  // And it can be brought back to where it was.
  await site.run('Restore-RecoverableItems mary -SubjectContains softly')
  const [found] = (await site.run('Get-MailboxFolderStatistics mary')).filter((one) => one.Name === 'Projects')
  assert.equal(found?.ItemsInFolder, 2)
})

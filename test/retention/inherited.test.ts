/** The tags that folders and items have from above, of their kind or of everything: shown as they are now, wherever something moves and whatever changes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, type XmlElement } from '#wire'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { all, at, folderXml, idOf, itemXml, person, text, type Id, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'

const day = 86_400_000
const folderNamed = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const message = (subject: string, more = '') => `<t:Message><t:Subject>${subject}</t:Subject>${more}</t:Message>`
const tagXml = (element: Element, id: string | undefined) => `<t:${element} IsExplicit="true">${id}</t:${element}>`
const setTag = (element: Element, id: string | undefined) =>
  `<t:SetFolderField><t:FieldURI FieldURI="folder:${element}"/><t:Folder>${tagXml(element, id)}</t:Folder></t:SetFolderField>`
const noTag = (element: Element) => `<t:DeleteFolderField><t:FieldURI FieldURI="folder:${element}"/></t:DeleteFolderField>`
const shape = '<t:BaseShape>AllProperties</t:BaseShape>'

type Element = 'PolicyTag' | 'ArchiveTag'
type Seen = XmlElement | undefined

async function taggedSite(site: MailboxSite): Promise<(seen: Seen, element?: Element) => string | undefined> {
  await site.run("New-RetentionPolicyTag 'Everything' -Type All -AgeLimitForRetention 100 -RetentionAction DeleteAndAllowRecovery")
  await site.run("New-RetentionPolicyTag 'Junk' -Type JunkEmail -AgeLimitForRetention 5 -RetentionAction PermanentlyDelete")
  await site.run("New-RetentionPolicyTag 'Week' -Type Personal -AgeLimitForRetention 7 -RetentionAction MoveToDeletedItems")
  await site.run("New-RetentionPolicyTag 'Ever' -Type Personal -RetentionEnabled $false -RetentionAction DeleteAndAllowRecovery")
  await site.run("New-RetentionPolicyTag 'Away' -Type Personal -AgeLimitForRetention 30 -RetentionAction MoveToArchive")
  await site.run("New-RetentionPolicy 'Usual' -RetentionPolicyTagLinks Everything,Junk,Week,Ever,Away")
  await site.run('Set-Mailbox mary -RetentionPolicy Usual')
  for (const { Name, RetentionId } of await site.run('Get-RetentionPolicyTag')) ids.set(String(Name), String(RetentionId))
  const names = new Map([...ids].map(([name, id]) => [id, name]))
  return (seen, element = 'PolicyTag') => {
    const tag = at(seen, element)
    return tag && `${names.get(text(seen, element) ?? '') ?? 'unknown'} ${tag.attributes.IsExplicit === 'true' ? 'own' : 'inherited'}`
  }
}
const ids = new Map<string, string>()
const move = (what: 'Item' | 'Folder', id: Id, to: string) =>
  `<m:Move${what}><m:ToFolderId>${to}</m:ToFolderId><m:${what}Ids>${what === 'Item' ? itemXml(id) : folderXml(id)}</m:${what}Ids></m:Move${what}>`

for (const engine of quickEngines) {
  test(`a folder shows the tags that hold in it, its own or inherited (MS-OXWSFOLD_R8404, R8406, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const kept = await mary.makeFolder(folderNamed('Kept'))
    const below = await mary.makeFolder(folderNamed('Below'), kept)
    const deeper = await mary.makeFolder(folderNamed('Deeper'), below)
    assert.equal(at(await mary.getFolder(kept), 'PolicyTag'), undefined, 'there is no policy')
    const tagOf = await taggedSite(site)
    const set = (folder: Id, changes: string) => mary.done(mary.updateFolderXml(folder, changes))
    await set(kept, setTag('PolicyTag', ids.get('Week')) + setTag('ArchiveTag', ids.get('Away')))
    const seen = async () => {
      const all: (string | undefined)[][] = []
      for (const folder of ['inbox', 'junkemail', kept, below, deeper]) {
        const one = await mary.getFolder(folder)
        all.push([tagOf(one), tagOf(one, 'ArchiveTag')])
      }
      return all
    }
    assert.deepEqual(await seen(), [
      ['Everything inherited', undefined],
      ['Junk inherited', undefined],
      ['Week own', 'Away own'],
      ['Week inherited', 'Away inherited'],
      ['Week inherited', 'Away inherited'],
    ])
    // Whichever way folders are listed, and by MAPI's names.
    const listed = async (operation: string, path: string) => {
      const found = all(await mary.done(operation), path).flatMap(elementsOf)
      return new Map(found.map((one) => [text(one, 'DisplayName'), tagOf(one)]))
    }
    const find = `<m:FindFolder Traversal="Deep"><m:FolderShape>${shape}</m:FolderShape><m:ParentFolderIds>${folderXml('msgfolderroot')}</m:ParentFolderIds></m:FindFolder>`
    const sync = `<m:SyncFolderHierarchy><m:FolderShape>${shape}</m:FolderShape></m:SyncFolderHierarchy>`
    for (const found of [await listed(find, 'RootFolder/Folders'), await listed(sync, 'Changes/Create')]) {
      assert.deepEqual(
        ['Inbox', 'Junk Email', 'Kept', 'Below', 'Deeper'].map((name) => found.get(name)),
        ['Everything inherited', 'Junk inherited', 'Week own', 'Week inherited', 'Week inherited'],
      )
    }
    // Another tag in the middle, one that is taken away, a folder that moves.
    await set(below, setTag('PolicyTag', ids.get('Ever')))
    assert.deepEqual((await seen()).slice(2), [
      ['Week own', 'Away own'],
      ['Ever own', 'Away inherited'],
      ['Ever inherited', 'Away inherited'],
    ])
    await set(kept, noTag('PolicyTag') + noTag('ArchiveTag'))
    assert.deepEqual((await seen()).slice(2), [
      ['Everything inherited', undefined],
      ['Ever own', undefined],
      ['Ever inherited', undefined],
    ])
    await mary.done(move('Folder', deeper, folderXml('junkemail')))
    assert.deepEqual((await seen()).at(-1), ['Junk inherited', undefined])
    // A tag that is deleted is none, wherever it stands.
    await site.run("Remove-RetentionPolicyTag 'Ever'")
    assert.deepEqual((await seen()).at(3), ['Everything inherited', undefined])
    await site.run("Remove-RetentionPolicyTag 'Everything'")
    assert.deepEqual((await seen()).at(3), [undefined, undefined])
  })

  test(`an item shows what holds where it lies now, and nothing of it is written anew (MS-OXWSCORE_R1052, R1053, R1054, ${engine.name})`, async () => {
    const time = { now: Math.floor(Date.now() / 1000) * 1000 }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary: Person = person(site)
    const tagOf = await taggedSite(site)
    const came = time.now
    const due = (days: number) => new Date(came + days * day).toISOString().replace('.000', '')
    const folders = { week: await mary.makeFolder(folderNamed('Week')), ever: await mary.makeFolder(folderNamed('Ever')) }
    await mary.done(mary.updateFolderXml(folders.week, setTag('PolicyTag', ids.get('Week')) + setTag('ArchiveTag', ids.get('Away'))))
    await mary.done(mary.updateFolderXml(folders.ever, setTag('PolicyTag', ids.get('Ever'))))
    let id = await mary.create(message('one'), { folder: folderXml(folders.week) })
    const own = await mary.create(message('own', tagXml('PolicyTag', ids.get('Ever'))), { folder: 'inbox' })
    const seen = async (which = id) => {
      const item = await mary.get(which)
      return [tagOf(item), text(item, 'RetentionDate'), tagOf(item, 'ArchiveTag')]
    }
    time.now += 2 * day
    assert.deepEqual(await seen(), ['Week inherited', due(7), 'Away inherited'])
    const to = async (where: string) => {
      id = idOf(at(await mary.done(move('Item', id, where)), 'Items/Message'))
      return seen()
    }
    assert.deepEqual(await to(folderXml(folders.ever)), ['Ever inherited', undefined, undefined])
    assert.deepEqual(await to(folderXml('inbox')), ['Everything inherited', due(100), undefined])
    assert.deepEqual(await to(folderXml('junkemail')), ['Junk inherited', due(5), undefined])
    assert.deepEqual(await to(folderXml(folders.week)), ['Week inherited', due(7), 'Away inherited'])
    const { ChangeKey } = idOf(await mary.get(id))
    await mary.done(mary.updateFolderXml(folders.week, setTag('PolicyTag', ids.get('Ever')) + noTag('ArchiveTag')))
    assert.deepEqual(await seen(), ['Ever inherited', undefined, undefined])
    await site.run("Set-RetentionPolicyTag 'Everything' -AgeLimitForRetention 50")
    await mary.done(mary.updateFolderXml(folders.week, noTag('PolicyTag')))
    assert.deepEqual(await seen(), ['Everything inherited', due(50), undefined])
    assert.equal(idOf(await mary.get(id)).ChangeKey, ChangeKey)
    assert.deepEqual(await seen(own), ['Ever own', undefined, undefined])
    await site.run("Remove-RetentionPolicyTag 'Ever'")
    assert.deepEqual(await seen(own), ['Everything inherited', due(50), undefined])
    await site.run("Remove-RetentionPolicyTag 'Everything'")
    assert.deepEqual([await seen(own), await seen()], [Array(3).fill(undefined), Array(3).fill(undefined)])
  })
}

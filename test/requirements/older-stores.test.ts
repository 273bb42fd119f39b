/** What older programs stored otherwise than it is stored now. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExtendedValue, Properties } from '#model'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { at, deleteXml, folderXml, idOf, itemXml, person, setXml, text } from './person.ts'

/** Puts into the one item of a folder what an older program would have put there. */
async function storeIn(site: TestSite, kind: string, old: { properties?: Properties; extended?: Record<string, ExtendedValue> }) {
  const { mailbox } = site.people.mary!
  await site.store.write(async (tx) => {
    const folder = (await tx.folders.byKind(mailbox, kind))!
    const order = [{ column: 'id' as const, descending: false }]
    const [row] = await tx.items.rows({ mailbox, folders: [folder.id], associated: false, order, limit: 1 })
    await tx.items.update(mailbox, row!.id, {
      properties: { ...row!.properties, ...old.properties },
      extended: { ...row!.extended, ...old.extended },
    })
  })
}

const mapi = (tag: string, type: string) => `<t:ExtendedFieldURI PropertyTag="${tag}" PropertyType="${type}"/>`
const prefix = mapi('0x3a45', 'String')
const named = '<t:Contact><t:GivenName>Ada</t:GivenName></t:Contact>'

for (const engine of quickEngines) {
  test(`a MAPI property that became one of the schema keeps the value that was stored before, until it is changed (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(named, { folder: 'contacts' })
    const old = { extended: { 'tag:3a45': { type: 'String', value: 'Lady' } } } as const
    const value = async () => text(await mary.get(made, { shape: 'IdOnly', fields: [prefix] }), 'ExtendedProperty/Value')
    await storeIn(site, 'contacts', old)
    assert.equal(await value(), 'Lady')
    const [found] = await mary.find('contacts', { fields: [prefix] })
    assert.equal(text(found, 'ExtendedProperty/Value'), 'Lady')
    const shown = await mary.get(made)
    assert.deepEqual([text(shown, 'DisplayNamePrefix'), text(shown, 'CompleteName/Title')], ['Lady', 'Lady'])
    const isLady = `<m:Restriction><t:IsEqualTo>${prefix}<t:FieldURIOrConstant><t:Constant Value="Lady"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>`
    assert.equal((await mary.find('contacts', { more: isLady })).length, 1)
    await mary.update(made, deleteXml(prefix))
    assert.equal(await value(), undefined)
    await storeIn(site, 'contacts', old)
    const dame = `<t:Contact><t:ExtendedProperty>${prefix}<t:Value>Dame</t:Value></t:ExtendedProperty></t:Contact>`
    await mary.update(made, setXml(prefix, dame))
    assert.equal(await value(), 'Dame')
    await mary.update(made, deleteXml(prefix))
    assert.equal(await value(), undefined)
  })

  test(`that an answer was asked for, as a MAPI property of before, is still said (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create('<t:Message><t:Subject>asks</t:Subject></t:Message>', { folder: 'inbox' })
    await storeIn(site, 'inbox', { extended: { 'tag:0c17': { type: 'Boolean', value: true } } })
    const fields = [mapi('0x0c17', 'Boolean'), 'message:IsResponseRequested']
    for (const one of [await mary.get(made, { shape: 'IdOnly', fields }), (await mary.find('inbox', { fields }))[0]]) {
      assert.deepEqual([text(one, 'ExtendedProperty/Value'), text(one, 'IsResponseRequested')], ['true', 'true'])
    }
  })

  test(`a day by the clock that was stored as an instant gives way to the day, and is not exported (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const ada = '<t:Contact><t:GivenName>Ada</t:GivenName><t:Birthday>1815-12-10T11:59:00Z</t:Birthday></t:Contact>'
    const made = await mary.create(ada, { folder: 'contacts' })
    await storeIn(site, 'contacts', { properties: { birthdayLocal: Date.UTC(1999, 0, 1), weddingAnniversaryLocal: Date.UTC(1999, 0, 1) } })
    const read = await mary.get(made)
    assert.match(text(read, 'BirthdayLocal') ?? '', /^1815-12-10T00:00:00/)
    assert.equal(at(read, 'WeddingAnniversaryLocal'), undefined)
    const data = text(await mary.done(`<m:ExportItems><m:ItemIds>${itemXml(made)}</m:ItemIds></m:ExportItems>`), 'Data') ?? ''
    const { Id } = idOf(await mary.getFolder('contacts'), 'FolderId')
    const upload = `<m:UploadItems><m:Items><t:Item CreateAction="CreateNew">${folderXml({ Id, ChangeKey: '' }).replace('t:FolderId', 't:ParentFolderId').replace(' ChangeKey=""', '')}<t:Data>${data}</t:Data></t:Item></m:Items></m:UploadItems>`
    assert.match(text(await mary.get(idOf(await mary.done(upload))), 'BirthdayLocal') ?? '', /^1815-12-10T00:00:00/)
  })
}

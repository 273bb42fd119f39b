/** Properties of contacts that came after Exchange 2007, and what follows from others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { ewsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, deleteXml, idOf, itemXml, names, person, setXml, text, texts } from './person.ts'

const contact = (inside: string) => `<t:Contact>${inside}</t:Contact>`
const element = (name: string, value: string) => `<t:${name}>${value}</t:${name}>`
const inContacts = { folder: 'contacts' }
const base64 = (value: string) => Buffer.from(value).toString('base64')

/** In the schema's order; those with a FieldURI can be set and deleted alone. */
const later: readonly (readonly [name: string, value: string, uri: boolean])[] = [
  ['AccountName', 'ada@work', true], ['IsAutoUpdateDisabled', 'true', true], ['Comment', 'met in Turin', true], ['ContactType', 'Friend', true],
  ['Gender', 'Female', true], ['ObjectId', 'object-7', true], ['SourceId', 'a list of members', true], ['SkypeId', 'ada.king', true],
  ['YomiNickname', 'カウンテス', true], ['DisplayNamePrefix', 'Lady', false], ['YomiGivenName', 'エイダ', false], ['YomiSurname', 'キング', false],
  ['PersonalNotes', 'likes engines', false],
] // prettier-ignore
const urlTypes = ['Personal', 'Business', 'Attachment', 'Feed', 'Image', 'Other']

for (const engine of quickEngines) {
  test(`what Exchange 2016 added is kept, and not shown to who speaks an older schema: MS-OXWSCONT_R334002 _R334004 _R334008 _R334014 _R334018 _R334026 _R334040 _R334044 _R334068 _R334070 _R334072 _R334074 _R1275012 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(contact(later.map(([name, value]) => element(name, value)).join('')), inContacts)
    const read = await mary.get(made)
    for (const [name, value] of later) assert.equal(text(read, name), value, name)
    const old = names(await mary.get(made, {}, { requestServerVersion: 'Exchange2010_SP2' }))
    for (const [name, value, hasUri] of later) {
      assert.ok(!old.includes(name), `${name} is of Exchange 2016`)
      if (!hasUri) continue
      const other = name === 'IsAutoUpdateDisabled' ? 'false' : `${value} too`
      await mary.update(made, setXml(`contacts:${name}`, contact(element(name, other))))
      assert.equal(text(await mary.get(made, { shape: 'IdOnly', fields: [`contacts:${name}`] }), name), other)
      await mary.update(made, deleteXml(`contacts:${name}`))
      assert.equal(at(await mary.get(made), name), undefined, name)
    }
  })

  test(`websites of a contact, each with its kind: MS-OXWSCONT_R334032 _R224001 _R224005 _R224007 _R224009 _R224010 _R224014 _R120008 _R120009 _R120011 _R120012 _R120013 _R120017 _R120018 _R120020 _R1275082 _R1275084 _R1275094 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const url = (type: string) =>
      element('Url', element('Type', type) + element('Address', `http://x.example/${type}`) + element('Name', `${type} site`))
    const urls = contact(element('Urls', urlTypes.map(url).join('')))
    const made = await mary.create(urls, inContacts)
    const shown = async () =>
      all(await mary.get(made), 'Urls/Url').map((one) => [text(one, 'Type'), text(one, 'Address'), text(one, 'Name')])
    const wanted = urlTypes.map((type) => [type, `http://x.example/${type}`, `${type} site`])
    assert.deepEqual(await shown(), wanted)
    await mary.update(made, setXml('contacts:Urls', contact(element('Urls', url('Feed')))))
    assert.deepEqual(await shown(), [wanted[3]])
    await mary.update(made, deleteXml('contacts:Urls'))
    assert.deepEqual(await shown(), [])
    const strange = contact(element('Urls', element('Url', element('Type', 'Nonsense'))))
    assert.equal((await ewsClient(site).post(mary.createXml(strange, inContacts))).body.name, 'Fault')
  })

  test(`names as they are spoken, and the parts of the whole name: MS-OXWSCONT_R314 _R316 _R318 _R194 _R210 _R212 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const spoken = element('PhoneticFirstName', 'エイダ') + element('PhoneticLastName', 'キング')
    const made = await mary.create(contact(element('GivenName', 'Ada') + element('Surname', 'King') + spoken + element('DisplayNamePrefix', 'Lady')), inContacts) // prettier-ignore
    const read = await mary.get(made)
    const parts = (path: string) => ['FirstName', 'LastName', 'FullName'].map((name) => text(read, `Phonetic${path}${name}`))
    assert.deepEqual(parts(''), ['エイダ', 'キング', 'エイダ キング'])
    const complete = at(read, 'CompleteName')
    assert.deepEqual(
      ['Title', 'FirstName', 'LastName', 'YomiFirstName', 'YomiLastName'].map((name) => text(complete, name)),
      ['Lady', 'Ada', 'King', 'エイダ', 'キング'],
    )
    // [MS-OXOCNTC] 2.2.1 PidTagDisplayNamePrefix is the same title.
    const prefix = '<t:ExtendedFieldURI PropertyTag="0x3a45" PropertyType="String"/>'
    await mary.update(made, setXml(prefix, contact(`<t:ExtendedProperty>${prefix}<t:Value>Countess</t:Value></t:ExtendedProperty>`)))
    assert.equal(text(await mary.get(made), 'CompleteName/Title'), 'Countess')
    await mary.update(made, deleteXml('contacts:PhoneticFirstName'))
    assert.equal(text(await mary.get(made), 'PhoneticFullName'), 'キング')
    assert.deepEqual(await mary.createCodes(contact(element('PhoneticFullName', 'x')), inContacts), ['ErrorInvalidPropertySet'])
    const yomi = element('YomiGivenName', 'エイダ') + element('YomiSurname', 'キング')
    const other = await mary.get(await mary.create(contact(yomi), inContacts))
    assert.deepEqual([text(other, 'CompleteName/YomiFirstName'), text(other, 'CompleteName/YomiLastName')], ['エイダ', 'キング'])
  })

  test(`certificates of a contact, each in base64: MS-OXWSCONT_R341 _R311 _R312 _R326 _R328 _R337 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const certificates = [base64('one certificate'), base64('another')]
    for (const name of ['UserSMIMECertificate', 'MSExchangeCertificate']) {
      const list = element(name, certificates.map((one) => element('Base64Binary', one)).join(''))
      const made = await mary.create(contact(list), inContacts)
      assert.deepEqual(texts(await mary.get(made), `${name}/Base64Binary`), certificates)
      const one = contact(element(name, element('Base64Binary', certificates[1] ?? '')))
      await mary.update(made, setXml(`contacts:${name}`, one))
      assert.deepEqual(texts(await mary.get(made), `${name}/Base64Binary`), certificates.slice(1))
      await mary.update(made, deleteXml(`contacts:${name}`))
      assert.equal(at(await mary.get(made), name), undefined)
      const wrong = contact(element(name, element('Base64Binary', 'no base64!')))
      assert.equal((await ewsClient(site).post(mary.createXml(wrong, inContacts))).body.name, 'Fault')
    }
  })

  test(`birthdays and anniversaries by the client's own clock: MS-OXWSCONT_R4702 _R7902 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const name of ['Birthday', 'WeddingAnniversary']) {
      // Midnight in Berlin, in New York, and the noon that [MS-OXOCNTC] 2.2.1 PidTagBirthday asks for: one day.
      for (const instant of ['1980-12-09T23:00:00Z', '1980-12-10T05:00:00Z', '1980-12-10T11:59:00Z']) {
        const read = await mary.get(await mary.create(contact(element(name, instant)), inContacts))
        assert.deepEqual([text(read, name), text(read, `${name}Local`)], [instant, '1980-12-10T00:00:00'])
      }
      const made = await mary.create(contact(element(`${name}Local`, '1980-12-10T00:00:00')), inContacts)
      const read = await mary.get(made)
      assert.deepEqual([text(read, name), text(read, `${name}Local`)], ['1980-12-10T11:59:00Z', '1980-12-10T00:00:00'])
      await mary.update(made, setXml(`contacts:${name}`, contact(element(name, '1981-01-02T00:00:00Z'))))
      assert.equal(text(await mary.get(made), `${name}Local`), '1981-01-02T00:00:00', 'the old day is forgotten')
      await mary.update(made, deleteXml(`contacts:${name}`))
      assert.equal(at(await mary.get(made), `${name}Local`), undefined)
      const never = contact(element(`${name}Local`, '1980-13-40T00:00:00'))
      assert.deepEqual(await mary.createCodes(never, inContacts), ['ErrorValueOutOfRange'])
    }
  })

  test(`where a contact or a list is kept, whom it is as a person, and what it is filed under: MS-OXWSCONT_R89 _R891 _R334022 _R147 _R3900301 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(contact(element('GivenName', 'Ada') + element('Surname', 'King')), inContacts)
    const read = await mary.get(made)
    assert.deepEqual([text(read, 'ContactSource'), text(read, 'FileAs')], ['Store', 'King, Ada'])
    assert.equal(at(read, 'AbchEmailAddresses'), undefined)
    assert.deepEqual(await mary.createCodes(contact(element('ContactSource', 'Store')), inContacts), ['ErrorInvalidPropertySet'])
    // Of the consumer service and of the document's own: none is kept in silence.
    for (const [name, value] of [['Cid', '1'], ['SkypeAuthCertificate', 'x'], ['IsMessengerEnabled', 'true'], ['XboxLiveTag', 'x'], ['Wlid', 'x']] as const) {
      assert.deepEqual(await mary.createCodes(contact(element(name, value)), inContacts), ['ErrorInvalidPropertySet'], name)
    } // prettier-ignore
    const list = await mary.create(`<t:DistributionList>${element('DisplayName', 'Friends')}</t:DistributionList>`, inContacts)
    assert.equal(text(await mary.get(list), 'ContactSource'), 'Store')

    const id = at(read, 'PersonId')?.attributes['Id']
    const persona = await mary.whole(`<m:GetPersona><m:PersonaId Id="${id}"/></m:GetPersona>`)
    assert.deepEqual([text(persona, 'Persona/GivenName'), text(persona, 'Persona/Surname')], ['Ada', 'King'])

    await mary.update(made, setXml('contacts:FileAsMapping', contact(element('FileAsMapping', 'Empty'))))
    assert.equal(text(await mary.get(made), 'FileAs'), '')
    await mary.update(made, setXml('contacts:FileAsMapping', contact(element('FileAsMapping', 'LastName'))))
    assert.equal(text(await mary.get(made), 'FileAs'), 'King')
  })
}

test('what a contact keeps goes through an export and an upload', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const url = element('Url', element('Type', 'Feed') + element('Address', 'http://x.example/'))
  const inside = element('BirthdayLocal', '1980-12-10T00:00:00') + element('Gender', 'Female') + element('Urls', url)
  const made = await mary.create(contact(inside + element('DisplayNamePrefix', 'Lady')), inContacts)
  const exported = await mary.done(`<m:ExportItems><m:ItemIds>${itemXml(made)}</m:ItemIds></m:ExportItems>`)
  const folder = idOf(await mary.getFolder('contacts'), 'FolderId')
  const item = `<t:Item CreateAction="CreateNew"><t:ParentFolderId Id="${folder.Id}"/>${element('Data', text(exported, 'Data') ?? '')}</t:Item>`
  const read = await mary.get(idOf(await mary.done(`<m:UploadItems><m:Items>${item}</m:Items></m:UploadItems>`)))
  assert.deepEqual(
    ['Birthday', 'BirthdayLocal', 'Gender', 'Urls/Url/Type', 'CompleteName/Title'].map((name) => text(read, name)),
    ['1980-12-10T11:59:00Z', '1980-12-10T00:00:00', 'Female', 'Feed', 'Lady'],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite } from '../support/site.ts'
import { all, at, person, setXml, text, texts } from './person.ts'

const contact = (inside: string) => `<t:Contact>${inside}</t:Contact>`
const element = (name: string, value: string) => `<t:${name}>${value}</t:${name}>`
const entries = (list: string, values: Record<string, string>) =>
  element(
    list,
    Object.entries(values)
      .map(([key, value]) => `<t:Entry Key="${key}">${value}</t:Entry>`)
      .join(''),
  )
const home = { folder: 'contacts' }

const single = {
  FileAs: 'filed', DisplayName: 'Ada King', GivenName: 'Ada', Initials: 'A.K.', MiddleName: 'Augusta', Nickname: 'Countess', CompanyName: 'Contoso',
  AssistantName: 'Ann', Birthday: '1980-12-10T00:00:00Z', BusinessHomePage: 'http://contoso.com/', Department: 'Engines', Generation: 'Jr.',
  JobTitle: 'Programmer', Manager: 'Mary', Mileage: '5', OfficeLocation: '12', PostalAddressIndex: 'Home', Profession: 'Mathematician', SpouseName: 'William',
  Surname: 'King', WeddingAnniversary: '2005-07-08T00:00:00Z',
} // prettier-ignore
const order = ['FileAs', 'DisplayName', 'GivenName', 'Initials', 'MiddleName', 'Nickname', 'CompanyName', 'EmailAddresses', 'PhysicalAddresses', 'PhoneNumbers', 'AssistantName', 'Birthday', 'BusinessHomePage', 'Children', 'Companies', 'Department', 'Generation', 'ImAddresses', 'JobTitle', 'Manager', 'Mileage', 'OfficeLocation', 'PostalAddressIndex', 'Profession', 'SpouseName', 'Surname', 'WeddingAnniversary'] // prettier-ignore
const emails = { EmailAddress1: 'one@x.example', EmailAddress2: 'two@x.example', EmailAddress3: 'three@x.example' }
const ims = { ImAddress1: 'sip:1', ImAddress2: 'sip:2', ImAddress3: 'sip:3' }
const phoneKeys = ['AssistantPhone', 'BusinessFax', 'BusinessPhone', 'BusinessPhone2', 'Callback', 'CarPhone', 'CompanyMainPhone', 'HomeFax', 'HomePhone', 'HomePhone2', 'Isdn', 'MobilePhone', 'OtherFax', 'OtherTelephone', 'Pager', 'PrimaryPhone', 'RadioPhone', 'Telex', 'TtyTddPhone'] // prettier-ignore
const phones = Object.fromEntries(phoneKeys.map((key, index) => [key, `+49 30 ${index}`]))
const address = { Street: '1 Way', City: 'London', State: 'L', CountryOrRegion: 'England', PostalCode: 'N1' }
const addressXml = Object.entries(address)
  .map(([name, value]) => element(name, value))
  .join('')

test('every property of a contact comes back: MS-OXWSCONT_R21 _R25 _R27 _R29 _R31 _R33 _R35 _R37 _R39 _R41 _R43 _R45 _R47 _R49 _R51 _R53 _R57 _R59 _R61 _R63 _R65 _R67 _R69 _R71 _R73 _R75 _R77 _R79 _R124 _R125 _R126 _R196 _R355 _R198 _R200 _R356 _R202 _R357 _R204 _R206 _R208 _R228 _R238 _R242 _R246 _R250 _R254 _R258 _R260 _R262 _R264 _R266 _R268 _R272', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const lists: Record<string, string> = {
    EmailAddresses: entries('EmailAddresses', emails),
    ImAddresses: entries('ImAddresses', ims),
    PhoneNumbers: entries('PhoneNumbers', phones),
    PhysicalAddresses: entries('PhysicalAddresses', { Business: addressXml, Home: addressXml, Other: addressXml }),
    Children: element('Children', element('String', 'Byron') + element('String', 'Anne')),
    Companies: element('Companies', element('String', 'Contoso')),
  }
  const xml = order.map((name) => lists[name] ?? element(name, single[name as keyof typeof single])).join('')
  const read = await mary.get(await mary.create(contact(xml), home))
  for (const [name, value] of Object.entries(single)) assert.equal(text(read, name), value, name)
  assert.deepEqual([texts(read, 'Children/String'), texts(read, 'Companies/String')], [['Byron', 'Anne'], ['Contoso']])
  for (const [list, values] of [
    ['EmailAddresses', emails],
    ['ImAddresses', ims],
    ['PhoneNumbers', phones],
  ] as const) {
    const found = Object.fromEntries(
      all(read, `${list}/Entry`).map((entry) => [entry.attributes['Key'], text({ ...entry, children: [entry] }, 'Entry')]),
    )
    assert.deepEqual(found, values, list)
  }
  for (const entry of all(read, 'PhysicalAddresses/Entry')) {
    for (const [name, value] of Object.entries(address)) assert.equal(text(entry, name), value, `${entry.attributes['Key']} ${name}`)
  }
  assert.equal(all(read, 'PhysicalAddresses/Entry').length, 3)
  const complete = at(read, 'CompleteName')
  const names = { FirstName: 'Ada', MiddleName: 'Augusta', LastName: 'King', Suffix: 'Jr.', Initials: 'A.K.', Nickname: 'Countess' }
  for (const [name, value] of Object.entries(names)) assert.equal(text(complete, name), value, name)
  assert.match(text(complete, 'FullName') ?? '', /Ada/)
})

const mapped: Record<string, string> = {
  None: 'as is',
  LastCommaFirst: 'King, Ada Augusta',
  FirstSpaceLast: 'Ada Augusta King Jr.',
  Company: 'Contoso',
  LastCommaFirstCompany: 'King, Ada Augusta (Contoso)',
  CompanyLastFirst: 'Contoso (KingAda Augusta)',
  LastFirst: 'KingAda Augusta',
  LastFirstCompany: 'KingAda Augusta (Contoso)',
  CompanyLastCommaFirst: 'Contoso (King, Ada Augusta)',
  LastFirstSuffix: 'King Ada Jr.',
  LastSpaceFirstCompany: 'King Ada Augusta (Contoso)',
  CompanyLastSpaceFirst: 'Contoso (King Ada Augusta)',
  LastSpaceFirst: 'King Ada Augusta',
  DisplayName: 'shown',
  FirstName: 'Ada',
  LastFirstMiddleSuffix: 'King Ada Augusta Jr.',
  LastName: 'King',
}

test('how a contact is filed: MS-OXWSCONT_R23 _R130 _R131 _R132 _R133 _R134 _R135 _R136 _R137 _R138 _R139 _R140 _R141 _R142 _R143 _R144 _R145 _R146', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const [mapping, filed] of Object.entries(mapped)) {
    const parts = [
      ...(mapping === 'None' ? [element('FileAs', 'as is')] : []),
      element('FileAsMapping', mapping),
      element('DisplayName', 'shown'),
      element('GivenName', 'Ada'),
      element('MiddleName', 'Augusta'),
      element('CompanyName', 'Contoso'),
      element('Generation', 'Jr.'),
      element('Surname', 'King'),
    ]
    const read = await mary.get(await mary.create(contact(parts.join('')), home))
    assert.deepEqual([text(read, 'FileAsMapping'), text(read, 'FileAs')], [mapping, filed])
  }
})

test('contacts are made in contact folders: MS-OXWSCONT_R301001', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const folder of ['inbox', 'calendar', 'tasks', 'drafts']) {
    const codes = await mary.createCodes(contact(element('GivenName', 'Ada')), { folder })
    assert.deepEqual(codes, ['ErrorCannotCreateContactInNonContactFolder'], folder)
  }
})

test('what the server alone says of contacts: MS-OXWSCONT_R81 _R81001 _R55 _R89', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(contact(element('GivenName', 'Ada')), home)
  const picture = element('HasPicture', 'true')
  assert.deepEqual(await mary.createCodes(contact(picture), home), ['ErrorInvalidPropertySet'])
  assert.deepEqual(await mary.updateCodes(made, setXml('contacts:HasPicture', contact(picture))), ['ErrorInvalidPropertySet'])
  const read = await mary.get(made)
  assert.equal(text(read, 'HasPicture'), 'false')
})

test('the directory shows its people as contacts: MS-OXWSCONT_R88', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const answer = await mary.done(
    '<m:ResolveNames ReturnFullContactData="true"><m:UnresolvedEntry>rob@contoso.com</m:UnresolvedEntry></m:ResolveNames>',
  )
  const found = at(answer, 'ResolutionSet/Resolution/Contact')
  assert.deepEqual([text(found, 'ContactSource'), text(found, 'DisplayName')], ['ActiveDirectory', 'Rob Young'])
})

test('a view of contacts between two names: MS-OXWSCONT_R222 _R224', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const name of ['Ada', 'Bob', 'Cid', 'Dan']) await mary.create(contact(element('DisplayName', name)), home)
  const named = async (attributes: string) =>
    (await mary.find('contacts', { view: `<m:ContactsView ${attributes}/>`, fields: ['contacts:DisplayName'] }))
      .map((item) => text(item, 'DisplayName'))
      .sort()
  assert.deepEqual(await named('InitialName="Bob" FinalName="Cid"'), ['Bob', 'Cid'])
  assert.deepEqual(await named('InitialName="C"'), ['Cid', 'Dan'])
  assert.deepEqual(await named('FinalName="Bob"'), ['Ada', 'Bob'])
})

test('one entry of a list is set, read and deleted alone: MS-OXWSCONT_R239 _R247 _R255', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(contact(entries('EmailAddresses', emails) + entries('PhysicalAddresses', { Home: addressXml })), home)
  const path = (uri: string, index: string) => `<t:IndexedFieldURI FieldURI="contacts:${uri}" FieldIndex="${index}"/>`
  await mary.update(
    made,
    setXml(path('EmailAddress', 'EmailAddress2'), contact(entries('EmailAddresses', { EmailAddress2: 'new@x.example' }))),
  )
  await mary.update(
    made,
    setXml(path('PhysicalAddress:City', 'Home'), contact(entries('PhysicalAddresses', { Home: element('City', 'Paris') }))),
  )
  await mary.update(made, `<t:DeleteItemField>${path('EmailAddress', 'EmailAddress3')}</t:DeleteItemField>`)
  const read = await mary.get(made)
  assert.deepEqual(texts(read, 'EmailAddresses/Entry'), ['one@x.example', 'new@x.example'])
  assert.deepEqual([text(read, 'PhysicalAddresses/Entry/City'), text(read, 'PhysicalAddresses/Entry/Street')], ['Paris', '1 Way'])
})

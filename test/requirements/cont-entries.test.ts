/** The dictionaries of a contact, key by key: what each key means is what MAPI calls the same value ([MS-OXOCNTC] 2.2.1). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XmlElement } from '#wire'
import { textOf } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, person, setXml, text, type Id, type Person } from './person.ts'

const contact = (inside: string) => `<t:Contact>${inside}</t:Contact>`
const entry = (key: string, value: string, more = '') => `<t:Entry Key="${key}"${more}>${value}</t:Entry>`
const list = (name: string, inside: string) => `<t:${name}>${inside}</t:${name}>`
const inContacts = { folder: 'contacts' }
const tagged = (tag: string) => `<t:ExtendedFieldURI PropertyTag="${tag}" PropertyType="String"/>`
const ofAddress = (id: number, type = 'String') =>
  `<t:ExtendedFieldURI DistinguishedPropertySetId="Address" PropertyId="${id}" PropertyType="${type}"/>`

/** The values of extended properties of an item, in the order asked; undefined for what it has not. */
async function mapi(who: Person, id: Id, paths: readonly string[]): Promise<(string | undefined)[]> {
  const values: (string | undefined)[] = []
  for (const path of paths) values.push(text(await who.get(id, { shape: 'IdOnly', fields: [path] }), 'ExtendedProperty/Value'))
  return values
}
const entriesOf = (read: XmlElement, name: string) =>
  Object.fromEntries(all(read, `${name}/Entry`).map((one) => [one.attributes['Key'], textOf(one)]))

const phoneTags: Record<string, string | undefined> = {
  AssistantPhone: '0x3a2e', BusinessFax: '0x3a24', BusinessPhone: '0x3a08', BusinessPhone2: '0x3a1b', Callback: '0x3a02', CarPhone: '0x3a1e',
  CompanyMainPhone: '0x3a57', HomeFax: '0x3a25', HomePhone: '0x3a09', HomePhone2: '0x3a2f', Isdn: '0x3a2d', MobilePhone: '0x3a1c', OtherFax: '0x3a23',
  OtherTelephone: '0x3a1f', Pager: '0x3a21', PrimaryPhone: '0x3a1a', RadioPhone: '0x3a1d', Telex: '0x3a2c', TtyTddPhone: '0x3a4b',
  BusinessMobile: undefined, IPPhone: undefined,
} // prettier-ignore

for (const engine of quickEngines) {
  test(`each key of PhoneNumbers is a number of its own: MS-OXWSCONT_R251 _R157 _R158 _R159 _R160 _R161 _R162 _R163 _R164 _R165 _R166 _R167 _R168 _R169 _R170 _R171 _R172 _R173 _R174 _R175 _R175001 _R175002 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create(contact('<t:GivenName>Ada</t:GivenName>'), inContacts)
    const numbers: Record<string, string> = {}
    for (const [at, [key, tag]] of Object.entries(phoneTags).entries()) {
      const number = `+49 30 ${at}`
      const path = `<t:IndexedFieldURI FieldURI="contacts:PhoneNumber" FieldIndex="${key}"/>`
      await mary.update(made, setXml(path, contact(list('PhoneNumbers', entry(key, number)))))
      numbers[key] = number
      if (tag) assert.deepEqual(await mapi(mary, made, [tagged(tag)]), [number], key)
      const alone = await mary.get(made, { shape: 'IdOnly', fields: [path] })
      assert.deepEqual(entriesOf(alone, 'PhoneNumbers'), { [key]: number }, key)
    }
    assert.deepEqual(entriesOf(await mary.get(made), 'PhoneNumbers'), numbers)
    const path = '<t:IndexedFieldURI FieldURI="contacts:PhoneNumber" FieldIndex="Pager"/>'
    await mary.update(made, `<t:DeleteItemField>${path}</t:DeleteItemField>`)
    const { Pager: _, ...left } = numbers
    assert.deepEqual(entriesOf(await mary.get(made), 'PhoneNumbers'), left)
  })

  test(`each key of ImAddresses is an address of its own: MS-OXWSCONT_R243 _R151 _R152 _R153 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const addresses = { ImAddress1: 'sip:first', ImAddress2: 'sip:second', ImAddress3: 'sip:third' }
    const inside = Object.entries(addresses).map(([key, value]) => entry(key, value))
    const made = await mary.create(contact(list('ImAddresses', inside.join(''))), inContacts)
    assert.deepEqual(entriesOf(await mary.get(made), 'ImAddresses'), addresses)
    // [MS-OXOCNTC] 2.2.1 PidLidInstantMessagingAddress: MAPI knows the first alone.
    assert.deepEqual(await mapi(mary, made, [ofAddress(0x8062)]), ['sip:first'])
    const second = '<t:IndexedFieldURI FieldURI="contacts:ImAddress" FieldIndex="ImAddress2"/>'
    await mary.update(made, `<t:DeleteItemField>${second}</t:DeleteItemField>`)
    assert.deepEqual(entriesOf(await mary.get(made), 'ImAddresses'), { ImAddress1: 'sip:first', ImAddress3: 'sip:third' })
  })

  test(`each key of EmailAddresses has its name, its kind of routing and of mailbox: MS-OXWSCONT_R225 _R230 _R232 _R235 _R1275088 _R1275090 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const kinds = ['Contact', 'Mailbox', 'OneOff']
    const attributes = (at: number) => ` Name="Ada at ${at}" RoutingType="${at === 3 ? 'FAX' : 'SMTP'}" MailboxType="${kinds[at - 1]}"`
    const inside = [1, 2, 3].map((at) => entry(`EmailAddress${at}`, `ada${at}@x.example`, attributes(at)))
    const made = await mary.create(contact(list('EmailAddresses', inside.join(''))), inContacts)
    const read = await mary.get(made)
    const shown = all(read, 'EmailAddresses/Entry').map((one) => [
      textOf(one),
      ...['Key', 'Name', 'RoutingType', 'MailboxType'].map((name) => one.attributes[name]),
    ])
    assert.deepEqual(shown, [
      ['ada1@x.example', 'EmailAddress1', 'Ada at 1', 'SMTP', 'Contact'],
      ['ada2@x.example', 'EmailAddress2', 'Ada at 2', 'SMTP', 'Mailbox'],
      ['ada3@x.example', 'EmailAddress3', 'Ada at 3', 'FAX', 'OneOff'],
    ])
    for (const [at, base] of [0x8080, 0x8090, 0x80a0].entries()) {
      const found = await mapi(mary, made, [ofAddress(base), ofAddress(base + 2), ofAddress(base + 3)])
      const one: (string | undefined)[] | undefined = shown[at]
      assert.deepEqual(found, [one?.[2], one?.[3], one?.[0]], `EmailAddress${at + 1}`)
    }
  })

  test(`each key of PhysicalAddresses is an address of its own, and PostalAddressIndex says which is shown: MS-OXWSCONT_R269 _R184 _R187 _R188 _R189 _R177 _R180 _R181 _R182 _R183 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const parts = { Street: '1 Way', City: 'Town', State: 'L', CountryOrRegion: 'England', PostalCode: 'N1' }
    const inside = ['Business', 'Home', 'Other'].map((key) =>
      entry(key, Object.entries(parts).map(([name, value]) => list(name, `${key} ${value}`)).join('')),
    ) // prettier-ignore
    const made = await mary.create(contact(list('PhysicalAddresses', inside.join(''))), inContacts)
    const tags: Record<string, string[]> = {
      Business: [0x8045, 0x8046, 0x8047, 0x8049, 0x8048].map((id) => ofAddress(id)),
      Home: ['0x3a5d', '0x3a59', '0x3a5c', '0x3a5a', '0x3a5b'].map(tagged),
      Other: ['0x3a63', '0x3a5f', '0x3a62', '0x3a60', '0x3a61'].map(tagged),
    }
    const whole = await mary.get(made)
    for (const [key, paths] of Object.entries(tags)) {
      const wanted = Object.values(parts).map((value) => `${key} ${value}`)
      assert.deepEqual(await mapi(mary, made, paths), wanted, key)
      const shown = all(whole, 'PhysicalAddresses/Entry').find((one) => one.attributes['Key'] === key)
      assert.deepEqual(Object.keys(parts).map((name) => text(shown, name)), wanted, key) // prettier-ignore
    }
    const city = '<t:IndexedFieldURI FieldURI="contacts:PhysicalAddress:City" FieldIndex="Other"/>'
    await mary.update(made, `<t:DeleteItemField>${city}</t:DeleteItemField>`)
    const left = all(await mary.get(made), 'PhysicalAddresses/Entry').map((one) => at(one, 'City') !== undefined)
    assert.deepEqual(left, [true, true, false])

    // Of an address whose parts are all taken away nothing is left, not even its key.
    for (const part of ['Street', 'State', 'CountryOrRegion', 'PostalCode']) {
      const path = `<t:IndexedFieldURI FieldURI="contacts:PhysicalAddress:${part}" FieldIndex="Other"/>`
      await mary.update(made, `<t:DeleteItemField>${path}</t:DeleteItemField>`)
    }
    const keys = all(await mary.get(made), 'PhysicalAddresses/Entry').map((one) => one.attributes['Key'])
    assert.deepEqual(keys, ['Business', 'Home'])

    assert.equal(text(whole, 'PostalAddressIndex'), 'None')
    for (const [number, shown] of ['None', 'Home', 'Business', 'Other'].entries()) {
      await mary.update(made, setXml('contacts:PostalAddressIndex', contact(list('PostalAddressIndex', shown))))
      assert.equal(text(await mary.get(made), 'PostalAddressIndex'), shown)
      assert.deepEqual(await mapi(mary, made, [ofAddress(0x8022, 'Integer')]), [String(number)], shown)
    }
  })
}

test('an empty entry clears what its key said', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const lists = { EmailAddresses: 'EmailAddress1', PhoneNumbers: 'HomePhone', ImAddresses: 'ImAddress1' }
  const uris = { EmailAddresses: 'EmailAddress', PhoneNumbers: 'PhoneNumber', ImAddresses: 'ImAddress' }
  for (const [name, key] of Object.entries(lists)) {
    const made = await mary.create(contact(list(name, entry(key, 'x@x.example'))), inContacts)
    const path = `<t:IndexedFieldURI FieldURI="contacts:${uris[name as keyof typeof uris]}" FieldIndex="${key}"/>`
    await mary.update(made, setXml(path, contact(list(name, entry(key, '')))))
    assert.equal(at(await mary.get(made), name), undefined, name)
    const kind = name === 'EmailAddresses' ? ' RoutingType="SMTP"' : ''
    const empty = await mary.create(contact(list(name, entry(key, '', kind))), inContacts)
    assert.equal(at(await mary.get(empty), name), undefined, name)
  }
})

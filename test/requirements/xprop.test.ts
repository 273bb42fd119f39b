import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite } from '../support/site.ts'
import { all, at, deleteXml, person, setXml, text, texts } from './person.ts'

const guid = 'c11ff724-aa03-4555-9952-8fa248a11c3e'
const path = (attributes: string) => `<t:ExtendedFieldURI ${attributes}/>`
const valued = (attributes: string, value: string) =>
  `<t:ExtendedProperty>${path(attributes)}${value.startsWith('<') ? value : `<t:Value>${value}</t:Value>`}</t:ExtendedProperty>`
const message = (inside: string) => `<t:Message>${inside}</t:Message>`

test('forms that exclude each other: MS-OXWSXPROP_R42 _R161 _R43 _R157 _R158 _R47 _R51 _R138 _R139 _R140 _R53 _R55', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.create(message('<t:Subject>x</t:Subject>'))
  const set = 'DistinguishedPropertySetId="PublicStrings"'
  const own = `PropertySetId="${guid}"`
  for (const wrong of [
    `${set} ${own} PropertyName="a"`,
    `${set} PropertyTag="0x6601"`,
    `${own} PropertyTag="0x6601"`,
    'PropertyTag="0x6601" PropertyName="a"',
    'PropertyTag="0x6601" PropertyId="1"',
    'PropertyName="a"',
    'PropertyId="1"',
    set,
    own,
    `${set} PropertyName="a" PropertyId="1"`,
    '',
  ]) {
    const attributes = `${wrong} PropertyType="String"`
    assert.deepEqual(await mary.createCodes(message(valued(attributes, 'v'))), ['ErrorInvalidExtendedProperty'], `CreateItem ${wrong}`)
    const update = setXml(path(attributes), message(valued(attributes, 'v')))
    assert.deepEqual(await mary.updateCodes(made, update), ['ErrorInvalidExtendedProperty'], `UpdateItem ${wrong}`)
  }
})

test('every form and type is kept and echoed: MS-OXWSXPROP_R23 _R50 _R122 _R124', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const forms = [
    'PropertyTag="0x6601"',
    'PropertyTag="26114"',
    `PropertySetId="${guid}" PropertyName="a"`,
    `PropertySetId="${guid.toUpperCase()}" PropertyName="b"`,
    `PropertySetId="${guid}" PropertyId="34000"`,
    'DistinguishedPropertySetId="PublicStrings" PropertyName="c"',
    'DistinguishedPropertySetId="Common" PropertyId="34500"',
  ]
  const types: Record<string, string> = {
    String: 'words',
    Integer: '-5',
    Long: '9007199254740993',
    Short: '7',
    Boolean: 'true',
    Double: '1.5',
    Float: '2.5',
    CLSID: guid,
    Binary: 'AQI=',
    SystemTime: '2030-03-04T09:00:00Z',
  }
  for (const form of forms) {
    const attributes = `${form} PropertyType="String"`
    const read = await mary.get(await mary.create(message(valued(attributes, 'v'))), { fields: [path(attributes)] })
    assert.equal(text(read, 'ExtendedProperty/Value'), 'v', form)
    const echoed = at(read, 'ExtendedProperty/ExtendedFieldURI')?.attributes ?? {}
    for (const [, name = '', value = ''] of form.matchAll(/(\w+)="([^"]+)"/g)) {
      const as = (text: string) => (name === 'PropertyTag' ? String(Number(text)) : text.toLowerCase())
      assert.equal(as(echoed[name] ?? ''), as(value), form)
    }
  }
  for (const [type, value] of Object.entries(types)) {
    const one = `PropertySetId="${guid}" PropertyName="${type}" PropertyType="${type}"`
    const several = `PropertySetId="${guid}" PropertyName="${type}s" PropertyType="${type}Array"`
    const values = `<t:Values><t:Value>${value}</t:Value><t:Value>${value}</t:Value></t:Values>`
    const arrays = type !== 'Boolean'
    const id = await mary.create(message(valued(one, value) + (arrays ? valued(several, values) : '')))
    const read = await mary.get(id, { fields: [path(one), path(several)].slice(0, arrays ? 2 : 1) })
    const [single, plural] = all(read, 'ExtendedProperty')
    assert.equal(text(single, 'Value'), value, type)
    if (arrays) assert.deepEqual(texts(plural, 'Values/Value'), [value, value], `${type}Array`)
    await mary.update(id, deleteXml(path(one)))
    assert.equal(all(await mary.get(id, { fields: [path(one)] }), 'ExtendedProperty').length, 0)
  }
})

test('values are of their type: MS-OXWSXPROP_R23', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const [type, value] of [
    ['Integer', 'words'],
    ['Boolean', 'maybe'],
    ['SystemTime', 'noon'],
    ['CLSID', 'x'],
    ['StringArray', 'alone'],
    ['String', '<t:Values><t:Value>a</t:Value></t:Values>'],
  ] as const) {
    const attributes = `PropertySetId="${guid}" PropertyName="p" PropertyType="${type}"`
    const [code] = await mary.createCodes(message(valued(attributes, value)))
    assert.match(code ?? '', /^ErrorInvalidExtendedProperty(Value)?$/, type)
  }
})

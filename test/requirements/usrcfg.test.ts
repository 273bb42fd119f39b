import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, names, person, text, type Person } from './person.ts'

const folder = (name: string) => `<t:DistinguishedFolderId Id="${name}"/>`
const named = (name: string, space = 't', where = 'inbox') =>
  `<${space}:UserConfigurationName Name="${name}">${folder(where)}</${space}:UserConfigurationName>`
const value = (element: string, type: string, ...values: string[]) =>
  `<t:${element}><t:Type>${type}</t:Type>${values.map((one) => `<t:Value>${one}</t:Value>`).join('')}</t:${element}>`
const entry = (key: string, inside: string) => `<t:DictionaryEntry>${value('DictionaryKey', 'String', key)}${inside}</t:DictionaryEntry>`
const dictionary = (...entries: string[]) => `<t:Dictionary>${entries.join('')}</t:Dictionary>`
const xmlData = `<t:XmlData>${Buffer.from('<x/>').toString('base64')}</t:XmlData>`
const write = (operation: string, name: string, inside: string, where = 'inbox') =>
  `<m:${operation}><m:UserConfiguration>${named(name, 't', where)}${inside}</m:UserConfiguration></m:${operation}>`
const readXml = (name: string, parts: string, where = 'inbox') =>
  `<m:GetUserConfiguration>${named(name, 'm', where)}<m:UserConfigurationProperties>${parts}</m:UserConfigurationProperties></m:GetUserConfiguration>`
const read = async (who: Person, name: string, parts = 'All') => at(await who.done(readXml(name, parts)), 'UserConfiguration')
const removeXml = (name: string) => `<m:DeleteUserConfiguration>${named(name, 'm')}</m:DeleteUserConfiguration>`
const entries = (configuration: Awaited<ReturnType<typeof read>>) =>
  all(configuration, 'Dictionary/DictionaryEntry').map((one) => [text(one, 'DictionaryKey/Value'), text(one, 'DictionaryValue/Value')])

for (const engine of quickEngines) {
  test(`a configuration is made once in a folder (${engine.name}): MS-OXWSUSRCFG:CreateUserConfiguration`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const types: [string, string[]][] = [
      ['DateTime', ['2030-03-04T09:00:00Z']],
      ['Boolean', ['true']],
      ['Byte', ['255']],
      ['String', ['ä &amp; b']],
      ['Integer32', ['-7']],
      ['UnsignedInteger32', ['4294967295']],
      ['Integer64', ['-9007199254740993']],
      ['UnsignedInteger64', ['18446744073709551615']],
      ['StringArray', ['a', 'b']],
      ['ByteArray', ['AQI=']],
    ]
    const given = dictionary(...types.map(([type, values]) => entry(type, value('DictionaryValue', type, ...values))))
    const binary = '<t:BinaryData>AQID</t:BinaryData>'
    assert.deepEqual(await mary.codes(write('CreateUserConfiguration', 'Lab', given + xmlData + binary)), ['NoError'])
    const made = await read(mary, 'Lab')
    const seen = all(made, 'Dictionary/DictionaryEntry').map((one) => [
      text(one, 'DictionaryValue/Type'),
      all(one, 'DictionaryValue/Value').map((each) => text({ ...each, name: 'x', children: [each] }, 'Value')),
    ])
    assert.deepEqual(seen, types.map(([type, values]) => [type, values.map((one) => one.replace('&amp;', '&'))])) // prettier-ignore
    assert.deepEqual([text(made, 'XmlData'), text(made, 'BinaryData')], [Buffer.from('<x/>').toString('base64'), 'AQID'])
    assert.deepEqual(await mary.codes(write('CreateUserConfiguration', 'Lab', xmlData)), ['ErrorItemSave'], 'it is there')
    assert.deepEqual(await mary.codes(write('CreateUserConfiguration', 'Lab', xmlData, 'calendar')), ['NoError'], 'another folder')
    assert.deepEqual(await mary.codes(write('CreateUserConfiguration', 'a/b', xmlData)), ['ErrorInvalidArgument'])
    assert.deepEqual((await mary.find('inbox')).length, 0, 'it is no item that is shown')
    const rob = person(site, 'rob')
    const theirs = write('CreateUserConfiguration', 'Lab', xmlData).replace(
      folder('inbox'),
      '<t:DistinguishedFolderId Id="inbox"><t:Mailbox><t:EmailAddress>mary@contoso.com</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>',
    )
    assert.notEqual((await rob.codes(theirs))[0], 'NoError')
  })

  test(`the parts that are asked for are given (${engine.name}): MS-OXWSUSRCFG:GetUserConfiguration`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const one = dictionary(entry('k', value('DictionaryValue', 'String', 'v')))
    await mary.done(write('CreateUserConfiguration', 'Lab', one + xmlData + '<t:BinaryData>AQID</t:BinaryData>'))
    const parts = async (asked: string) => names(await read(mary, 'Lab', asked))
    const name = 'UserConfigurationName'
    assert.deepEqual(await parts('Id'), [name, 'ItemId'])
    assert.deepEqual(await parts('Dictionary'), [name, 'Dictionary'])
    assert.deepEqual(await parts('XmlData'), [name, 'XmlData'])
    assert.deepEqual(await parts('BinaryData'), [name, 'BinaryData'])
    assert.deepEqual(await parts('Dictionary XmlData'), [name, 'Dictionary', 'XmlData'])
    assert.deepEqual(await parts('All'), [name, 'ItemId', 'Dictionary', 'XmlData', 'BinaryData'])
    assert.deepEqual(await mary.codes(readXml('Other', 'All')), ['ErrorItemNotFound'])
    assert.deepEqual(await mary.codes(readXml('Lab', 'All', 'calendar')), ['ErrorItemNotFound'])
  })

  test(`the parts that are given are replaced (${engine.name}): MS-OXWSUSRCFG:UpdateUserConfiguration`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const of = (...pairs: [string, string][]) =>
      dictionary(...pairs.map(([key, one]) => entry(key, value('DictionaryValue', 'String', one))))
    await mary.done(write('CreateUserConfiguration', 'Lab', of(['a', '1'], ['b', '2']) + xmlData))
    assert.deepEqual(await mary.codes(write('UpdateUserConfiguration', 'Lab', of(['b', '3'], ['c', '4']))), ['NoError'])
    const changed = await read(mary, 'Lab')
    assert.deepEqual(entries(changed), [
      ['b', '3'],
      ['c', '4'],
    ])
    assert.equal(text(changed, 'XmlData'), Buffer.from('<x/>').toString('base64'), 'what is not given stays')
    await mary.done(write('UpdateUserConfiguration', 'Lab', '<t:BinaryData>AAAA</t:BinaryData>'))
    assert.equal(text(await read(mary, 'Lab'), 'BinaryData'), 'AAAA')
    assert.deepEqual(await mary.codes(write('UpdateUserConfiguration', 'Other', xmlData)), ['ErrorItemNotFound'])
  })

  test(`a configuration is deleted (${engine.name}): MS-OXWSUSRCFG:DeleteUserConfiguration`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const name of ['Lab', 'Other']) await mary.done(write('CreateUserConfiguration', name, xmlData))
    assert.deepEqual(await mary.codes(removeXml('Lab')), ['NoError'])
    assert.deepEqual(await mary.codes(readXml('Lab', 'All')), ['ErrorItemNotFound'])
    assert.deepEqual(await mary.codes(removeXml('Lab')), ['ErrorItemNotFound'])
    assert.deepEqual(await mary.codes(readXml('Other', 'All')), ['NoError'])
    assert.deepEqual(await mary.codes(write('CreateUserConfiguration', 'Lab', xmlData)), ['NoError'], 'the name is free again')
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#model'
import { bareNames, ewsOperations, readEnvelope, utcSeconds, writeRequest, type Codec } from '#schema'
import { readXml } from '#wire'
import { arbitraryOf } from './arbitrary.ts'

const reading = { local: (text: string) => Date.parse(`${text}Z`) }
const runs = Number(process.env.FUZZ_RUNS ?? 40)

/** One tag or value of a request made wrong; `at` picks the place. */
const spoils: ((xml: string, at: number) => string)[] = [
  (xml, at) => onTag(xml, at, () => ''),
  (xml, at) => onTag(xml, at, (tag) => tag.repeat(2)),
  (xml, at) => onTag(xml, at, (tag) => tag.replace(/([mt]):/, 'm:x')),
  (xml, at) => onTag(xml, at, (tag) => tag.replace(/ \w+="[^"]*"/, '')),
  (xml, at) => onTag(xml, at, (tag) => tag.replace(/="[^"]*"/g, '="toString"')),
  (xml, at) => onTag(xml, at, (tag) => tag.replace(/="[^"]*"/g, `="${'9'.repeat(400)}"`)),
  (xml, at) => onTag(xml, at, (tag) => `${tag}__proto__`),
  (xml, at) => onTag(xml, at, (tag) => `${tag}<t:constructor/>`),
  (xml, at) => onTag(xml, at, (tag) => `${tag}<t:Item><t:Item/></t:Item>`),
  (xml, at) => onText(xml, at, () => '2030-99-99T99:99:99'),
  (xml, at) => onText(xml, at, () => ''),
  (xml, at) => onText(xml, at, (text) => text.repeat(50)),
]

function nth(xml: string, pattern: RegExp, at: number, change: (found: string) => string): string {
  const from = xml.indexOf(':Body>')
  const matches = [...xml.slice(from).matchAll(pattern)]
  const match = matches[at % Math.max(matches.length, 1)]
  if (!match) return xml
  const start = from + match.index
  return xml.slice(0, start) + change(match[0]) + xml.slice(start + match[0].length)
}
const onTag = (xml: string, at: number, change: (tag: string) => string) => nth(xml, /<[mt]:[^>]*>/g, at, change)
const onText = (xml: string, at: number, change: (text: string) => string) => nth(xml, /(?<=>)[^<>]+(?=<)/g, at, change)

/** The changes of an update that could be read; none when it was refused as a whole. */
function itemChanges(codec: Codec<unknown>, xml: string): { Updates: { changes: unknown[] } }[] {
  try {
    const { ItemChanges } = codec.read(readEnvelope(readXml(writeRequest(xml))).body, reading) as {
      ItemChanges: { Updates: { changes: unknown[] } }[]
    }
    return ItemChanges
  } catch (error) {
    assert.ok(error instanceof Refusal)
    return []
  }
}

function readOrRefuse(xml: string, codec: Codec<unknown>): void {
  try {
    codec.read(readEnvelope(readXml(xml)).body, reading)
  } catch (error) {
    assert.ok(error instanceof Refusal, `${String(error)}\n${error instanceof Error ? error.stack : ''}\n${xml}`)
  }
}

for (const [name, { request }] of ewsOperations) {
  if ((bareNames as readonly string[]).includes(name)) continue
  test(`a spoilt ${name} is read or refused, never a defect`, () => {
    const spoilt = fc.tuple(
      arbitraryOf(request),
      fc.array(fc.tuple(fc.constantFrom(...spoils), fc.nat(200)), { minLength: 1, maxLength: 3 }),
    )
    fc.assert(
      fc.property(spoilt, ([value, changes]) => {
        const xml = writeRequest(request.write(`m:${name}`, value, { dateTime: utcSeconds }))
        readOrRefuse(changes.reduce((text, [spoil, at]) => spoil(text, at), xml), request) // prettier-ignore
      }),
      { numRuns: runs, includeErrorInReport: true },
    )
  })
}

test('names of the language are no names of elements, keys or properties', () => {
  const find = ewsOperations.get('FindItem')?.request
  const create = ewsOperations.get('CreateItem')?.request
  assert.ok(find && create)
  for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf']) {
    readOrRefuse(writeRequest(`<m:FindItem Traversal="${name}"/>`), find)
    readOrRefuse(writeRequest(`<m:FindItem Traversal="Shallow"><m:Restriction><t:${name}/></m:Restriction></m:FindItem>`), find)
    readOrRefuse(writeRequest(`<m:CreateItem><m:Items><t:${name}/></m:Items></m:CreateItem>`), create)
    readOrRefuse(writeRequest(`<m:CreateItem><m:Items><t:Message><t:${name}>x</t:${name}></t:Message></m:Items></m:CreateItem>`), create)
    const set =
      `<t:SetItemField><t:FieldURI FieldURI="${name}"/><t:${name}/></t:SetItemField>` +
      `<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:${name}><t:Subject/></t:${name}></t:SetItemField>`
    const indexed = (uri: string, key: string) => `<t:IndexedFieldURI FieldURI="${uri}" FieldIndex="${key}"/>`
    const phones = '<t:Contact><t:PhoneNumbers><t:Entry Key="HomePhone">1</t:Entry></t:PhoneNumbers></t:Contact>'
    const more =
      `<t:DeleteItemField>${indexed(name, 'x')}</t:DeleteItemField>` +
      `<t:SetItemField>${indexed('contacts:PhoneNumber', name)}${phones}</t:SetItemField>`
    for (const updates of [set, more]) {
      const change = `<t:ItemChange><t:ItemId Id="x"/><t:Updates>${updates}</t:Updates></t:ItemChange>`
      const update = ewsOperations.get('UpdateItem')?.request
      assert.ok(update)
      const xml = `<m:UpdateItem ConflictResolution="AutoResolve"><m:ItemChanges>${change}</m:ItemChanges></m:UpdateItem>`
      readOrRefuse(writeRequest(xml), update)
      for (const { Updates } of itemChanges(update, xml)) assert.deepEqual(Updates.changes, [])
    }
  }
})

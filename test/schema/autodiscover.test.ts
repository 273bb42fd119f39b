import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  GetDomainSettings, GetUserSettings, autodiscoverRequestElement, autodiscoverResponseElement, autodiscoverUri, poxTables,
  readAutodiscoverEnvelope, readPoxRequest, readPoxResponse, utcSeconds, writeAutodiscoverRequest, writePoxRequest, writePoxResponse,
  type Codec, type PoxRequest, type PoxResponse,
} from '#schema' // prettier-ignore
import { Refusal } from '#model'
import { readXml } from '#wire'
import { arbitraryOf } from './arbitrary.ts'

const reading = { local: (text: string) => Date.parse(`${text}Z`) }
const writing = { dateTime: utcSeconds }
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

for (const operation of [GetUserSettings, GetDomainSettings]) {
  test(`SOAP ${operation.name} ${operation.spec} comes back as it was written`, () => {
    const both: [string, Codec<unknown>][] = [
      [autodiscoverRequestElement(operation.name), operation.request],
      [autodiscoverResponseElement(operation.name), operation.response],
    ]
    for (const [element, codec] of both) {
      fc.assert(
        fc.property(arbitraryOf(codec), (value) => {
          const xml = codec.write(element, value, writing).replace(`<${element}`, `<${element} xmlns="${autodiscoverUri}"`)
          assert.deepEqual(plain(codec.read(readXml(xml), reading)), plain(value), xml)
        }),
        { numRuns: 50 },
      )
    }
  })
}

test('a SOAP request is found in its envelope', () => {
  const value = { Request: { Users: [{ Mailbox: 'mary@contoso.com' }], RequestedSettings: ['ExternalEwsUrl'] } }
  const message = readAutodiscoverEnvelope(readXml(writeAutodiscoverRequest(GetUserSettings, value, { to: 'https://x/?a=1&b=2' })))
  assert.equal(message.name, 'GetUserSettingsRequestMessage')
  assert.deepEqual(GetUserSettings.request.read(message, reading), value)
  assert.throws(() => readAutodiscoverEnvelope(readXml('<x/>')), Refusal)
})

test('plain requests and answers come back as they were written', () => {
  fc.assert(
    fc.property(arbitraryOf(poxTables.request), (value) => {
      const xml = writePoxRequest(value as PoxRequest, 'mobileRequest', writing)
      assert.deepEqual(plain(readPoxRequest(readXml(xml), reading)), plain(value), xml)
    }),
  )
  for (const is of ['outlook', 'mobile', 'error'] as const) {
    fc.assert(
      fc.property(arbitraryOf(poxTables[is]), (value) => {
        const xml = writePoxResponse({ is, value } as PoxResponse, writing)
        assert.deepEqual(plain(readPoxResponse(readXml(xml), reading)), plain({ is, value }), xml)
      }),
      { numRuns: 50 },
    )
  }
})

test('two plain requests at once, or one of another schema, are refused', () => {
  const uri = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006'
  assert.throws(() => readPoxRequest(readXml(`<Autodiscover xmlns="${uri}"><Request/><Request/></Autodiscover>`), reading), Refusal)
  assert.throws(() => readPoxRequest(readXml('<Autodiscover xmlns="urn:x"><Request/></Autodiscover>'), reading), Refusal)
})

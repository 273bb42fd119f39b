import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cmdlet, openApiOf, parameter as take } from '#admin'
import { startTestSite } from '../support/site.ts'
import { base, restDesk, type RestAnswer } from './rest-desk.ts'
import { fits, type Schema } from './json-schema.ts'

interface Document {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>
  components: { schemas: Record<string, Schema>; responses: Record<string, unknown>; securitySchemes: Record<string, unknown> }
}

const input = (document: Document, value: unknown) => fits(document, { $ref: '#/components/schemas/CmdletInput' }, value)

test('a site serves the document of its interface: every cmdlet is in it, and everything that it refers to', async () => {
  await using site = await startTestSite()
  const answer = await site.call('/adminapi/openapi.json')
  assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/json; charset=utf-8'])
  const document = JSON.parse(answer.body) as Document
  assert.match(document.openapi, /^3\.1\.\d+$/)
  assert.ok(document.info.title && document.info.version)
  const again = await site.call('/adminapi/openapi.json', { headers: { 'if-none-match': String(answer.headers.etag) } })
  assert.deepEqual([again.status, again.body], [304, ''])

  const names = site.admin.cmdlets.map(({ name }) => name)
  const { schemas } = document.components
  const { oneOf = [], discriminator } = schemas.CmdletInput as Schema & {
    discriminator: { propertyName: string; mapping: Record<string, string> }
  }
  assert.deepEqual(Object.keys(discriminator.mapping), names)
  assert.deepEqual(oneOf.map(({ $ref }) => $ref), Object.values(discriminator.mapping)) // prettier-ignore
  for (const [name, ref] of Object.entries(discriminator.mapping)) {
    assert.equal(ref, `#/components/schemas/${name}`)
    assert.deepEqual(schemas[name]?.properties?.CmdletName, { const: name })
    assert.equal(discriminator.propertyName, 'CmdletName')
  }
  const refs = [...answer.body.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path)
  assert.ok(refs.length > names.length)
  for (const path of new Set(refs)) {
    const found = path.split('/').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document)
    assert.ok(found, `${path} is not there`)
  }
  for (const [path, item] of Object.entries(document.paths)) {
    assert.match(path, /^\/adminapi\/v2\.0\/\{organization\}\/\w+$/)
    for (const operation of Object.values(item)) if ('operationId' in operation) assert.ok(operation.responses['200'])
  }
})

test('the answers are as the document says', async () => {
  await using site = await restDesk()
  const document = openApiOf(site.admin.cmdlets) as unknown as Document
  const answers: [string, RestAnswer][] = [
    ['Cmdlets', await site.call(`${base}/Cmdlets`, { method: 'GET' })],
    ['Page', await site.invoke('Get-AcceptedDomain')],
    ['Failure', await site.invoke('New-AcceptedDomain', { DomainName: 'contoso.org' }, { as: 'mary' })],
  ]
  for (const [schema, { body, text }] of answers)
    assert.equal(fits(document, { $ref: `#/components/schemas/${schema}` }, body), undefined, text)
  const stream = await site.call(`${base}/InvokeCommand`, { headers: { accept: 'application/x-ndjson' }, body: { CmdletInput: { CmdletName: 'Get-AcceptedDomain' } } }) // prettier-ignore
  for (const line of stream.text.trimEnd().split('\n')) assert.equal(fits(document, { $ref: '#/components/schemas/Line' }, JSON.parse(line)), undefined, line) // prettier-ignore
})

test('the document takes what the registry takes, and nothing else', () => {
  const row = cmdlet('Set-Thing', {
    summary: 'Changes things.',
    roles: ['Mail Recipients'],
    parameters: {
      Identity: take.mandatory(take.identity(), { position: 0 }),
      Days: take.optional(take.within(take.number(), 1, 7)),
      Kind: take.optional(take.oneOf(['Big', 'Small'])),
      Names: take.optional(take.nullable(take.listChange(take.string()))),
      Size: take.optional(take.bytes()),
      Limit: take.optional(take.count()),
      Credential: take.optional(take.credential()),
    },
    run: async () => undefined,
  })
  const document = openApiOf([row]) as unknown as Document
  const good: object[] = [
    { Identity: 'x' },
    { Identity: 'x', Days: 7, Kind: 'Big', Size: '10MB', Limit: 'Unlimited' },
    { Identity: 'x', Names: ['a'], 'Names@odata.type': '#Collection(String)' },
    { Identity: 'x', Names: { Add: ['a'], Remove: 'b' }, WhatIf: true, ErrorAction: 'Stop', Size: 4096, Limit: 5 },
    { Identity: 'x', Names: null, Credential: { UserName: 'a', Password: 'b' } },
  ]
  for (const Parameters of good)
    assert.equal(input(document, { CmdletName: 'Set-Thing', Parameters }), undefined, JSON.stringify(Parameters))
  const bad: unknown[] = [
    { CmdletName: 'Set-Thing', Parameters: {} },
    { CmdletName: 'Set-Thing' },
    { CmdletName: 'Get-Thing', Parameters: { Identity: 'x' } },
    ...[{ Colour: 'red' }, { Days: 8 }, { Days: 1.5 }, { Kind: 'Medium' }, { Kind: null }, { Limit: 0 }, { Size: -1 }, { Identity: '' }, { Names: 7 }, { Credential: {} }].map(
      (some) => ({ CmdletName: 'Set-Thing', Parameters: { Identity: 'x', ...some } }),
    ),
  ] // prettier-ignore
  for (const value of bad) assert.ok(input(document, value), JSON.stringify(value))
})

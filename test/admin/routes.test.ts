import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteSize, TimeSpan } from '#model'
import { Guid, Thing, type Value } from '#shell'
import { marked, thingOf } from '#shell'
import { base, restDesk, thing, type RestCall } from './rest-desk.ts'

const command = (CmdletName: string, Parameters: object = {}) => ({ CmdletInput: { CmdletName, Parameters } })

test('a cmdlet comes over HTTP, in the organisation of the caller', async () => {
  await using site = await restDesk()
  const made = await site.invoke('New-OrganizationRelationship', { Name: 'To online', DomainNames: ['a.com'] })
  assert.equal(made.status, 200)
  const [relationship] = made.body.value
  assert.deepEqual([relationship!.Name, relationship!.WhenCreated], ['To online', '2030-01-07T09:00:00.000Z'])
  const odata = {
    Identity: 'To online',
    DomainNames: { '@odata.type': '#Exchange.GenericHashTable', Add: ['b.com'], 'Add@odata.type': '#Collection(String)' },
  }
  for (const organisation of ['Contoso', site.organisation, 'CONTOSO.com'])
    assert.equal(
      (await site.call(`/adminapi/v2.0/${organisation}/invokecommand`, { body: command('Set-OrganizationRelationship', odata) })).status,
      200,
    )
  const line = await site.invoke('Get-OrganizationRelationship', { Identity: 'To online' })
  assert.deepEqual(line.body.value[0]!.DomainNames, ['a.com', 'b.com'])
  const whatIf = await site.invoke('Remove-OrganizationRelationship', { Identity: 'To online', WhatIf: true })
  assert.deepEqual(whatIf.body, {
    '@odata.context': `http://127.0.0.1:${site.port}/adminapi/v2.0/contoso.com/$metadata#Collection(Exchange.GenericHashTable)`,
    'adminapi.warnings@odata.type': '#Collection(String)',
    '@adminapi.warnings': ["What if: Remove-OrganizationRelationship on 'To online'."],
    value: [],
  })
})

test('values without a form in JSON are text with the mark of their type', async () => {
  const guid = '0b1e3a52-4d7e-4a51-9f0b-6c1d7e880001'
  const one = {
    Guid: guid,
    WhenChanged: new Date(Date.UTC(2030, 0, 7, 9)),
    Quota: new ByteSize(2 ** 30),
    Age: new TimeSpan(86_400_000),
    Names: ['a', 'b'],
    Times: [new Date(0)],
    Data: Buffer.from('hi'),
    Size: 2n ** 60n,
    Limit: Number.POSITIVE_INFINITY,
    Mixed: [1, 'a', new Date(0)],
    Broken: new Date(Number.NaN),
  }
  await using site = await restDesk([thing(async () => one)])
  assert.deepEqual((await site.invoke('Get-Thing')).body.value, [
    {
      'Guid@data.type': 'System.Guid',
      Guid: guid,
      'WhenChanged@data.type': 'System.DateTime',
      WhenChanged: '2030-01-07T09:00:00.000Z',
      'Quota@data.type': 'Microsoft.Exchange.Data.ByteQuantifiedSize',
      Quota: '1 GB (1,073,741,824 bytes)',
      'Age@data.type': 'System.TimeSpan',
      Age: '1.00:00:00',
      'Names@odata.type': '#Collection(String)',
      Names: ['a', 'b'],
      'Times@data.type': 'System.DateTime',
      Times: ['1970-01-01T00:00:00.000Z'],
      'Data@data.type': 'System.Byte[]',
      Data: 'aGk=',
      'Size@data.type': 'System.Int64',
      Size: '1152921504606846976',
      Limit: 'Unlimited',
      Mixed: [1, 'a', '1970-01-01T00:00:00.000Z'],
      'Broken@data.type': 'System.DateTime',
      Broken: null,
    },
  ])
})

test('each refusal has its status, code and message, and is where clients of Exchange look for it', async () => {
  await using site = await restDesk()
  const other = await site.directory.createOrganisation({ name: 'Fabrikam', defaultDomain: 'fabrikam.com' })
  const run = `${base}/InvokeCommand`
  const deep = `{"CmdletInput":{"CmdletName":"x","Parameters":{"a":${'['.repeat(20)}${']'.repeat(20)}}}}`
  const text = { headers: { 'content-type': 'text/plain' } }
  const clixml = { headers: { 'x-responseformat': 'clixml' } }
  const cases: [number, string, string, unknown, RestCall?][] = [
    [404, 'CmdletNotFound', run, command('Get-Nothing')],
    [404, 'ObjectNotFound', run, command('Get-AuthServer', { Identity: 'x' })],
    [400, 'InvalidParameter', run, command('Get-AuthServer', { Colour: 'red' })],
    [400, 'InvalidConfiguration', run, command('New-AuthServer', { Name: 'x', DomainName: ['not a domain'] })],
    [409, 'NameTaken', run, command('New-AcceptedDomain', { DomainName: 'contoso.com' })],
    [404, 'UnknownOperation', `${base}/InvokeLine`, {}],
    [400, 'InvalidRequest', run, { CmdletInput: {} }],
    [400, 'InvalidRequest', run, '{'],
    [400, 'InvalidRequest', run, command('Get-AuthServer'), text],
    [400, 'InvalidRequest', run, command('Get-AuthServer'), clixml],
    [400, 'InvalidRequest', run, deep],
    [403, 'AccessDenied', run, command('Get-AuthServer'), { as: 'mary' }],
    [403, 'AccessDenied', '/adminapi/v2.0/fabrikam.com/InvokeCommand', command('Get-AuthServer')],
    [403, 'AccessDenied', `/adminapi/v2.0/${other.id}/InvokeCommand`, command('Get-AuthServer')],
    [403, 'AccessDenied', '/adminapi/v2.0/nowhere/InvokeCommand', command('Get-AuthServer')],
    [404, 'UnknownOperation', `${base}/Mailbox`, {}],
    [404, 'UnknownOperation', `${run}/more`, {}],
    [404, 'UnknownOperation', `${base}/constructor`, {}],
    [404, 'UnknownOperation', '/adminapi/v2.0', {}],
    [404, 'UnknownOperation', `${base}/Mailbox`, undefined, { method: 'GET' }],
    [413, 'RequestStreamTooBig', run, 'x'.repeat(17 * 1024 * 1024)],
  ]
  for (const [status, code, path, body, options] of cases) {
    const answer = await site.call(path, { ...options, body })
    const { error } = answer.body
    const what = `${path} ${JSON.stringify(body)?.slice(0, 100)} ${answer.text.slice(0, 300)}`
    assert.deepEqual([answer.status, error?.code], [status, code], what)
    assert.ok(error.message, what)
    assert.deepEqual(error.innererror.internalexception, { message: error.message, type: `Isthmus.${code}` }, what)
  }
  const parameter = await site.invoke('Get-AuthServer', { Colour: 'red' })
  assert.deepEqual(parameter.body.error.details, [{ code: 'InvalidParameter', target: 'Colour', message: parameter.body.error.message }])
  assert.equal((await site.call(run, { as: 'nobody', body: command('Get-AuthServer') })).status, 401)
  assert.deepEqual(site.defects, [])
})

test('a bug answers with the id of its request, and nothing of it', async () => {
  await using site = await restDesk([thing(async () => Promise.reject(new TypeError('the inside')))])
  const answer = await site.invoke('Get-Thing')
  assert.deepEqual([answer.status, answer.body.error.code], [500, 'InternalServerError'])
  assert.match(answer.body.error.message, /under id-\d+/)
  assert.ok(!answer.text.includes('the inside'))
  assert.equal((site.defects[0] as Error).message, 'the inside')
})

test('a caller is told of the cmdlets that it may run, once while they stay the same', async () => {
  await using site = await restDesk()
  const list = async (as: RestCall['as'], etag?: string) =>
    site.call(`${base}/Cmdlets`, { method: 'GET', ...(as ? { as } : {}), headers: etag ? { 'if-none-match': etag } : {} })
  const all = await list('boss')
  const mine = await site.admin.cmdletsFor(site.boss)
  assert.deepEqual(all.body.value.map(({ name }) => name), mine.map(({ name }) => name)) // prettier-ignore
  assert.ok(mine.length > 50)
  const some = (await list('sharer')).body.value.map(({ name }) => name)
  assert.ok(some.includes('New-SharingPolicy') && !some.includes('New-AcceptedDomain'))
  const own = (await list('mary')).body.value.map(({ name }) => name)
  assert.ok(!own.includes('New-SharingPolicy'))
  const again = await list('boss', String(all.headers.etag))
  assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', all.headers.etag])
  assert.equal((await list('sharer', String(all.headers.etag))).status, 200)
  assert.equal((await list('nobody')).status, 401)
})

const scalar = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
  fc.maxSafeNat().map((bytes) => new ByteSize(bytes)),
  fc.integer().map((ms) => new TimeSpan(ms)),
  fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
  fc.uint8Array({ maxLength: 20 }),
)
const name = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('__proto__', 'constructor', 'toString', 'Guid', 'MailboxGuid')).filter((text) => !/@(odata|data)\.type$/.test(text)) // prettier-ignore

/** What the shell is to have of a value that a cmdlet gave. */
function expected(key: string, value: unknown): Value {
  if (typeof value === 'string')
    return key.endsWith('Guid') && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? new Guid(value) : value
  return value as Value
}

test('whatever a cmdlet gives, the shell has the same', () => {
  const pairs = fc.uniqueArray(fc.tuple(name, fc.oneof(scalar, fc.array(fc.date({ noInvalidDate: true }), { maxLength: 3 }))), {
    selector: ([key]) => key.toLowerCase(),
    maxLength: 8,
  })
  fc.assert(
    fc.property(pairs, (properties) => {
      const object = Object.fromEntries(properties)
      const thing = thingOf(JSON.parse(JSON.stringify(marked(object))) as object, 'Thing')
      assert.ok(thing instanceof Thing)
      for (const [key, value] of properties) assert.deepEqual(thing.get(key), expected(key, value), key)
      assert.equal(thing.names().length, properties.length)
    }),
    { numRuns: 300 },
  )
})

test('no body makes a bug: what is not understood is refused', async () => {
  await using site = await restDesk()
  const parameters = fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })
  const bodies = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.record({ CmdletInput: fc.record({ CmdletName: fc.constantFrom('Get-AuthServer', '__proto__', 'Set-AuthServer', 'New-MailUser'), Parameters: parameters }) }), // prettier-ignore
  )
  await fc.assert(
    fc.asyncProperty(bodies, fc.string({ maxLength: 20 }), async (body, token) => {
      const query = `?$skiptoken=${encodeURIComponent(token)}`
      for (const path of [`${base}/InvokeCommand`, `${base}/InvokeCommand${query}`, `${base}/InvokeLine`]) {
        const { status, text } = await site.call(path, { body: JSON.stringify(body), headers: { prefer: `maxpagesize=${JSON.stringify(body)}`.replace(/[^ -~]/g, "") } }) // prettier-ignore
        assert.ok(status === 200 || (status >= 400 && status < 500), `${status} ${text}`)
      }
    }),
    { numRuns: 40 },
  )
  assert.deepEqual(site.defects, [])
})

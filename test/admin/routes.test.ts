import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpReply, HttpRequest } from '#access'
import { Refusal, type Caller } from '#model'
import { adminRoutes } from '#protocols/admin'
import { desk, type Desk } from './desk.ts'

interface Posted {
  status: number
  body: { value?: Record<string, unknown>[]; '@adminapi.warnings'?: string[]; error?: { code: string; message: string } }
}

/** As the listener does: refusals of `handle` go to `refuse`. */
async function post(
  site: Desk,
  path: string,
  body: unknown,
  caller: Caller | undefined = site.boss,
  type = 'application/json',
): Promise<Posted> {
  const [route] = adminRoutes(site)
  const request: HttpRequest = {
    method: 'POST',
    url: new URL(`https://localhost${encodeURI(path)}`),
    path: path.toLowerCase(),
    headers: { 'content-type': type },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    ...(caller ? { caller } : {}),
    remoteAddress: '127.0.0.1',
    id: 'a-request',
    signal: new AbortController().signal,
    log: {},
  }
  let reply: HttpReply
  try {
    reply = await route!.handle(request)
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error))
    reply = route!.refuse!(error, request)
  }
  return { status: reply.status, body: JSON.parse(String(reply.body)) as Posted['body'] }
}
const command = (CmdletName: string, Parameters: object = {}) => ({ CmdletInput: { CmdletName, Parameters } })

test('a cmdlet and a command line come over HTTP, in the organisation of the caller', async () => {
  await using site = await desk()
  const base = '/adminapi/v2.0/contoso.com'
  const made = await post(
    site,
    `${base}/InvokeCommand`,
    command('New-OrganizationRelationship', { Name: 'To online', DomainNames: ['a.com'] }),
  )
  assert.equal(made.status, 200)
  const [relationship] = made.body.value!
  assert.deepEqual([relationship!.Name, relationship!.WhenCreated], ['To online', '2030-01-07T09:00:00.000Z'])
  const odata = {
    Identity: 'To online',
    DomainNames: { '@odata.type': '#Exchange.GenericHashTable', Add: ['b.com'], 'Add@odata.type': '#Collection(String)' },
  }
  for (const organisation of ['Contoso', site.organisation, 'CONTOSO.com'])
    assert.equal(
      (await post(site, `/adminapi/v2.0/${organisation}/invokecommand`, command('Set-OrganizationRelationship', odata))).status,
      200,
    )
  const line = await post(site, `${base}/InvokeLine`, { Line: "Get-OrganizationRelationship -Identity 'To online'" })
  assert.deepEqual(line.body.value![0]!.DomainNames, ['a.com', 'b.com'])
  const whatIf = await post(site, `${base}/InvokeLine`, { Line: "Remove-OrganizationRelationship 'To online' -WhatIf" })
  assert.deepEqual(whatIf.body, { value: [], '@adminapi.warnings': ["What if: Remove-OrganizationRelationship on 'To online'."] })
})

test('each refusal has its status, code and message', async () => {
  await using site = await desk()
  const base = '/adminapi/v2.0/contoso.com'
  const other = await site.directory.createOrganisation({ name: 'Fabrikam', defaultDomain: 'fabrikam.com' })
  const cases: [number, string, string, unknown, (Caller | undefined)?, string?][] = [
    [404, 'CmdletNotFound', `${base}/InvokeCommand`, command('Get-Nothing')],
    [404, 'ObjectNotFound', `${base}/InvokeCommand`, command('Get-AuthServer', { Identity: 'x' })],
    [400, 'InvalidParameter', `${base}/InvokeCommand`, command('Get-AuthServer', { Colour: 'red' })],
    [400, 'InvalidConfiguration', `${base}/InvokeCommand`, command('New-AuthServer', { Name: 'x', DomainName: ['not a domain'] })],
    [400, 'InvalidRequest', `${base}/InvokeLine`, { Line: 'Get-AuthServer | Remove-AuthServer' }],
    [400, 'InvalidRequest', `${base}/InvokeLine`, {}],
    [400, 'InvalidRequest', `${base}/InvokeCommand`, { CmdletInput: {} }],
    [400, 'InvalidRequest', `${base}/InvokeCommand`, '{'],
    [400, 'InvalidRequest', `${base}/InvokeCommand`, command('Get-AuthServer'), site.boss, 'text/plain'],
    [400, 'InvalidRequest', `${base}/InvokeCommand`, JSON.parse(`{"CmdletInput":{"CmdletName":"x","Parameters":{"a":${'['.repeat(20)}${']'.repeat(20)}}}}`)],
    [403, 'AccessDenied', `${base}/InvokeCommand`, command('Get-AuthServer'), site.mary],
    [403, 'AccessDenied', '/adminapi/v2.0/fabrikam.com/InvokeCommand', command('Get-AuthServer')],
    [403, 'AccessDenied', `/adminapi/v2.0/${other.id}/InvokeCommand`, command('Get-AuthServer')],
    [403, 'AccessDenied', '/adminapi/v2.0/nowhere/InvokeCommand', command('Get-AuthServer')],
    [404, 'UnknownOperation', `${base}/Mailbox`, {}],
    [404, 'UnknownOperation', `${base}/InvokeCommand/more`, {}],
    [404, 'UnknownOperation', `${base}/constructor`, {}],
    [404, 'UnknownOperation', '/adminapi/v2.0', {}],
  ] // prettier-ignore
  for (const [status, code, path, body, caller = site.boss, type] of cases) {
    const answer = await post(site, path, body, caller, type)
    assert.deepEqual(
      [answer.status, answer.body.error?.code],
      [status, code],
      `${path} ${JSON.stringify(body)} ${answer.body.error?.message}`,
    )
    assert.ok(answer.body.error?.message)
  }
  const taken = command('New-AcceptedDomain', { DomainName: 'contoso.com' })
  assert.equal((await post(site, `${base}/InvokeCommand`, taken)).status, 409)
  const [route] = adminRoutes({ ...site, caller: () => undefined })
  assert.deepEqual([route!.auth, route!.methods, route!.path], ['required', ['POST'], '/adminapi/v2.0/*'])
})

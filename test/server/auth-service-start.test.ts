/** What the auth service makes of its configuration at the start, and of a DNS that does not answer. */
import assert from 'node:assert/strict'
import { Resolver } from 'node:dns/promises'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { Refusal } from '#model'
import { readConfig, startSite, type SiteConfigInput } from '#server'
import { createServicePrincipals, exchangeApplication } from '#trust'
import { txtRecords } from '../../src/server/auth-service.ts'
import { newKey } from '../trust/server-token-forge.ts'

test('the online service is known by exactly what the configuration says: what is taken out of it is trusted no more', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-auth-start-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const [leaked, next] = [await newKey('Leaked'), await newKey('Next')]
  const der = (key: typeof leaked) => key.certificate.raw.toString('base64')
  await writeFile(join(folder, 'leaked.pem'), leaked.certificate.toString())
  await writeFile(join(folder, 'next.pem'), next.certificate.toString())
  const known = async (authService: SiteConfigInput['authService']) => {
    const result = readConfig({
      organisation: { name: 'Auth', domain: 'login.online.example' },
      roles: ['authService'],
      data: join(folder, 'data'),
      listeners: { https: { port: 0 } },
      passwordCost: { memory: 64, passes: 1 },
      log: { level: 'silent' },
      ...(authService ? { authService } : {}),
    })
    if ('problems' in result) throw new Error(JSON.stringify(result.problems))
    await using site = await startSite(result.config)
    const principal = await createServicePrincipals({ store: site.store, newId: () => crypto.randomUUID() }).find(exchangeApplication, '*')
    return [principal?.certificates ?? [], principal?.hosts ?? []]
  }
  const service = (files: string[], resources: string[]) =>
    known({ onlineService: { certificates: files.map((file) => join(folder, file)), resources } })
  const both = await service(['leaked.pem', 'next.pem'], ['https://outlook.online.example/', 'https://old.online.example/'])
  assert.deepEqual(both, [[der(leaked), der(next)], ['outlook.online.example', 'old.online.example']]) // prettier-ignore
  assert.deepEqual(await service(['next.pem'], ['https://outlook.online.example/']), [[der(next)], ['outlook.online.example']])
  assert.deepEqual(await known(undefined), [[], []])
})

test('a DNS that does not answer is no proof and no defect: it is to be tried again', async () => {
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(`queryTxt ${code}`), { code, syscall: 'queryTxt' }))
  for (const code of ['ESERVFAIL', 'ETIMEOUT', 'ECONNREFUSED', 'EREFUSED', 'EBADRESP']) {
    await assert.rejects(
      txtRecords('contoso.com', failing(code)),
      (error) =>
        error instanceof Refusal && error.code === 'ServerBusy' && error.message.includes(`contoso.com`) && error.message.includes(code),
    )
  }
  for (const code of ['ENODATA', 'ENOTFOUND']) assert.deepEqual(await txtRecords('contoso.com', failing(code)), [])
  assert.deepEqual(await txtRecords('contoso.com', async () => [['MS=', 'x'], ['y']]), ['MS=x', 'y'])
  const defect = new TypeError('not of the DNS')
  await assert.rejects(
    txtRecords('contoso.com', () => Promise.reject(defect)),
    defect,
  )
  // A real resolver, asking a port where nobody listens.
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(resolve))
  const resolver = new Resolver({ timeout: 200, tries: 1 })
  resolver.setServers([`127.0.0.1:${port}`])
  await assert.rejects(
    txtRecords('contoso.com', (domain) => resolver.resolveTxt(domain)),
    (error) => error instanceof Refusal && error.code === 'ServerBusy',
  )
})

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { readConfig, startSite, StartProblem } from '#server'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'

for (const engine of quickEngines) {
  test(`a site serves health, readiness and metrics, and keeps its people apart from strangers (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    assert.deepEqual([(await site.call('/healthz')).body, (await site.call('/readyz')).body], ['ok\n', 'ready\n'])
    assert.equal((await site.call('/EWS/Exchange.asmx', { user: 'mary' })).status, 200)
    assert.equal((await site.call('/EWS/Exchange.asmx', { user: 'CONTOSO\\rob' })).status, 200)
    assert.equal((await site.call('/EWS/Exchange.asmx', { user: 'mary', password: 'wrong' })).status, 401)
    assert.equal((await site.call('/EWS/Exchange.asmx', { user: 'sales' })).status, 401)
    assert.equal((await site.call('/EWS/Exchange.asmx')).headers['www-authenticate'], 'Basic realm="contoso.com", charset="UTF-8"')
    const metrics = (await site.call('/metrics')).body
    assert.match(metrics, /isthmus_request_duration_seconds_count\{protocol="ews",operation="GET",outcome="ok"\} 2/)
    assert.match(metrics, /isthmus_sign_ins_total\{outcome="failure"\} 2/)
    for (const name of ['isthmus_event_loop_delay_seconds{quantile="0.99"}', 'isthmus_store_commits', 'process_resident_memory_bytes']) {
      assert.ok(metrics.includes(name), name)
    }
  })
}

test('a forest of wrong passwords locks the account, and says no more than that', async () => {
  await using site = await startTestSite({ config: { lockout: { account: 3, address: 100, window: 60_000 } } })
  const attempt = (password: string) => site.call('/EWS/Exchange.asmx', { user: 'ann', password })
  for (let count = 0; count < 3; count++) assert.equal((await attempt('wrong')).status, 401)
  const locked = await attempt(site.password)
  assert.deepEqual([locked.status, locked.body], [401, 'Too many failed sign-ins. Try again in a quarter of an hour.\n'])
  assert.equal((await site.call('/EWS/Exchange.asmx', { user: 'mary' })).status, 200)
})

test('metrics are for the addresses allowed to read them', async () => {
  await using site = await startTestSite({ config: { metricsFrom: ['192.0.2.1'] } })
  assert.equal((await site.call('/metrics')).status, 404)
})

test('plain HTTP is there only when asked for', async () => {
  await using site = await startTestSite({
    config: { insecureHttp: true, listeners: { https: { port: 0 }, http: { port: 0 } } },
  })
  assert.equal((await site.call('/EWS/Exchange.asmx', { user: 'mary', plain: true })).status, 200)
})

test('TLS older than 1.2 is refused, sessions are resumed', async () => {
  await using site = await startTestSite()
  const attempt = (options: object) =>
    new Promise<{ protocol: string | null; reused: boolean; session?: Buffer }>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: site.ports.https, ca: site.ca, servername: 'localhost', ...options })
      socket.on('error', reject)
      const sessions: Buffer[] = []
      socket.on('session', (session) => sessions.push(session))
      socket.on('data', () => {
        resolve({ protocol: socket.getProtocol(), reused: socket.isSessionReused(), ...(sessions[0] ? { session: sessions[0] } : {}) })
        socket.destroy()
      })
      socket.on('secureConnect', () => socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'))
    })
  await assert.rejects(attempt({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }))
  const first = await attempt({})
  assert.deepEqual([first.protocol, first.reused], ['TLSv1.3', false])
  assert.equal((await attempt({ session: first.session })).reused, true)
  assert.equal((await attempt({ maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2')
})

test('two sites live in one process, each with its own people', async () => {
  await using one = await startTestSite()
  await using two = await startTestSite({ people: [{ address: 'zoe@contoso.com', displayName: 'Zoe' }] })
  assert.equal((await one.call('/EWS/Exchange.asmx', { user: 'zoe' })).status, 401)
  assert.equal((await two.call('/EWS/Exchange.asmx', { user: 'zoe' })).status, 200)
})

test('a port in use is told with what to do, and everything is closed again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-'))
  t.after(() => rm(folder, { recursive: true }))
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
  const { port } = blocker.address() as { port: number }
  const config = (https: number) => {
    const result = readConfig({
      organisation: { name: 'Contoso', domain: 'contoso.com' },
      data: folder,
      listeners: { https: { port: https } },
      log: { file: join(folder, 'log'), level: 'info' },
    })
    if ('problems' in result) throw new Error('the configuration is wrong')
    return result.config
  }
  await assert.rejects(
    startSite(config(port)),
    (error: StartProblem) => error instanceof StartProblem && error.message.includes(`port ${port}`) && /--port-base/.test(error.advice),
  )
  await new Promise((resolve) => blocker.close(resolve))
  const site = await startSite(config(0))
  await site.close()
  await site.close()
})

test('the log has one JSON line a request, and no secret', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'log')
  {
    await using site = await startTestSite({ config: { log: { file, level: 'debug' } } })
    await site.call('/EWS/Exchange.asmx?secret=1', { user: 'mary' })
    await site.call('/EWS/Exchange.asmx', { user: 'mary', password: 'hunter2' })
  }
  const text = await readFile(file, 'utf8')
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const requests = lines.filter((line) => line.event === 'request')
  assert.deepEqual(
    requests.map(({ protocol, path, status, caller, outcome }) => ({ protocol, path, status, caller, outcome })),
    [
      { protocol: 'ews', path: '/ews/exchange.asmx', status: 200, caller: 'mary@contoso.com', outcome: undefined },
      { protocol: 'ews', path: '/ews/exchange.asmx', status: 401, caller: undefined, outcome: 'Unauthenticated' },
    ],
  )
  assert.ok(lines.some((line) => line.event === 'sign-in' && line.outcome === 'failure' && line.user === 'mary@contoso.com'))
  for (const secret of ['hunter2', 'secret=1', 'Isthmus!2026', 'Basic ']) assert.ok(!text.includes(secret), secret)
})

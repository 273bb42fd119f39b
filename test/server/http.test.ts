import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import type { HttpReply, HttpRoute } from '#access'
import { Refusal, type Caller } from '#model'
import { defaultHttpLimits, listenHttp, type HttpLimits } from '../../src/server/http/listener.ts'
import { createRouteTable } from '../../src/server/http/route-table.ts'
import type { ServedRequest } from '../../src/server/http/serve-request.ts'

const mary: Caller = { kind: 'user', organisation: 'o', recipient: 'r', groups: [], address: 'mary@contoso.com', name: 'Mary' }
const text = (body: HttpReply['body'], contentType = 'text/xml'): HttpReply => ({
  status: 200,
  headers: { 'Content-Type': contentType },
  body,
})

/** A listener in the clear with a few routes; `mary:pw` is the only credential. */
async function listen(routes: Partial<HttpRoute>[], limits: Partial<HttpLimits> = {}) {
  const served: ServedRequest[] = []
  const defects: unknown[] = []
  let id = 0
  const listener = await listenHttp(
    {
      access: {
        authenticate: async (header) => {
          if (!header) return undefined
          if (header === `Basic ${btoa('mary:pw')}`) return { caller: mary }
          throw new Refusal('Unauthenticated', 'The user name or password is wrong.')
        },
        challenges: async () => ['Basic realm="contoso.com"'],
        checkPassword: async () => {
          throw new Error('nobody asks')
        },
        signIn: async () => mary,
        stillSignedIn: async () => mary,
        impersonate: async () => mary,
        managementRoles: async () => [],
      },
      match: createRouteTable(
        routes.map((route) => ({
          methods: ['POST'],
          path: '/x',
          protocol: 'test',
          auth: 'none',
          maxBody: 1000,
          handle: async () => text('ok'),
          ...route,
        })),
      ),
      newId: () => `id-${++id}`,
      served: (one) => served.push(one),
      defect: (error) => defects.push(error),
    },
    { host: '127.0.0.1', port: 0, limits: { ...defaultHttpLimits, ...limits } },
  )
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const call = (path: string, options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer; reused: boolean }>((resolve, reject) => {
      const asked = request({
        host: '127.0.0.1',
        port: listener.port,
        path,
        method: options.method ?? 'POST',
        headers: options.headers ?? {},
        agent,
      })
      asked.on('error', reject)
      asked.on('response', async (response) => {
        const parts: Buffer[] = []
        for await (const part of response) parts.push(part as Buffer)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts), reused: asked.reusedSocket })
      })
      asked.end(options.body)
    })
  return {
    port: listener.port, listener, served, defects, call,
    async [Symbol.asyncDispose]() {
      agent.destroy()
      await listener.close(0)
    },
  } // prettier-ignore
}

test('paths match without regard to case, the longest prefix wins, and other methods are told what is allowed', async () => {
  await using site = await listen([
    { path: '/ews/exchange.asmx' },
    { path: '/deep/*', methods: ['GET'], handle: async () => text('deep') },
    { path: '/deep/er/*', methods: ['GET'], handle: async ({ path }) => text(path) },
  ])
  assert.equal((await site.call('/EWS/Exchange.ASMX')).status, 200)
  assert.equal((await site.call('/Deep', { method: 'GET' })).bytes.toString(), 'deep')
  assert.equal((await site.call('/deep/er/M%C3%A4ry?x=1', { method: 'GET' })).bytes.toString(), '/deep/er/märy')
  const wrong = await site.call('/ews/exchange.asmx', { method: 'PUT' })
  assert.deepEqual([wrong.status, wrong.headers.allow], [405, 'POST'])
  assert.equal((await site.call('/nothing', { body: 'x'.repeat(50_000) })).status, 404)
  assert.equal((await site.call('/deep/%', { method: 'GET' })).status, 200)
})

test('after a 401 the body has been read and the connection goes on', async () => {
  await using site = await listen([{ auth: 'required', handle: async ({ caller, body }) => text(`${caller?.name} ${body.length}`) }])
  const body = 'x'.repeat(900)
  const bare = await site.call('/x', { body })
  assert.deepEqual([bare.status, bare.headers['www-authenticate']], [401, 'Basic realm="contoso.com"'])
  const signed = await site.call('/x', { body, headers: { authorization: `Basic ${btoa('mary:pw')}` } })
  assert.deepEqual([signed.status, signed.bytes.toString(), signed.reused], [200, 'Mary 900', true])
  const wrong = await site.call('/x', { body, headers: { authorization: `Basic ${btoa('mary:no')}` } })
  assert.deepEqual([wrong.status, wrong.reused], [401, true])
  assert.deepEqual(
    site.served.map(({ request }) => request.log.outcome),
    ['Unauthenticated', undefined, 'Unauthenticated'],
  )
})

test('a body beyond the limit is refused in the words of the protocol without being held', async () => {
  const refuse = (refusal: Refusal): HttpReply => ({
    status: 413,
    headers: { 'content-type': 'text/xml' },
    body: `<fault>${refusal.code}</fault>`,
  })
  await using site = await listen([{ refuse, handle: async ({ body }) => text(String(body.length)) }])
  assert.equal((await site.call('/x', { body: 'x'.repeat(1000) })).bytes.toString(), '1000')
  const long = await site.call('/x', { body: 'x'.repeat(200_000) })
  assert.deepEqual([long.status, long.bytes.toString(), long.headers.connection], [413, '<fault>RequestStreamTooBig</fault>', 'close'])
  const bomb = gzipSync(Buffer.alloc(1_000_000))
  assert.ok(bomb.length < 1500)
  const small = gzipSync('y'.repeat(500))
  assert.equal((await site.call('/x', { body: small, headers: { 'content-encoding': 'gzip' } })).bytes.toString(), '500')
  assert.equal((await site.call('/x', { body: gzipSync(Buffer.alloc(100_000)), headers: { 'content-encoding': 'gzip' } })).status, 413)
  assert.equal(
    (await site.call('/x', { body: 'plain', headers: { 'content-encoding': 'gzip' } })).bytes.toString(),
    '<fault>InvalidRequest</fault>',
  )
  assert.equal(
    (await site.call('/x', { body: 'plain', headers: { 'content-encoding': 'zstd' } })).bytes.toString(),
    '<fault>InvalidRequest</fault>',
  )
})

test('a gigabyte announced is refused before a byte of it is sent, a gigabyte streamed is cut off', async () => {
  await using site = await listen([{}])
  const announced = await raw(site.port, `POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\nExpect: 100-continue\r\n\r\n`)
  assert.match(announced, /^HTTP\/1\.1 413 /)
  const socket = connect(site.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write('POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000), Buffer.from('\r\n')])
  const answered = received(socket)
  let sent = 0
  while (!socket.destroyed && socket.writable && sent < 1024 ** 3) {
    sent += chunk.length
    if (!socket.write(chunk)) await new Promise<void>((resolve) => socket.once('drain', resolve).once('close', () => resolve()))
  }
  assert.match(await answered, /^HTTP\/1\.1 413 /)
  assert.ok(sent < 256 * 1024 ** 2, `${sent} bytes were taken`)
})

test('a client that dawdles over its headers or body is cut off', async () => {
  await using site = await listen([{}], { headersTimeout: 100, requestTimeout: 200 })
  assert.match(await raw(site.port, 'POST /x HTTP/1.1\r\nHost: x\r\nX-Slow: '), /^(HTTP\/1\.1 408|$)/)
  assert.match(await raw(site.port, 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc'), /^(HTTP\/1\.1 408|$)/)
  assert.match(await raw(site.port, `GET / HTTP/1.1\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`), /^HTTP\/1\.1 431/)
  assert.equal((await site.call('/x')).status, 200)
})

test('long answers are compressed as the client likes them best', async () => {
  const long = '<a>' + 'mail '.repeat(1000) + '</a>'
  await using site = await listen([{ handle: async () => text(long) }, { path: '/short', handle: async () => text('<a/>') }])
  const get = (path: string, accept: string) => site.call(path, { headers: { 'accept-encoding': accept } })
  const gzip = await get('/x', 'gzip, deflate, br')
  assert.deepEqual([gzip.headers['content-encoding'], gunzipSync(gzip.bytes).toString()], ['gzip', long])
  const br = await get('/x', 'gzip;q=0.5, br')
  assert.deepEqual([br.headers['content-encoding'], brotliDecompressSync(br.bytes).toString()], ['br', long])
  assert.equal((await get('/x', 'gzip;q=0')).headers['content-encoding'], undefined)
  assert.equal((await get('/short', 'gzip')).headers['content-encoding'], undefined)
})

test('a defect is an answer with an id, and its stack stays inside', async () => {
  await using site = await listen([{ handle: () => Promise.reject(new Error('secret detail')) }])
  const answer = await site.call('/x')
  assert.equal(answer.status, 500)
  assert.ok(answer.bytes.toString().includes('id-1') && !answer.bytes.toString().includes('secret'))
  assert.equal(site.defects.length, 1)
})

test('a stream is sent piece by piece and ends when the listener drains', async () => {
  async function* forever(signal: AbortSignal) {
    yield 'first '
    await once(signal, 'abort')
    yield (signal.reason as Refusal).code
  }
  const site = await listen([{ handle: async ({ signal }) => text(forever(signal)) }])
  const asked = request({ host: '127.0.0.1', port: site.port, path: '/x', method: 'POST' }).end()
  const [response] = (await once(asked, 'response')) as [AsyncIterable<Buffer>]
  let got = ''
  for await (const piece of response) {
    got += piece.toString()
    if (got === 'first ') void site.listener.close(2000)
  }
  assert.equal(got, 'first ServerBusy')
  await site[Symbol.asyncDispose]()
})

/** Sends bytes as they are and gives back whatever comes until the other side closes. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  return received(socket)
}

function received(socket: Socket): Promise<string> {
  let got = ''
  socket.on('data', (part) => (got += part.toString('latin1')))
  return new Promise((resolve) => socket.on('close', () => resolve(got)))
}

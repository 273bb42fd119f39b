/** The load generator, a process of its own so that it does not share the server's event loop. Job on standard input, result on standard output. */
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'
import { connectSmtp } from '../test/clients/raw-smtp.ts'
import type { LoadJob, LoadResult } from './load-jobs.ts'

const job = JSON.parse(await text(process.stdin)) as LoadJob
const jobs = { https: loadHttps, smtp: loadSmtp, hold: holdStreams, paced: loadPaced }
// The table has one function for each kind of job.
await (jobs[job.kind] as (job: LoadJob) => Promise<void>)(job)

function timesOf(times: readonly number[]): { count: number; p50: number; p99: number } {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return { count: times.length, p50: at(0.5), p99: at(0.99) }
}

function report(times: number[], began: number, more: Partial<LoadResult> = {}): void {
  const result: LoadResult = {
    ...timesOf(times),
    seconds: (performance.now() - began) / 1000,
    bytes: 0,
    failures: 0,
    ...more,
  }
  process.stdout.write(JSON.stringify(result) + '\n')
}

interface Connection {
  exchange(request: Buffer): Promise<Buffer>
  end(): void
}

/** One keep-alive connection that costs the generator as little as can be. */
async function connectTls(port: number, ca: string): Promise<Connection> {
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca })
  let chunks: Buffer[] = []
  let have = 0
  let need = -1
  let waiting: { resolve(answer: Buffer): void; reject(error: Error): void } | undefined
  const fail = (error: Error): void => waiting?.reject(error)
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection was closed')))
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    have += chunk.length
    if (need < 0) need = lengthOf(Buffer.concat(chunks))
    if (need < 0 || have < need) return
    const answer = Buffer.concat(chunks)
    chunks = []
    have = 0
    need = -1
    waiting?.resolve(answer)
  })
  const ready = Promise.withResolvers<void>()
  socket.once('secureConnect', () => ready.resolve())
  socket.once('error', ready.reject)
  await ready.promise
  return {
    exchange(request) {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
      waiting = { resolve, reject }
      socket.write(request)
      return promise
    },
    end: () => void socket.destroy(),
  }
}

/** Whole length of an answer whose header is there; -1 when it is not yet. */
function lengthOf(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return -1
  const head = bytes.subarray(0, end).toString('latin1')
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  if (length !== undefined) return end + 4 + Number(length)
  if (!/^transfer-encoding: *chunked/im.test(head)) throw new Error(`an answer without length: ${head}`)
  return bytes.subarray(-5).equals(Buffer.from('0\r\n\r\n')) ? bytes.length : -1
}

function httpRequest(job: { path: string; authorization: string; contentType?: string }, body: string): Buffer {
  const { path, authorization, contentType = 'text/xml; charset=utf-8' } = job
  const head =
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nContent-Type: ${contentType}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`
  return Buffer.from(head + body)
}

function isGood(answer: Buffer): boolean {
  return answer.subarray(0, 15).toString('latin1').startsWith('HTTP/1.1 200') && !answer.includes('ResponseClass="Error"')
}

async function loadHttps(job: LoadJob & { kind: 'https' }): Promise<void> {
  const requests = job.bodies.map((body) => httpRequest(job, body))
  const connections = await Promise.all(Array.from({ length: job.connections }, () => connectTls(job.port, job.ca)))
  const times: number[] = []
  const failed: string[] = []
  let [bytes, next] = [0, 0]
  const began = performance.now()
  const end = began + job.seconds * 1000
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end) {
        const sent = performance.now()
        const answer = await connection.exchange(requests[next++ % requests.length] ?? Buffer.alloc(0))
        times.push(performance.now() - sent)
        bytes = answer.length
        if (!isGood(answer)) failed.push(answer.toString('utf8').slice(0, 2000))
      }
    }),
  )
  for (const connection of connections) connection.end()
  report(times, began, { bytes, failures: failed.length, ...(failed[0] ? { failure: failed[0] } : {}) })
}

async function loadPaced(job: LoadJob & { kind: 'paced' }): Promise<void> {
  const requests = job.requests.map((request) => ({ group: request.group, bytes: httpRequest({ ...job, ...request }, request.body) }))
  const connections = await Promise.all(Array.from({ length: job.connections }, () => connectTls(job.port, job.ca)))
  const times = new Map<string, number[]>()
  const failed: string[] = []
  const total = Math.floor(job.rate * job.seconds)
  let next = 0
  const began = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      while (next < total) {
        const number = next++
        const due = began + (number / job.rate) * 1000
        if (due > performance.now()) await sleep(due - performance.now())
        const request = requests[number % requests.length]
        if (!request) break
        const answer = await connection.exchange(request.bytes)
        const group = times.get(request.group) ?? []
        group.push(performance.now() - due)
        times.set(request.group, group)
        if (!isGood(answer)) failed.push(answer.toString('utf8').slice(0, 2000))
      }
    }),
  )
  for (const connection of connections) connection.end()
  const groups = Object.fromEntries([...times].map(([group, of]) => [group, timesOf(of)]))
  report([...times.values()].flat(), began, { groups, failures: failed.length, ...(failed[0] ? { failure: failed[0] } : {}) })
}

async function loadSmtp(job: LoadJob & { kind: 'smtp' }): Promise<void> {
  const body = (
    Buffer.alloc(job.size, 'Every message carries its load through the isthmus. ')
      .toString()
      .match(/.{1,76}/g) ?? []
  ).join('\r\n')
  const connections = await Promise.all(Array.from({ length: job.connections }, () => connectSmtp(job.port)))
  const times: number[] = []
  let next = 0
  const began = performance.now()
  const end = began + job.seconds * 1000
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end) {
        const number = next++
        const message = `From: bench@example.com\r\nTo: ${job.to}\r\nSubject: Bench ${number}\r\nMessage-ID: <${number}.${began}@bench.example>\r\n\r\n${body}\r\n`
        const sent = performance.now()
        await connection.send('bench@example.com', [job.to], Buffer.from(message))
        times.push(performance.now() - sent)
      }
      connection.close()
    }),
  )
  report(times, began)
}

/** Opens that many streaming subscriptions, says so, and holds them until standard output's reader kills this process. */
async function holdStreams(job: LoadJob & { kind: 'hold' }): Promise<void> {
  const began = performance.now()
  const first = await connectTls(job.port, job.ca)
  const times: number[] = []
  for (let opened = 0; opened < job.count; opened++) {
    const sent = performance.now()
    const answer = (await first.exchange(httpRequest(job, job.subscribe))).toString()
    const id = /<m:SubscriptionId>([^<]+)</.exec(answer)?.[1]
    if (!id) return report(times, began, { failures: 1, failure: answer.slice(0, 2000) })
    const socket = connect({ port: job.port, host: '127.0.0.1', servername: 'localhost', ca: job.ca })
    socket.on('error', () => undefined)
    socket.write(httpRequest(job, job.listen.replace('SUBSCRIPTION', id)))
    const heard = Promise.withResolvers<void>()
    socket.once('data', () => heard.resolve())
    socket.once('close', () => heard.resolve())
    await heard.promise
    times.push(performance.now() - sent)
  }
  report(times, began)
}

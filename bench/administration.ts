import { request } from 'node:https'
import { ByteSize, TimeSpan } from '#model'
import { marked, thingOf } from '#shell'
import type { BenchSite } from './bench-site.ts'
import { besideBare, type HttpsJob } from './ews.ts'
import type { Row } from './table.ts'

const aim = 2000

/** Cmdlets over REST, on connections that are kept, beside a bare HTTPS server that answers the same bytes; and what their values cost. */
export async function benchAdministration(bench: BenchSite): Promise<Row[]> {
  const command = { CmdletInput: { CmdletName: 'Get-Mailbox', Parameters: { Identity: 'mary@contoso.com' } } }
  const job: HttpsJob = {
    path: '/adminapi/v2.0/contoso.com/InvokeCommand',
    authorization: bench.administrator,
    contentType: 'application/json',
    bodies: [JSON.stringify(command)],
  }
  const answer = await answerTo(bench, job)
  const row = await besideBare(bench, 'REST Get-Mailbox by identity', job, answer)
  return [{ ...row, note: `${row.note}; aim at least ${aim}/s` }, codec()]
}

/** The body of one answer that is good. */
function answerTo({ site }: BenchSite, { path, authorization, contentType = '', bodies }: HttpsJob): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': contentType }
    const asked = request({
      host: '127.0.0.1',
      port: site.ports.https,
      servername: 'localhost',
      ca: site.ca,
      method: 'POST',
      path,
      headers,
    })
    asked.on('error', reject)
    asked.on('response', async (response) => {
      const body = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>))
      if (response.statusCode === 200 && body.includes('mary@contoso.com')) resolve(body)
      else reject(new Error(`${response.statusCode}: ${body.toString()}`))
    })
    asked.end(bodies[0])
  })
}

/** A mailbox of a hundred properties of every kind, written with its marks and read by the shell, beside plain JSON of the same texts. */
function codec(): Row {
  const object: Record<string, unknown> = {}
  for (let at = 0; at < 10; at++) {
    object[`Text${at}`] = 'An isthmus joins two lands.'
    object[`More${at}`] = 'It parts two seas.'
    object[`Guid${at}Guid`] = '0b1e3a52-4d7e-4a51-9f0b-6c1d7e880001'
    object[`When${at}`] = new Date(at)
    object[`Quota${at}`] = new ByteSize(2 ** 30 + at)
    object[`Span${at}`] = new TimeSpan(86_400_000 + at)
    object[`Enabled${at}`] = at % 2 === 0
    object[`Count${at}`] = at
    object[`Addresses${at}`] = ['SMTP:mary@contoso.com', 'smtp:m@contoso.com']
    object[`None${at}`] = null
  }
  const text = JSON.stringify(marked(object))
  const plain = JSON.parse(text) as object
  const [write, bareWrite] = [microseconds(() => JSON.stringify(marked(object))), microseconds(() => JSON.stringify(plain))]
  const [read, bareRead] = [microseconds(() => thingOf(JSON.parse(text) as object, 'Mailbox')), microseconds(() => JSON.parse(text))]
  return {
    what: 'Values of an object of 100 properties, written and read',
    measured: `${write.toFixed(1)} + ${read.toFixed(1)} us`,
    baseline: `${bareWrite.toFixed(1)} + ${bareRead.toFixed(1)} us JSON`,
    ratio: (write + read) / (bareWrite + bareRead),
    note: `${(text.length / 1024).toFixed(1)} KiB`,
  }
}

function microseconds(work: () => unknown): number {
  const times = 20_000
  for (let at = 0; at < times / 4; at++) work()
  const began = performance.now()
  for (let at = 0; at < times; at++) work()
  return ((performance.now() - began) * 1000) / times
}

/** A server of somebody else, which answers what a test wants, or nothing. */
import { once } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import { serverCertificate } from '#trust'
import type { HybridSites } from '../support/hybrid-sites.ts'

export interface StrangeRequest {
  host: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}
export interface StrangeAnswer {
  status?: number
  headers?: Record<string, string>
  body?: string | Buffer
}

export interface Stranger extends AsyncDisposable {
  port: number
  requests: StrangeRequest[]
  /** What it answers; undefined = never. */
  answer: (request: StrangeRequest) => StrangeAnswer | undefined
}

/** Starts it under the names, trusted by the sites. It answers 404 until told otherwise. */
export async function startStranger(sites: Pick<HybridSites, 'zone' | 'authorities'>, ...names: string[]): Promise<Stranger> {
  const { cert, key, ca } = await serverCertificate({ organisation: 'Stranger', names, clock: Date.now })
  sites.authorities.push(ca)
  const server = createServer({ cert, key }, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { url: path = '', headers } = request
      const asked = { host: headers.host ?? '', path, headers, body: Buffer.concat(parts).toString('utf8') }
      stranger.requests.push(asked)
      const answer = stranger.answer(asked)
      if (!answer) return
      response.writeHead(answer.status ?? 200, answer.headers)
      response.end(answer.body ?? '')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  for (const name of names) sites.zone.set(name, { address: '127.0.0.1', port })
  const stranger: Stranger = {
    port,
    requests: [],
    answer: () => ({ status: 404 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return stranger
}

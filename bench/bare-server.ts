import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A bare Node HTTPS server that reads each request to its end and answers the same bytes. */
export async function startBareServer(
  tls: { cert: string; key: string },
  bytes: Buffer,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(tls, (request, response) => {
    request.resume()
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': bytes.length })
      response.end(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The internet as a program in a test knows it: an HTTP proxy on the loopback that leads the given names to the site and refuses all others. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

export interface Names {
  port: number
  /** Who was asked for and refused, as `name:port`. */
  refused: string[]
  close(): Promise<void>
}

/** `ports` are those of the site, by the `name:port` that clients ask for. */
export async function startNames(ports: Readonly<Record<string, number>>): Promise<Names> {
  const refused: string[] = []
  const open = new Set<Socket>()
  const server = createServer((request, response) => {
    // Plain HTTP comes with the whole URL.
    refused.push(request.url ?? '')
    response.writeHead(502).end()
  })
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const port = ports[request.url ?? '']
    client.on('error', () => client.destroy())
    if (port === undefined) {
      refused.push(request.url ?? '')
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const site = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      site.write(head)
      site.pipe(client).pipe(site)
    })
    for (const socket of [client, site]) {
      open.add(socket)
      socket.on('close', () => (open.delete(socket), client.destroy(), site.destroy()))
    }
    site.on('error', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    refused,
    close: async () => {
      for (const socket of open) socket.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

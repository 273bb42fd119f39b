/** A desk whose cmdlets are served over HTTP by the server's own listener. `Bearer boss`, `Bearer sharer` and `Bearer mary` are the credentials. */
import { randomBytes } from 'node:crypto'
import { Agent, request, type IncomingMessage } from 'node:http'
import { cmdlet, parameter as take, type Cmdlet, type CmdletOutput, type CmdletContext } from '#admin'
import { Refusal, type Caller } from '#model'
import { adminRoutes, createPages, type PageLimits, type Pages } from '#protocols/admin'
import type { Send } from '../../src/server/commands/admin-send.ts'
import { defaultHttpLimits, listenHttp } from '../../src/server/http/listener.ts'
import { createRouteTable } from '../../src/server/http/route-table.ts'
import type { ServedRequest } from '../../src/server/http/serve-request.ts'
import { engines } from '../support/engines.ts'
import { desk, type Desk } from './desk.ts'

export interface RestDesk extends Desk {
  port: number
  pages: Pages
  served: ServedRequest[]
  defects: unknown[]
  /** One request; the body is sent as JSON. */
  call(path: string, options?: RestCall): Promise<RestAnswer>
  /** Posts InvokeCommand of contoso.com. */
  invoke(name: string, parameters?: object, options?: RestCall): Promise<RestAnswer>
  /** The answer as it begins. */
  open(path: string, options?: RestCall): Promise<IncomingMessage>
  /** For a remote host. */
  send(as?: keyof typeof aliases): Send
}

export interface RestCall {
  as?: keyof typeof aliases | 'nobody'
  method?: string
  headers?: Record<string, string>
  body?: unknown
}

export interface RestAnswer {
  status: number
  headers: IncomingMessage['headers']
  text: string
  body: {
    value: Record<string, unknown>[]
    '@adminapi.warnings': string[]
    '@odata.nextLink'?: string
    error: { code: string; message: string; details: object[]; innererror: Record<string, unknown> }
  } & Record<string, unknown>
}

const aliases = { boss: true, sharer: true, mary: true }
export const base = '/adminapi/v2.0/contoso.com'

/** A cmdlet of a test: `Get-Thing`, unless it is named, with a count. */
export function thing(run: (count: number, context: CmdletContext) => CmdletOutput, name = 'Get-Thing'): Cmdlet {
  return cmdlet(name, {
    summary: 'Gives things.',
    roles: ['Federated Sharing'],
    parameters: { Count: take.optional(take.number(), { position: 0, fallback: 3 }) },
    returns: 'Thing',
    run: ({ Count = 3 }, context) => run(Count, context),
  })
}

export async function restDesk(more: readonly Cmdlet[] = [], limits: Partial<PageLimits> = {}): Promise<RestDesk> {
  const site = await desk(engines[0]!, more)
  const served: ServedRequest[] = []
  const defects: unknown[] = []
  const failed = (error: unknown) => void defects.push(error)
  const pages = createPages({ clock: () => site.clock.now, random: randomBytes, failed, limits })
  const callers: Record<string, Caller> = { boss: site.boss, sharer: site.sharer, mary: site.mary }
  const signIn = async (header: string | undefined) => {
    if (header === undefined) return undefined
    const caller = callers[header.replace(/^Bearer /, '')]
    if (!caller) throw new Refusal('Unauthenticated', 'This token is not known.')
    return caller
  }
  let id = 0
  const listener = await listenHttp(
    {
      access: {
        authenticate: async (header) => {
          const caller = await signIn(header)
          return caller && { caller }
        },
        challenges: async () => ['Bearer'],
        checkPassword: async () => {
          throw new Error('nobody asks')
        },
        signIn: async () => site.boss,
        stillSignedIn: async () => site.boss,
        impersonate: async () => site.boss,
        managementRoles: async () => [],
      },
      match: createRouteTable(adminRoutes({ ...site, pages, defect: failed })),
      newId: () => `id-${++id}`,
      served: (one) => void served.push(one),
      defect: failed,
    },
    { host: '127.0.0.1', port: 0, limits: defaultHttpLimits },
  )
  const agent = new Agent({ keepAlive: true })
  const { port } = listener
  const open = (path: string, { as = 'boss', method = 'POST', headers = {}, body }: RestCall = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const authorization: Record<string, string> = as === 'nobody' ? {} : { authorization: `Bearer ${as}` }
      const asked = request({ host: '127.0.0.1', port, path, method, agent, headers: { 'content-type': 'application/json', ...authorization, ...headers } }) // prettier-ignore
      asked.on('error', reject)
      asked.on('response', resolve)
      asked.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
    })
  const call = async (path: string, options?: RestCall): Promise<RestAnswer> => {
    const response = await open(path, options)
    const text = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>)).toString()
    const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== ''
    return { status: response.statusCode ?? 0, headers: response.headers, text, body: (isJson && !/ndjson/.test(response.headers['content-type'] ?? '') ? JSON.parse(text) : {}) as RestAnswer['body'] } // prettier-ignore
  }
  return {
    ...site,
    ...{ port, pages, served, defects, call, open },
    invoke: (CmdletName, Parameters = {}, options) => call(`${base}/InvokeCommand`, { ...options, body: { CmdletInput: { CmdletName, Parameters } } }), // prettier-ignore
    send: (as = 'boss') => async ({ method, path, headers, body, signal }) => {
      const response = await open(path, { as, method, headers, ...(body === undefined ? {} : { body }) })
      signal?.addEventListener('abort', () => response.destroy())
      return { status: response.statusCode ?? 0, headers: response.headers, body: response as AsyncIterable<Uint8Array> }
    },
    async [Symbol.asyncDispose]() {
      agent.destroy()
      await listener.close(0)
      await pages.close()
      await site[Symbol.asyncDispose]()
    },
  } // prettier-ignore
}

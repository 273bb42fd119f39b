import { httpStatus, type HttpReply, type HttpRequest, type HttpRoute } from '#access'
import { Refusal, type Caller } from '#model'
import type { EwsParts } from './context.ts'
import { mayUseEws } from './dispatch.ts'
import { through, type Gates } from './gates.ts'
import { hasIt, pictureOf } from './photo.ts'

const sizes = new Set(['48', '64', '96', '120', '240', '360', '432', '504', '648'].map((side) => `HR${side}x${side}`))

/** `GET /EWS/Exchange.asmx/s/GetUserPhoto?email=…&size=HR96x96`: the picture itself, 304 when the client has it, 404 when there is none. */
export function photoRoute(route: Omit<HttpRoute, 'handle'>, parts: EwsParts, gates: Gates): HttpRoute {
  return {
    ...route,
    methods: ['GET', 'HEAD'],
    path: '/ews/exchange.asmx/s/getuserphoto',
    handle: async (request) => {
      const { caller } = request
      if (!caller) throw new Error('the listener let a request through without a caller')
      request.log.operation = 'GetUserPhoto'
      return through(gates, await parts.throttling(caller), caller, () => answer(parts, request, caller))
    },
  }
}

async function answer(parts: EwsParts, request: HttpRequest, caller: Caller): Promise<HttpReply> {
  try {
    if (caller.via && !caller.via.linked) throw new Refusal('ProxyRequestNotAllowed', 'GetUserPhoto is not for other organisations.')
    await parts.ewsPolicy(caller, request.headers['user-agent'] ?? '')
    await mayUseEws(parts, caller)
    const { searchParams } = request.url
    const named = (name: string) => [...searchParams].find(([key]) => key.toLowerCase() === name)?.[1]
    if (!sizes.has(named('size') ?? '')) throw new Refusal('InvalidPhotoSize', `size: expected one of ${[...sizes].join('|')}`)
    const picture = await pictureOf(parts, caller, named('email')?.trim() ?? '')
    const headers = { etag: picture.etag, 'cache-control': 'private, max-age=3600', 'x-content-type-options': 'nosniff' }
    if (hasIt(request, picture)) return { status: 304, headers, body: '' }
    return { status: 200, headers: { ...headers, 'content-type': picture.contentType }, body: Buffer.from(picture.data, 'base64') }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    request.log.outcome = `Error${error.code}`
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
    return { status: httpStatus[error.kind], headers, body: error.message }
  }
}

import type { Admin, InvokeOptions } from '#admin'
import { httpStatus, type HttpReply, type HttpRequest, type HttpRoute } from '#access'
import type { Directory } from '#directory'
import { Refusal, type Caller } from '#model'
import { readCommand, readJson, readLine } from './read-input.ts'

export interface AdminRoutesNeeds {
  admin: Admin
  directory: Pick<Directory, 'acceptedDomain' | 'organisationNamed'>
  /** Who asks, where that is not who signed in at the listener. */
  caller?: (request: HttpRequest) => Caller | undefined
}

const prefix = '/adminapi/v2.0'

/**
 * The REST surface of administration: `POST /adminapi/v2.0/{organisation}/InvokeCommand` runs a cmdlet, `…/InvokeLine` one command line, as
 * the caller and in the caller's organisation, which is named by its GUID, its name or one of its domains.
 * Answers `{ value: [objects], '@adminapi.warnings': [texts] }`, or `{ error: { code, message } }` with the refusal's status.
 */
export function adminRoutes({ admin, directory, caller = (request) => request.caller }: AdminRoutesNeeds): HttpRoute[] {
  type Start = (who: Caller, request: HttpRequest, options: InvokeOptions) => AsyncIterable<object>
  const operations: Readonly<Record<string, Start>> = {
    invokecommand(who, request, options) {
      const { name, parameters } = readCommand(readJson(request.headers['content-type'], request.body))
      request.log.operation = admin.cmdlets.find((each) => each.name.toLowerCase() === name.toLowerCase())?.name ?? 'unknown'
      return admin.invoke(who, name, parameters, options)
    },
    invokeline(who, request, options) {
      const line = readLine(readJson(request.headers['content-type'], request.body))
      request.log.operation = 'InvokeLine'
      return admin.run(who, line, options)
    },
  }

  async function handle(request: HttpRequest): Promise<HttpReply> {
    const [organisation = '', operation = '', ...more] = request.path.slice(prefix.length + 1).split('/')
    const start = Object.hasOwn(operations, operation) && more.length === 0 ? operations[operation] : undefined
    if (!start) throw new Refusal('UnknownOperation', `Here are ${prefix}/{organisation}/InvokeCommand and …/InvokeLine.`)
    const who = caller(request)
    if (!who) throw new Refusal('Unauthenticated', 'Sign in first.')
    if (!(await isOwn(directory, who, organisation))) {
      throw new Refusal('AccessDenied', `'${organisation.slice(0, 100)}' is not your organisation.`)
    }
    const warnings: string[] = []
    const value = await Array.fromAsync(start(who, request, { warn: (text) => void warnings.push(text), signal: request.signal }))
    request.log.outcome = 'ok'
    return json(200, { value, '@adminapi.warnings': warnings })
  }

  const refuse = (refusal: Refusal, request: HttpRequest): HttpReply => {
    request.log.outcome = refusal.code
    const { code, message } = refusal
    return json(code === 'UnknownOperation' ? 404 : httpStatus[refusal.kind], { error: { code, message } })
  }
  return [{ methods: ['POST'], path: `${prefix}/*`, protocol: 'admin', auth: 'required', maxBody: 1024 * 1024, handle, refuse }]
}

async function isOwn(directory: AdminRoutesNeeds['directory'], { organisation }: Caller, named: string): Promise<boolean> {
  if (named === organisation) return true
  const owner = (await directory.acceptedDomain(named))?.organisation ?? (await directory.organisationNamed(named))?.id
  return owner === organisation
}

function json(status: number, body: object): HttpReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  }
}

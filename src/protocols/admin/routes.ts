import { describe, openStream, type Admin, type InvokeOptions } from '#admin'
import { lateRefusal, type HttpReply, type HttpRequest, type HttpRoute } from '#access'
import type { Directory } from '#directory'
import { Refusal, type Caller } from '#model'
import { digest, json, tagged } from './answers.ts'
import type { Page, Pages } from './pages.ts'
import { problemOf, statusOf } from './problem.ts'
import { readCommand, readJson, readWanted, type Wanted } from './read-input.ts'

export interface AdminRoutesNeeds {
  admin: Admin
  directory: Pick<Directory, 'acceptedDomain' | 'organisationNamed'>
  pages: Pages
  /** Hears of a bug that was met when the answer had begun. */
  defect: (error: unknown, request: HttpRequest) => void
  /** Who asks, where that is not who signed in at the listener. */
  caller?: (request: HttpRequest) => Caller | undefined
}

const prefix = '/adminapi/v2.0'
const maxBody = 16 * 1024 * 1024

/** What a request runs: how it starts, what it is told apart by, what it gives. */
interface Run {
  start: (options: InvokeOptions) => AsyncIterable<object>
  command: () => string
  standing: () => Promise<string>
  type?: string
}

/**
 * The REST surface of administration, in the caller's organisation, which is named by its GUID, its name or one of its domains:
 * `POST /adminapi/v2.0/{organisation}/InvokeCommand` runs a cmdlet, `GET …/Cmdlets` describes what the caller may run. Answers come in pages (`value`, `@odata.nextLink`, to which the same body is posted) or, for
 * `Accept: application/x-ndjson`, line by line as objects are made; refusals as `{ error: { code, message, … } }` with their status.
 */
export function adminRoutes(needs: AdminRoutesNeeds): HttpRoute[] {
  const { admin, directory, pages, caller = (request: HttpRequest) => request.caller } = needs
  /** The caller, who asks for this operation in the caller's own organisation. */
  async function entered(request: HttpRequest, wanted: string): Promise<Caller> {
    const [organisation = '', operation = '', ...more] = request.path.slice(prefix.length + 1).split('/')
    if (operation !== wanted || more.length > 0) throw unknownOperation()
    const who = caller(request)
    if (!who) throw new Refusal('Unauthenticated', 'Sign in first.')
    if (!(await isOwn(directory, who, organisation))) {
      throw new Refusal('AccessDenied', `'${organisation.slice(0, 100)}' is not your organisation.`)
    }
    return who
  }

  async function invoke(request: HttpRequest): Promise<HttpReply> {
    const who = await entered(request, 'invokecommand')
    const wanted = readWanted(request)
    const { name, parameters } = readCommand(readJson(request))
    const cmdlet = admin.cmdlets.find((each) => each.name.toLowerCase() === name.toLowerCase())
    request.log.operation = cmdlet?.name ?? 'unknown'
    const run: Run = {
      start: (options) => admin.invoke(who, name, parameters, options),
      command: () => digest(JSON.stringify([name.toLowerCase(), parameters])),
      standing: () => admin.standing(who, name),
      ...(cmdlet?.returns ? { type: cmdlet.returns } : {}),
    }
    const reply = await (wanted.stream ? streamed(needs, request, run) : paged(pages, who, request, run, wanted))
    request.log.outcome = 'ok'
    return reply
  }

  async function cmdlets(request: HttpRequest): Promise<HttpReply> {
    const who = await entered(request, 'cmdlets')
    request.log.operation = 'Cmdlets'
    const value = (await admin.cmdletsFor(who)).map(describe)
    request.log.outcome = 'ok'
    return tagged(request, 'application/json; charset=utf-8', JSON.stringify({ '@odata.context': contextOf(request), value }))
  }

  const refuse = (refusal: Refusal, request: HttpRequest): HttpReply => {
    request.log.outcome = refusal.code
    const headers: Record<string, string> = refusal.kind === 'busy' ? { 'retry-after': '5' } : {}
    return json(statusOf(refusal), JSON.stringify({ error: problemOf(refusal) }), headers)
  }
  const route = { path: `${prefix}/*`, protocol: 'admin', auth: 'required', refuse } as const
  return [
    { ...route, methods: ['POST'], maxBody, handle: invoke },
    { ...route, methods: ['GET'], maxBody: 0, handle: cmdlets },
  ]
}

const unknownOperation = () =>
  new Refusal('UnknownOperation', `Here are ${prefix}/{organisation}/InvokeCommand (POST) and …/Cmdlets (GET).`)

async function streamed({ defect }: AdminRoutesNeeds, request: HttpRequest, { start, type }: Run): Promise<HttpReply> {
  const { signal } = request
  const refusalOf = lateRefusal(request, defect)
  const body = await openStream((hears) => start({ ...hears, signal }), { ...(type ? { type } : {}), signal, refusalOf })
  return { status: 200, headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' }, body }
}

async function paged(
  pages: Pages,
  caller: Caller,
  request: HttpRequest,
  { start, standing, command }: Run,
  wanted: Wanted,
): Promise<HttpReply> {
  const { size, select, token } = wanted
  const asked = { caller, command, standing, size, signal: request.signal, ...(select ? { select } : {}) }
  const page = await (token === undefined ? pages.first(asked, start) : pages.following(asked, token))
  return json(200, pageBody(page, request), { 'preference-applied': `odata.maxpagesize=${size}` })
}

/** The objects are JSON already. */
function pageBody({ objects, warnings, next }: Page, request: HttpRequest): string {
  const head = JSON.stringify({
    '@odata.context': contextOf(request),
    'adminapi.warnings@odata.type': '#Collection(String)',
    '@adminapi.warnings': warnings,
    ...(next === undefined ? {} : { '@odata.nextLink': nextLink(request.url, next) }),
  })
  return `${head.slice(0, -1)},"value":[${objects.join(',')}]}`
}

const contextOf = ({ url }: HttpRequest) =>
  `${url.origin}${url.pathname.split('/').slice(0, 4).join('/')}/$metadata#Collection(Exchange.GenericHashTable)`

function nextLink(url: URL, token: string): string {
  const select = url.searchParams.get('$select')
  return `${url.origin}${url.pathname}?${select === null ? '' : `$select=${encodeURIComponent(select)}&`}$skiptoken=${token}`
}

async function isOwn(directory: AdminRoutesNeeds['directory'], { organisation }: Caller, named: string): Promise<boolean> {
  if (named === organisation) return true
  const owner = (await directory.acceptedDomain(named))?.organisation ?? (await directory.organisationNamed(named))?.id
  return owner === organisation
}

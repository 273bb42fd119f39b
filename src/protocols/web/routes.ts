/** The browser client and what it asks: `/owa` for people, `/ecp` for administrators. One session, one set of verbs. */
import { httpStatus, type HttpReply, type HttpRequest, type HttpRoute } from '#access'
import { Refusal, type Caller } from '#model'
import { openClientFiles } from './client-files.ts'
import { firstAnswers } from './first-answers.ts'
import { createResources } from './resources.ts'
import { Lines, type WebContext, type WebNeeds } from './verb.ts'
import { verbs } from './verbs.ts'

export interface WebRoutesNeeds extends WebNeeds {
  /** Where people reach the site, `https://host:port`. */
  base: () => string
  /** Folder of the built client. */
  client: string
}

/** A message with its attachments, as base64, and something beside it. */
const maxBody = 64 * 1024 * 1024
const json = 'application/json; charset=utf-8'
const ndjson = 'application/x-ndjson'

/**
 * Pages are answered to whoever is signed in (others are sent to sign in and come back), questions by
 * `POST /owa/api/{verb}` with JSON. A question has to come from the site's own pages: it says so by `Origin`, by its content type, and by a
 * header that no form can send.
 */
export function webRoutes(needs: WebRoutesNeeds): HttpRoute[] {
  const files = openClientFiles(needs.client)
  const resources = createResources()

  function contextOf(request: HttpRequest, caller: Caller): WebContext {
    request.log.caller = caller.address
    return {
      ...needs,
      ...{ caller, request },
      again: () => needs.sessions.callerOf(request),
      async mailbox() {
        const recipient = await needs.directory.recipient(caller.organisation, caller.recipient)
        if (recipient?.mailbox) return recipient.mailbox
        throw new Refusal('NonExistentMailbox', `${caller.name} has no mailbox. An administrator can enable one.`)
      },
    }
  }

  async function signedIn(request: HttpRequest): Promise<Caller> {
    const caller = await needs.sessions.callerOf(request)
    if (!caller) throw new Refusal('Unauthenticated', 'You are signed out. Sign in again.')
    return caller
  }

  /** Before the body is read: nobody who is not signed in here sends one. */
  async function admit(request: HttpRequest): Promise<void> {
    requireOwnPage(request, needs.base())
    request.caller = await signedIn(request)
  }

  async function ask(request: HttpRequest): Promise<HttpReply> {
    const name = request.url.pathname.split('/').at(-1) ?? ''
    const asked = Object.hasOwn(verbs, name) ? verbs[name as keyof typeof verbs] : undefined
    request.log.operation = asked ? name : 'unknown'
    const { caller } = request
    if (!caller) throw new Refusal('Unauthenticated', 'You are signed out. Sign in again.')
    if (!asked) throw new Refusal('UnknownOperation', 'There is no such question. Reload the page: the site may be newer than it.')
    const input = asked.input.safeParse(readJson(request))
    if (!input.success) {
      const [issue] = input.error.issues
      throw new Refusal('SchemaValidation', `${name}: ${issue?.path.join('/') || 'the question'}: ${issue?.message ?? 'not as expected'}`)
    }
    const answer = await asked.run(contextOf(request, caller), input.data as never)
    request.log.outcome = 'ok'
    const body = answer instanceof Lines ? answer.text : JSON.stringify(answer ?? null)
    return { status: 200, headers: { 'content-type': answer instanceof Lines ? ndjson : json, 'cache-control': 'no-store' }, body }
  }

  async function page(request: HttpRequest): Promise<HttpReply> {
    const [, area = 'owa', first = '', ...rest] = request.url.pathname.split('/')
    const asset = first === 'assets' ? files.asset(rest.join('/')) : undefined
    request.log.operation = first === 'assets' ? 'asset' : Object.hasOwn(resources, first) ? first : 'page'
    if (first === 'assets') {
      if (!asset) throw new Refusal('FolderNotFound', 'There is no such file. Reload the page: the site may be newer than it.')
      return asset
    }
    const resource = area.toLowerCase() === 'owa' && Object.hasOwn(resources, first) ? resources[first] : undefined
    if (resource) return resource(contextOf(request, await signedIn(request)), rest.map(decodedPart))
    const caller = await needs.sessions.callerOf(request)
    if (!caller) return needs.sessions.signIn(`/${area.toLowerCase()}/`, request.url.pathname + request.url.search)
    // What is dangerous asks for the factors anew: in a window of its own, which closes when they were shown.
    if (first === 'sign-in-again') return needs.sessions.signIn('/owa/', '/owa/signed-in', { again: true })
    const shown = shownFirst(area.toLowerCase(), first)
    const answers = await firstAnswers(contextOf(request, caller), shown, rest[0])
    return files.page(Buffer.from(needs.random(16)).toString('base64'), answers, shown)
  }

  const refuse = (refusal: Refusal, request: HttpRequest): HttpReply => {
    request.log.outcome = refusal.code
    const { code, message } = refusal
    return {
      status: httpStatus[refusal.kind],
      headers: { 'content-type': json, 'cache-control': 'no-store' },
      body: JSON.stringify({ error: { code, message } }),
    }
  }
  const route = { protocol: 'web', auth: 'none', refuse } as const
  return [
    { ...route, path: '/owa/api/*', methods: ['POST'], maxBody, admit, handle: ask },
    { ...route, path: '/owa/*', methods: ['GET'], maxBody: 0, handle: page },
    { ...route, path: '/ecp/*', methods: ['GET'], maxBody: 0, handle: page },
  ]
}

/** The area that a path shows: its folder in `src/web`. */
const shownFirst = (entrance: string, first: string): string =>
  entrance === 'owa' ? first || 'mail' : first === 'hybrid' ? 'wizard' : 'admin'

/** A page of another site → AccessDenied. */
function requireOwnPage({ headers }: HttpRequest, base: string): void {
  const isOwn = headers.origin === new URL(base).origin
  const isJson = headers['content-type']?.toLowerCase().startsWith('application/json')
  if (!isOwn || !isJson || headers['x-isthmus'] === undefined) {
    throw new Refusal('AccessDenied', 'Questions are taken from the pages of this site alone.')
  }
}

/** A part of a path. A broken escape → InvalidRequest. */
function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) throw new Refusal('InvalidRequest', 'The address has a broken escape.')
    throw error
  }
}

function readJson({ body }: HttpRequest): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new Refusal('SchemaValidation', `The question is no JSON: ${(error as Error).message}`)
  }
}

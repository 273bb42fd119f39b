import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createLockout,
  httpStatus,
  type Access,
  type BrowserSessions,
  type HttpReply,
  type HttpRequest,
  type HttpRoute,
  type SignInRules,
  type SiteKeys,
} from '#access'
import type { Directory } from '#directory'
import type { Mailboxes } from '#mailbox'
import { Refusal, type Instant } from '#model'
import { exchangeFor } from './bridge.ts'
import type { ConfidentialProgram } from './clients.ts'
import type { PagesContext } from './context.ts'
import { wrongCode } from './device.ts'
import { interact } from './login.ts'
import { pageHeaders, problemPage } from './pages/layout.ts'
import { texts } from './pages/texts.ts'
import { sayNow } from './pages/say.ts'
import { culturesOf, sayWith } from './language.ts'
import { createProvider, mount } from './provider.ts'
import { account, securityPath } from './security.ts'
import { browserSessions } from './session.ts'

export interface SignInNeeds {
  rules: SignInRules
  directory: Directory
  mailboxes: Pick<Mailboxes, 'settings'>
  access: Access
  clock: () => Instant
  random: (size: number) => Uint8Array
  /** Where people reach the site, `https://host:port`. */
  base: () => string
  /** Programs with a secret. */
  programs: readonly ConfidentialProgram[]
  site: { name: string; domain: string }
}

const maxBody = 128 * 1024
/** Wrong device codes from one address before it is refused for a while. */
const mostWrongCodes = 20
/** Sign-ins begun from one address within the same time: many people may share one. Each of them takes room in the store. */
const mostStarts = 1000
const starting = ['/authorize', '/device/code', '/device', '/session/end'].map((path) => mount + path)

/**
 * Signing in with modern authentication: the OpenID provider below `/oauth2`, with its pages, and `/account`. The issuer is the site's public
 * address, which is known when the first request comes.
 */
export function openSignInPages(needs: SignInNeeds): { routes: HttpRoute[]; sessions: BrowserSessions } {
  const defects = new WeakMap<object, unknown>()
  const counting = (address: number) =>
    createLockout({
      clock: needs.clock,
      limits: { account: Number.POSITIVE_INFINITY, address, window: 15 * 60_000, firstDelay: 0, longestDelay: 0 },
    })
  const guesses = counting(mostWrongCodes)
  const starts = counting(mostStarts)
  const open = openedByKeys(needs, defects)

  async function provide(context: PagesContext, request: HttpRequest): Promise<HttpReply> {
    const { provider, base } = context
    const exchange = exchangeFor(request, { base, mount })
    const isGuess = pathOf(request) === `${mount}/device` && request.method === 'POST'
    if (isGuess && guesses.isLocked('', request.remoteAddress)) {
      const say = await sayWith(context, request)
      return problemPage(say, say('deviceTooMany'), 429)
    }
    await provider.callback()(exchange.message, exchange.response)
    if (defects.has(exchange.message)) throw defects.get(exchange.message)
    const reply = exchange.reply()
    if (reply.headers[wrongCode]) guesses.failed('', request.remoteAddress)
    delete reply.headers[wrongCode]
    return reply
  }

  async function handle(request: HttpRequest): Promise<HttpReply> {
    const context = await open()
    request.log.operation = operationOf(request.path)
    if (starting.includes(pathOf(request))) {
      if (starts.isLocked('', request.remoteAddress)) throw new Refusal('ServerBusy', texts.errorTooMany[0])
      starts.failed('', request.remoteAddress)
    }
    if (request.path === securityPath) return account(context, request, exchangeFor(request, { base: context.base, mount: '' }))
    if (!request.path.startsWith(`${mount}/interaction/`)) return provide(context, request)
    return interact(context, request, exchangeFor(request, { base: context.base, mount }))
  }

  const route = (path: string, methods: string[], answer: HttpRoute['handle']): HttpRoute => ({
    ...{ methods, path, protocol: 'sign-in', auth: 'none', maxBody, headers: pageHeaders, handle: answer },
    refuse,
  })
  return {
    routes: [route(`${mount}/*`, ['GET', 'POST', 'OPTIONS'], handle), route(securityPath, ['GET', 'POST'], handle), ...assetRoutes(route)],
    sessions: browserSessions(open),
  }
}

/** A page for people, and for programs what OAuth has for it (RFC 6749 5.2). */
function refuse({ kind, message }: Refusal, { headers, log, url }: HttpRequest): HttpReply {
  const status = httpStatus[kind]
  if (headers.accept?.includes('text/html')) {
    const say = sayNow({ asked: url.searchParams.get('ui_locales'), accepted: headers['accept-language'] })
    return problemPage(say, say.refused(message), status)
  }
  const error =
    { invalid: 'invalid_request', busy: 'temporarily_unavailable', internal: 'server_error' }[kind as string] ?? 'invalid_request'
  log.outcome = error
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ error, error_description: message }),
  }
}

/** The path as the provider takes it: a slash at its end changes nothing, and may not lead past what is counted here. */
const pathOf = ({ path }: HttpRequest): string => path.replace(/\/$/, '')

/** Milliseconds after which the keys are looked at again: other processes of the site, and their age, change them. */
const keysKept = 60_000

/** The context, made anew when the site's keys are other ones: what is kept of people and programs is in the store. */
function openedByKeys(needs: SignInNeeds, defects: WeakMap<object, unknown>): () => Promise<PagesContext> {
  let known: { context: PagesContext; kids: string } | undefined
  let looked = Number.NEGATIVE_INFINITY
  return async () => {
    if (known && needs.clock() < looked + keysKept) return known.context
    const keys = await needs.rules.siteKeys.current()
    const kids = keys.identity.map(({ kid }) => kid).join(' ')
    if (known?.kids !== kids) known = { context: contextOf(needs, keys, defects), kids }
    looked = needs.clock()
    return known.context
  }
}

function contextOf(needs: SignInNeeds, keys: SiteKeys, defects: WeakMap<object, unknown>): PagesContext {
  const { rules, directory, mailboxes, access, clock, random, site, programs } = needs
  const base = needs.base()
  if (!base.startsWith('https:')) {
    throw new Refusal('ServiceUnavailable', `Signing in needs TLS: ${base} is without. Set "publicUrl" to an https address.`)
  }
  const cultureOf = culturesOf({ rules, directory, mailboxes })
  const provider = createProvider({
    base,
    rules,
    keys,
    programs,
    clock,
    cultureOf,
    defect: ({ req }, error) => void defects.set(req, error),
  })
  return { rules, directory, access, cultureOf, provider, keys, base, clock, random, site }
}

/** The last word of the path that is one of ours: what comes after it names somebody's own. */
function operationOf(path: string): string {
  if (path === securityPath) return 'security'
  const [, word = ''] =
    /^\/oauth2\/(interaction|authorize|device\/code|device|token\/revocation|token\/introspection|token|me|jwks|session\/end|\.well-known)/.exec(
      path,
    ) ?? []
  return word || 'other'
}

function assetRoutes(route: (path: string, methods: string[], answer: HttpRoute['handle']) => HttpRoute): HttpRoute[] {
  const asset = (name: string, type: string): HttpRoute => {
    const body = readFileSync(join(import.meta.dirname, 'assets', name))
    const headers = { 'content-type': type, 'cache-control': 'public, max-age=3600' }
    return route(`/account/assets/${name}`, ['GET'], async () => ({ status: 200, headers, body }))
  }
  return [
    asset('pages.css', 'text/css; charset=utf-8'),
    asset('passkey.js', 'text/javascript; charset=utf-8'),
    asset('icon.svg', 'image/svg+xml'),
  ]
}

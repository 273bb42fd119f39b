/** The session of a browser: who is signed in with it, as things stand now. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Session } from 'oidc-provider'
import { holderOf, type BrowserSession, type BrowserSessions, type HttpRequest, type SignInPolicy } from '#access'
import type { Recipient } from '#directory'
import { Refusal, type Instant } from '#model'
import { exchangeFor } from './bridge.ts'
import { webClient } from './clients.ts'
import type { PagesContext } from './context.ts'
import { seeOther } from './pages/layout.ts'
import { mount, multiple } from './provider.ts'

export interface HeldSession {
  session: InstanceType<typeof Session>
  recipient: Recipient
  policy: SignInPolicy
  /** The policy asks for a second factor. */
  required: boolean
}

/** Undefined: nobody is signed in, things do not stand as they did, or a second factor is wanted that was not shown. */
export async function sessionHeld(
  { provider, rules }: PagesContext,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<HeldSession | undefined> {
  const session = await provider.Session.get(provider.createContext(message, response))
  const recipient = session.accountId ? await rules.sessions.recipientOf(session.accountId) : undefined
  if (!recipient) return undefined
  const policy = await rules.policies.of(recipient)
  const required = await policy.secondFactorRequired()
  return required && !session.amr?.includes(multiple) ? undefined : { session, recipient, policy, required }
}

/** When the factors were last shown. */
export const shownAt = ({ loginTs }: { loginTs?: number | undefined }): Instant => (loginTs ?? 0) * 1000

/** What the provider keeps of a session, as far as it is shown. */
interface SessionPayload {
  accountId?: string
  uid?: string
  loginTs?: number
  amr?: string[]
  browser?: string
}

export function browserSessions(open: () => Promise<PagesContext>): BrowserSessions {
  async function holding(request: HttpRequest) {
    const context = await open()
    const { message, response } = exchangeFor(request, { base: context.base, mount: '' })
    return { context, held: await sessionHeld(context, message, response) }
  }
  /** The session of a request, and whose it is. Nobody who is signed in → Unauthenticated. */
  async function required(request: HttpRequest) {
    const { context, held } = await holding(request)
    if (!held?.session.accountId) throw new Refusal('Unauthenticated', 'You are signed out. Sign in again.')
    return { ...context.rules, ...held, holder: holderOf(held.session.accountId) }
  }
  return {
    async callerOf(request) {
      const { context, held } = await holding(request)
      if (!held) return undefined
      const { session, recipient } = held
      const signedIn = { by: 'token', secondFactor: session.amr?.includes(multiple) === true, at: shownAt(session) } as const
      const client = request.headers['user-agent']
      return {
        ...(await context.directory.callerFor(recipient)),
        ...{ signedIn, remoteAddress: request.remoteAddress },
        ...(client ? { client } : {}),
      }
    },
    async list(request) {
      const { tokens, sessions, session, holder } = await required(request)
      const found: BrowserSession[] = []
      for (const { id, payload } of await tokens.heldBy('Session', holder)) {
        const { accountId, uid, loginTs, amr, browser = '' } = payload as SessionPayload
        // What a new password or a revocation has ended is a session of nobody.
        if (!accountId || !(await sessions.recipientOf(accountId))) continue
        const isThis = uid === session.uid
        found.push({ id, browser, since: shownAt({ loginTs }), secondFactor: amr?.includes(multiple) === true, isThis })
      }
      return found.toSorted((a, b) => b.since - a.since)
    },
    async end(request, id) {
      const { tokens, holder } = await required(request)
      if (await tokens.removeHeld('Session', holder, id)) return
      throw new Refusal('ItemNotFound', 'The session is not there any more.')
    },
    async signIn(path, state, { again = false } = {}) {
      const { base } = await open()
      const query = new URLSearchParams({
        client_id: webClient,
        response_type: 'none',
        scope: 'openid',
        redirect_uri: base + path,
        state,
        ...(again ? { max_age: '0' } : {}),
      })
      return seeOther(`${mount}/authorize?${query}`)
    },
  }
}

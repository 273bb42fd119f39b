/** The session of a browser: who is signed in with it, as things stand now. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Session } from 'oidc-provider'
import type { HttpReply, HttpRequest, SignInPolicy } from '#access'
import type { Recipient } from '#directory'
import type { Caller, Instant } from '#model'
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

/** Browsers that are signed in, for the protocol that serves the site's own client. */
export interface BrowserSessions {
  /** Who sends a request, by its session cookie; undefined = nobody who is signed in. */
  callerOf(request: HttpRequest): Promise<Caller | undefined>
  /** To the sign-in and back to `path` (`/owa/`, `/ecp/`), which is told `state`. With `again`: the factors have to be shown anew. */
  signIn(path: string, state: string, options?: { again?: boolean }): Promise<HttpReply>
}

export function browserSessions(open: () => Promise<PagesContext>): BrowserSessions {
  return {
    async callerOf(request) {
      const context = await open()
      const { message, response } = exchangeFor(request, { base: context.base, mount: '' })
      const held = await sessionHeld(context, message, response)
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

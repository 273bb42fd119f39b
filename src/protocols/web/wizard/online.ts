/** The administrator of the online organisation signs in there, by device code (RFC 8628): nothing of it is kept on this side. */
import { z } from 'zod'
import { RemoteFailure } from '#hybrid'
import { parsedJson, Refusal } from '#model'
import { verb, type WebContext } from '../verb.ts'
import { online, origin } from './answers.ts'
import { requireWizard, sideOnline, textOf } from './sides.ts'

/** A public client that every site knows. */
const client_id = 'isthmus-shell'
const deadline = 20_000
const largest = 64 * 1024

const provider = z.object({ issuer: z.url(), token_endpoint: z.url(), device_authorization_endpoint: z.url(), userinfo_endpoint: z.url() })
const started = z.object({
  device_code: z.string().min(1).max(500),
  user_code: z.string().min(1).max(40),
  verification_uri: z.url().max(500),
  verification_uri_complete: z.url().max(600).optional(),
  expires_in: z.number().positive().max(3600),
  interval: z.number().positive().max(60).default(5),
})
const given = z.object({ access_token: z.string().min(1).max(8192), id_token: z.string().max(16_384).optional() })
const problem = z.object({ error: z.string().max(100), error_description: z.string().optional() })
const claims = z.object({ amr: z.array(z.string()).default([]) })

/** Begins a sign-in at the online organisation: the code to be entered there, with the factors shown anew. */
export const wizardCode = verb(z.object({ url: origin }), async (context, { url }) => {
  await requireWizard(context)
  const { device_authorization_endpoint } = await discover(context, url)
  const form = { client_id, scope: 'openid profile administration', acr_values: 'urn:isthmus:step-up', device_name: 'Hybrid wizard' }
  const read = started.safeParse((await ask(context, device_authorization_endpoint, form)).body)
  if (!read.success) throw notOne(url)
  const { device_code, user_code, verification_uri, verification_uri_complete = verification_uri, expires_in, interval } = read.data
  if (new URL(verification_uri_complete).origin !== url) throw elsewhere(url)
  return { code: device_code, userCode: user_code, address: verification_uri_complete, seconds: expires_in, interval }
})

/** Whether somebody entered the code meanwhile: then the token, which the page keeps while it is open. */
export const wizardToken = verb(z.object({ url: origin, code: z.string().min(1).max(500) }), async (context, { url, code }) => {
  await requireWizard(context)
  const { token_endpoint } = await discover(context, url)
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  const { body } = await ask(context, token_endpoint, { grant_type, device_code: code, client_id })
  const good = given.safeParse(body)
  if (good.success) {
    const { access_token, id_token = '' } = good.data
    // It came from the provider itself, over TLS: its signature says nothing more (OpenID Connect Core 3.1.3.7).
    const read = claims.safeParse(parsedJson(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString('utf8')))
    return { state: 'signedIn' as const, token: access_token, secondFactor: read.success && read.data.amr.includes('mfa') }
  }
  const { error = '' } = problem.safeParse(body).data ?? {}
  if (error === 'authorization_pending' || error === 'slow_down') return { state: 'waiting' as const }
  if (error === 'access_denied') return { state: 'denied' as const }
  return { state: 'expired' as const }
})

/** Who the token is of, as the online organisation says it, and its domains. One that is not taken there → AccessDenied. */
export const wizardOnline = verb(z.object({ online }), async (context, { online }) => {
  await requireWizard(context)
  const side = sideOnline(context, online)
  const accepted = await side.invoke('Get-AcceptedDomain', {})
  const { userinfo_endpoint } = await discover(context, online.url)
  const { status, body } = await ask(context, userinfo_endpoint, undefined, { authorization: `Bearer ${online.token}` })
  const person = status === 200 ? (body as Record<string, unknown>) : {}
  return {
    name: textOf(person.name).slice(0, 200),
    address: textOf(person.email).slice(0, 300),
    domains: accepted.map(({ DomainName }) => textOf(DomainName)),
  }
})

/** What the site says of its sign-in; all of it has to be at the same place, or it would be given what is another's (RFC 9700 4.4). */
async function discover(context: WebContext, url: string): Promise<z.output<typeof provider>> {
  const { status, body } = await ask(context, `${url}/oauth2/.well-known/openid-configuration`)
  const read = provider.safeParse(body)
  if (status !== 200 || !read.success) throw notOne(url)
  if (Object.values(read.data).some((place) => new URL(place).origin !== url)) throw elsewhere(url)
  return read.data
}

const notOne = (url: string) =>
  new Refusal('ServiceDiscoveryFailed', `${url} does not say how to sign in. Check the address: it is that of the online service.`)
const elsewhere = (url: string) =>
  new Refusal('ServiceDiscoveryFailed', `${url} sends you elsewhere to sign in. Enter the address that it is reached at.`)

async function ask(
  { hybrid, request }: WebContext,
  url: string,
  form?: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  try {
    const { status, body } = await hybrid.http.send({
      ...{ url, method: form ? 'POST' : 'GET' },
      headers: { accept: 'application/json', ...headers, ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
      ...(form ? { body: new URLSearchParams(form).toString() } : {}),
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(deadline)]),
    })
    return { status, body: body.length > largest ? undefined : parsedJson(body.toString('utf8')) }
  } catch (error) {
    if (error instanceof RemoteFailure) throw new Refusal('ServiceDiscoveryFailed', error.message)
    throw error
  }
}

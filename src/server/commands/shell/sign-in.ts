import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { StartProblem } from '../../start-problem.ts'
import { keepToken, readTokens, type KeptToken } from './kept-tokens.ts'
import { clientId, discover, postForm, scope, stepUp, type Provider, type WebSite } from './oauth.ts'

const tokens = z.object({ access_token: z.string(), refresh_token: z.string().optional(), expires_in: z.number() })
const device = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.url(),
  verification_uri_complete: z.url().optional(),
  expires_in: z.number(),
  interval: z.number().default(5),
})
const problem = z.object({ error: z.string(), error_description: z.string().optional() })

/** A token is renewed so long before its end, in milliseconds. */
const early = 30_000

export interface SignInOptions {
  site: WebSite
  organisation: string
  /** `browser`: a redirect to this machine; `device`: a code to enter in any browser. */
  by: 'browser' | 'device'
  tell: (text: string) => void
  signal: AbortSignal
}

export interface SignedInShell {
  /** The token to send now; renewed when it is near its end. */
  token(): Promise<string>
  /** Signs in anew, showing the factors again. */
  again(signal: AbortSignal): Promise<void>
  /** Ends the session at the site and forgets the tokens. */
  signOut(): Promise<void>
}

/** Signs the shell in at a site, with what earlier sessions kept if that is still good. */
export async function signInAt(options: SignInOptions): Promise<SignedInShell> {
  const { site, organisation } = options
  const key = `${site.url} ${organisation}`
  const provider = await discover(site)
  let current = (await readTokens())[key]

  async function take(token: KeptToken | undefined): Promise<void> {
    current = token
    await keepToken(key, token)
  }

  async function renewed(): Promise<KeptToken> {
    if (current && current.expires > Date.now() + early) return current
    const next = current?.refreshToken && (await refresh(site, provider, current.refreshToken))
    await take(next || (await newSignIn(options, provider, false)))
    return current!
  }

  return {
    token: async () => (await renewed()).accessToken,
    again: async (signal) => take(await newSignIn({ ...options, signal }, provider, true)),
    async signOut() {
      for (const token of [current?.refreshToken, current?.accessToken]) {
        if (token) await postForm(site, provider.revocation_endpoint, { token, client_id: clientId })
      }
      await take(undefined)
    },
  }
}

/** With a refresh token (RFC 6749 6); undefined when it is no longer good. */
async function refresh(site: WebSite, provider: Provider, refresh_token: string): Promise<KeptToken | undefined> {
  const { body } = await postForm(site, provider.token_endpoint, { grant_type: 'refresh_token', refresh_token, client_id: clientId })
  const read = tokens.safeParse(body)
  return read.success ? kept(read.data) : undefined
}

const kept = ({ access_token, refresh_token, expires_in }: z.infer<typeof tokens>): KeptToken => ({
  accessToken: access_token,
  ...(refresh_token ? { refreshToken: refresh_token } : {}),
  expires: Date.now() + expires_in * 1000,
})

const newSignIn = (options: SignInOptions, provider: Provider, anew: boolean) =>
  options.by === 'browser' ? byBrowser(options, provider, anew) : byDevice(options, provider, anew)

/** RFC 8628: the person enters a code in any browser. */
async function byDevice({ site, tell, signal }: SignInOptions, provider: Provider, anew: boolean): Promise<KeptToken> {
  const asked = { client_id: clientId, scope, ...(anew ? stepUp : {}), device_name: deviceName() }
  const started = device.safeParse((await postForm(site, provider.device_authorization_endpoint, asked)).body)
  if (!started.success) throw new StartProblem(`${site.url} gives no code to sign in with.`, 'Ask its administrator, or try --browser.')
  const { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval } = started.data
  tell(`To sign in, open ${verification_uri} in a browser and enter the code ${user_code}.`)
  if (verification_uri_complete) tell(`Or open ${verification_uri_complete}`)
  const end = Date.now() + expires_in * 1000
  for (let wait = interval; Date.now() < end;) {
    await sleep(wait * 1000, undefined, { signal })
    const { body } = await postForm(site, provider.token_endpoint, {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code,
      client_id: clientId,
    })
    const good = tokens.safeParse(body)
    if (good.success) return kept(good.data)
    const { error = '', error_description } = problem.safeParse(body).data ?? {}
    if (error === 'slow_down') wait += 5
    else if (error !== 'authorization_pending') throw refused(error_description ?? error)
  }
  throw refused('the code was not entered in time')
}

/** RFC 8252: the browser of this machine, which comes back to a port of the shell's own; PKCE (RFC 7636). */
async function byBrowser({ site, tell, signal }: SignInOptions, provider: Provider, anew: boolean): Promise<KeptToken> {
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(16).toString('base64url')
  const answered = Promise.withResolvers<string>()
  const server = createServer((message, response) => {
    const { pathname, searchParams } = new URL(message.url ?? '/', 'http://127.0.0.1')
    const code = searchParams.get('code')
    if (pathname !== '/callback' || searchParams.get('state') !== state) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    response.end(code ? 'You are signed in. Close this window and go back to the shell.\n' : 'The sign-in was not finished.\n')
    if (code) answered.resolve(code)
    else answered.reject(refused(searchParams.get('error_description') ?? searchParams.get('error') ?? 'no code came'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cancel = () => answered.reject(signal.reason)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    const redirect_uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
    const url = new URL(provider.authorization_endpoint)
    const code_challenge = createHash('sha256').update(verifier).digest('base64url')
    const asked = { client_id: clientId, response_type: 'code', scope, redirect_uri, state, code_challenge, code_challenge_method: 'S256', prompt: 'consent', ...(anew ? stepUp : {}) } // prettier-ignore
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
    tell(`Sign in with the browser at ${url.href}`)
    openBrowser(url.href)
    const code = await answered.promise
    const form = { grant_type: 'authorization_code', code, redirect_uri, client_id: clientId, code_verifier: verifier }
    const { body } = await postForm(site, provider.token_endpoint, form)
    const good = tokens.safeParse(body)
    if (good.success) return kept(good.data)
    throw refused(problem.safeParse(body).data?.error_description ?? 'the site gave no token')
  } finally {
    signal.removeEventListener('abort', cancel)
    server.close()
    server.closeAllConnections()
  }
}

/** Where there is none, the address has been printed. */
function openBrowser(url: string): void {
  const [command, ...words] =
    process.platform === 'darwin' ? ['open', url] : process.platform === 'win32' ? ['explorer', url] : ['xdg-open', url]
  const child = spawn(command!, words, { stdio: 'ignore', detached: true })
  child.on('error', () => child.unref())
  child.unref()
}

/** What the person sees who approves it: letters and digits, at most 64. */
const deviceName = () => `${userInfo().username} at ${hostname()}`.replaceAll(/[^A-Za-z0-9 .-]/g, '').slice(0, 64)
const refused = (why: string) => new StartProblem(`Nobody was signed in: ${why}.`, 'Try again.')

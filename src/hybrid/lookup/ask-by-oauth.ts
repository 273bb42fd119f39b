import type { Configuration, ConfigurationObject } from '#directory'
import type { Instant } from '#model'
import { autodiscoverUri, writeRequest } from '#schema'
import { makeUserToken, principalOf } from '#trust'
import type { XmlElement } from '#wire'
import { LookupFailure } from '../failure.ts'
import { discoverEws } from '../remote/discover.ts'
import type { RemoteHttp } from '../remote/http.ts'
import { hostsOf } from '../remote/may-follow.ts'
import { answered, noted } from '../remote/reply.ts'
import { writeWhereIsEws } from '../remote/user-settings.ts'
import type { AppTokens, GivenToken } from '../tokens/app-tokens.ts'
import { createTimedCache } from '../tokens/timed-cache.ts'
import type { BranchRecorder } from '../trace/recorder.ts'
import type { Asker, Requester } from './asker.ts'
import { agents, askedVersion, askEws, ewsAction, type Post } from './ask-ews.ts'
import { TokenNotTaken } from '../remote/token-remedy.ts'

type Connector = ConfigurationObject<'IntraOrganizationConnector'>
type AuthServer = ConfigurationObject<'AuthServer'>

const hour = 3_600_000

/** What a server that takes tokens says when it gets an empty one ([MS-XOAUTH] 4.6). */
interface Challenge {
  clientId: string
  trustedIssuers: string[]
}

export function challengeOf(header: string | string[] | undefined): Challenge | undefined {
  const lines = Array.isArray(header) ? header : header === undefined ? [] : [header]
  const bearer = lines.flatMap((line) => /(?:^|,\s*)Bearer\s+(.*)$/i.exec(line)?.[1] ?? []).join(', ')
  const value = (name: string) => new RegExp(`${name}="([^"]*)"`, 'i').exec(bearer)?.[1]
  const clientId = value('client_id')
  if (!clientId) return undefined
  return {
    clientId,
    trustedIssuers: (value('trusted_issuers') ?? '')
      .split(',')
      .map((issuer) => issuer.trim())
      .filter(Boolean),
  }
}

/** Asks by OAuth server-to-server, as the source's steps 2–10 of generation (c) have it. The person asking is known to the other side. */
export function createOAuthAsker(deps: {
  http: RemoteHttp
  tokens: AppTokens
  configuration: Pick<Configuration, 'list'>
  clock: () => Instant
}): Asker<Connector> & { forget(): void } {
  const { http, tokens, configuration, clock } = deps
  const challenges = createTimedCache<Challenge>({ clock, most: 1000 })
  const endpoints = createTimedCache<string>({ clock, most: 10_000 })

  /** Step 3: an empty Bearer, to learn whom the other side trusts. */
  const challenge = async (endpoint: string, branch: BranchRecorder, signal: AbortSignal): Promise<{ value: Challenge; fresh: boolean }> =>
    challenges.get(endpoint, () =>
      branch.hop(3, 'ask without a token whom the other side trusts', async (hop) => {
        Object.assign(hop, { url: endpoint, scheme: 'empty Bearer' })
        const reply = noted(hop, await http.send({ url: endpoint, headers: { authorization: 'Bearer ' }, body: '', signal }))
        const value = challengeOf(reply.headers['www-authenticate'])
        if (!value) {
          throw new LookupFailure(
            'AutoDiscoverFailed',
            `The discovery endpoint answered ${reply.status} without a Bearer challenge: OAuth is off there, or something stands before it.`,
            'Check that OAuthAuthentication is on at the other side, and that no proxy authenticates before it.',
          )
        }
        return { value, until: clock() + hour }
      }),
    )

  /** The token issuer that both sides trust. What the other side said earlier may be out of date: it is asked again, once. */
  async function issuerFor(organisation: string, endpoint: string, branch: BranchRecorder, signal: AbortSignal): Promise<AuthServer> {
    const { value, fresh } = await challenge(endpoint, branch, signal)
    try {
      return await common(organisation, value)
    } catch (error) {
      if (fresh || !(error instanceof LookupFailure)) throw error
      challenges.forget(endpoint, value)
      return common(organisation, (await challenge(endpoint, branch, signal)).value)
    }
  }

  async function common(organisation: string, { trustedIssuers }: Challenge): Promise<AuthServer> {
    const theirs = new Set(trustedIssuers.map((issuer) => principalOf(issuer)?.application ?? issuer))
    const servers = (await configuration.list(organisation, 'AuthServer')).filter((server) => server.Enabled)
    const found = servers.find(({ IssuerIdentifier }) => theirs.has(principalOf(IssuerIdentifier)?.application ?? IssuerIdentifier))
    if (found) return found
    const ours = servers.map((server) => server.Name).join(', ') || 'none'
    throw new LookupFailure(
      'ProxyRequestProcessingFailed',
      `No enabled AuthServer is one of those that the other side trusts (${trustedIssuers.join(', ')}; enabled here: ${ours}).`,
      'Run the Hybrid Configuration Wizard, or New-AuthServer with the metadata of that issuer.',
    )
  }

  return {
    forget() {
      challenges.clear()
      endpoints.clear()
    },
    async ask(connector, question, branch, signal) {
      const { requester } = question
      const { organisation } = requester.caller
      const { Guid, DiscoveryEndpoint: discovery, TargetSharingEpr: written, TargetAddressDomains: domains } = connector
      const issuer = await issuerFor(organisation, written || discovery, branch, signal)
      const post = sender({ http, tokens, requester, issuer, branch, signal })
      if (written) return askEws(post, written, question)
      const known = `${Guid} ${discovery}`
      const { value: ewsUrl, fresh } = await endpoints.get(known, async () => ({
        value: await discoverEws({
          endpoint: discovery,
          addresses: question.targets,
          domains,
          trusted: hostsOf(discovery),
          ask: (url, address) => post.autodiscover(url, address),
        }),
        until: clock() + hour,
      }))
      if (!fresh) branch.note(5, 'EWS address known from before', { verdict: 'ok', url: ewsUrl })
      try {
        return await askEws(post, ewsUrl, question)
      } catch (error) {
        // What was discovered may be out of date.
        endpoints.forget(known)
        throw error
      }
    },
  }
}

/** Sends requests with the application's token, wrapped for the person who asks; a cached token that is not taken is asked for anew, once. */
function sender(input: {
  http: RemoteHttp
  tokens: AppTokens
  requester: Requester
  issuer: AuthServer
  branch: BranchRecorder
  signal: AbortSignal
}): Post {
  const { http, tokens, requester, issuer, branch, signal } = input
  const { address, userPrincipalName, caller } = requester

  const resourceOf = (url: string) => `https://${new URL(url).host}/`

  async function once(ask: Asking, { token, summary }: GivenToken): Promise<XmlElement> {
    return branch.hop(ask.step, ask.what, async (hop) => {
      Object.assign(hop, { url: ask.url, scheme: 'Bearer', token: { ...summary, smtp: address } })
      const authorization = `Bearer ${makeUserToken(token, { address, userPrincipalName })}`
      const headers = { 'content-type': 'text/xml; charset=utf-8', authorization, ...ask.headers }
      const reply = noted(hop, await http.send({ url: ask.url, headers, body: ask.body, signal }))
      return answered(reply, ask.service === 'EWS' ? 'ProxyRequestProcessingFailed' : 'AutoDiscoverFailed', ask.service)
    })
  }

  async function send(ask: Asking, tokenStep: number): Promise<XmlElement> {
    const resource = resourceOf(ask.url)
    const get = () => tokens.get(caller.organisation, issuer, resource, tokenStep, branch, signal)
    const token = await get()
    try {
      return await once(ask, token)
    } catch (error) {
      // The key may have been rolled over since; a token made just now, or for somebody unknown there, would be refused again.
      if (!(error instanceof TokenNotTaken) || !error.newOneMayDo || !token.cached) throw error
      token.forget()
      return once(ask, await get())
    }
  }

  return {
    autodiscover: (url, asked) =>
      send(
        {
          step: 5,
          service: 'Autodiscover',
          what: `ask Autodiscover for the EWS address of ${asked}`,
          url,
          body: writeWhereIsEws(asked, url),
          headers: autodiscoverHeaders,
        },
        4,
      ),
    ews: (url, { name, what, body, culture }) =>
      send(
        {
          step: 7,
          service: 'EWS',
          what,
          url,
          body: writeRequest(body, { requestServerVersion: askedVersion, ...(culture ? { mailboxCulture: culture } : {}) }),
          headers: { 'user-agent': agents.ews, soapaction: `"${ewsAction(name)}"` },
        },
        6,
      ),
  }
}

interface Asking {
  step: number
  service: 'EWS' | 'Autodiscover'
  what: string
  url: string
  body: string
  headers: Record<string, string>
}

const autodiscoverHeaders = {
  'user-agent': agents.autodiscover,
  soapaction: `"${autodiscoverUri}/Autodiscover/GetUserSettings"`,
}

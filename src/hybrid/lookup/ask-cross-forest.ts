import type { Configuration, ConfigurationObject } from '#directory'
import { poxSchemas, readPoxResponse, writePoxRequest, writeRequest, type RequestHeaders } from '#schema'
import { readXml } from '#wire'
import { Refusal, type Instant } from '#model'
import { LookupFailure, UnknownThere } from '../failure.ts'
import { followed, forAnyKnown } from '../remote/discover.ts'
import type { RemoteHttp } from '../remote/http.ts'
import { hostsOf } from '../remote/may-follow.ts'
import { noAnswer } from '../remote/no-answer.ts'
import { answered, noted } from '../remote/reply.ts'
import { createTimedCache } from '../tokens/timed-cache.ts'
import type { BranchRecorder } from '../trace/recorder.ts'
import type { Asker, EwsRequest, Requester } from './asker.ts'
import { agents, askedVersion, askEws, ewsAction } from './ask-ews.ts'

type Space = ConfigurationObject<'AvailabilityAddressSpace'>

const hour = 3_600_000

/**
 * Asks another forest with a service account's name and password over TLS (source R4(a)): POX Autodiscover for its EWS address, then
 * EWS. OrgWideFB asks for everybody's default; PerUserFB, between forests that trust each other, as the person who asks.
 */
export function createCrossForestAsker(deps: {
  http: RemoteHttp
  configuration: Pick<Configuration, 'secrets'>
  clock: () => Instant
}): Asker<Space> & { forget(): void } {
  const { http, configuration, clock } = deps
  const endpoints = createTimedCache<string>({ clock, most: 1000 })

  async function authorizationFor(organisation: string, space: Space): Promise<string> {
    const { Credentials } = await configuration.secrets(organisation, 'AvailabilityAddressSpace', space.Guid)
    if (!Credentials) {
      throw new LookupFailure(
        'InvalidCrossForestCredentials',
        `The address space ${space.ForestName} has no credentials, and the service account of this server is known to no other forest.`,
        'Run Set-AvailabilityAddressSpace -Credentials with an account of the other forest.',
      )
    }
    const { UserName, Password } = Credentials
    return `Basic ${Buffer.from(`${UserName}:${Password}`, 'utf8').toString('base64')}`
  }

  /** POX Autodiscover: the EWS address of the other forest, the one for outside. */
  const discover = (space: Space, target: string, authorization: string, branch: BranchRecorder, signal: AbortSignal): Promise<string> => {
    const url = space.TargetAutodiscoverEpr || `https://autodiscover.${space.ForestName}/autodiscover/autodiscover.xml`
    return branch.hop(0, `ask Autodiscover for the EWS address of ${target}`, async (hop) => {
      Object.assign(hop, { url, scheme: 'Basic' })
      const body = writePoxRequest({ EMailAddress: target, AcceptableResponseSchema: poxSchemas.outlookResponse }, 'outlookRequest', {
        dateTime: String,
      })
      const headers = { 'content-type': 'text/xml; charset=utf-8', authorization, 'user-agent': agents.autodiscover }
      const reply = noted(hop, await http.send({ url, headers, body, signal }).catch(noAnswer('AutoDiscoverFailed')))
      if (reply.status === 401) throw badCredentials(space)
      if (reply.status !== 200)
        throw new LookupFailure('AutoDiscoverFailed', `Autodiscover answered ${reply.status}.`, 'Check TargetAutodiscoverEpr.')
      return followed(ewsUrlIn(reply.body, target), hostsOf(url, space.ForestName), 'EWS address')
    })
  }

  return {
    forget: () => endpoints.clear(),
    async ask(space, question, branch, signal) {
      const { requester, targets } = question
      const authorization = await authorizationFor(requester.caller.organisation, space)
      const headers = proxyHeaders(space, requester)
      const ewsUrl = await addressOf(space, targets, authorization, branch, signal)
      const post = {
        autodiscover: () => Promise.reject(new Error('another forest is asked where it is by POX')),
        ews: (url: string, { name, what, body, culture }: EwsRequest) =>
          branch.hop(0, what, async (hop) => {
            Object.assign(hop, { url, scheme: 'Basic' })
            const sent = {
              'content-type': 'text/xml; charset=utf-8',
              authorization,
              soapaction: `"${ewsAction(name)}"`,
              'user-agent': agents.ews,
            }
            const envelope = writeRequest(body, {
              requestServerVersion: askedVersion,
              ...headers,
              ...(culture ? { mailboxCulture: culture } : {}),
            })
            const reply = noted(hop, await http.send({ url, headers: sent, body: envelope, signal }))
            if (reply.status === 401) throw badCredentials(space)
            return answered(reply, 'ProxyRequestProcessingFailed', 'EWS')
          }),
      }
      try {
        return await askEws(post, ewsUrl, question)
      } catch (error) {
        endpoints.forget(space.Guid)
        throw error
      }
    },
  }

  async function addressOf(
    space: Space,
    targets: readonly string[],
    authorization: string,
    branch: BranchRecorder,
    signal: AbortSignal,
  ): Promise<string> {
    if (space.AccessMethod === 'InternalProxy') return space.ProxyUrl
    const { value, fresh } = await endpoints.get(space.Guid, async () => ({
      value: await forAnyKnown(targets, (target) => discover(space, target, authorization, branch, signal)),
      until: clock() + hour,
    }))
    if (!fresh) branch.note(0, 'EWS address known from before', { verdict: 'ok', url: value })
    return value
  }
}

function badCredentials(space: Space): LookupFailure {
  return new LookupFailure(
    'InvalidCrossForestCredentials',
    `The forest ${space.ForestName} did not take the service account's name and password.`,
    'Run Set-AvailabilityAddressSpace -Credentials with an account that works there.',
  )
}

/** Marks the question as a proxy request, and says whose it is where the other forest trusts this one. */
function proxyHeaders({ AccessMethod, ForestName }: Space, { sid, address }: Requester): RequestHeaders {
  if (AccessMethod === 'OrgWideFBToken' || AccessMethod === 'PublicFolder') {
    throw new LookupFailure(
      'ServiceDiscoveryFailed',
      `AccessMethod ${AccessMethod} of ${ForestName} is not served.`,
      'Use OrgWideFB or PerUserFB, or an IntraOrganizationConnector.',
    )
  }
  const context = { userSid: sid, groupSids: [], restrictedGroupSids: [], primarySmtpAddress: address }
  return { requestType: 'CrossForest', ...(AccessMethod === 'PerUserFB' ? { securityContext: context } : {}) }
}

/** The error of plain XML Autodiscover for an address that nobody has there ([MS-OXDSCLI] 2.2.4.1.2). */
const nobody = 500
const knownThere = 'Check that the person has a mailbox there, and that the routing address leads to it.'

/** ASUrl of the protocol for outside, else of any (hybrid lookups read EXPR first). */
function ewsUrlIn(body: Buffer, target: string): string {
  const failed = (what: string) =>
    new LookupFailure('AutoDiscoverFailed', what, 'Check that TargetAutodiscoverEpr is the POX address of the other forest.')
  try {
    const answer = readPoxResponse(readXml(body, { size: 1024 * 1024, depth: 30 }), { local: () => 0 })
    if (answer.is === 'error') {
      const { ErrorCode, Message } = answer.value.Error
      if (ErrorCode === nobody) throw new UnknownThere(`Autodiscover does not know ${target}: ${ErrorCode} ${Message}`, knownThere)
      throw failed(`Autodiscover refused: ${ErrorCode} ${Message}`)
    }
    if (answer.is !== 'outlook') throw failed('Autodiscover gave an answer for phones.')
    const protocols = answer.value.Account.Protocol ?? []
    const url = [...protocols.filter(({ Type }) => Type === 'EXPR'), ...protocols].map(({ ASUrl, EwsUrl }) => ASUrl || EwsUrl).find(Boolean)
    if (!url) throw failed(`Autodiscover names no availability service for ${target} (${answer.value.Account.Action ?? 'no action'}).`)
    return url
  } catch (error) {
    if (error instanceof Refusal)
      throw failed(`Autodiscover gave no answer that can be read: ${error.message.replace(/^The request\b/, 'the response')}`)
    throw error
  }
}

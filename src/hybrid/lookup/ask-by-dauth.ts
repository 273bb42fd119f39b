import { newGuid, type ConfigurationObject } from '#directory'
import type { Instant } from '#model'
import { autodiscoverRequestElement, autodiscoverUri, GetUserSettings, standaloneElement } from '#schema'
import { encryptWithKey, freeBusyAction, secureRequest, sharedReadAction } from '#trust'
import { escapeText, type XmlElement } from '#wire'
import { LookupFailure } from '../failure.ts'
import { discoverEws } from '../remote/discover.ts'
import type { RemoteHttp } from '../remote/http.ts'
import { hostsOf } from '../remote/may-follow.ts'
import { answered, noted } from '../remote/reply.ts'
import { whereIsEws } from '../remote/user-settings.ts'
import type { DelegationTokens, GivenDelegation } from '../tokens/delegation-tokens.ts'
import { createTimedCache } from '../tokens/timed-cache.ts'
import type { BranchRecorder } from '../trace/recorder.ts'
import type { Asker } from './asker.ts'
import { agents, askedVersion, askEws, ewsAction, type Post } from './ask-ews.ts'

type Relationship = ConfigurationObject<'OrganizationRelationship'>

const hour = 3_600_000
const settingsAction = `${autodiscoverUri}/Autodiscover/GetUserSettings`

/**
 * Asks a federated organisation with a delegation token inside the envelope, as the source's steps 1–10 of generation (b) have it. The
 * other side knows the asking person's domain, and no more of them.
 */
export function createDAuthAsker(deps: {
  http: RemoteHttp
  tokens: DelegationTokens
  clock: () => Instant
  random: (size: number) => Uint8Array
}): Asker<Relationship> & { forget(): void } {
  const { http, tokens, clock, random } = deps
  const endpoints = createTimedCache<string>({ clock, most: 10_000 })

  const sender = (given: GivenDelegation, sharingKey: string | undefined, branch: BranchRecorder, signal: AbortSignal): Post => {
    const security = sharingKey === undefined ? '' : sharingSecurity(given, sharingKey, random)
    const send = (
      step: number,
      what: string,
      url: string,
      action: string,
      body: string,
      headers: string,
      agent: string,
    ): Promise<XmlElement> =>
      branch.hop(step, what, async (hop) => {
        const { token, algorithms, address } = given
        Object.assign(hop, { url, scheme: 'WS-Security', token: { assertion: token.assertionId, address } })
        const envelope = secureRequest({ body, headers, action, to: url, token, algorithms, now: clock(), newId: () => newGuid(random) })
        const sent = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"`, 'user-agent': agent }
        const reply = noted(hop, await http.send({ url, headers: sent, body: envelope, signal }))
        return answered(reply, step === 4 ? 'AutoDiscoverFailed' : 'ProxyRequestProcessingFailed', step === 4 ? 'Autodiscover' : 'EWS')
      })
    return {
      autodiscover: (url, address) => {
        const message = GetUserSettings.request.write(autodiscoverRequestElement('GetUserSettings'), whereIsEws(address), {
          dateTime: String,
        })
        const body = message.replace(/^<([A-Za-z]+)/, `<$1 xmlns="${autodiscoverUri}"`)
        const version = `<RequestedServerVersion xmlns="${autodiscoverUri}">Exchange2013</RequestedServerVersion>`
        return send(
          4,
          `ask Autodiscover for the EWS address of ${address}`,
          secured(url),
          settingsAction,
          body,
          version,
          agents.autodiscover,
        )
      },
      ews: (url, { name, what, body, culture }) => {
        const version = standaloneElement(`<t:RequestServerVersion Version="${askedVersion}"/>`)
        const language = culture ? standaloneElement(`<t:MailboxCulture>${escapeText(culture)}</t:MailboxCulture>`) : ''
        return send(6, what, secured(url), ewsAction(name), standaloneElement(body), version + language + security, agents.ews)
      },
    }
  }

  return {
    forget: () => endpoints.clear(),
    async ask(relationship, question, branch, signal) {
      const { requester, sharingKey } = question
      const action = sharingKey === undefined ? freeBusyAction : sharedReadAction
      const { Guid, TargetSharingEpr: written, TargetAutodiscoverEpr: discovery, DomainNames: domains } = relationship
      const given = await tokens.get(requester, relationship, branch, signal, action)
      const post = sender(given, sharingKey, branch, signal)
      try {
        if (written) {
          branch.note(4, 'TargetSharingEpr is set: Autodiscover is not asked', { verdict: 'ok', url: written })
          return await askEws(post, written, question)
        }
        if (!discovery)
          throw new LookupFailure(
            'ServiceDiscoveryFailed',
            `The organisation relationship '${relationship.Name}' has neither TargetAutodiscoverEpr nor TargetSharingEpr.`,
            'Run Get-FederationInformation, then Set-OrganizationRelationship -TargetAutodiscoverEpr.',
          )
        const { value: ewsUrl, fresh } = await endpoints.get(`${Guid} ${discovery}`, async () => ({
          value: await discoverEws({
            endpoint: discovery,
            addresses: question.targets,
            domains,
            trusted: hostsOf(discovery),
            ask: post.autodiscover,
          }),
          until: clock() + hour,
        }))
        if (!fresh) branch.note(5, 'EWS address known from before', { verdict: 'ok', url: ewsUrl })
        return await askEws(post, ewsUrl, question)
      } catch (error) {
        // A certificate may have been rolled over, or the service moved, since.
        tokens.forget(requester, relationship, action)
        endpoints.forget(`${Guid} ${discovery}`)
        throw error
      }
    },
  }
}

/** The header that opens a shared folder: the key of the invitation, sealed with the token's, which the other side alone has too. */
function sharingSecurity({ token, algorithms }: GivenDelegation, key: string, random: (size: number) => Uint8Array): string {
  const sealed = encryptWithKey(`<SharingKey>${escapeText(key)}</SharingKey>`, token.proofKey, { algorithms, random })
  return standaloneElement(`<t:SharingSecurity>${sealed}</t:SharingSecurity>`)
}

/** The address where tokens inside the envelope are taken; it is given without the ending, which clients add. */
function secured(url: string): string {
  return /\/wssecurity\/?$/i.test(url) ? url : `${url.replace(/\/+$/, '')}/WSSecurity`
}

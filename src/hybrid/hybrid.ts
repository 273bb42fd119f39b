import { newGuid, type Configuration, type Directory } from '#directory'
import type {
  Availability,
  FreeBusyOptions,
  Mailboxes,
  MailTipKind,
  MailTips,
  MailTipsOptions,
  SuggestionPerson,
  SuggestionQuestion,
  TimeWindow,
} from '#mailbox'
import type { Caller, Instant, Refusal, SuggestionDay } from '#model'
import type { KeyRing } from '#trust'
import type { FederatedRequests } from '#access'
import { freeBusy } from './lookup/free-busy.ts'
import { requesterOf, type LookupContext } from './lookup/lookup.ts'
import { mailTips } from './lookup/mail-tips.ts'
import { suggestions, type KnownTimes } from './lookup/suggestions.ts'
import { createAskers } from './lookup/askers.ts'
import { routeFor } from './lookup/route.ts'
import { probeRoute, type ProbedObject } from './probe/probe-route.ts'
import { probeTrust } from './probe/probe-trust.ts'
import { createRemoteHttp, type RemoteHttp } from './remote/http.ts'
import type { FindHost } from './remote/addresses.ts'
import { createSharing, type Sharing } from './sharing/sharing.ts'
import { createAuthServers, type AuthServers } from './setup/auth-servers.ts'
import { createFederationSetup, type FederationSetup } from './setup/federation.ts'
import { createPrincipalSetup, type PrincipalSetup } from './setup/service-principals.ts'
import { createTraces, heardBy, type HopHeard, type Traces } from './trace/recorder.ts'
import type { Generation, LookupTrace } from './trace/trace.ts'

/** What a site needs to know of the other premises: how to ask them, and how that went. */
export interface Hybrid {
  /** See `freeBusy` in `lookup/free-busy.ts`; `trace` is there when the lookup left the site, or came from outside. `heard` hears its hops. */
  freeBusy(
    caller: Caller,
    people: readonly string[],
    window: TimeWindow,
    options: FreeBusyOptions,
    heard?: HopHeard,
  ): Promise<{ outcomes: (Availability | Refusal)[]; trace?: LookupTrace }>
  /** See `suggestions` in `lookup/suggestions.ts`; `trace` is there when other organisations were asked for it. */
  suggestions(
    caller: Caller,
    people: readonly SuggestionPerson[],
    question: SuggestionQuestion,
    known?: KnownTimes,
  ): Promise<{ days: SuggestionDay[]; trace?: LookupTrace }>
  /** See `mailTips` in `lookup/mail-tips.ts`; `trace` as for free/busy. */
  mailTips(
    caller: Caller,
    recipients: readonly string[],
    wanted: readonly MailTipKind[],
    options?: MailTipsOptions,
  ): Promise<{ outcomes: (MailTips | Refusal)[]; trace?: LookupTrace }>
  /** See `probeRoute`. */
  probe(caller: Caller, object: ProbedObject, target: string, heard?: HopHeard): Promise<LookupTrace>
  /** See `probeTrust`. */
  probeTrust(caller: Caller, heard?: HopHeard): Promise<LookupTrace>
  sharing: Sharing
  traces: Traces
  /** Writes down that another organisation's question was not taken, before anybody knew who asked. */
  turnedAway(request: TurnedAway): void
  /** Reads again what is old of the auth services' metadata: their keys are rolled over. What could not be read, in words. */
  refreshTrust(): Promise<string[]>
  federation: FederationSetup
  authServers: AuthServers
  servicePrincipals: PrincipalSetup
  http: RemoteHttp
  /** Forgets what was learnt of other organisations: endpoints, challenges. */
  forget(): void
  close(): void
}

/** A question of another organisation that was not taken. */
export interface TurnedAway {
  organisation: string
  generation: Generation
  /** Address of the machine that asked. */
  from: string
  cause: string
}

export interface HybridNeeds {
  directory: Directory
  configuration: Configuration
  mailboxes: Pick<
    Mailboxes,
    'freeBusy' | 'mailTips' | 'suggestions' | 'folderToShare' | 'shareFolder' | 'acceptShare' | 'shareOf' | 'applyShare'
  >
  federatedRequests: Pick<FederatedRequests, 'openToken'>
  /** Where other organisations reach EWS of an organisation here. */
  ewsUrl: (organisation: string) => Promise<string>
  keyRing: KeyRing
  clock: () => Instant
  random: (size: number) => Uint8Array
  findHost: FindHost
  /** Hosts that may be on addresses of private networks, lower case. */
  allow: readonly string[]
  /** PEM of authorities trusted beside the system's. */
  ca: () => readonly string[]
  /** Milliseconds that another organisation has for a lookup. */
  deadline: number
}

export function createHybrid(needs: HybridNeeds): Hybrid {
  const { directory, configuration, mailboxes, keyRing, clock, random, findHost, allow, ca, deadline, federatedRequests, ewsUrl } = needs
  const allowed = new Set(allow)
  const http = createRemoteHttp({ findHost, allowed: (host) => allowed.has(host), ca })
  const traces = createTraces({ clock, newId: () => newGuid(random) })
  const needed = { http, configuration, keyRing, clock, random }
  const askers = createAskers(needed)
  const routes = (organisation: string, domain: string) => routeFor(configuration, organisation, domain)
  const lookup: LookupContext = { directory, mailboxes, askers, traces, deadline, routeFor: routes }
  const federation = createFederationSetup(needed)
  const authServers = createAuthServers({ http, configuration, clock })
  return {
    turnedAway({ organisation, generation, from, cause }) {
      const recorder = traces.begin({ organisation, role: 'answered', what: 'signIn', from })
      const branch = recorder.branch(generation, [], [])
      branch.note(generation === 'OAuth' ? 8 : 7, 'the token was not taken', { verdict: 'failed', cause })
      branch.end()
      recorder.end()
    },
    async refreshTrust() {
      const failed: string[] = []
      for (const { id } of await directory.organisations()) {
        failed.push(...(await authServers.refreshOld(id)), ...(await federation.refreshOld(id)))
      }
      return failed
    },
    freeBusy: (caller, people, window, options, heard) =>
      freeBusy(heard ? { ...lookup, traces: heardBy(traces, heard) } : lookup, caller, people, window, options),
    suggestions: (caller, people, question, known) => suggestions(lookup, caller, people, question, known),
    mailTips: (caller, recipients, wanted, options = {}) => mailTips(lookup, caller, recipients, wanted, options),
    probe: async (caller, object, target, heard) =>
      probeRoute({ ...lookup, askers: createAskers(needed), configuration, clock }, caller, object, target, heard),
    async probeTrust(caller, heard) {
      const tokens = createAskers(needed).delegationTokens
      const requester = await requesterOf({ directory }, caller)
      return probeTrust({ configuration, keyRing, federation, tokens, traces, clock, random, deadline }, requester, heard)
    },
    sharing: createSharing({
      ...{ directory, configuration, mailboxes, federatedRequests, traces, random, ewsUrl, deadline },
      tokens: askers.delegationTokens,
      asker: askers.DAuth,
    }),
    traces,
    federation,
    authServers,
    servicePrincipals: createPrincipalSetup({ http, configuration, keyRing, clock }),
    http,
    forget() {
      askers.OAuth.forget()
      askers.DAuth.forget()
      askers.CrossForest.forget()
    },
    close: () => http.close(),
  }
}

import { newGuid, type Configuration, type Directory } from '#directory'
import type { Availability, FreeBusyOptions, Mailboxes, TimeWindow } from '#mailbox'
import type { Caller, Instant, Refusal } from '#model'
import type { KeyRing } from '#trust'
import { createCrossForestAsker } from './lookup/ask-cross-forest.ts'
import { createDAuthAsker } from './lookup/ask-by-dauth.ts'
import { createOAuthAsker } from './lookup/ask-by-oauth.ts'
import { freeBusy, type LookupContext } from './lookup/availability.ts'
import { createRemoteHttp, type RemoteHttp } from './remote/http.ts'
import type { FindHost } from './remote/addresses.ts'
import { createAuthServers, type AuthServers } from './setup/auth-servers.ts'
import { createFederationSetup, type FederationSetup } from './setup/federation.ts'
import { createPrincipalSetup, type PrincipalSetup } from './setup/service-principals.ts'
import { createAppTokens } from './tokens/app-tokens.ts'
import { createDelegationTokens } from './tokens/delegation-tokens.ts'
import { createTraces, type Traces } from './trace/recorder.ts'
import type { Generation, LookupTrace } from './trace/trace.ts'

/** What a site needs to know of the other premises: how to ask them, and how that went. */
export interface Hybrid {
  /** See `freeBusy` in `lookup/availability.ts`; `trace` is there when the lookup left the site, or came from outside. */
  freeBusy(
    caller: Caller,
    people: readonly string[],
    window: TimeWindow,
    options: FreeBusyOptions,
  ): Promise<{ outcomes: (Availability | Refusal)[]; trace?: LookupTrace }>
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
  mailboxes: Pick<Mailboxes, 'freeBusy'>
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
  const { directory, configuration, mailboxes, keyRing, clock, random, findHost, allow, ca, deadline } = needs
  const allowed = new Set(allow)
  const http = createRemoteHttp({ findHost, allowed: (host) => allowed.has(host), ca })
  const traces = createTraces({ clock, newId: () => newGuid(random) })
  const tokens = createAppTokens({ http, configuration, keyRing, clock })
  const OAuth = createOAuthAsker({ http, tokens, configuration, clock })
  const delegation = createDelegationTokens({ http, configuration, keyRing, clock, random })
  const DAuth = createDAuthAsker({ http, tokens: delegation, clock, random })
  const CrossForest = createCrossForestAsker({ http, configuration, clock })
  const lookup: LookupContext = { directory, configuration, mailboxes, askers: { OAuth, DAuth, CrossForest }, traces, deadline }
  const authServers = createAuthServers({ http, configuration, clock })
  return {
    turnedAway({ organisation, generation, from, cause }) {
      const recorder = traces.begin({ organisation, role: 'answered', what: 'freeBusy', from })
      const branch = recorder.branch(generation, [], [])
      branch.note(generation === 'OAuth' ? 8 : 7, 'the token was not taken', { verdict: 'failed', cause })
      branch.end()
      recorder.end()
    },
    async refreshTrust() {
      const failed: string[] = []
      for (const { id } of await directory.organisations()) failed.push(...(await authServers.refreshOld(id)))
      return failed
    },
    freeBusy: (caller, people, window, options) => freeBusy(lookup, caller, people, window, options),
    traces,
    federation: createFederationSetup({ http, configuration, keyRing, clock, random }),
    authServers,
    servicePrincipals: createPrincipalSetup({ http, configuration, keyRing, clock }),
    http,
    forget() {
      OAuth.forget()
      DAuth.forget()
      CrossForest.forget()
    },
    close: () => http.close(),
  }
}

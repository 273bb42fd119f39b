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
import type { LookupTrace } from './trace/trace.ts'

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
  federation: FederationSetup
  authServers: AuthServers
  servicePrincipals: PrincipalSetup
  http: RemoteHttp
  /** Forgets what was learnt of other organisations: endpoints, challenges. */
  forget(): void
  close(): void
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
  return {
    freeBusy: (caller, people, window, options) => freeBusy(lookup, caller, people, window, options),
    traces,
    federation: createFederationSetup({ http, configuration, keyRing, clock, random }),
    authServers: createAuthServers({ http, configuration, clock }),
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

import type { Configuration } from '#directory'
import type { Instant } from '#model'
import type { KeyRing } from '#trust'
import type { RemoteHttp } from '../remote/http.ts'
import { createAppTokens } from '../tokens/app-tokens.ts'
import { createDelegationTokens, type DelegationTokens } from '../tokens/delegation-tokens.ts'
import { createCrossForestAsker } from './ask-cross-forest.ts'
import { createDAuthAsker } from './ask-by-dauth.ts'
import { createOAuthAsker } from './ask-by-oauth.ts'

/** What other organisations are asked with. */
export interface AskerNeeds {
  http: RemoteHttp
  configuration: Configuration
  keyRing: KeyRing
  clock: () => Instant
  random: (size: number) => Uint8Array
}

/** Those who ask, one for each generation, with caches of tokens and endpoints that are empty at first. */
export function createAskers({ http, configuration, keyRing, clock, random }: AskerNeeds) {
  const delegationTokens: DelegationTokens = createDelegationTokens({ http, configuration, keyRing, clock, random })
  return {
    delegationTokens,
    OAuth: createOAuthAsker({ http, tokens: createAppTokens({ http, configuration, keyRing, clock }), configuration, clock }),
    DAuth: createDAuthAsker({ http, tokens: delegationTokens, clock, random }),
    CrossForest: createCrossForestAsker({ http, configuration, clock }),
  }
}

export type Askers = ReturnType<typeof createAskers>

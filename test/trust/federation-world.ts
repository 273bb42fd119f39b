/** Two federated organisations and a federation gateway, for the tests of `#trust`'s federation. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Store } from '#store'
import {
  accountNamespaceOf,
  buildTokenRequest,
  createFederationGateway,
  createReplayCache,
  domainProof,
  freeBusyAction,
  keyPairOf,
  makeKeyPair,
  openSecuredRequest,
  readTokenResponse,
  secureRequest,
  type FederationEvent,
  type GatewayKeys,
  type IssuedToken,
  type KeyPair,
  type OpenOptions,
  type SecuredRequest,
  type TokenRequest,
} from '#trust'

export const start = Date.parse('2026-11-27T12:00:00Z')
export const minute = 60_000
export const issuer = 'urn:federation:IsthmusTest'
export const endpoints = {
  sts: 'https://login.isthmus.test/extSTS.srf',
  delegation: 'https://domains.isthmus.test/service/managedelegation2.asmx',
  metadata: 'https://login.isthmus.test/federationmetadata.xml',
}
export const ews = 'https://mail.contoso.test/ews/exchange.asmx/WSSecurity'
export const body =
  '<m:GetUserAvailabilityRequest xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><m:Ask>ü &amp; more</m:Ask></m:GetUserAvailabilityRequest>'
export const ewsAction = 'http://schemas.microsoft.com/exchange/services/2006/messages/GetUserAvailability'

export const random = (size: number): Uint8Array => randomBytes(size)
export const newKey = async (subject = 'Federation'): Promise<KeyPair> => keyPairOf(await makeKeyPair({ subject, now: start }))

/** Keys are slow to make: one of each for the whole test file. */
export async function makeKeys() {
  const [sts, fabrikam, contoso, other] = await Promise.all(['STS', 'Fabrikam', 'Contoso', 'Other'].map(newKey))
  if (!sts || !fabrikam || !contoso || !other) throw new Error('no keys')
  return { sts, fabrikam, contoso, other }
}
export type Keys = Awaited<ReturnType<typeof makeKeys>>

export interface Clock {
  now: number
}

/** A world on a store: Fabrikam asks Contoso. */
export async function createWorld(store: Store, keys: Keys) {
  const clock: Clock = { now: start }
  const records = new Map<string, string[]>()
  const events: FederationEvent[] = []
  const ring: GatewayKeys = { current: keys.sts }
  const gateway = createFederationGateway({
    store,
    keys: () => Promise.resolve(ring),
    clock: () => clock.now,
    random,
    txt: (domain) => Promise.resolve(records.get(domain) ?? []),
    issuer,
    endpoints: () => endpoints,
    audit: (event) => events.push(event),
  })
  const join = async (domain: string, key: KeyPair) => {
    records.set(domain, ['v=spf1 -all', domainProof(key, domain)])
    const appId = await gateway.createAppId(key.certificate, accountNamespaceOf(domain))
    await gateway.reserveDomain(appId, domain)
    return appId
  }
  const fabrikam = await join('fabrikam.test', keys.fabrikam)
  const contoso = await join('contoso.test', keys.contoso)
  const request = (changes: Partial<TokenRequest> = {}) => buildTokenRequest({ ...requestOf(keys), now: clock.now, ...changes })
  const token = async (changes: Partial<TokenRequest> = {}): Promise<IssuedToken> =>
    readTokenResponse(Buffer.from((await gateway.answerTokenRequest(Buffer.from(request(changes)))).body))
  return { clock, records, events, ring, gateway, fabrikam, contoso, request, token, store }
}
export type World = Awaited<ReturnType<typeof createWorld>>

export function requestOf(keys: Keys): TokenRequest {
  return {
    sts: endpoints.sts,
    issuer,
    organisation: {
      applicationUri: 'FYDIBOHF25SPDLT.fabrikam.test',
      accountNamespace: 'FYDIBOHF25SPDLT.fabrikam.test',
      key: keys.fabrikam,
    },
    target: 'FYDIBOHF25SPDLT.contoso.test',
    user: { address: 'mary@fabrikam.test', immutableId: createHash('md5').update('mary').digest('base64') },
    action: freeBusyAction,
    stsCertificate: keys.sts.certificate,
    now: start,
    newId: randomUUID,
    random,
  }
}

export function secured(token: IssuedToken, changes: Partial<SecuredRequest> = {}): string {
  return secureRequest({ body, action: ewsAction, to: ews, token, algorithms: 'sha256', now: start, newId: randomUUID, ...changes })
}

/** How Contoso opens what comes in. */
export function receiver(keys: Keys, changes: Partial<OpenOptions> = {}): OpenOptions {
  const now = changes.now ?? start
  return {
    keys: [keys.contoso],
    issuers: [{ uri: issuer, certificates: [keys.sts.certificate] }],
    audiences: ['FYDIBOHF25SPDLT.contoso.test', 'contoso.test'],
    hosts: ['mail.contoso.test'],
    now,
    replay: createReplayCache({ clock: () => now }),
    random,
    ...changes,
  }
}

export const open = (text: string | Uint8Array, options: OpenOptions) => openSecuredRequest(Buffer.from(text), options)

import type { Instant } from '#model'
import type { Store } from '#store'
import { answerDelegation } from './delegation-service.ts'
import type { Random } from './encrypt.ts'
import { federationMetadata } from './metadata.ts'
import { createFederationRegistry, type FederationRegistry } from './registry.ts'
import { createReplayCache } from './replay.ts'
import { answerTokenRequest, type FederationEvent, type GatewayKeys, type SoapAnswer } from './token-service.ts'

export interface FederationGatewayOptions {
  store: Store
  /** The auth service's own certificates. */
  keys: () => Promise<GatewayKeys>
  clock: () => Instant
  random: Random
  /** The TXT records of a domain, the strings of each joined; empty where there are none. A lookup that fails throws ServerBusy. */
  txt: (domain: string) => Promise<string[]>
  /** TokenIssuerUri: `urn:federation:…`. */
  issuer: string
  /** Where the services are reached, as clients address them. */
  endpoints: () => { sts: string; delegation: string; metadata: string }
  audit: (event: FederationEvent) => void
  /** How long tokens live, in milliseconds; default ten minutes. */
  lifetime?: number
}

/** The federation part of the auth service: its registry, delegation service, STS and metadata. */
export interface FederationGateway extends FederationRegistry {
  answerDelegation(bytes: Uint8Array): Promise<SoapAnswer>
  answerTokenRequest(bytes: Uint8Array): Promise<SoapAnswer>
  /** The federation metadata document, of the moment. */
  metadata(): Promise<string>
}

/** The federation part of the auth service over the store. Answers never throw but for a defect. */
export function createFederationGateway(options: FederationGatewayOptions): FederationGateway {
  const { keys, clock, random, issuer, endpoints, audit, lifetime = 10 * 60_000 } = options
  const registry = createFederationRegistry(options)
  const replay = createReplayCache({ clock })
  const newId = () => guidOf(random(16))
  return {
    ...registry,
    answerDelegation: (bytes) => answerDelegation(bytes, { registry, clock, delegation: () => endpoints().delegation, replay, audit }),
    answerTokenRequest: (bytes) =>
      answerTokenRequest(bytes, { registry, keys, clock, random, newId, issuer, sts: () => endpoints().sts, replay, lifetime, audit }),
    async metadata() {
      const { current, previous, next } = await keys()
      const certificates = {
        current: current.certificate,
        ...(previous ? { previous: previous.certificate } : {}),
        ...(next ? { next: next.certificate } : {}),
      }
      return federationMetadata({ issuer, sts: endpoints().sts, certificates, encryption: current.certificate })
    },
  }
}

/** A GUID of version 4 from 16 random bytes (RFC 9562 5.4). */
function guidOf(bytes: Uint8Array): string {
  const octets = Buffer.from(bytes)
  octets.writeUInt8((octets.readUInt8(6) & 0x0f) | 0x40, 6)
  octets.writeUInt8((octets.readUInt8(8) & 0x3f) | 0x80, 8)
  return octets.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

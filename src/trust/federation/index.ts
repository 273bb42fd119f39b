export type { Claims } from './assertion.ts'
export {
  buildDelegationRequest,
  delegationAction,
  delegationOperations,
  readDelegationResponse,
  type DelegationAnswer,
  type DelegationFields,
  type DelegationOperation,
} from './delegation.ts'
export { accountNamespaceOf, domainProof } from './domain-proof.ts'
export { TokenFault, type FaultFields } from './fault.ts'
export { createFederationGateway, type FederationGateway, type FederationGatewayOptions } from './gateway.ts'
export { readFederationMetadata, type FederationMetadata } from './metadata.ts'
export { encryptWithKey } from './encrypt.ts'
export { freeBusyAction, invitationAction, issueAction as tokenRequestAction, sharedReadAction, type Algorithms } from './names.ts'
export { openSealed, openSecuredRequest, openToken, type OpenedRequest, type OpenOptions, type TokenIssuer } from './open-request.ts'
export type { DomainInfo, FederatedApplication, FederationRegistry } from './registry.ts'
export { createReplayCache, type ReplayCache } from './replay.ts'
export { secureRequest, type SecuredRequest } from './secure-request.ts'
export { securityFault, SecurityFailure } from './security-failure.ts'
export { buildTokenRequest, type RequestingOrganisation, type TokenRequest } from './token-request.ts'
export { readTokenResponse, type IssuedToken } from './token-response.ts'
export type { FederationEvent, GatewayKeys, SoapAnswer } from './token-service.ts'

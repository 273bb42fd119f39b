export { serverCertificate, type ServerCertificate } from './certificates.ts'
export * from './federation/index.ts'
export { derElements, type DerElement } from './keys/der.ts'
export * from './keys/key-pair.ts'
export { createKeyRing, type KeyRing, type RingCertificate } from './keys/key-ring.ts'
export { openVault, type Vault } from './keys/vault.ts'
export {
  checkServerToken,
  hasExpired,
  unverifiedRealm,
  type CheckedToken,
  type TokenAudience,
  type TokenSummary,
  type TrustedIssuer,
} from './server-to-server/check-token.ts'
export { makeActorToken, makeSelfIssued, makeUserToken, type TokenUser } from './server-to-server/make-token.ts'
export { readServerMetadata, writeServerMetadata, type ServerMetadata } from './server-to-server/metadata.ts'
export {
  exchangeApplication,
  isSameRealm,
  issuerApplication,
  principalOf,
  principalText,
  resourceHost,
  type Principal,
} from './server-to-server/names.ts'
export {
  authorityOrganisation,
  createServicePrincipals,
  type PrincipalChange,
  type PrincipalWhole,
  type ServicePrincipal,
  type ServicePrincipals,
} from './server-to-server/principals.ts'
export { diagnosticsOf, TokenProblem, tokenProblems, type TokenProblemKind } from './server-to-server/problem.ts'
export { createTokenEndpoint, TokenRefusal, type TokenEndpoint, type TokenEvent } from './server-to-server/token-endpoint.ts'

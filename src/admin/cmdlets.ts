// table
import { getExchangeCertificate, newExchangeCertificate } from './certificates/exchange-certificate.ts'
import { getAcceptedDomain, newAcceptedDomain, removeAcceptedDomain, setAcceptedDomain } from './configuration/accepted-domain.ts'
import { configurationCmdlets } from './configuration/derive.ts'
import { getOrganizationConfig } from './configuration/get-organization-config.ts'
import { removeFederatedDomain } from './configuration/remove-federated-domain.ts'
import { setAuthConfig } from './configuration/set-auth-config.ts'
import { setFederatedOrganizationIdentifier } from './configuration/set-federated-organization-identifier.ts'
import { setFederationTrust } from './configuration/set-federation-trust.ts'
import { recipientCmdlets } from './recipients/index.ts'
import { throttlingAssociationCmdlets } from './configuration/throttling-association.ts'
import { retentionPolicyCmdlets } from './retention/policies.ts'
import { getRetentionPolicyTag, setRetentionPolicyTag } from './retention/tags.ts'
import type { Cmdlet } from './registry/cmdlet.ts'

/** The cmdlets of this room. */
export const ownCmdlets: readonly Cmdlet[] = [
  ...configurationCmdlets,
  setAuthConfig,
  setFederatedOrganizationIdentifier,
  removeFederatedDomain,
  setFederationTrust,
  getAcceptedDomain,
  newAcceptedDomain,
  setAcceptedDomain,
  removeAcceptedDomain,
  getOrganizationConfig,
  ...throttlingAssociationCmdlets,
  getExchangeCertificate,
  newExchangeCertificate,
  getRetentionPolicyTag,
  setRetentionPolicyTag,
  ...retentionPolicyCmdlets,
  ...recipientCmdlets,
]

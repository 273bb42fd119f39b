// table
import { getExchangeCertificate, newExchangeCertificate } from './certificates/exchange-certificate.ts'
import { getAcceptedDomain, newAcceptedDomain, removeAcceptedDomain, setAcceptedDomain } from './configuration/accepted-domain.ts'
import { configurationCmdlets } from './configuration/derive.ts'
import { getOrganizationConfig } from './configuration/get-organization-config.ts'
import { removeFederatedDomain } from './configuration/remove-federated-domain.ts'
import { setAuthConfig } from './configuration/set-auth-config.ts'
import { setFederatedOrganizationIdentifier } from './configuration/set-federated-organization-identifier.ts'
import { setFederationTrust } from './configuration/set-federation-trust.ts'
import { throttlingAssociationCmdlets } from './configuration/throttling-association.ts'
import { getRecipients } from './recipients/get-recipients.ts'
import { newMailContact, newMailUser } from './recipients/new-mail-recipients.ts'
import { enableRemoteMailbox, newRemoteMailbox } from './recipients/remote-mailbox.ts'
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
  ...getRecipients,
  newMailContact,
  newMailUser,
  newRemoteMailbox,
  enableRemoteMailbox,
]

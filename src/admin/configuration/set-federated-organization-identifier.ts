import { cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

/** What stands before the first federated domain in the organisation's name at the federation gateway (source (b); EXDOC). */
const accountNamespacePrefix = 'FYDIBOHF25SPDLT.'

/**
 * The organisation's identity in federation: its account namespace (`FYDIBOHF25SPDLT.<domain>`, which is also its ApplicationUri), the trust
 * it uses, whether it federates at all (Set-FederatedOrganizationIdentifier). The trust must be there → else ObjectNotFound.
 */
export const setFederatedOrganizationIdentifier = cmdlet('Set-FederatedOrganizationIdentifier', {
  summary: 'Sets the account namespace and the federation trust of the organisation, or switches federation on and off.',
  roles: ['Federated Sharing'],
  parameters: {
    Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
    AccountNamespace: take.optional(take.nullable(take.string())),
    DefaultDomain: take.optional(take.nullable(take.string())),
    DelegationFederationTrust: take.optional(take.nullable(take.string())),
    Enabled: take.optional(take.boolean()),
    OrganizationContact: take.optional(take.nullable(take.string())),
  },
  async run({ Identity, AccountNamespace, DelegationFederationTrust, ...rest }, { organisation, configuration }) {
    const trust =
      typeof DelegationFederationTrust === 'string'
        ? (await configuration.get(organisation, 'FederationTrust', DelegationFederationTrust)).Name
        : DelegationFederationTrust
    const domain = AccountNamespace?.trim().toLowerCase()
    const named = domain && !domain.startsWith(accountNamespacePrefix.toLowerCase()) ? accountNamespacePrefix + domain : AccountNamespace
    await configuration.update(organisation, 'FederatedOrganizationIdentifier', Identity, ({ Domains }) => ({
      ...rest,
      ...(named === undefined ? {} : { AccountNamespace: named }),
      ...(domain && !Domains.includes(domain) && named !== AccountNamespace ? { Domains: [domain, ...Domains] } : {}),
      ...(trust === undefined ? {} : { DelegationTrustLink: trust }),
    }))
  },
})

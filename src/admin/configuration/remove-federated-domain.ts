import { Refusal } from '#model'
import { cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

/**
 * Takes a domain out of federation here (Remove-FederatedDomain); at the gateway the reservation stays until it is released there. The
 * domain of the account namespace stays: everybody knows the organisation by it.
 */
export const removeFederatedDomain = cmdlet('Remove-FederatedDomain', {
  summary: 'Takes a domain out of federation.',
  roles: ['Federated Sharing'],
  destroys: true,
  parameters: {
    Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
    DomainName: take.mandatory(take.string()),
    Force: take.optional(take.switched()),
  },
  async run({ Identity, DomainName }, { organisation, configuration }) {
    const domain = DomainName.trim().toLowerCase()
    await configuration.update(
      organisation,
      'FederatedOrganizationIdentifier',
      Identity,
      ({ Domains, AccountNamespace, DefaultDomain }) => {
        if (!Domains.includes(domain)) throw new Refusal('ObjectNotFound', `'${DomainName}' is not a federated domain.`, { domain })
        if (AccountNamespace.toLowerCase().endsWith(`.${domain}`) && Domains.length > 1) {
          throw new Refusal('InvalidConfiguration', `'${domain}' is the account namespace: remove the other federated domains first.`, {
            domain,
          })
        }
        return {
          Domains: Domains.filter((each) => each !== domain),
          ...(DefaultDomain === domain ? { DefaultDomain: null } : {}),
          ...(Domains.length === 1 ? { AccountNamespace: null } : {}),
        }
      },
    )
  },
})

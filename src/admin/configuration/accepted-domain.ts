import type { AcceptedDomain } from '#directory'
import { Refusal } from '#model'
import { cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'
import * as take from '../registry/parameter.ts'

const roles = ['Remote and Accepted Domains']
const types = ['Authoritative', 'InternalRelay', 'ExternalRelay'] as const

/** Domains the organisation takes mail for (Get-AcceptedDomain). */
export const getAcceptedDomain = cmdlet('Get-AcceptedDomain', {
  summary: 'Lists the accepted domains, or shows the one named (* stands for any text).',
  roles: [...roles, 'View-Only Configuration'],
  parameters: { Identity: take.optional(take.identity(), { position: 0, pipeline: true }) },
  returns: 'AcceptedDomain',
  async run({ Identity = '*' }, context) {
    const all = await context.directory.acceptedDomains(context.organisation)
    const found = all.filter(({ domain }) => matches(domain, Identity))
    if (found.length === 0 && !Identity.includes('*')) {
      throw new Refusal('ObjectNotFound', `There is no AcceptedDomain '${Identity}'.`, { kind: 'AcceptedDomain', identity: Identity })
    }
    return Promise.all(found.map((domain) => shownDomain(domain, context)))
  },
})

/** An accepted domain; taken by whatever organisation → NameTaken (New-AcceptedDomain). */
export const newAcceptedDomain = cmdlet('New-AcceptedDomain', {
  summary: 'Makes a domain one that the organisation takes mail for.',
  roles,
  parameters: {
    Name: take.optional(take.string(), { position: 0 }),
    DomainName: take.mandatory(take.string()),
    DomainType: take.optional(take.oneOf(types), { fallback: 'Authoritative' }),
  },
  returns: 'AcceptedDomain',
  async run({ Name, DomainName, DomainType = 'Authoritative' }, context) {
    const { directory, organisation } = context
    if (Name !== undefined && Name.trim().toLowerCase() !== DomainName.trim().toLowerCase())
      context.warn('An accepted domain is named like the domain: -Name is not kept.')
    await directory.addAcceptedDomain({ organisation, domain: DomainName, type: DomainType })
    const made = await directory.acceptedDomain(DomainName.trim())
    return made && shownDomain(made, context)
  },
})

/** Changes what kind of domain it is, or makes it the one of new addresses (Set-AcceptedDomain). */
export const setAcceptedDomain = cmdlet('Set-AcceptedDomain', {
  summary: 'Changes what an accepted domain is to the organisation.',
  roles,
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    DomainType: take.optional(take.oneOf(types)),
    MakeDefault: take.optional(take.boolean()),
  },
  async run({ Identity, DomainType, MakeDefault }, { directory, organisation }) {
    if (MakeDefault === false)
      throw new Refusal('InvalidParameter', '-MakeDefault $false changes nothing: make another domain the default one.', {
        parameter: 'MakeDefault',
      })
    await directory.changeAcceptedDomain(organisation, Identity, {
      ...(DomainType ? { type: DomainType } : {}),
      ...(MakeDefault ? { isDefault: true } : {}),
    })
  },
})

/** Refused while anything is in the domain (Remove-AcceptedDomain). */
export const removeAcceptedDomain = cmdlet('Remove-AcceptedDomain', {
  summary: 'Takes mail for a domain no longer; refused while somebody has an address in it.',
  roles,
  destroys: true,
  parameters: { Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }) },
  async run({ Identity }, { directory, organisation, configuration }) {
    const { Domains } = await configuration.get(organisation, 'FederatedOrganizationIdentifier')
    if (Domains.includes(Identity.toLowerCase()))
      throw new Refusal('InvalidConfiguration', `${Identity} is federated: take it out first (Remove-FederatedDomain).`, {
        domain: Identity,
      })
    await directory.removeAcceptedDomain(organisation, Identity)
  },
})

async function shownDomain({ domain, type }: AcceptedDomain, { directory, organisation }: CmdletContext) {
  const owner = await directory.organisation(organisation)
  return {
    Identity: domain,
    Name: domain,
    DomainName: domain,
    DomainType: type,
    Default: owner?.defaultDomain === domain,
    Organization: organisation,
  }
}

import type { Hybrid } from '#hybrid'
import { Refusal } from '#model'
import { ringThumbprint } from '../certificates/ring-thumbprint.ts'
import { setFederatedOrganizationIdentifier } from '../configuration/set-federated-organization-identifier.ts'
import { setFederationTrust } from '../configuration/set-federation-trust.ts'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

const roles = ['Federated Sharing'] as const

interface FederationTrustChange {
  Identity: string
  Thumbprint?: string
  RefreshMetadata?: boolean
  PublishFederationCertificate?: boolean
}

/** The cmdlets of the federation trust that ask the auth service or another organisation (source R4(b)). */
export function federationCmdlets({ federation, forget }: Pick<Hybrid, 'federation' | 'forget'>): Cmdlet[] {
  return [
    cmdlet('New-FederationTrust', {
      summary: 'Makes the trust with an auth service from its metadata, with a certificate of the organisation.',
      roles,
      parameters: {
        Name: take.mandatory(take.string(), { position: 0 }),
        Thumbprint: take.mandatory(take.string()),
        MetadataUrl: take.mandatory(take.uri()),
      },
      returns: 'FederationTrust',
      async run({ Name, Thumbprint, MetadataUrl }, context) {
        const thumbprint = await ringThumbprint(context, Thumbprint, '-Thumbprint')
        return federation.newTrust(context.organisation, { name: Name, metadataUrl: MetadataUrl, thumbprint })
      },
    }),
    cmdlet('Set-FederationTrust', {
      ...setFederationTrust,
      roles,
      parameters: { ...setFederationTrust.parameters, RefreshMetadata: take.optional(take.switched()) },
      async run(args, context) {
        const { RefreshMetadata, PublishFederationCertificate, ...rest } = args as FederationTrustChange
        if (PublishFederationCertificate && rest.Thumbprint !== undefined)
          throw new Refusal(
            'InvalidParameter',
            'Set-FederationTrust: -Thumbprint and -PublishFederationCertificate exclude each other: name the next certificate first, publish it when it is known everywhere.',
            { cmdlet: 'Set-FederationTrust' },
          )
        // By its GUID: the name may be what changes.
        const { Guid } = await context.configuration.get(context.organisation, 'FederationTrust', rest.Identity)
        if (Object.keys(rest).length > 1) await setFederationTrust.run({ ...rest, Identity: Guid }, context)
        if (RefreshMetadata) await federation.refreshTrust(context.organisation, Guid)
        if (PublishFederationCertificate) await federation.publishCertificate(context.organisation, Guid)
        forget()
      },
    }),
    cmdlet('Set-FederatedOrganizationIdentifier', {
      ...setFederatedOrganizationIdentifier,
      roles,
      parameters: setFederatedOrganizationIdentifier.parameters,
      async run(args, context) {
        const { AccountNamespace, DelegationFederationTrust, ...rest } = args as {
          AccountNamespace?: string
          DelegationFederationTrust?: string
        }
        if (AccountNamespace && DelegationFederationTrust) {
          await federation.setAccountNamespace(context.organisation, {
            trust: DelegationFederationTrust,
            domain: AccountNamespace.toLowerCase(),
          })
          if (Object.keys(rest).length > 0) await setFederatedOrganizationIdentifier.run(rest, context)
        } else await setFederatedOrganizationIdentifier.run(args, context)
      },
    }),
    cmdlet('Add-FederatedDomain', {
      summary: 'Reserves a domain for the organisation at the auth service, which looks for its TXT record.',
      roles,
      parameters: { DomainName: take.mandatory(take.string(), { position: 0 }) },
      async run({ DomainName }, { organisation, directory }) {
        const domain = DomainName.trim().toLowerCase()
        if ((await directory.acceptedDomain(domain))?.organisation !== organisation) {
          throw new Refusal('InvalidParameter', `${domain} is no accepted domain of this organisation.`, { parameter: 'DomainName' })
        }
        await federation.addDomain(organisation, domain)
      },
    }),
    cmdlet('Remove-FederatedDomain', {
      summary: 'Gives a domain back at the auth service.',
      roles,
      destroys: true,
      parameters: { DomainName: take.mandatory(take.string(), { position: 0 }) },
      run: ({ DomainName }, { organisation }) => federation.removeDomain(organisation, DomainName.trim().toLowerCase()),
    }),
    cmdlet('Get-FederatedDomainProof', {
      summary: 'Gives the TXT record that proves a domain to the auth service.',
      roles,
      parameters: { DomainName: take.mandatory(take.string(), { position: 0 }) },
      returns: 'FederatedDomainProof',
      run: ({ DomainName }, { organisation }) => federation.proof(organisation, DomainName.trim().toLowerCase()),
    }),
    cmdlet('Get-FederationInformation', {
      summary: 'Asks the organisation of a domain how it is federated.',
      roles,
      parameters: { DomainName: take.mandatory(take.string(), { position: 0 }) },
      returns: 'FederationInformation',
      run: ({ DomainName }) => federation.information(DomainName.trim().toLowerCase()),
    }),
  ]
}

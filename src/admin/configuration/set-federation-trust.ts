import { Refusal } from '#model'
import { ringThumbprint } from '../certificates/ring-thumbprint.ts'
import { cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

/**
 * The trust's certificate and its change: `-Thumbprint` stages the next one, `-PublishFederationCertificate` makes it the current one and
 * keeps the current as the previous, with which tokens under way are still opened (Set-FederationTrust; hybrid.md 3.2 "Rollover").
 */
export const setFederationTrust = cmdlet('Set-FederationTrust', {
  summary: 'Changes a federation trust: its next certificate, the rollover to it, its metadata address.',
  roles: ['Federated Sharing'],
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    Name: take.optional(take.string()),
    ApplicationUri: take.optional(take.uri()),
    MetadataUrl: take.optional(take.uri()),
    Thumbprint: take.optional(take.string()),
    PublishFederationCertificate: take.optional(take.switched()),
  },
  async run({ Identity, Name, ApplicationUri, MetadataUrl, Thumbprint, PublishFederationCertificate }, context) {
    if (Thumbprint !== undefined && PublishFederationCertificate)
      throw refused('-Thumbprint and -PublishFederationCertificate exclude each other')
    const next = Thumbprint === undefined ? {} : await nextCertificate(Thumbprint, context)
    const { configuration, organisation } = context
    const before = await configuration.get(organisation, 'FederationTrust', Identity)
    const after = await configuration.update(organisation, 'FederationTrust', before.Guid, (trust) => ({
      ...(Name === undefined ? {} : { Name }),
      ...(ApplicationUri === undefined ? {} : { ApplicationUri }),
      ...(MetadataUrl === undefined ? {} : { TokenIssuerMetadataEpr: MetadataUrl }),
      ...next,
      ...(PublishFederationCertificate ? published(trust) : {}),
    }))
    // The organisation names its trust: the name goes with it.
    if (after.Name !== before.Name) {
      await configuration.update(organisation, 'FederatedOrganizationIdentifier', undefined, ({ DelegationTrustLink }) =>
        DelegationTrustLink.toLowerCase() === before.Name.toLowerCase() ? { DelegationTrustLink: after.Name } : {},
      )
    }
  },
})

async function nextCertificate(written: string, context: CmdletContext) {
  const wanted = await ringThumbprint(context, written, '-Thumbprint')
  const { certificate } = await context.keyRing.pair(context.organisation, wanted)
  return { OrgNextPrivCertificate: wanted, OrgNextCertificate: certificate.raw.toString('base64') }
}

interface Certificates {
  OrgCertificate: string
  OrgPrivCertificate: string
  OrgNextCertificate: string
  OrgNextPrivCertificate: string
}

function published({ OrgCertificate, OrgPrivCertificate, OrgNextCertificate, OrgNextPrivCertificate }: Certificates) {
  if (!OrgNextPrivCertificate) throw refused('-PublishFederationCertificate needs a next certificate: give one with -Thumbprint')
  return {
    OrgCertificate: OrgNextCertificate,
    OrgPrivCertificate: OrgNextPrivCertificate,
    OrgPrevCertificate: OrgCertificate || null,
    OrgPrevPrivCertificate: OrgPrivCertificate || null,
    OrgNextCertificate: null,
    OrgNextPrivCertificate: null,
  }
}

function refused(what: string): Refusal {
  return new Refusal('InvalidParameter', `Set-FederationTrust: ${what}.`, { cmdlet: 'Set-FederationTrust' })
}

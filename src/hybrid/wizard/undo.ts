import { Refusal } from '#model'
import { isSameRealm } from '#trust'
import { mailNames, stopBelieving } from './mail.ts'
import type { Side, WizardHand } from './side.ts'
import { objectNames, realmOf, registered, type WizardStep } from './steps.ts'

/** The steps of taking a hybrid apart. */
export const undoSteps: readonly WizardStep[] = [
  {
    name: 'Route no mail between the organisations',
    run: async (context) => {
      const { plan, onPremises, online, hand } = context
      await remove(hand, online, 'OnPremisesOrganization', mailNames.organisation)
      await remove(hand, online, 'OutboundConnector', mailNames.outbound)
      await remove(hand, online, 'InboundConnector', mailNames.inbound)
      await remove(hand, onPremises, 'SendConnector', mailNames.send)
      await remove(hand, onPremises, 'RemoteDomain', mailNames.remoteDomain(plan.onlineDomain))
      await stopBelieving(context)
    },
  },
  {
    name: 'Disconnect the organisations',
    run: async ({ onPremises, online, hand }) => {
      for (const side of [onPremises, online]) await remove(hand, side, 'IntraOrganizationConnector', objectNames.connector)
    },
  },
  {
    name: 'Disable the partner application',
    run: async ({ onPremises, online, hand }) => {
      for (const side of [onPremises, online]) await remove(hand, side, 'PartnerApplication', objectNames.partner)
    },
  },
  {
    name: 'Take on-premises out of the auth service',
    run: async ({ online, hand }) => {
      const { hosts, thumbprints } = await registered(hand, online)
      if (hosts.length + thumbprints.length === 0) return
      const resources = hosts.map((host) => `https://${host}/`)
      await hand.change(online, 'Set-ServicePrincipal', { RemoveResource: resources, RemoveCertificate: thumbprints })
    },
  },
  {
    name: 'Trust the auth service no more',
    run: async ({ onPremises, online, hand }) => {
      for (const side of [onPremises, online]) await remove(hand, side, 'AuthServer', objectNames.authServer)
    },
  },
  {
    name: 'Leave the realm of the online organisation',
    run: async ({ onPremises, online, hand }) => {
      const realm = await realmOf({ online, hand })
      const [config] = await hand.look(onPremises, 'Get-AuthConfig')
      if (config?.Realm && isSameRealm(String(config.Realm), realm)) await hand.change(onPremises, 'Set-AuthConfig', { Realm: null })
    },
  },
  {
    name: 'End the relationships',
    run: async ({ onPremises, online, hand }) => {
      await remove(hand, onPremises, 'OrganizationRelationship', objectNames.toOnline)
      await remove(hand, online, 'OrganizationRelationship', objectNames.toOnPremises)
    },
  },
  {
    name: 'End the federation of online',
    run: ({ online, hand }) => endFederation(hand, online),
  },
  {
    name: 'End the federation of on-premises',
    run: ({ onPremises, hand }) => endFederation(hand, onPremises),
  },
  {
    name: 'Forget the hybrid configuration',
    run: async ({ onPremises, hand }) => {
      if ((await hand.look(onPremises, 'Get-HybridConfiguration')).length > 0)
        await hand.change(onPremises, 'Remove-HybridConfiguration', {})
    },
  },
]

/**
 * Gives the domains back at the auth service, then unlinks the trust and removes it. A trust of another name was there before the wizard
 * and stays with all its domains.
 */
async function endFederation(hand: WizardHand, side: Side): Promise<void> {
  const [identifier] = await hand.look(side, 'Get-FederatedOrganizationIdentifier')
  if (String(identifier?.DelegationTrustLink ?? '').toLowerCase() === objectNames.trust.toLowerCase()) {
    // What is no domain of the organisation any more cannot be its default.
    if (identifier?.DefaultDomain) await hand.change(side, 'Set-FederatedOrganizationIdentifier', { DefaultDomain: null })
    const domains = Array.isArray(identifier?.Domains) ? identifier.Domains.map(String) : []
    for (const DomainName of domains) await hand.change(side, 'Remove-FederatedDomain', { DomainName })
    await hand.change(side, 'Set-FederatedOrganizationIdentifier', { AccountNamespace: null, DelegationFederationTrust: null })
  }
  await remove(hand, side, 'FederationTrust', objectNames.trust)
}

async function remove(hand: WizardHand, side: Side, noun: string, name: string): Promise<void> {
  const found = (await hand.look(side, `Get-${noun}`)).some((one) => String(one.Name).toLowerCase() === name.toLowerCase())
  if (!found) return
  try {
    await hand.change(side, `Remove-${noun}`, { Identity: name })
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'ObjectNotFound') throw error
  }
}

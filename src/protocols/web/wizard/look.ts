import { z } from 'zod'
import type { Side } from '#hybrid'
import { verb } from '../verb.ts'
import { online } from './answers.ts'
import { requireWizard, sideHere, sideOnline, textOf, textsOf } from './sides.ts'

/** What the wizard makes or changes on each side, by its cmdlet, and what of it is told. */
const kinds: readonly { noun: string; tells: string; sides?: 'on-premises' | 'online' }[] = [
  { noun: 'FederationTrust', tells: 'ApplicationUri' },
  { noun: 'OrganizationRelationship', tells: 'DomainNames' },
  { noun: 'AuthServer', tells: 'AuthMetadataUrl' },
  { noun: 'PartnerApplication', tells: 'ApplicationIdentifier' },
  { noun: 'IntraOrganizationConnector', tells: 'TargetAddressDomains' },
  { noun: 'SendConnector', tells: 'AddressSpaces', sides: 'on-premises' },
  { noun: 'InboundConnector', tells: 'SenderDomains', sides: 'online' },
  { noun: 'OutboundConnector', tells: 'RecipientDomains', sides: 'online' },
]
const most = 50

/** What there is of a hybrid on both sides. */
export const wizardLook = verb(z.object({ online }), async (context, { online }) => {
  await requireWizard(context)
  const [here, there] = [sideHere(context), sideOnline(context, online)]
  const [onPremises, far] = await Promise.all([found(here), found(there)])
  return { onPremises, online: far }
})

async function found(side: Side) {
  const domains = (await side.invoke('Get-AcceptedDomain', {})).map(({ DomainName, DomainType }) => ({
    name: textOf(DomainName),
    type: textOf(DomainType),
  }))
  const objects = []
  for (const { noun, tells, sides } of kinds) {
    if (sides && sides !== side.name) continue
    for (const object of (await side.invoke(`Get-${noun}`, {})).slice(0, most)) {
      const told = object[tells]
      const detail = Array.isArray(told) ? textsOf(told).join(', ') : textOf(told)
      objects.push({ kind: noun, name: textOf(object.Name), isEnabled: object.Enabled !== false, detail: detail.slice(0, 300) })
    }
  }
  return { domains: domains.slice(0, 500), objects, authService: authServiceOf(objects) }
}

/** Where the auth service is that a side trusts already. */
function authServiceOf(objects: readonly { kind: string; detail: string }[]): string {
  const { detail = '' } = objects.find(({ kind }) => kind === 'AuthServer') ?? {}
  return URL.canParse(detail) ? new URL(detail).origin : ''
}

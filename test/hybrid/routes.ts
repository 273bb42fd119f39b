/** Which generation the two premises ask each other by, set with the cmdlets. */
import type { Generation } from '#hybrid'
import { names, sideOf, type HybridSites } from '../support/hybrid-sites.ts'
import { testPassword } from '../support/site.ts'

/** Who asks whom: mary asks joe, or joe asks mary. */
export type Direction = 'to online' | 'to on-premises'
export const directions: readonly Direction[] = ['to online', 'to on-premises']

/** The service accounts of generation (a), one on each premises. */
export const serviceAccounts = {
  onPremises: { address: `forest@${names.onPremises.domain}`, displayName: 'Service account of the other forest' },
  online: { address: `forest@${names.online.domain}`, displayName: 'Service account of the other forest' },
}

/** Both ends of a direction: the asking and the answering side, with the people, and the objects that the wizard made for it. */
export function endsOf({ onPremises, online }: HybridSites, direction: Direction) {
  const here = { site: onPremises, side: sideOf(onPremises, 'on-premises'), relationship: 'On-premises to online' }
  const there = { site: online, side: sideOf(online, 'online'), relationship: 'Online to on-premises' }
  return direction === 'to online'
    ? {
        from: here,
        to: there,
        asker: { alias: 'mary', address: 'mary@contoso.com' },
        target: { alias: 'joe', address: 'joe@contoso.com' },
        forest: names.online.domain,
        account: serviceAccounts.online.address,
        pox: `https://${names.online.mail}/autodiscover/autodiscover.xml`,
      }
    : {
        from: there,
        to: here,
        asker: { alias: 'joe', address: 'joe@contoso.com' },
        target: { alias: 'mary', address: 'mary@contoso.com' },
        forest: names.onPremises.domain,
        account: serviceAccounts.onPremises.address,
        pox: `https://${names.onPremises.autodiscover}/autodiscover/autodiscover.xml`,
      }
}

/** Lets the other forest ask with the service account: the address space where it asks, the account where it is answered. */
export async function addAddressSpace(
  sites: HybridSites,
  direction: Direction,
  AccessMethod: 'OrgWideFB' | 'PerUserFB' = 'OrgWideFB',
): Promise<void> {
  const { from, to, forest, account, pox } = endsOf(sites, direction)
  const Credentials = { UserName: account, Password: testPassword }
  await from.side.invoke('Add-AvailabilityAddressSpace', { ForestName: forest, AccessMethod, Credentials, TargetAutodiscoverEpr: pox })
  const named = AccessMethod === 'OrgWideFB' ? 'OrgWideAccount' : 'PerUserAccount'
  await to.side.invoke('Set-AvailabilityConfig', { OrgWideAccount: null, PerUserAccount: null, [named]: account })
}

/** Makes the asking side use the generation: what comes before it in the order is disabled. */
export async function askBy(
  sites: HybridSites,
  direction: Direction,
  generation: Generation,
  method: 'OrgWideFB' | 'PerUserFB' = 'OrgWideFB',
): Promise<void> {
  const { from, forest } = endsOf(sites, direction)
  const { invoke } = from.side
  await invoke('Set-IntraOrganizationConnector', { Identity: 'HybridIOC', Enabled: generation === 'OAuth' })
  await invoke('Set-OrganizationRelationship', { Identity: from.relationship, Enabled: generation !== 'CrossForest' })
  if ((await invoke('Get-AvailabilityAddressSpace', {})).length > 0) await invoke('Remove-AvailabilityAddressSpace', { Identity: forest })
  if (generation === 'CrossForest') await addAddressSpace(sites, direction, method)
  sites.onPremises.hybrid.forget()
  sites.online.hybrid.forget()
}

import {
  hybridCmdlets,
  mailboxMakers,
  mailFlowCmdlets,
  serviceCmdlets,
  siteCmdlets,
  supportabilityCmdlets,
  type Cmdlet,
  type SiteAdministration,
} from '#admin'
import type { SiteConfig } from './config.ts'
import type { Rooms } from './rooms.ts'

/** The cmdlets that work with more than the directory and configuration objects. */
export function cmdletsOf(
  config: SiteConfig,
  { organisation, hybrid, mailboxes, transport }: Pick<Rooms, 'organisation' | 'hybrid' | 'mailboxes' | 'transport'>,
  administration: Omit<SiteAdministration, 'owner' | 'server'>,
): Cmdlet[] {
  const { hostname } = transport.config
  const site = { ...administration, owner: () => organisation.id, server: hostname }
  return [
    ...hybridCmdlets(hybrid),
    ...mailboxMakers(mailboxes),
    ...mailFlowCmdlets(transport),
    ...siteCmdlets({ hostname, roles: config.roles }),
    ...serviceCmdlets(site),
    ...supportabilityCmdlets(site),
  ]
}

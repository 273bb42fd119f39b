import {
  auditSearchCmdlets,
  holdCmdlets,
  serverName,
  hybridCmdlets,
  mailboxAuditCmdlets,
  mailboxCmdlets,
  mailboxMakers,
  mailFlowCmdlets,
  newMailboxAuditSearch,
  recoverableCmdlets,
  retentionCmdlets,
  serviceCmdlets,
  signInCmdlets,
  siteCmdlets,
  supportabilityCmdlets,
  updateHybridConfiguration,
  type Cmdlet,
  type HybridWizardNeeds,
  type SiteAdministration,
} from '#admin'
import { mailboxDatabaseName } from '#directory'
import type { SiteConfig } from './config.ts'
import { endpointsOf } from './endpoints.ts'
import type { Rooms, SiteOutside } from './rooms.ts'
import { tenantSide } from './tenant-side.ts'

type CmdletRooms = Pick<Rooms, 'organisation' | 'directory' | 'hybrid' | 'mailboxes' | 'transport' | 'signIn'> &
  Pick<SiteOutside, 'publishTxt'>

/** What the Hybrid Configuration Wizard works with, as a cmdlet and in the browser. */
export const hybridWizardOf = (
  config: SiteConfig,
  { organisation, hybrid, publishTxt }: Pick<CmdletRooms, 'organisation' | 'hybrid' | 'publishTxt'>,
): HybridWizardNeeds => ({
  tenantSide: tenantSide(hybrid.http),
  reachedAt: () => endpointsOf(config, {}).partner.base,
  // The zone is that of whoever runs the site: no other organisation proves domains in it.
  publisherFor: (id) => (id === organisation.id ? publishTxt : undefined),
})

/** The cmdlets that work with more than the directory and configuration objects. */
export function cmdletsOf(
  config: SiteConfig,
  { organisation, directory, hybrid, mailboxes, transport, signIn, publishTxt }: CmdletRooms,
  administration: Omit<SiteAdministration, 'owner' | 'server'>,
  later: Omit<Parameters<typeof auditSearchCmdlets>[0], 'transport'>,
): Cmdlet[] {
  const { hostname } = transport.config
  const server = serverName(hostname)
  const site = { ...administration, owner: () => organisation.id, server }
  return [
    ...hybridCmdlets(hybrid),
    updateHybridConfiguration(hybridWizardOf(config, { organisation, hybrid, ...(publishTxt ? { publishTxt } : {}) })),
    ...mailboxMakers(mailboxes),
    ...mailboxCmdlets({ mailboxes, directory, database: mailboxDatabaseName, server }),
    ...mailboxAuditCmdlets({ mailboxes, directory, server }),
    ...holdCmdlets({ mailboxes, ...later }),
    ...recoverableCmdlets(mailboxes),
    ...retentionCmdlets({ mailboxes, wake: later.wake }),
    ...mailFlowCmdlets(transport),
    ...auditSearchCmdlets({ transport, ...later }),
    newMailboxAuditSearch({ transport, ...later }),
    ...siteCmdlets({ hostname, roles: config.roles }),
    ...signInCmdlets(signIn, site),
    ...serviceCmdlets(site),
    ...supportabilityCmdlets(site),
  ]
}

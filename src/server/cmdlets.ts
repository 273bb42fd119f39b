import {
  auditSearchCmdlets,
  serverName,
  hybridCmdlets,
  mailboxCmdlets,
  mailboxMakers,
  mailFlowCmdlets,
  serviceCmdlets,
  signInCmdlets,
  siteCmdlets,
  supportabilityCmdlets,
  type Cmdlet,
  type SiteAdministration,
} from '#admin'
import { mailboxDatabaseName } from '#directory'
import type { SiteConfig } from './config.ts'
import type { Rooms } from './rooms.ts'

type CmdletRooms = Pick<Rooms, 'organisation' | 'directory' | 'hybrid' | 'mailboxes' | 'transport' | 'signIn'>

/** The cmdlets that work with more than the directory and configuration objects. */
export function cmdletsOf(
  config: SiteConfig,
  { organisation, directory, hybrid, mailboxes, transport, signIn }: CmdletRooms,
  administration: Omit<SiteAdministration, 'owner' | 'server'>,
  later: Omit<Parameters<typeof auditSearchCmdlets>[0], 'transport'>,
): Cmdlet[] {
  const { hostname } = transport.config
  const server = serverName(hostname)
  const site = { ...administration, owner: () => organisation.id, server }
  return [
    ...hybridCmdlets(hybrid),
    ...mailboxMakers(mailboxes),
    ...mailboxCmdlets({ mailboxes, directory, database: mailboxDatabaseName, server }),
    ...mailFlowCmdlets(transport),
    ...auditSearchCmdlets({ transport, ...later }),
    ...siteCmdlets({ hostname, roles: config.roles }),
    ...signInCmdlets(signIn, site),
    ...serviceCmdlets(site),
    ...supportabilityCmdlets(site),
  ]
}

import {
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
import type { SiteConfig } from './config.ts'
import type { Rooms } from './rooms.ts'

type CmdletRooms = Pick<Rooms, 'organisation' | 'directory' | 'hybrid' | 'mailboxes' | 'transport' | 'signIn'>

/** The cmdlets that work with more than the directory and configuration objects. */
export function cmdletsOf(
  config: SiteConfig,
  { organisation, directory, hybrid, mailboxes, transport, signIn }: CmdletRooms,
  administration: Omit<SiteAdministration, 'owner' | 'server'>,
): Cmdlet[] {
  const { hostname } = transport.config
  const site = { ...administration, owner: () => organisation.id, server: hostname }
  return [
    ...hybridCmdlets(hybrid),
    ...mailboxMakers(mailboxes),
    ...mailboxCmdlets({ mailboxes, directory, ...whereMailboxesLie(config) }),
    ...mailFlowCmdlets(transport),
    ...siteCmdlets({ hostname, roles: config.roles }),
    ...signInCmdlets(signIn),
    ...serviceCmdlets(site),
    ...supportabilityCmdlets(site),
  ]
}

/** What mailboxes call the only database, and the server: its host name without its domain, in capitals as Exchange writes it. */
function whereMailboxesLie({ hostName, organisation }: SiteConfig): { database: string; server: string } {
  return { database: 'Mailbox Database', server: (hostName ?? `mail.${organisation.domain}`).split('.', 1)[0]!.toUpperCase() }
}

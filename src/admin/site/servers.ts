import { Refusal, serverVersion } from '#model'
import { shownObject } from '../configuration/shown.ts'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'
import * as take from '../registry/parameter.ts'
import { serverName } from './server-name.ts'

/** What the site is, as far as cmdlets tell it. */
export interface SiteFacts {
  /** The name that the site's servers go by. */
  hostname: string
  /** Of the configuration: `mailbox`, `authService`. */
  roles: readonly string[]
}

const view = 'View-Only Configuration'
const named = { Identity: take.optional(take.identity(), { position: 0, pipeline: true }) }

/** This site as a server, its database and its client access: one of each (Get-ExchangeServer, Get-MailboxDatabase, Get-ClientAccessService). */
export function siteCmdlets({ hostname, roles }: SiteFacts): Cmdlet[] {
  const name = serverName(hostname)
  const { major, minor, majorBuild, minorBuild } = serverVersion
  const isMailbox = roles.includes('mailbox')
  const server = {
    Identity: name,
    Name: name,
    Fqdn: hostname,
    ServerRole: isMailbox ? 'Mailbox' : 'None',
    Edition: 'Standard',
    AdminDisplayVersion: `Version ${major}.${minor} (Build ${majorBuild}.${minorBuild})`,
    IsMailboxServer: isMailbox,
    IsClientAccessServer: isMailbox,
    IsHubTransportServer: isMailbox,
    IsFrontendTransportServer: isMailbox,
    IsEdgeServer: false,
    IsE15OrLater: true,
  }
  const access = { Identity: name, Name: name, Fqdn: hostname, OutlookAnywhereEnabled: false, ClientAccessArray: '' }

  function one(cmdletName: string, summary: string, returns: string, object: typeof server | typeof access): Cmdlet {
    return cmdlet(cmdletName, {
      summary,
      roles: ['Exchange Servers', view],
      parameters: named,
      returns,
      async run({ Identity }) {
        if (Identity === undefined || matches(name, Identity) || matches(hostname, Identity)) return object
        if (Identity.includes('*')) return undefined
        throw new Refusal('ObjectNotFound', `There is no server '${Identity}': this site is ${name}.`, {
          kind: returns,
          identity: Identity,
        })
      },
    })
  }

  return [
    one('Get-ExchangeServer', 'Shows this site as the server that it is.', 'ExchangeServer', server),
    one('Get-ClientAccessService', 'Shows the client access of this site.', 'ClientAccessService', access),
    one(
      'Get-ClientAccessServer',
      'Shows the client access of this site; the older name of Get-ClientAccessService.',
      'ClientAccessService',
      access,
    ),
    cmdlet('Get-MailboxDatabase', {
      summary: 'Shows the mailbox database: the store of this site, with the quotas and retention it gives mailboxes.',
      roles: ['Databases', view],
      parameters: { ...named, Server: take.optional(take.string()), Status: take.optional(take.switched()) },
      returns: 'MailboxDatabase',
      async run({ Identity, Server }, { organisation, configuration }) {
        const found = await configuration.get(organisation, 'MailboxDatabase')
        const isMeant = Identity === undefined || matches(found.Name, Identity) || Identity.toLowerCase() === found.Guid
        if (Server !== undefined && !matches(name, Server) && !matches(hostname, Server)) return undefined
        if (isMeant) return { ...shownObject('MailboxDatabase', found), Server: name, ServerName: name, Mounted: true }
        if (Identity.includes('*')) return undefined
        throw new Refusal('ObjectNotFound', `There is no MailboxDatabase '${Identity}'.`, { kind: 'MailboxDatabase', identity: Identity })
      },
    }),
  ]
}

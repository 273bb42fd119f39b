import { recipientTypeOf, type Recipient } from '#directory'
import { Refusal } from '#model'
import { cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { plainAddress } from './addresses.ts'
import { enabled, enableParameters, newParameters, newRecipient } from './make-recipient.ts'
import { anyRecipient } from './find.ts'
import { aliasFrom } from './names.ts'
import { shownRecipient } from './shown.ts'

type RemoteKind = NonNullable<Recipient['remoteMailbox']>
const sorts = {
  Shared: take.optional(take.switched()),
  Room: take.optional(take.switched()),
  Equipment: take.optional(take.switched()),
  Archive: take.optional(take.switched()),
  RemoteRoutingAddress: take.optional(take.string()),
} as const

/**
 * A person here whose mailbox is on the other side: a mail user with a remote routing address (New-RemoteMailbox; hybrid.md 9 step 1). Left
 * out, the address is the alias in the remote domain that is the target delivery domain.
 */
export const newRemoteMailbox = cmdlet('New-RemoteMailbox', {
  summary: 'Makes a person here whose mailbox is on the other side of the organisation.',
  roles: ['Mail Recipient Creation'],
  parameters: {
    ...newParameters('RemoteMailbox'),
    UserPrincipalName: take.optional(take.string()),
    Password: take.optional(take.secureString()),
    ...sorts,
  },
  returns: 'RemoteMailbox',
  async run(args, context) {
    const remoteMailbox = sortOf('New-RemoteMailbox', args)
    if (remoteMailbox === 'UserMailbox' && (args.UserPrincipalName === undefined || args.Password === undefined)) {
      throw new Refusal(
        'InvalidParameter',
        'New-RemoteMailbox needs -UserPrincipalName and -Password, except with -Shared, -Room or -Equipment.',
        { cmdlet: 'New-RemoteMailbox' },
      )
    }
    const { directory, organisation } = context
    const upn = args.UserPrincipalName
    const input = await newRecipient('RemoteMailbox', 'MailUser', args, context, {
      remoteMailbox,
      ...(upn === undefined ? {} : { userPrincipalName: upn }),
    })
    const owner = await directory.organisation(organisation)
    const address = input.address ?? `${input.alias}@${owner?.defaultDomain ?? ''}`
    const routing = await routingAddress(context, input.alias, args.RemoteRoutingAddress)
    const made = await directory.create(organisation, {
      ...input,
      address,
      externalAddress: routing,
      proxyAddresses: [`smtp:${routing}`],
      userPrincipalName: upn ?? address,
    })
    if (args.Password !== undefined) await directory.setPassword(made, args.Password)
    return shownRecipient('RemoteMailbox', made, context)
  },
})

/** Gives somebody who is here already a mailbox on the other side (Enable-RemoteMailbox). Who has a mailbox here → ObjectNotFound. */
export const enableRemoteMailbox = cmdlet('Enable-RemoteMailbox', {
  summary: 'Says of a person here that the mailbox is on the other side of the organisation.',
  roles: ['Mail Recipient Creation', 'Mail Recipients'],
  parameters: { ...enableParameters(), ...sorts },
  returns: 'RemoteMailbox',
  async run(args, context) {
    const person = await withoutMailbox(context, args.Identity)
    const remoteMailbox = sortOf('Enable-RemoteMailbox', args)
    const { address, ...changes } = await enabled(args, person, context)
    const routing = await routingAddress(context, changes.alias ?? aliasFrom(person.displayName), args.RemoteRoutingAddress)
    const { directory, organisation } = context
    const changed = await directory.update(organisation, person.id, (current) => ({
      ...changes,
      kind: 'MailUser',
      remoteMailbox,
      externalAddress: routing,
      proxyAddresses: [...new Set([...current.proxyAddresses, `smtp:${routing}`])],
      ...(address === undefined ? {} : { address }),
    }))
    return shownRecipient('RemoteMailbox', changed, context)
  },
})

async function withoutMailbox(context: CmdletContext, identity: string): Promise<Recipient> {
  const found = await anyRecipient(context, identity, 'MailUser')
  const { details } = recipientTypeOf(found)
  if (details === 'MailUser' || details === 'User') return found
  throw new Refusal('ObjectNotFound', `There is no MailUser '${identity.slice(0, 100)}': '${found.displayName}' is a ${details}.`, {
    kind: 'MailUser',
    identity: identity.slice(0, 100),
  })
}

interface Sorts {
  Shared?: boolean
  Room?: boolean
  Equipment?: boolean
  Archive?: boolean
}

function sortOf(name: string, { Shared, Room, Equipment, Archive }: Sorts): RemoteKind {
  if (Archive)
    throw new Refusal('InvalidParameter', `-Archive of ${name} is not here: the archive of a remote mailbox is made on the other side.`, {
      cmdlet: name,
    })
  const chosen: RemoteKind[] = []
  if (Shared) chosen.push('SharedMailbox')
  if (Room) chosen.push('RoomMailbox')
  if (Equipment) chosen.push('EquipmentMailbox')
  if (chosen.length > 1)
    throw new Refusal('InvalidParameter', `-Shared, -Room and -Equipment of ${name} exclude each other.`, { cmdlet: name })
  return chosen[0] ?? 'UserMailbox'
}

async function routingAddress({ configuration, organisation }: CmdletContext, alias: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return plainAddress(given).toLowerCase()
  const target = (await configuration.list(organisation, 'RemoteDomain')).find((domain) => domain.TargetDeliveryDomain)
  if (target && !target.DomainName.startsWith('*')) return `${alias}@${target.DomainName}`.toLowerCase()
  throw new Refusal(
    'InvalidParameter',
    '-RemoteRoutingAddress is needed: no remote domain is the target delivery domain (Set-RemoteDomain -TargetDeliveryDomain $true).',
    { parameter: 'RemoteRoutingAddress' },
  )
}
